"""Questions that this table can answer, for somebody whose question it could not."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.tokens import tokenize
from sapwood_agents.analyst.reader import Reader
from sapwood_storage.tabular.model import ColumnType

_FEW = 30
_FIGURE = re.compile(r"[^\w(]*[($€£+-]*\s*\d[\d.,'\s]*\)?\s*(?:%|[A-Za-z]{1,3})?")
"""`$76,592`, `12 %`, `1.2 km`: a number to people, text to a computer."""
_MOSTLY = 0.8


def suggestions(reader: Reader) -> tuple[str, ...]:
    """Up to four questions, made of the table's own columns, that have one reading."""
    return tuple(question for question in _possible(reader.card) if reader.read(question).settled)[:4]


def figures_as_text(reader: Reader, words: tuple[str, ...]) -> str | None:
    """What to do where words name a text column that holds figures such as `$76,592`."""
    for word in words:
        said = tokenize(word)
        for name, _ in reader.linker.columns(said) if said else ():
            column = reader.card.by_name[name]
            texts = [str(value) for value in column.values or (column.low, column.high) if value is not None]
            figures = [text for text in texts if _FIGURE.fullmatch(text)]
            if column.type is ColumnType.TEXT and figures and len(figures) >= _MOSTLY * len(texts):
                return f"{name!r} holds text such as {figures[0]!r}; `sapwood clean` can make numbers of it"
    return None


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
