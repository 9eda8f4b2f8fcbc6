"""Whole-number columns that tell a part of a row's time: its year, month, day."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.dates import FIRST_YEAR, LAST_YEAR
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_TIMES = (("time",), ("period",), ("time", "period"))
_BEGIN = frozenset("start begin from first".split())
_SPREAD = 100
"""So many different years, and no ages or counts of them."""
_PARTS = {
    "year": (1000, 2300),
    "month": (1, 12),
    "day": (1, 31),
    "quarter": (1, 4),
    "hour": (0, 24),
    "weekday": (0, 7),
}


def parts_of_time(card: TableCard) -> dict[str, ColumnCard]:
    """The column of each part that one column alone tells."""
    return {part: column for part in _PARTS if (column := _part(part, card))}


def _part(part: str, card: TableCard) -> ColumnCard | None:
    low, high = _PARTS[part]
    found = [
        column
        for column in card.columns
        if column.type is ColumnType.INTEGER
        and (
            names_part(name_words(column.name), part)
            or (part == "year" and column.name.casefold().startswith(part))
            or (part == "year" and _is_timed_by_years(column))
        )
        and isinstance(column.low, int)
        and isinstance(column.high, int)
        and (low <= column.low or (part == "year" and _reaches_back(column)))
        and column.high <= high
    ]
    begun = [column for column in found if set(name_words(column.name)) & _BEGIN]
    if len(found) == 2 and len(begun) == 1 and len({name_words(c.name)[-1] for c in found}) == 1:
        found = begun  # a row is dated by when it began
    exact = [column for column in found if name_words(column.name) == (part,)]
    return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None


def _reaches_back(column: ColumnCard) -> bool:
    """Whether the years begin long ago, some of them before our era."""
    recent = isinstance(column.high, int) and column.high >= FIRST_YEAR
    return recent and name_words(column.name)[-1] == "year" and column.distinct > _SPREAD


def _is_timed_by_years(column: ColumnCard) -> bool:
    """Whether a column called `time` or `period` holds years."""
    low, high = column.low, column.high
    several = isinstance(low, int) and isinstance(high, int) and FIRST_YEAR <= low < high <= LAST_YEAR
    return several and name_words(column.name) in _TIMES


def names_part(words: tuple[str, ...], part: str) -> bool:
    """Whether a column of such a name tells this part: `sale_month`, `month`."""
    names = {"weekday": ("weekday", "dow")}.get(part, (part,))
    return bool(words) and (words[-1] in names or words[0] in names) and len(words) <= 2
