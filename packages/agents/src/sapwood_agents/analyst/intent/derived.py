"""Numbers that are not in the table: made of two columns of the same row."""

from __future__ import annotations

from typing import Literal

from sapwood_agents.analyst.intent.terms import Frozen

Made = Literal["minus", "plus", "divided by"]


class Derived(Frozen):
    """One column against another, row by row; the difference of two dates is in days.

    Its name stands in an intent wherever a column's may.
    """

    left: str
    made: Made
    right: str

    @property
    def name(self) -> str:
        """`high water minus low water`."""
        return f"{self.left} {self.made} {self.right}"
