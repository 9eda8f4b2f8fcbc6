"""Looks a table over once and writes its card: ranges, distinct counts, the values of text columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlglot.expressions as exp

from sapwood_agents.analyst.card import ENUMERATED_VALUES, ColumnCard, TableCard
from sapwood_agents.analyst.dated import form, form_of_numbers, of_texts
from sapwood_agents.analyst.grain import find_keys
from sapwood_agents.analyst.ports import Dataset, Tables
from sapwood_agents.analyst.sql_conditions import column
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import Cell, Column, ColumnType

SURVEY_FORMAT = 8
"""Raise it when the same table gives another card."""

_AT_ONCE = 24
"""Columns that one statement looks at."""

_EXACT = 2**53
"""Beyond it a float stands for several whole numbers."""

EXACT_ROWS = 1_000_000
"""In larger tables distinct values are counted by a sketch, and exactly only where that decides something."""


async def survey(tables: Tables, workspace: WorkspaceId, dataset: Dataset) -> TableCard:
    """Make the card in two or three scans, and a few of some columns where no single one names the rows."""
    if not dataset.columns or dataset.rows == 0:
        return TableCard(
            dataset.title, dataset.rows, tuple(ColumnCard(c.name, c.type) for c in dataset.columns)
        )
    found = await _summaries(tables, workspace, dataset)
    texts = [i for i, column in enumerate(dataset.columns) if column.type is ColumnType.TEXT]
    listed = [i for i in texts if found[i].distinct <= ENUMERATED_VALUES]
    values = await _values(tables, workspace, dataset.version, [dataset.columns[i] for i in listed])
    for place, index in enumerate(listed):
        found[index] = _listing(found[index], values.get(place, ()))
    found = [await _dated(tables, workspace, dataset, card) for card in found]
    keys = await find_keys(tables, workspace, dataset, found) if dataset.rows <= EXACT_ROWS else ()
    columns = tuple(replace(card, unit=dataset.units.get(card.name, "")) for card in found)
    return TableCard(dataset.title, dataset.rows, columns, keys)


async def _summaries(tables: Tables, workspace: WorkspaceId, dataset: Dataset) -> list[ColumnCard]:
    exact = dataset.rows <= EXACT_ROWS
    cards: list[ColumnCard] = []
    # Each aggregate has memory of its own from the first row on, so a wide table is looked at in turns.
    for start in range(0, len(dataset.columns), _AT_ONCE):
        columns = dataset.columns[start : start + _AT_ONCE]
        cards += await _summarised(tables, workspace, dataset, columns, exact=exact)
    return cards if exact else await _prove_keys(tables, workspace, dataset, cards)


async def _summarised(
    tables: Tables, workspace: WorkspaceId, dataset: Dataset, columns: Sequence[Column], *, exact: bool
) -> list[ColumnCard]:
    parts: list[exp.Expr] = []
    for entry in columns:
        name = column(entry.name)
        ordered = entry.type is not ColumnType.TEXT
        parts += [
            exp.Count(this=name.copy()),
            _distinct(entry.name) if exact else exp.func("approx_count_distinct", name.copy()),
            exp.func("min", name.copy()) if ordered else exp.null(),
            exp.func("max", name.copy()) if ordered else exp.null(),
            _all_whole(entry.name) if entry.type is ColumnType.NUMBER else exp.null(),
        ]
    row = (await tables.query(workspace, dataset.version, _sql(exp.select(*parts).from_("data")))).rows[0]
    cards: list[ColumnCard] = []
    for index, entry in enumerate(columns):
        present, distinct, low, high, whole = row[5 * index : 5 * index + 5]
        nulls = dataset.rows - _whole(present)
        card = ColumnCard(entry.name, entry.type, nulls, _whole(distinct), low, high)
        cards.append(_as_whole(card) if whole else card)
    return cards


async def _prove_keys(
    tables: Tables, workspace: WorkspaceId, dataset: Dataset, cards: list[ColumnCard]
) -> list[ColumnCard]:
    """Count exactly where the sketch says that a column may name each row."""
    close = [i for i, card in enumerate(cards) if card.nulls == 0 and card.distinct > 0.9 * dataset.rows]
    close = [i for i in close if cards[i].type is not ColumnType.NUMBER]
    if not close:
        return cards
    counts = exp.select(*(_distinct(cards[i].name) for i in close)).from_("data")
    table = await tables.query(workspace, dataset.version, _sql(counts))
    for index, distinct in zip(close, table.rows[0], strict=True):
        card = cards[index]
        cards[index] = ColumnCard(card.name, card.type, card.nulls, _whole(distinct), card.low, card.high)
    for index, card in enumerate(cards):
        if index not in close and card.distinct >= dataset.rows:
            cards[index] = ColumnCard(card.name, card.type, card.nulls, dataset.rows - 1, card.low, card.high)
    return cards


async def _values(
    tables: Tables, workspace: WorkspaceId, version: str, columns: list[Column]
) -> dict[int, tuple[Cell, ...]]:
    found: dict[int, tuple[Cell, ...]] = {}
    for start in range(0, len(columns), _AT_ONCE):
        found |= await _listed(tables, workspace, version, columns[start : start + _AT_ONCE], start)
    return found


async def _listed(
    tables: Tables, workspace: WorkspaceId, version: str, columns: list[Column], start: int
) -> dict[int, tuple[Cell, ...]]:
    parts: list[exp.Select] = []
    for place, entry in enumerate(columns, start):
        number = exp.alias_(exp.Literal.number(place), "place")
        present = exp.not_(exp.Is(this=column(entry.name), expression=exp.Null()))
        parts.append(
            exp.select(number, exp.alias_(column(entry.name), "value"))
            .distinct()
            .from_("data")
            .where(present)
        )
    table = await tables.query(workspace, version, _sql(union_all(parts).order_by("place", "value")))
    found: dict[int, list[Cell]] = {}
    for place, value in table.rows:
        found.setdefault(_whole(place), []).append(value)
    return {place: tuple(values) for place, values in found.items()}


def union_all(parts: list[exp.Select]) -> exp.Select:
    """All rows of all parts, as one SELECT."""
    whole: exp.Query = parts[0]
    for part in parts[1:]:
        whole = exp.union(whole, part, distinct=False)
    return exp.select("*").from_(whole.subquery("parts"))


async def _dated(tables: Tables, workspace: WorkspaceId, dataset: Dataset, card: ColumnCard) -> ColumnCard:
    """The card of a column whose texts or numbers stand for dates, from the first to the last of these."""
    if card.type is ColumnType.INTEGER and (called := form_of_numbers(card.name, card.low, card.high)):
        return await _dated_numbers(tables, workspace, dataset, replace(card, dated=called))
    return of_texts(card)


async def _dated_numbers(
    tables: Tables, workspace: WorkspaceId, dataset: Dataset, card: ColumnCard
) -> ColumnCard:
    """The card as dates, where every number is one; else as it is."""
    name = column(card.name)
    day = form(card.dated).as_date(name)
    present = exp.not_(exp.Is(this=name.copy(), expression=exp.Null()))
    asked = exp.select(exp.Count(this=day.copy()), exp.func("min", day.copy()), exp.func("max", day)).from_(
        "data"
    )
    table = await tables.query(workspace, dataset.version, _sql(asked.where(present)))
    known, low, high = table.rows[0]
    if _whole(known) != dataset.rows - card.nulls:
        return replace(card, dated="")
    return replace(card, low=str(low), high=str(high))


def _distinct(name: str) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[column(name)]))


def _all_whole(name: str) -> exp.Expr:
    """Whether there are values and all of them are whole."""
    value = column(name)
    return exp.func("bool_and", exp.EQ(this=exp.func("trunc", value), expression=value.copy()))


def _as_whole(card: ColumnCard) -> ColumnCard:
    """A column of 1.0 and 2.0 holds whole numbers: they were written so for the sake of a missing one."""
    low, high = card.low, card.high
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return card
    if not -_EXACT <= low <= high <= _EXACT:
        return card
    return replace(card, type=ColumnType.INTEGER, low=int(low), high=int(high))


def _sql(statement: exp.Expr) -> str:
    return statement.sql("duckdb")


def _listing(card: ColumnCard, values: tuple[Cell, ...]) -> ColumnCard:
    return ColumnCard(
        card.name, card.type, card.nulls, len(values), card.low, card.high, values, enumerated=True
    )


def _whole(value: Cell) -> int:
    return int(value) if isinstance(value, int | float) else 0


def dump_card(card: TableCard) -> bytes:
    """The card as JSON, for the cache."""
    columns = [asdict(column) for column in card.columns]
    return json.dumps(
        {"title": card.title, "rows": card.rows, "columns": columns, "keys": card.keys}
    ).encode()


def load_card(stored: bytes) -> TableCard:
    """The card back from its JSON."""
    data: dict[str, Any] = json.loads(stored)
    columns = tuple(_column(entry) for entry in data["columns"])
    return TableCard(data["title"], data["rows"], columns, tuple(tuple(key) for key in data["keys"]))


def _column(entry: dict[str, Any]) -> ColumnCard:
    return ColumnCard(
        name=entry["name"],
        type=ColumnType(entry["type"]),
        nulls=entry["nulls"],
        distinct=entry["distinct"],
        low=entry["low"],
        high=entry["high"],
        values=tuple(entry["values"]),
        enumerated=entry["enumerated"],
        unit=entry["unit"],
        dated=entry["dated"],
        clock=entry["clock"],
    )
