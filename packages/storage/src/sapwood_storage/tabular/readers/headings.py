"""Where the header of a sheet is: below its titles, and sometimes two rows of it, years above quarters."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_PREAMBLE: Final = 50  # rows above the header at most
_NAME: Final = re.compile(r"(?:(?:19|20)\d\d|.*[^\W\d].*)$")
"""A year, or anything with a letter."""

Numbered = tuple[int, list[str]]
"""A row: its number in the sheet, from 1, and its cells."""

Merged = tuple[tuple[int, int], tuple[int, int]]
"""Cells merged into one: row and column of the first and of the last, from 0."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the records: titles, and what the columns are called if two rows say it."""

    titles: list[list[str]]
    names: list[str] | None  # of a header of two rows
    rows: int  # titles and header rows that `names` were made of


def heading(rows: Sequence[Numbered], merged: Sequence[Merged], first_column: int) -> Heading:
    """Find the titles in `rows`, the first of a sheet, and a header of two rows."""
    cells = [fields for _, fields in rows]
    for at, (number, above) in enumerate(rows[:_PREAMBLE]):
        spans = [
            (first[1] - first_column, last[1] - first_column)
            for first, last in merged
            if first[0] == last[0] == number - 1 and last[1] > first[1]
        ]
        if not spans or sum(map(bool, above)) < 2 or len(rows) < at + 3 or rows[at + 1][0] != number + 1:
            continue
        below = cells[at + 1]
        named = all(_NAME.match(cell) for start, end in spans for cell in below[start : end + 1])
        if named and all(sum(map(bool, title)) < 2 for title in cells[:at]):
            return Heading(cells[:at], _joined(above, below, spans), at + 2)
    above_header = _titles(cells)
    return Heading(cells[:above_header], None, above_header)


def _joined(above: Sequence[str], below: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[str]:
    over = list(above)
    for start, end in spans:
        over[start : end + 1] = [above[start]] * (end + 1 - start)
    return [" ".join(part for part in pair if part) for pair in zip(over, below, strict=True)]


def _titles(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top are titles: far less filled than most."""
    filled = [sum(map(bool, fields)) for fields in rows]
    counts = Counter(filled)
    usual = max(counts, key=lambda one: (counts[one], one))
    if usual < 2:
        return 0
    head = enumerate(filled[:_PREAMBLE])
    return next((at for at, cells in head if cells > 1 and cells * 2 > usual), 0)
