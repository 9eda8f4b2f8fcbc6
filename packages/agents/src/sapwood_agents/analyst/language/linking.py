"""Links words of a question to columns of the table, each link with a score up to 1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from functools import cached_property

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.declared import explained
from sapwood_agents.analyst.language.matching import CERTAIN, CODES, Links, Matcher
from sapwood_agents.analyst.language.names import JOINERS, name_of, synonyms
from sapwood_agents.analyst.language.rows.facts import Rows
from sapwood_agents.analyst.language.rows.kinds import is_thing
from sapwood_agents.analyst.language.spelling import expansion, lemma
from sapwood_agents.analyst.language.tokens import Token, name_words, tokenize
from sapwood_agents.analyst.language.values import ValueLink, Values
from sapwood_storage.tabular.model import Cell, ColumnType

SLIP = 0.85
"""The score of a link that is itself a guess at a slip of the fingers."""

_FEW = 60
_THREE = 3
_SMALL = frozenset("for on at the".split())
"""Between the words of a column's name people say them; its writer may not."""
_COUNTED = re.compile(r"n(?!um|ame|o)[a-z]{3,}s")
_BAND = re.compile(r"[<>≤≥]=?\s?\$?\d|.*\d\w*\s?\+$")
_PER = re.compile(r"(?i:(?:^|[_\W])per(?:[_\W]|$))|[A-Za-z]per[A-Z]|Per[A-Z]")
"""A name with a `per` of its own: `GDPperCapita`."""


def _counts_by_prefix(card: TableCard) -> dict[str, str]:
    """`nlids` and `nboxes`, which are `n_lids` and `n_boxes`: where there are several, or a thing follows."""
    found = {
        column.name: f"n_{column.name[1:]}" for column in card.columns
        if column.type is ColumnType.INTEGER and _COUNTED.fullmatch(column.name)
    }  # fmt: skip
    things = {name for name in found if is_thing(lemma(name[1:].casefold())) and not is_thing(lemma(name))}
    return found if len(found) > 1 else {name: found[name] for name in things}


class Linker:
    """Finds columns and values for spans of tokens; made once per table.

    Several threads may ask at once: what is remembered is the same whoever found it.
    """

    def __init__(self, card: TableCard) -> None:
        self.card = card
        self.rows = Rows(card)
        self.title = "".join(name_words(card.title))
        self.title_words = frozenset(name_words(card.title))
        self._listed = Values(card)
        counts = _counts_by_prefix(card)
        self.names = [
            name_of(column, self._listed.held.get(column.name, ()), counts.get(column.name, column.name))
            for column in card.columns
        ]
        self._by_column = {name.column.name: name for name in self.names}
        self._codes = frozenset(word.casefold() for column in card.columns for word, _ in explained(column))
        self._matcher = Matcher(self.names, self.title_words)
        self._found: dict[tuple[str, ...], Links] = {}

    def add_found(self, column: str, values: Iterable[Cell]) -> None:
        """Take in values of a column with too many to list, found by looking the question's words up."""
        self._listed.take_in(column, values, parts=False)

    def deriving(self, column: ColumnCard) -> Linker:
        """The same that also knows a column which is made of others, and which no word names."""
        linker = copy(self)
        linker._by_column = self._by_column | {column.name: name_of(column, (), column.name)}
        return linker

    def declared_units(self, column: str) -> tuple[str, ...]:
        """The units that the column's name declares: `("kg",)` for `Engine Weight (kg)`."""
        return self._by_column[column].units

    def counts(self, column: str) -> bool:
        """Whether the column holds a number of things: `n_doors`, `number_of_wheels`."""
        return self._by_column[column].counts

    def is_quantity(self, column: str) -> bool:
        """Whether the column holds numbers that are no names of things."""
        last = name_words(column)[-1]
        return self._by_column[column].column.is_number and last not in CODES - {"number", "no"}

    def held(self, column: str) -> tuple[str, ...]:
        """What the values of the column are, where its name does not say."""
        return self._by_column[column].held

    def holds(self, column: str, what: str) -> bool:
        """Whether the column's name or its values say that it is about `what`."""
        name = self._by_column[column]
        return what in name.words or what in name.held

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the names and listed values, for mending typing errors."""
        words = {word for name in self.names for word in name.words if len(word) > 3}
        words |= {full for name in self.names for word in name.words if (full := expansion(word))}
        words |= {
            other for name in self.names for word in name.words for other in synonyms(word) if len(other) > 3
        }
        words |= {word for name in self.names for what in name.held for word in what.split()}
        words |= {name.joined for name in self.names if len(name.joined) > 5}
        return frozenset(words) | self._listed.words()

    @cached_property
    def bands(self) -> dict[str, list[tuple[str, Cell]]]:
        """Values of columns of few kinds that begin or end with a sign: `<5 kg`, `500+`."""
        found: dict[str, list[tuple[str, Cell]]] = {}
        for column in self.card.columns:
            if column.enumerated and column.distinct <= _FEW:
                for value in column.values:
                    if _BAND.match(str(value)):
                        found.setdefault(str(value).casefold(), []).append((column.name, value))
        return found

    @cached_property
    def _heads(self) -> frozenset[str]:
        return frozenset(name.head for name in self.names)

    def columns(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """Columns that the words of `span` name, best first."""
        found = self._linked(span)[0]
        if len(span) == 1 and span[0].lemma in self.title_words:
            return [(name, score) for name, score in found if score > SLIP]  # the file's word is spelt right
        return found

    def mentions(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """Columns that `span` only touches on: `launched` for `launch_year`, `wing` for `wing_span`."""
        return self._linked(span)[1]

    def _linked(self, span: tuple[Token, ...]) -> Links:
        if "symbol" in (span[0].kind, span[-1].kind):
            return [], []
        if [token.word for token in span[-2:]] == ["in", "total"]:
            return [], []  # "stamps in total" are no `total_stamps`
        if " ".join(token.word for token in span) in self._codes:
            return [], []  # one of the values that a column's name explains
        if any(token.kind == "quoted" for token in span):
            exact = [name.column.name for name in self.names if name.column.name.casefold() == span[0].word]
            return ([(name, 1.0) for name in exact] if len(span) == 1 else []), []
        if span[0].lemma in JOINERS or span[-1].lemma in JOINERS:
            return self._joined(span), []
        if any(token.word in ("a", "an") for token in span[1:-1]):
            return [], []  # "earned a net", and then the income
        if self._cut_by_per(span):
            return [], []
        if whole := self._with_small_words(span):
            return whole, []
        key = tuple(token.word for token in span)
        if key not in self._found:
            self._found[key] = self._matcher.match(span)
        return self._found[key]

    def _with_small_words(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """`charge for pier 2`, `months spent on the pier`: a whole name, small words between its own aside."""
        if len(span) < _THREE or not any(token.word in _SMALL for token in span[1:-1]):
            return []
        joined = "".join(
            token.lemma for at, token in enumerate(span)
            if not (0 < at < len(span) - 1 and token.word in _SMALL)
        )  # fmt: skip
        return [(name.column.name, 0.98) for name in self._matcher.lemmas(joined)]

    def _cut_by_per(self, span: tuple[Token, ...]) -> bool:
        """`visits per member`: what follows `per` is a column of its own, and no name has them all."""
        at = next((index for index, token in enumerate(span) if token.word == "per"), 0)
        if not at or any(_PER.search(name.column.name) for name in self.names):
            return False
        return bool(self._linked(span[at + 1 :])[0])

    def _joined(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """A name that begins or ends with a small word, spelt just so; "a lot" is no `alot`."""
        if len(span) == 1 or span[0].lemma in ("a", "an", "the"):
            return []
        joined = "".join(c for token in span for c in token.word if c.isalnum())
        return [(name.column.name, 1.0) for name in self._matcher.spelled(joined)]

    def values(self, span: tuple[Token, ...]) -> list[ValueLink]:
        """Values that the words of `span` may name, best first."""
        return self._listed.find(span, self._matcher.words, self._heads)

    def is_value_elsewhere(self, text: str, column: str) -> bool:
        """Whether the words are a value of another column of few kinds."""
        links = self._listed.find(tokenize(text), self._matcher.words, self._heads)
        return any(link.column != column and link.score >= CERTAIN for link in links)

    def names_many(self, column: str) -> bool:
        """Whether nearly every row has its own value there: a word of the file's name is none of them."""
        card = self._by_column[column].column
        return card.distinct * 2 >= self.card.rows

    def is_listed_with_others(self, column: str, value: Cell) -> bool:
        """Whether the column holds lists (`Comedy, Drama`) and the value is an entry of more than one."""
        return self._listed.listed_with_others(column, value)
