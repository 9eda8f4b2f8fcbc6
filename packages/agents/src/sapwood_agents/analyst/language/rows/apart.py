"""Which columns together tell the rows apart: one for each city and year, one for each shop and week."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_storage.tabular.model import ColumnType

_SURVEYED = 1_000_000
"""The survey looks for keys in tables of at most so many rows."""
_NEAR = 0.1


def told_apart(card: TableCard, names: Iterable[str]) -> bool:
    """Whether hardly two rows are alike in all of these columns."""
    columns = [card.by_name[name] for name in names]
    if not columns:
        return False
    if any(column.nulls == 0 and column.distinct == card.rows for column in columns):
        return True
    if not card.keys and card.rows > _SURVEYED:
        cells = prod(column.distinct for column in columns)
        return (1 - _NEAR) * card.rows <= cells <= (1 + _NEAR) * card.rows
    return any(all(_among(card.by_name[name], columns) for name in key) for key in card.keys)


def repeated_over_time(column: ColumnCard, card: TableCard, times: Iterable[str]) -> bool:
    """Whether what the column names comes back with each year or season: it is no row by itself."""
    return column.distinct * 2 <= card.rows and any(told_apart(card, (column.name, time)) for time in times)


def _among(column: ColumnCard, columns: list[ColumnCard]) -> bool:
    """Whether one of the columns is this one, or names the same things: a code and what it is of."""
    return any(
        other is column
        or (other.type is column.type is ColumnType.TEXT and other.distinct == column.distinct)
        for other in columns
    )
