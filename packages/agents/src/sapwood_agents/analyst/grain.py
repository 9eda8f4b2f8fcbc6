"""Which columns together tell the rows of a table apart: one row for each city and year."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import sqlglot.expressions as exp

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.ports import Dataset, Tables
from sapwood_agents.analyst.sql_conditions import column
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import ColumnType

MOST_COLUMNS = 4
"""More columns together are no description of a row that anybody has in mind."""
_MOST_TRIED = 14
_SAMPLE = 20_000
"""What tells these rows apart is then held against all of them."""
_FEW = 60
_NUMBERING = frozenset(
    "year month day hour quarter week weekday season round series episode number no nr id code period".split()
)
"""Whole numbers with more than a few values measure something, unless their column is called so."""
_LINES = frozenset(("column 0", "column 00", "unnamed 0", "rowname", "row name", "index", "row", "x", "x 1"))
_NEARLY = 0.98
"""Real tables repeat a row now and then."""


async def find_keys(
    tables: Tables, workspace: WorkspaceId, dataset: Dataset, cards: Sequence[ColumnCard]
) -> tuple[tuple[str, ...], ...]:
    """Smallest sets of two to four columns with hardly two rows alike; none where one column does it alone.

    At most two are found: one of columns with few values, one of as few columns as can be.
    """
    rows = dataset.rows
    lines = _LINES | {"id"} if _are_dated(cards) else _LINES
    cards = [card for card in cards if not _numbers_lines(card, rows, lines)]
    if any(_tells_alone(card, rows) for card in cards):
        return ()
    tried = sorted(
        (card for card in cards if _may_tell(card) and card.distinct < rows), key=lambda card: card.distinct
    )
    if len(tried) < 2 or len(tried) > _MOST_TRIED or prod(card.distinct + 1 for card in tried) < rows:
        return ()
    check = _Check(tables, workspace, dataset)
    if not await check.apart(tried, sample=True):
        return ()
    found: dict[tuple[str, ...], None] = {}
    plain = [card for card in tried if card.type is ColumnType.INTEGER and not _numbers(card)]
    named = [card for card in tried if card not in plain]
    for order in ([*plain, *named[::-1]], [*plain, *named]):
        key = await _smallest(check, order)
        if 2 <= len(key) <= MOST_COLUMNS and (rows <= _SAMPLE or await check.apart(key, sample=False)):
            found[tuple(card.name for card in cards if card in key)] = None
    return tuple(found)


def _are_dated(cards: Sequence[ColumnCard]) -> bool:
    """Whether a year and a month or week stand in columns of their own: an `id` beside them says no more."""
    named = {name_words(card.name) for card in cards if card.type is ColumnType.INTEGER}
    return ("year",) in named and bool(named & {("month",), ("week",), ("quarter",)})


def _numbers_lines(card: ColumnCard, rows: int, lines: frozenset[str]) -> bool:
    """Whether the column only numbers the lines of the file, as an export of a data frame writes them."""
    named = " ".join(name_words(card.name)) in lines
    counts_up = isinstance(card.low, int) and isinstance(card.high, int) and card.high - card.low + 1 == rows
    return named and counts_up and card.distinct == rows


def _tells_alone(card: ColumnCard, rows: int) -> bool:
    """Whether the column is the name or the number of a row; amounts and dates may differ by chance."""
    if card.nulls or card.distinct != rows or card.type not in (ColumnType.INTEGER, ColumnType.TEXT):
        return False
    low, high = card.low, card.high
    counts_up = isinstance(low, int) and isinstance(high, int) and high - low + 1 == rows
    return card.type is ColumnType.TEXT or counts_up or _numbers(card)


def _may_tell(card: ColumnCard) -> bool:
    if card.distinct < 2 or card.is_flag or card.type is ColumnType.NUMBER:
        return False
    return card.type is not ColumnType.INTEGER or card.distinct <= _FEW or _numbers(card)


def _numbers(card: ColumnCard) -> bool:
    return bool(_NUMBERING & set(name_words(card.name)))


async def _smallest(check: _Check, order: Sequence[ColumnCard]) -> list[ColumnCard]:
    """What is left when every column has been dropped that the others can do without, in this order."""
    kept = list(order)
    for card in order:
        rest = [other for other in kept if other is not card]
        if rest and await check.apart(rest, sample=True):
            kept = rest
    return kept


class _Check:
    """Asks the table whether columns tell its rows apart."""

    def __init__(self, tables: Tables, workspace: WorkspaceId, dataset: Dataset) -> None:
        self._tables, self._workspace, self._dataset = tables, workspace, dataset

    async def apart(self, cards: Sequence[ColumnCard], *, sample: bool) -> bool:
        """Whether hardly any two rows are alike in these columns; missing values are alike."""
        names = [column(card.name) for card in cards]
        few = exp.select(*names).from_("data")
        few = few.limit(_SAMPLE) if sample else few
        alike = exp.Count(this=exp.Distinct(expressions=[exp.Tuple(expressions=[n.copy() for n in names])]))
        statement = exp.select(alike, exp.Count(this=exp.Star())).from_(few.subquery("few"))
        table = await self._tables.query(self._workspace, self._dataset.version, statement.sql("duckdb"))
        different, rows = (float(cell) if isinstance(cell, int | float) else 0 for cell in table.rows[0])
        return different >= _NEARLY * rows
