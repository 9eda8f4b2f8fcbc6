"""Codes that a column explains by its name: `Indoor (1)/ Outdoor (2)`, `sex (0=male, 1=female)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import Cell, ColumnType

_BEFORE = re.compile(r"([A-Za-z][A-Za-z -]*?)\s*\((\w{1,3})\)")
"""`Outdoor (2)`."""
_AFTER = re.compile(r"(\w{1,3})\s*[=:]\s*([A-Za-z][A-Za-z -]*)")
"""`2 = private`."""
_PLAIN = frozenset("yes no y n true false other none unknown na".split())
"""Words that say nothing of which column they are."""
_FEW = 12
_TWO = 2


def explained(column: ColumnCard) -> Iterator[tuple[str, Cell]]:
    """Each word that the name of the column explains, with the value that it stands for."""
    if column.distinct > _FEW:
        return
    pairs = [(word, code) for word, code in _BEFORE.findall(column.name)]
    pairs = pairs or [(word, code) for code, word in _AFTER.findall(column.name)]
    values = {code: value for _, code in pairs if (value := _value(column, code)) is not None}
    if len(values) >= _TWO and len(values) == len(pairs) == column.distinct:
        yield from ((word.strip(), values[code]) for word, code in pairs if word.casefold() not in _PLAIN)
    else:
        yield from _initials(column)


def _value(column: ColumnCard, code: str) -> Cell:
    """The value of the column that is written so."""
    if column.type is ColumnType.INTEGER and code.isdigit():
        low, high = column.low, column.high
        inside = isinstance(low, int) and isinstance(high, int) and low <= int(code) <= high
        return int(code) if inside else None
    return next((value for value in column.values if str(value) == code), None)


def _initials(column: ColumnCard) -> Iterator[tuple[str, Cell]]:
    """The words of `near_far`, where the values are their first letters."""
    words = name_words(column.name)
    letters = {str(value).casefold(): value for value in column.values if len(str(value)) == 1}
    begun = {word[0]: word for word in words}
    if len(letters) == column.distinct == len(words) == len(begun) >= _TWO and letters.keys() == begun.keys():
        yield from ((begun[letter], value) for letter, value in letters.items())
