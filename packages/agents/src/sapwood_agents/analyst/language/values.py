"""Finds the values of the table that words name: as spelt, in part, or by another name of the same thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.aliases import ALIASES
from sapwood_agents.analyst.language.almanac import MONTHS, WEEKDAYS
from sapwood_agents.analyst.language.concepts import (
    GENERIC_WORDS,
    PLACES_AND_PEOPLE,
    QUALIFIERS,
)
from sapwood_agents.analyst.language.dates import dates_at
from sapwood_agents.analyst.language.declared import explained
from sapwood_agents.analyst.language.places import held, place_kinds, place_names
from sapwood_agents.analyst.language.rows.kinds import is_person
from sapwood_agents.analyst.language.segments import known_words
from sapwood_agents.analyst.language.spelling import stem
from sapwood_agents.analyst.language.tokens import Token, name_words, tokenize
from sapwood_agents.analyst.language.units import UNITS
from sapwood_storage.tabular.model import Cell, ColumnType

FEW_VALUES = 60
"""In columns with more distinct values a part of one, or a word in lower case, is doubtful."""
_SMALL = frozenset("a an and as at by for from in is it of on or the to was with".split())
"""Words that begin or end no part of a value."""
_FREE_TEXT = frozenset("comment note notes remark description text message summary".split())
"""One word of what somebody wrote is no name of it."""
_ARTICLES = frozenset(("a", "an", "the"))
_SPOKEN = frozenset("hi hey row rows record records entry entries please thanks".split())
"""A code such as `HI` is meant only where it is typed as the table has it."""
_KINDS = 20
"""In columns of so few values a word is one of them in another form."""
_SEASON = re.compile(r"\d{4}[-/–](\d{2}|\d{4})")
"""`2019/20`, `2019-2020`."""
_SHORT = 3
_CODE = 3
"""Codes of places have so many letters at the most."""
_PART = 4
"""So much longer than a part of it a value may be."""
_PARTS_UP_TO = 2_000


@dataclass(frozen=True, slots=True)
class ValueLink:
    """A value meant by some words: `values` are the spellings in the column that match."""

    column: str
    values: tuple[Cell, ...]
    score: float
    weak: bool = False  # believed only where the question names the column too


class Values:
    """Every value listed in a table's card by its words; made once per table."""

    def __init__(self, card: TableCard) -> None:
        self._exact: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        self._parts: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        self._short: dict[str, list[tuple[tuple[str, ...], str, Cell]]] = defaultdict(list)
        self._stems: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        self._many: set[str] = set()
        self._named: set[str] = set()
        self._people: set[str] = set()
        self._coded: set[str] = set()
        self._lists: dict[str, bool] = {}
        self.held: dict[str, tuple[str, ...]] = {}
        for column in card.columns:
            if column.dated:
                self.take_in(column.name, [v for v in column.values if not _is_date(str(v))], parts=False)
            elif column.enumerated and column.type is ColumnType.TEXT:
                self.take_in(column.name, column.values, parts=len(column.values) <= _PARTS_UP_TO)
                self._describe(column)
            elif column.type is ColumnType.BOOLEAN:
                for word, value in (("yes", True), ("true", True), ("no", False), ("false", False)):
                    self._exact[word][column.name].append(value)
            for word, value in explained(column):
                self._exact[" ".join(value_words(word))][column.name].append(value)

    def _describe(self, column: ColumnCard) -> None:
        self.held[column.name] = held(column.values)
        if column.values and all(_SEASON.fullmatch(str(value)) for value in column.values):
            self.held[column.name] = ("season",)
        if all(len(str(value)) <= _CODE for value in column.values):
            self._coded.add(column.name)
        if any(is_person(word) for word in name_words(column.name)):
            self._people.add(column.name)
        several = sum(1 for value in column.values if re.search("[,;|/]", str(value)))
        self._lists[column.name] = several * 2 > len(column.values)
        if len(column.values) > FEW_VALUES:
            self._many.add(column.name)
        if len(column.values) <= _KINDS:
            for value in column.values:
                if len(str(value)) > _SHORT and str(value).isalpha():
                    self._stems[stem(str(value).casefold())][column.name].append(value)
        if set(name_words(column.name)) & PLACES_AND_PEOPLE or self.held[column.name]:
            self._named.add(column.name)

    def take_in(self, column: str, values: Iterable[Cell], *, parts: bool) -> None:
        """Make `values` of `column` known by their words and, where wanted, by parts of them."""
        for value in values:
            words = value_words(str(value))
            if not words or all(word.replace(".", "").isdigit() for word in words):
                continue
            self._exact[" ".join(words)][column].append(value)
            if len(words) > 1:
                self._short[words[0]].append((words, column, value))
            if not parts or len(words) == 1:
                continue
            if "," in str(value):  # "Doe, Jane Mary" is Jane Doe
                last, _, first = str(value).partition(",")
                if given := value_words(first)[:1]:
                    self._parts[" ".join((*given, *value_words(last)))][column].append(value)
            for size in (1, 2, 3):
                for start in range(len(words) - size + 1):
                    part = " ".join(words[start : start + size])
                    if (
                        part != " ".join(words)
                        and not part.isdigit()
                        and value not in self._parts[part][column]
                    ):
                        self._parts[part][column].append(value)

    def words(self) -> frozenset[str]:
        """The values that are one word, for mending typing errors."""
        return frozenset(
            key for key, columns in self._exact.items() if " " not in key and len(key) > 3 and columns
        )

    def find(self, span: tuple[Token, ...], names: frozenset[str], heads: frozenset[str]) -> list[ValueLink]:
        """Values that `span` may name, best first; `names`: words of columns, `heads`: the main ones."""
        if len(span) == 1 and span[0].kind == "quoted":
            links = self._links(" ".join(value_words(span[0].text)), 1.0)
            return [replace(link, values=_spelt(link.values, span[0].text.strip())) for link in links]
        if span[-1].kind == "symbol":
            return []
        key = " ".join(token.lemma for token in span if token.kind != "symbol")
        text = " ".join(token.text for token in span)
        found = self._links(key, 1.0)
        if len(span) == 1 and span[0].word in _SPOKEN:
            found = [link for link in found if text in link.values]
        if not found and span[-1].word.endswith("ies"):
            found = self._links(" ".join((*(token.lemma for token in span[:-1]), span[-1].word[:-1])), 1.0)
        if len(key) <= 2:  # a code: in other letters than the table's it may be a word
            found = [
                link if text in link.values else replace(link, score=0.9, weak=len(key) == 1)
                for link in found
            ]
        if len(span) == 1 and text.islower() and len(key) > 3 and key in UNITS:
            return []
        if len(span) == 1 and (text.islower() or span[0].start == 0):
            found = [
                replace(link, weak=link.column not in self._named, score=min(link.score, 0.95))
                if link.column in self._many
                else link
                for link in found
            ]
        if len(span) == 1 and span[0].number is not None:
            found = [replace(link, weak=True) for link in found]
        if len(span) == 1 and text.islower() and key in heads:
            found = [  # `country` is a column before it is a value of another one
                link if key in name_words(link.column) else replace(link, weak=True) for link in found
            ]
        found = [replace(link, values=_spelt(link.values, text)) for link in found]
        if found and (states := self._of_states(span, key, found)):
            return states
        if found and len(span) == 1:
            known = {link.column for link in found}
            found += [
                link
                for link in self._aliased(span, key)
                if link.column not in known and self._holds(link.column, "sex", "gender")
            ]
        if not found and len(span) > 2 and not {span[0].word, span[-1].word} & _ARTICLES:
            plain = " ".join(token.lemma for token in span if token.word not in _ARTICLES)
            found = self._links(plain, 0.97) if plain != key else []  # "out of the running"
        if found:
            return found
        if len(span) > 1 and (joined := self._links("".join(token.lemma for token in span), 0.9)):
            return joined
        return (
            self._aliased(span, key)
            or self._shortened(span)
            or self._inflected(span)
            or self._adjective(span, key)
            or self._partly(key, names)
        )

    def _shortened(self, span: tuple[Token, ...]) -> list[ValueLink]:
        """`parliamentary democracy` for `Parliamentary Dem`, in columns of few values."""
        said = [token.lemma for token in span if token.kind == "word"]
        found: dict[str, list[Cell]] = defaultdict(list)
        for words, column, value in self._short.get(said[0], ()) if len(said) > 1 else ():
            alike = len(words) == len(said) and all(
                word == other or (len(word) >= 3 and other.startswith(word))
                for word, other in zip(words, said, strict=True)
            )
            if alike and column not in self._many:
                found[column].append(value)
        return [
            ValueLink(column, tuple(values), 0.93) for column, values in found.items() if len(values) == 1
        ]

    def _inflected(self, span: tuple[Token, ...]) -> list[ValueLink]:
        """`voided` for void, `adjustments` for adjust, `smoking` for smoker, in columns of few values."""
        *before, token = span
        if before or token.kind != "word" or len(token.word) <= _SHORT:
            return []
        said = self._stems.get(stem(token.word), {})
        return [ValueLink(column, tuple(values), 0.75) for column, values in said.items() if len(values) == 1]

    def _adjective(self, span: tuple[Token, ...], key: str) -> list[ValueLink]:
        """`foggy` for fog, `sunny` for sun, in columns of few values."""
        if len(span) > 1 or not key.endswith("y") or len(key) < 5:
            return []
        bases = {key[:-1], key[:-2] if key[-2] == key[-3] else key[:-1], f"{key[:-1]}e"}
        return [link for base in bases for link in self._links(base, 0.88) if link.column not in self._many]

    def _links(self, key: str, score: float) -> list[ValueLink]:
        return [
            ValueLink(column, tuple(values), score) for column, values in self._exact.get(key, {}).items()
        ]

    def _aliased(self, span: tuple[Token, ...], key: str) -> list[ValueLink]:
        word = " ".join(token.word for token in span)
        for alias in ALIASES.get(word, ()) + ALIASES.get(key, ()):
            spelled = " ".join(value_words(alias))
            found = [link for link in self._links(spelled, 0.95) if self._alias_fits(link)]
            if found:
                return found
        text = " ".join(token.text for token in span)
        if len(text) <= 3 and not text.isupper():
            return []
        found: list[ValueLink] = []
        kinds = place_kinds(word)
        lemma = key if len(key) > _CODE else word  # "Mars" is not the code of anything
        coded = any(self._holds(name, *kinds) for name in self._coded)
        for other in place_names().get(word, place_names().get(lemma, ())):
            for link in self._links(" ".join(value_words(other)), 0.95):
                several = any(  # "Korea", where there are two
                    len(values) > 1 and (name == link.column or self._holds(name, *kinds))
                    for name, values in self._parts.get(key, {}).items()
                )
                fits = self._holds(link.column, *kinds)
                if not several and (fits or (len(other) > _CODE and not (coded and len(word) <= _CODE))):
                    found.append(link)
        return found

    def _of_states(self, span: tuple[Token, ...], key: str, found: list[ValueLink]) -> list[ValueLink]:
        """`California` is the state, where a column has its code, before what somebody wrote elsewhere."""
        kinds = place_kinds(key)
        if not kinds or any(self._holds(link.column, *kinds) for link in found):
            return []
        places = [link for link in self._aliased(span, key) if self._holds(link.column, *kinds)]
        return [*places, *(replace(link, score=0.86) for link in found)] if places else []

    def _holds(self, column: str, *kinds: str) -> bool:
        return any(kind in kinds for kind in (*self.held.get(column, ()), *name_words(column)))

    def _alias_fits(self, link: ValueLink) -> bool:
        """`women` means `F` only where a column is about sex."""
        return all(len(str(value)) > 1 for value in link.values) or self._holds(
            link.column, "sex", "gender", "size"
        )

    def _partly(self, key: str, names: frozenset[str]) -> list[ValueLink]:
        if key.split()[0] in _SMALL or key.split()[-1] in _SMALL:
            return []
        if len(key) < 4 or key in names or key in QUALIFIERS or key in GENERIC_WORDS or key in UNITS:
            return []
        if key in MONTHS or key in WEEKDAYS:
            return []
        english = known_words()
        entries = self._parts.get(key)
        if not entries and key.endswith("y"):
            entries = self._parts.get(f"{key[:-1]}ie")
        return [
            ValueLink(column, tuple(values), 0.82)
            for column, values in (entries or {}).items()
            if len(values) == 1
            and (" " in key or not set(name_words(column)) & _FREE_TEXT)
            and (column in self._named | self._people or " " in key or _says_most(values[0], key))
            and len(value_words(str(values[0]))) <= _PART * len(key.split())
            and (column not in self._many or (column in self._people and key not in english))
        ]

    def listed_with_others(self, column: str, value: Cell) -> bool:
        """Whether the column holds lists (`Comedy, Drama`) and the value is an entry of more than one."""
        if not isinstance(value, str):
            return False
        listed = self._parts.get(" ".join(value_words(value)), {}).get(column, [])
        separated = [
            other for other in listed
            if any(f"{value}{sign}" in str(other) or f"{sign} {value}" in str(other) for sign in ",;|/")
        ]  # fmt: skip
        return len(separated) >= 2 and self._holds_lists(column, value, separated)

    def _holds_lists(self, column: str, value: str, separated: list[Cell]) -> bool:
        """Whether the others come back, or most values have several entries: not so `Hong Kong, China`."""
        others = {
            " ".join(value_words(entry)) for one in separated for entry in re.split("[,;|/]", str(one))
        } - {" ".join(value_words(value))}
        again = any(
            column in self._exact.get(other, {}) or len(self._parts.get(other, {}).get(column, ())) > 1
            for other in others
        )
        return again or self._lists.get(column, False)


def _is_date(value: str) -> bool:
    """Whether a question that says so is read as speaking of that time: `March 2020`, not `2020M03`."""
    words = tokenize(value)
    return any(stop == len(words) and when.bounds for stop, when in dates_at(words, 0))


def _says_most(value: Cell, key: str) -> bool:
    """Whether the one word begins the value, or only a number is beside it: `3_Low`."""
    rest = [word for word in value_words(str(value)) if word != key]
    begins = value_words(str(value))[0] == key and key not in place_names()
    return begins or all(word.isdigit() for word in rest)


def _spelt(values: tuple[Cell, ...], text: str) -> tuple[Cell, ...]:
    """Of values that differ in signs only, the one that was typed."""
    same = tuple(value for value in values if str(value).casefold() == text.casefold())
    return same or values


def value_words(value: str) -> tuple[str, ...]:
    """The words that a value is found by; signs are left out."""
    return tuple(token.lemma for token in tokenize(value) if token.kind != "symbol")
