"""Questions that this table can answer, for somebody whose question it could not."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.reader import Reader

_FEW = 30


def suggestions(reader: Reader) -> tuple[str, ...]:
    """Up to four questions, made of the table's own columns, that have one reading."""
    return tuple(question for question in _possible(reader.card) if reader.read(question).settled)[:4]


def _possible(card: TableCard) -> list[str]:
    numbers = [column for column in card.columns if column.is_number and not _numbers_rows(column, card)]
    groups = [column for column in card.columns if column.enumerated and 1 < column.distinct <= _FEW]
    times = [column for column in card.columns if column.is_time]
    found = ["how many rows"]
    if numbers and groups:
        found.append(f"average {numbers[0].name} by {groups[0].name}")
    elif numbers:
        found.append(f"average {numbers[0].name}")
    if groups:
        found.append(f"most common {groups[-1].name}")
    if times:
        found.append(f"number of rows by month of {times[0].name}")
        found.append(f"latest {times[0].name}")
    return found


def _numbers_rows(column: ColumnCard, card: TableCard) -> bool:
    return column.distinct == card.rows or column.name.casefold().endswith(("id", "year", "month", "day"))
