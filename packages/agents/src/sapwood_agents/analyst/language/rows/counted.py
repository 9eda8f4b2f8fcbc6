"""Tables whose rows stand for many things: which column says how many, by its name or in a grid of kinds."""

from __future__ import annotations

import re
from math import prod

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.trade import QUANTITY
from sapwood_agents.analyst.language.units import UNITS
from sapwood_storage.tabular.model import ColumnType

_KINDS = 100
"""A column with more values names things instead of kinds."""
_LEAST = 0.3
"""What a grid counts differs from place to place: so many of its numbers are different."""
_CELLS = (0.6, 4.0)
"""How many places a grid may have for each row: two rows for some, none for others."""
_COUNTS = {("count",), ("freq",), ("frequency",), ("cnt",), ("case",)}
_LABELS = frozenset("name title label id code key number no".split())
_AMOUNTS = frozenset(
    "earning wage saving salary income revenue cost expense price fee spending rating score temperature "
    "weight height rate emission level size length".split()
)
"""What is measured, though in the plural."""
_RATES = frozenset("per rate percent percentage pct share".split())
_NO_COUNTS = frozenset("year month day hour quarter week id code rank age score index number zip".split())


def count_column(card: TableCard) -> str | None:
    """The column that says of how many things each row tells: called `count`, or all that a grid holds."""
    whole = [column for column in card.columns if column.type is ColumnType.INTEGER]
    called = [column for column in whole if name_words(column.name) in _COUNTS]
    if called:
        return called[0].name if len(called) == 1 and called[0].distinct > 2 else None
    last = name_words(card.title)[-1:]
    titled = [
        column
        for column in whole
        if last and name_words(column.name) == last and counts_many(column, last[0], card)
    ]
    if titled:
        return titled[0].name
    return _total_of_kinds(card, whole) or _counted_in_grid(card, whole)


def several_in_a_row(card: TableCard) -> bool:
    """Whether rows say how many of a thing were dealt in: `quantity`, where it is not always the same."""
    return bool(quantities_in_a_row(card))


def quantities_in_a_row(card: TableCard) -> list[ColumnCard]:
    """The columns that say how many."""
    return [
        column for column in card.columns
        if column.is_number and column.distinct > 1 and _is_quantity(set(name_words(column.name)))
    ]  # fmt: skip


def _is_quantity(words: set[str]) -> bool:
    units = "unit" in words and not words & {"price", "cost", "id", "name"}
    return units or bool(words & QUANTITY)


def rows_have_names(card: TableCard) -> bool:
    """Whether some text is never the same in two rows."""
    return any(
        column.type is ColumnType.TEXT and column.nulls == 0 and column.distinct >= card.rows
        for column in card.columns
    )


def counts_many(column: ColumnCard, noun: str, card: TableCard) -> bool:
    """Whether each row holds a number of what the file's name ends with: a column `sales` in `home_sales`.

    Not where other columns say something of a single one: `sale_price`.
    """
    plural = column.name.casefold().endswith(("s", "count"))
    if noun in _AMOUNTS:
        return False
    if not (column.is_number and plural and name_words(column.name)[-1:] == (noun,)):
        return False
    if len(name_words(column.name)) > 1 and rows_have_names(card):
        return False  # each row is one of them
    return not any(
        other.is_number
        and name_words(other.name)[0] == noun
        and len(name_words(other.name)) > 1
        and not {"per", "rate", "share", "pct"} & set(name_words(other.name))
        for other in card.columns
    )


def _names_a_row(column: ColumnCard, card: TableCard) -> bool:
    """Whether the column only names or numbers rows; a unique `village` says what they are instead."""
    unique = column.distinct >= card.rows and column.nulls == 0
    return unique and (column.type is not ColumnType.TEXT or name_words(column.name)[-1] in _LABELS)


def _total_of_kinds(card: TableCard, whole: list[ColumnCard]) -> str | None:
    """`total` beside the numbers of each kind that it adds up, where nothing names or numbers a row."""
    if any(_names_a_row(column, card) for column in card.columns):
        return None
    totals = [column for column in whole if name_words(column.name) == ("total",)]
    if len(totals) != 1 or not isinstance(totals[0].high, int) or totals[0].low not in (0, 1):
        return None
    kinds = [c for c in whole if c is not totals[0] and not set(name_words(c.name)) & _NO_COUNTS]
    highs = [c.high for c in kinds if isinstance(c.high, int) and c.low == 0 and c.high <= totals[0].high]
    return totals[0].name if len(highs) == len(kinds) > 1 and sum(highs) >= totals[0].high else None


def _counted_in_grid(card: TableCard, whole: list[ColumnCard]) -> str | None:
    """The only numbers in a table of kinds that has hardly more than one row for each combination."""
    counts = [
        column
        for column in whole
        if not column.is_flag and (_is_number_of(column) or not set(name_words(column.name)) & _NO_COUNTS)
    ]
    kinds = [
        column for column in card.columns if column not in counts and not _is_rate_of(column, counts[:1])
    ]
    if len(counts) != 1 or len(kinds) < 2 or any(column.type is ColumnType.NUMBER for column in kinds):
        return None
    low = counts[0].low
    cells = prod(max(1, column.distinct) for column in kinds)
    grid = all(column.distinct <= min(_KINDS, card.rows // 2) and not column.is_flag for column in kinds)
    counted = isinstance(low, int) and low >= 0 and _says_how_many(counts[0])
    counted = counted and (counts[0].distinct >= _LEAST * card.rows or _is_number_of(counts[0]))
    return counts[0].name if grid and counted and _CELLS[0] <= cells / card.rows <= _CELLS[1] else None


def _is_rate_of(column: ColumnCard, counts: list[ColumnCard]) -> bool:
    """Whether the column says again what the count says, for each so many people."""
    words = set(name_words(column.name))
    shared = any(words & set(name_words(count.name)) - {"number", "of", "the", "total"} for count in counts)
    return column.type is ColumnType.NUMBER and shared and bool(words & _RATES)


def _is_number_of(column: ColumnCard) -> bool:
    """Whether the name is `number of …`."""
    words = [word for word in name_words(column.name) if word != "the"]
    return words[:1] in (["number"], ["count"]) and len(words) > 1


def _says_how_many(column: ColumnCard) -> bool:
    """Whether the name is one of many things, or of what was done to them: `visits`, `admitted`."""
    last = re.split(r"[\W_]+", column.name.casefold())[-1]
    if lemma(last) in _AMOUNTS:
        return False
    many = last.endswith("s") and not last.endswith(("ss", "us", "is")) and lemma(last) not in UNITS
    return many or last.endswith("ed")
