"""Columns of text that name months or weekdays: their values go by the calendar, not by the alphabet."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.almanac import MONTHS, WEEKDAYS


def calendar_order(column: ColumnCard) -> tuple[str, ...]:
    """The values from January or Monday on, as the table spells them; nothing unless all of them are such."""
    if not column.enumerated:
        return ()
    values = [str(value) for value in column.values]
    for places in (MONTHS, WEEKDAYS):
        found = {value: places.get(value.strip().rstrip(".").casefold(), 0) for value in values}
        if len(found) > 1 and all(found.values()):
            return tuple(sorted(values, key=lambda value: (found[value], value)))
    return ()
