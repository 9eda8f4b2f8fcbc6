"""Day or month first, where every date of a column fits both: the column as a whole may tell.

`1/1/1980, 2/1/1980, … 12/1/1980` are the firsts of months, or the first twelve days of Januaries only. Where
the rows are in the order of time under one reading, and go back and forth under the other, it is the one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sapwood_storage.tabular.readers import sql
from sapwood_storage.tabular.readers.shapes import Shape

_FEWEST: Final = 4
"""Different dates; fewer show no order but by chance."""
_BACK_AND_FORTH: Final = 2


@dataclass(frozen=True, slots=True)
class _Calendar:
    """How the dates of a column lie under one reading."""

    different: int
    on_firsts: int  # how many are the first of their month
    in_first_months: int  # in January
    rises: int
    falls: int

    @property
    def in_order(self) -> bool:
        return min(self.rises, self.falls) == 0

    @property
    def is_monthly(self) -> bool:
        """All are firsts of months, and not of Januaries alone."""
        return self.on_firsts == self.different and self.in_first_months < self.different


def told_by_the_calendar(
    connection: sql.Connection, relation: str, index: int, one: Shape, other: Shape
) -> Shape | None:
    """The one of two spellings by which the dates of the text column `c<index>` make sense, if one does."""
    ours, theirs = (_calendar(connection, relation, index, shape) for shape in (one, other))
    if ours.different < _FEWEST:
        return None
    for shape, mine, its in ((one, ours, theirs), (other, theirs, ours)):
        if mine.is_monthly and its.in_first_months == its.different:
            return shape
        if mine.in_order and min(its.rises, its.falls) >= _BACK_AND_FORTH:
            return shape
    return None


def _calendar(connection: sql.Connection, relation: str, index: int, shape: Shape) -> _Calendar:
    dates = sql.select([f"{shape.exact(f'c{index}')} AS d"], relation)
    told = sql.select(["d", "lag(d) OVER () AS before"], dates, "WHERE d IS NOT NULL")
    counted = sql.select(
        [
            "count(DISTINCT d)",
            "count(DISTINCT CASE WHEN day(d) = 1 THEN d END)",
            "count(DISTINCT CASE WHEN month(d) = 1 THEN d END)",
            "count(CASE WHEN d > before THEN 1 END)",
            "count(CASE WHEN d < before THEN 1 END)",
        ],
        told,
    )
    return _Calendar(*sql.row(connection, counted))
