"""What is measured of the rows, and by what they are grouped."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from sapwood_agents.analyst.intent.conditions import Condition
from sapwood_agents.analyst.intent.terms import Aggregate, Frozen, Operator, Scalar


class Measure(Frozen):
    """One number: an aggregate of a column, over the rows that also meet `where`.

    `SHARE` divides the rows (or, with a column, their sum) that meet `where` by all of them; in groups
    and without `where` it is the group's part of the whole. `CORRELATION` reads `column` and `other`.
    """

    aggregate: Aggregate
    column: str | None = None
    other: str | None = None
    where: Condition | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        counts = self.aggregate is Aggregate.COUNT
        if counts != (self.column is None) and self.aggregate is not Aggregate.SHARE:
            raise ValueError(f"{self.aggregate.value} {'reads no' if counts else 'needs a'} column")
        if (self.other is not None) != (self.aggregate is Aggregate.CORRELATION):
            raise ValueError("a second column is for a correlation, which needs one")
        return self


Bucket = Literal["decade", "year", "quarter", "month", "week", "day", "hour"]
Cycle = Literal["month", "quarter", "weekday", "hour", "day"]


class Group(Frozen):
    """What rows are grouped by: a column, a bucket of time, or a part of the calendar that comes round."""

    column: str
    bucket: Bucket | None = None
    cycle: Cycle | None = None


class Side(Frozen):
    """One side of a comparison."""

    label: Scalar
    where: Condition | None = None
    measure: Measure | None = None  # where the sides differ in what is measured


class Having(Frozen):
    """Groups whose measure compares so with a number, or with the mean or median over the groups' rows."""

    operator: Operator
    value: float | None = None
    aggregate: Literal[Aggregate.MEAN, Aggregate.MEDIAN] | None = None
