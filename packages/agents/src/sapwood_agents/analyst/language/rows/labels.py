"""What a row is called by: a name of its own, else a number."""

from __future__ import annotations

import re
from functools import cached_property

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.rows.kinds import is_thing
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_CODES = frozenset("id number no code key uuid guid slug".split())
_LONG = 5
"""`MEMBERUID` ends with an id, `solid` does not."""
_NUMBERS = frozenset("id code key zip num number no nr".split())
_NAMES = frozenset({"name", "title", "model", "label"})
_WHOSE_NAME = frozenset("name title label model full first last short common".split())
_FORMAL = frozenset("official formal legal scientific native alternative alternate other local".split())
_A_SLIP = 1_000
_NEARLY_ALL = 0.95
_MOST = 0.9


class Labels:
    """The columns that name or number the rows of one table."""

    def __init__(self, card: TableCard, nouns: frozenset[str], titled: frozenset[str]) -> None:
        self._card, self._nouns, self._titled = card, nouns, titled

    def names_rows(self, column: ColumnCard) -> bool:
        """Whether a value of the column stands for one row."""
        rows = self._card.rows
        if column.is_number or rows == 0 or column.is_flag:
            return False
        if self._card.is_unique(column):
            return True
        if column.type is not ColumnType.TEXT:
            return False
        if column.nulls * _A_SLIP <= rows and (rows - column.distinct) * _A_SLIP <= rows:
            return True  # a code that two of thousands lack
        return column.distinct >= _MOST * rows and bool(set(name_words(column.name)) & _NAMES)

    def is_identifier(self, column: ColumnCard) -> bool:
        """Whether the numbers of the column name things instead of measuring them."""
        *before, last = name_words(column.name)
        if last == "str" and before:
            last = before[-1]  # `user_id_str`
        return column.type is ColumnType.INTEGER and last in ("id", "code", "key", "zip")

    @cached_property
    def name(self) -> ColumnCard | None:
        """The column that names a row: unique text, a title or name first."""
        return self._first(self._named(coded=False) or self._otherwise_named or [])

    @cached_property
    def key(self) -> ColumnCard | None:
        """The column that names a row, a code or a unique id where nothing else does."""
        coded = self._named(coded=True)
        if coded and all(name_words(column.name)[-1] in _CODES for column in coded):
            coded = self._plain_names or coded  # a station is called by its name, though two share it
        return self._first(coded or self._otherwise_named or self._identifiers)

    @property
    def _plain_names(self) -> list[ColumnCard]:
        """A column `name` in which most rows have one of their own."""
        return [
            c for c in self._card.columns
            if c.type is ColumnType.TEXT and name_words(c.name) == ("name",)
            and c.distinct * 2 >= self._card.rows and c.nulls * _A_SLIP <= self._card.rows
        ]  # fmt: skip

    @cached_property
    def number(self) -> ColumnCard | None:
        """The number that the rows are called by: `parcel_no` in a table of parcels."""
        found = [
            c for c in self._card.columns
            if c.type is ColumnType.INTEGER and self._card.is_unique(c)
            and name_words(c.name)[-1] in _NUMBERS and name_words(c.name)[0] in self._nouns
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def number_of(self, noun: str) -> ColumnCard | None:
        """The column that numbers the rows as `noun`: `parcel_no` or plain `no` of `parcel 1042`."""
        nouns = {noun, "id"} | self._nouns
        found = [
            c for c in self._card.columns
            if self._card.is_unique(c) and (c.type is ColumnType.INTEGER or c.enumerated)
            and name_words(c.name)[-1] in _NUMBERS and name_words(c.name)[0] in nouns
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _first(self, named: list[ColumnCard]) -> ColumnCard | None:
        """The one called as the file is, or the first of `named`, titles and names of rows before others."""
        called = [
            c for c in self._card.columns
            if c.type is ColumnType.TEXT and c.distinct * 2 >= self._card.rows
            and len(name_words(c.name)) == 1 and name_words(c.name)[0] in self._titled
        ]  # fmt: skip
        if len(called) == 1:
            return called[0]
        named = [column for column in named if not _is_composed(column)]
        named = [column for column in named if name_words(column.name)[-1] != "slug"] or named
        preferred = [column for column in named if set(name_words(column.name)) & _NAMES]
        if any(is_thing(column.name.casefold()) for column in named):  # `country` before `official_name`
            preferred = [column for column in preferred if not set(name_words(column.name)) & _FORMAL]
        own = [column for column in preferred if name_words(column.name)[0] in self._nouns]
        preferred = own if len(own) == 1 else preferred
        return (preferred or named or [None])[0]

    def _named(self, *, coded: bool) -> list[ColumnCard]:
        """Columns of texts of which each stands for a row; with codes, where they do."""
        return [
            c for c in self._card.columns
            if c.type is ColumnType.TEXT and self.names_rows(c) and (coded or not self._is_code(c))
        ]  # fmt: skip

    @cached_property
    def _otherwise_named(self) -> list[ColumnCard]:
        """Where no text does: days of their own, names that some share, a text that nearly none share."""
        return self._days or self._shared_names or self._nearly_unique

    @cached_property
    def _identifiers(self) -> list[ColumnCard]:
        return [c for c in self._card.columns if self.is_identifier(c) and self._card.is_unique(c)]

    @property
    def _days(self) -> list[ColumnCard]:
        if self._identifiers:
            return []
        return [c for c in self._card.columns if c.type is ColumnType.DATE and self._card.is_unique(c)]

    @property
    def _shared_names(self) -> list[ColumnCard]:
        """Names of which most are different; beside a number of the rows only what names the rows."""
        named = [
            c for c in self._card.columns
            if c.type is ColumnType.TEXT and set(name_words(c.name)) & _NAMES
            and c.distinct * 2 >= self._card.rows
        ]  # fmt: skip
        if not named or self.number is None:
            return named
        return [c for c in named if name_words(c.name)[0] in self._nouns | _WHOSE_NAME] or [self.number]

    @property
    def _nearly_unique(self) -> list[ColumnCard]:
        near = [
            c for c in self._card.columns
            if c.type is ColumnType.TEXT and c.distinct >= _NEARLY_ALL * self._card.rows
            and not self._is_code(c)
        ]  # fmt: skip
        named = any(c.nulls and name_words(c.name) == ("name",) for c in self._card.columns)
        return near if len(near) == 1 and not named else []  # what has no name is called by none

    def _is_code(self, column: ColumnCard) -> bool:
        """Whether it only numbers rows: `permit_number`, `MEMBERUID`; in a table of wells no `well_id`."""
        first, last = name_words(column.name)[0], name_words(column.name)[-1]
        if first != last and first in self._nouns:
            return False
        return last in _CODES or (last.endswith("id") and len(last) > _LONG)


def _is_composed(column: ColumnCard) -> bool:
    """Whether values are keys made of several others: `Jane Doe.Norway.1990.Minister`."""
    ends = [str(end) for end in (column.low, column.high) if end is not None]
    return bool(ends) and all(
        len(re.findall(r"[.|_/:]\S", end)) >= 3 and re.search(r"\d{4}", end) for end in ends
    )
