"""What the words of one span may be together: a phrase of the grammar, a column, a value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sapwood_agents.analyst.language.beside import is_noun, number_at, speaks_of_oneself
from sapwood_agents.analyst.language.dates import dates_at
from sapwood_agents.analyst.language.dimensions import DIMENSIONS
from sapwood_agents.analyst.language.items import Place
from sapwood_agents.analyst.language.lexicon import phrases
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.rows.kinds import ANY_TABLE
from sapwood_agents.analyst.language.synonyms import SYNONYMS
from sapwood_agents.analyst.language.tokens import Token, name_words
from sapwood_agents.analyst.language.values import ValueLink
from sapwood_agents.analyst.language.verbs import Verbs

_LONGEST = 8
_NEAR = 0.16
"""Columns that are so much less like the words as the best one may be meant as well."""
_OUTRIGHT = 0.97
_SURE = 0.95
_SPELLED = 0.999
"""A column called just so."""
_LISTED = frozenset("by per each every and".split())
_DISTINCT = frozenset("distinct different unique".split())
_NUMBERS = frozenset("number count no".split())

_MANY = frozenset("many fewer".split())
_OF_STOCK = frozenset("price prices capital holder holders traded outstanding changed".split())
_AFTER_ADDED = frozenset("the a an more most fewest less to up people".split())
_ONE = frozenset({"a", "an"})
_NAMING = frozenset("id name title number no key code slug".split())
_VERBS = frozenset("like own need want".split())
"""Idle in a question's first person only: `I would like`."""

_Meanings = list[tuple[str, Any]]
_Columns = list[tuple[str, float]]


class Spans:
    """Looks up the spans of questions about one table."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._rows = linker.rows
        self._called = self._rows.titled.union(*(kind for kind in SYNONYMS if kind & self._rows.titled))
        self._title = frozenset(word for word in linker.title_words if len(word) > 2)
        self._verbs = Verbs(linker)

    def find(self, place: Place) -> None:
        """Add what every span that begins here may be."""
        for size in range(1, min(len(place.tokens) - place.start, _LONGEST) + 1):
            span = place.tokens[place.start : place.start + size]
            meanings = self._meanings(span)
            self._add_meanings(place, span, meanings)
            if place.token.kind == "symbol":
                continue
            columns = self._columns(place, span)
            self._add_columns(place, span, meanings, columns)
            if place.token.kind == "quoted" and any(
                token.word in ("in", "within") for token in place.tokens[place.start + 1 : place.start + 3]
            ):
                continue  # "love" in the title: a part of it
            values = self._values(place, span, meanings, columns)
            if values and not (_solid(meanings) and not _spelt_alike(span, values)):
                place.add("V", size, values[0].score, values=tuple(values))

    def _meanings(self, span: tuple[Token, ...]) -> _Meanings:
        """The kinds and payloads that the grammar knows the words by."""
        table = phrases()
        found: dict[tuple[str, Any], None] = dict.fromkeys(table.get(tuple(t.word for t in span), ()))
        found |= dict.fromkeys(table.get(tuple(t.lemma for t in span), ()))
        meanings: _Meanings = list(found)
        word = " ".join(token.word for token in span)
        if len(span) <= 2 and (
            dimension := DIMENSIONS.get(word, DIMENSIONS.get(span[0].lemma if len(span) == 1 else ""))
        ):
            meanings.append((dimension[0], (dimension[1], dimension[2])))
        meanings.extend(self._verbs.meanings(word))
        if len(span) == 1 and word != span[0].lemma and span[0].lemma in _VERBS:
            meanings = [entry for entry in meanings if entry[0] != "_"]  # "total likes", "who owns it"
        if any(kind == "s" for kind, _ in meanings) and self._linker.values(span):
            return [entry for entry in meanings if entry[0] != "s"]  # a positive test
        return meanings

    def _add_meanings(self, place: Place, span: tuple[Token, ...], meanings: _Meanings) -> None:
        end = place.start + len(span)
        for kind, payload in meanings:
            if kind == "%" and _of_stock(place, span):
                continue
            noun = kind == "y" and (
                is_noun(place.tokens, place.start, end)
                or _adds(place, end)
                or (place.is_row and len(span) == 1)
            )
            joins = kind == "Y" and place.token.word == "and" and _goes_on(place.tokens, end)
            if not noun and not joins:
                place.add(kind, len(span), payload=payload)

    def _columns(self, place: Place, span: tuple[Token, ...]) -> _Columns:
        """The columns that the words name where they stand, best first."""
        if _names_no_column(place, span):
            return []
        columns = self._linker.columns(span)
        if [token.lemma for token in span[-2:]] in (["the", "week"], ["of", "week"]):
            columns = [entry for entry in columns if not self._linker.card.by_name[entry[0]].is_flag]
        if len(span) == 1:
            correlated = any(token.word.startswith("correl") for token in place.tokens)
            numbered = place.after is not None and place.after.number is not None  # "cycles 1 to 10"
            told = place.is_row and not (place.follows(_DISTINCT) or correlated or numbered)
            return self._beside_rows(place.token, columns) if told else columns
        if place.token.word not in _NUMBERS:
            return columns
        if span[-1].kind == "word" and span[-1].lemma in self._rows.nouns:
            return []  # `number of planets` in a table of planets counts them
        if span[1].word == "of":
            return [entry for entry in columns if self._linker.is_quantity(entry[0])]
        return columns

    def _beside_rows(self, token: Token, columns: _Columns) -> _Columns:
        """Those that say more than a noun for the rows does."""
        noun = token.lemma
        naming = {(noun, word) for word in _NAMING}
        columns = [entry for entry in columns if not self._rows.are_numbered_by(entry[0], noun)]
        if noun not in ANY_TABLE:
            columns = [entry for entry in columns if name_words(entry[0]) not in naming]
        if noun in self._called:
            columns = [entry for entry in columns if name_words(entry[0]) == (noun,)]
        return columns

    def _add_columns(
        self, place: Place, span: tuple[Token, ...], meanings: _Meanings, columns: _Columns
    ) -> None:
        solid = _solid(meanings)
        if columns and not (solid and columns[0][1] < _OUTRIGHT):
            place.add("C", len(span), columns[0][1], columns=_nearest(columns))
        elif len(span) <= 2 and not columns and not solid and (touched := self._linker.mentions(span)):
            place.add("p", len(span), touched[0][1], payload=bool(meanings), columns=_nearest(touched))

    def _values(
        self, place: Place, span: tuple[Token, ...], meanings: _Meanings, columns: _Columns
    ) -> list[ValueLink]:
        """The values that the words name where they stand: a noun for rows may be what some are called."""
        values = [] if speaks_of_oneself(place.tokens, place.start) else self._linker.values(span)
        if all(token.lemma in self._title and token.text.islower() for token in span):
            values = [link for link in values if not self._linker.names_many(link.column)]
        if place.is_row and len(span) == 1 and place.follows(_ONE):
            values = [link for link in values if not self._linker.names_many(link.column)]  # "a hut"
        if place.is_row and len(span) == 1:
            if place.token.lemma not in self._rows.titled and any(link.score >= _SURE for link in values):
                place.is_row = False
            else:
                described = place.after is not None and self._linker.columns((place.after,))
                values = _at_most(values, 0.93 if described else 0.75)  # "the sofa kinds"
        if any(kind == "y" for kind, _ in meanings):
            values = [link for link in values if link.score >= _SURE]
        if values and place.follows(_LISTED) and columns and columns[0][1] >= _SPELLED:
            values = _at_most(values, 0.86)  # `by kind and platform`
        return values


def _adds(place: Place, end: int) -> bool:
    """`which town added the most people`: it grew, and is not what was added."""
    follows = place.tokens[end].word if end < len(place.tokens) else ""
    return place.token.word == "added" and follows in _AFTER_ADDED


def _of_stock(place: Place, span: tuple[Token, ...]) -> bool:
    """`share price`, `the number of shares traded`: what is dealt in at an exchange."""
    if len(span) > 1 or place.token.lemma != "share":
        return False
    after = place.after.word if place.after is not None else ""
    counted = place.token.word == "shares" and (
        place.follows(_MANY) or [t.word for t in place.tokens[: place.start]][-2:] == ["number", "of"]
    )
    return counted or after in _OF_STOCK


def _names_no_column(place: Place, span: tuple[Token, ...]) -> bool:
    """`number of` and `how many times` count, `how long` is no longitude."""
    word, after = place.token.word, place.after
    if len(span) == 1 and word == "number" and after is not None and after.word == "of":
        return True
    if word in ("time", "times") and place.follows(frozenset({"many"})):
        return True
    return word == "long" and place.follows(frozenset({"how", "as"}))


def _solid(meanings: _Meanings) -> list[str]:
    """The kinds of words that stand for themselves, and not for what a table may hold."""
    return [kind for kind, _ in meanings if kind not in "yh"]


def _nearest(columns: _Columns) -> tuple[tuple[str, float], ...]:
    return tuple((name, score) for name, score in columns if score >= columns[0][1] - _NEAR)


def _at_most(values: list[ValueLink], score: float) -> list[ValueLink]:
    return [replace(link, score=min(link.score, score)) for link in values]


def _goes_on(tokens: tuple[Token, ...], end: int) -> bool:
    """`200 boxes and over 500 lids`, `in May and after July`: another number or date follows."""
    return number_at(tokens, end) or (end < len(tokens) and bool(dates_at(tokens, end)))


def _spelt_alike(span: tuple[Token, ...], values: list[ValueLink]) -> bool:
    """A grammar word is a value only when typed as the table spells it: `US`, not `us`."""
    text = " ".join(token.text for token in span)
    spelled = {str(value) for link in values for value in link.values}
    return text == "US" or (text in spelled and text.isupper())
