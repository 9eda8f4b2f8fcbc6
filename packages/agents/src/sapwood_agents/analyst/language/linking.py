"""Links words of a question to columns of the table, each link with a score up to 1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.concepts import COMPOUNDS, PHRASES
from sapwood_agents.analyst.language.names import JOINERS, Name, is_verb, likeness, match, name_of, synonyms
from sapwood_agents.analyst.language.spelling import expansion
from sapwood_agents.analyst.language.tokens import Token, name_words, tokenize
from sapwood_agents.analyst.language.values import ValueLink, Values
from sapwood_storage.tabular.model import Cell, ColumnType

LEAST_SCORE = 0.68
SLIP = 0.85
"""The score of a link that is itself a guess at a slip of the fingers."""
_LEAST_MENTION = 0.6
_CERTAIN = 0.97
_TAILS = frozenset("value score level number code status figure reading amount column field variable rating symbol price "
                   "category grade method style label group date name type kind class flag option setting indicator moment measurement condition mileage mpg content".split())  # fmt: skip
"""Words that may follow what a column is called; only where no column is about them."""


def _names_first(named: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """`harbour_name` before `harbour_code`: a thing is called by its name."""
    spelled = {column: name_words(column) for column, _ in named}
    called = {words[:-1] for words in spelled.values() if words[-1:] == ("name",)}
    codes = {
        column for column, words in spelled.items()
        if any(words[: len(one)] == one and set(words[len(one) :]) & _CODES for one in called)
    }  # fmt: skip
    return [(column, score) for column, score in named if column not in codes]


_MEASURES = frozenset("time spending quantity usage consumption output intake production".split())
"""Words that may follow what a column of numbers is called."""
_BANDS = frozenset("group category class band bracket kind type".split())
_CODES = frozenset("code id key iso abbr abbreviation number num nr no".split())

_Places = frozenset[int]
"""Columns, by where they stand in the table."""
_NOWHERE: _Places = frozenset()
_Links = tuple[list[tuple[str, float]], list[tuple[str, float]]]
"""Columns that are named, and those only touched on."""


def _places(entries: Iterable[tuple[str, int]]) -> Mapping[str, _Places]:
    found: dict[str, set[int]] = defaultdict(set)
    for key, place in entries:
        found[key].add(place)
    return {key: frozenset(places) for key, places in found.items()}


@dataclass(frozen=True, slots=True)
class _Reach:
    """What one word of a question says of all the names together."""

    sure: bool  # a name has it
    meant: _Places  # names with a word that it may mean
    shared: _Places  # names that have it, another form of it or one ending with it


class Linker:
    """Finds columns and values for spans of tokens; made once per table.

    Several threads may ask at once: what is remembered is the same whoever found it.
    """

    def __init__(self, card: TableCard) -> None:
        self.card = card
        self.title = "".join(name_words(card.title))
        self.titled = frozenset(name_words(card.title))
        self._listed = Values(card)
        self.names = [name_of(column, self._listed.held.get(column.name, ())) for column in card.columns]
        self._by_column = {name.column.name: name for name in self.names}
        numbered = list(enumerate(self.names))
        self._bearers = _places((word, place) for place, name in numbered for word in name.words)
        self._joined = _places((name.joined, place) for place, name in numbered)
        self._unspaced = _places(("".join(name.words), place) for place, name in numbered)
        self._initials = _places((name.initials, place) for place, name in numbered)
        self._holders = _places((what, place) for place, name in numbered for what in name.held)
        self._reaches: dict[str, _Reach] = {}
        self._found: dict[tuple[str, ...], _Links] = {}

    def add_found(self, column: str, values: Iterable[Cell]) -> None:
        """Take in values of a column with too many to list, found by looking the question's words up."""
        self._listed.take_in(column, values, parts=False)

    def declared_units(self, column: str) -> tuple[str, ...]:
        """The units that the column's name declares: `("kg",)` for `Engine Weight (kg)`."""
        return self._by_column[column].units

    def counts(self, column: str) -> bool:
        """Whether the column holds a number of things: `n_doors`, `number_of_wheels`."""
        return self._by_column[column].counts

    def is_quantity(self, column: str) -> bool:
        """Whether the column holds numbers that are no names of things."""
        return self._by_column[column].column.is_number and name_words(column)[-1] not in _CODES - {
            "number",
            "no",
        }

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
    def _words(self) -> frozenset[str]:
        return frozenset(self._bearers)

    @cached_property
    def _called(self) -> frozenset[tuple[str, ...]]:
        """What has a column for its name."""
        return frozenset(name.words[:-1] for name in self.names if name.words[-1] == "name")

    @cached_property
    def _heads(self) -> frozenset[str]:
        return frozenset(name.head for name in self.names)

    def columns(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """Columns that the words of `span` name, best first."""
        found = self._linked(span)[0]
        if len(span) == 1 and span[0].lemma in self.titled:
            return [(name, score) for name, score in found if score > SLIP]  # the file's word is spelt right
        return found

    def mentions(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """Columns that `span` only touches on: `launched` for `launch_year`, `wing` for `wing_span`."""
        return self._linked(span)[1]

    def _linked(self, span: tuple[Token, ...]) -> _Links:
        if "symbol" in (span[0].kind, span[-1].kind):
            return [], []
        if [token.word for token in span[-2:]] == ["in", "total"]:
            return [], []  # "stamps in total" are no `total_stamps`
        if any(token.kind == "quoted" for token in span):
            exact = [name.column.name for name in self.names if name.column.name.casefold() == span[0].word]
            return ([(name, 1.0) for name in exact] if len(span) == 1 else []), []
        if span[0].lemma in JOINERS or span[-1].lemma in JOINERS:
            joined = "".join(c for token in span for c in token.word if c.isalnum())
            spelled = span[0].lemma not in ("a", "an", "the")  # "a lot" is no `alot`
            exact = self._at(_all(self._joined, joined)) if len(span) > 1 and spelled else []
            return [(name.column.name, 1.0) for _, name in exact], []
        key = tuple(token.word for token in span)
        if key not in self._found:
            self._found[key] = self._match_all(span)
        return self._found[key]

    def _match_all(self, span: tuple[Token, ...]) -> _Links:
        words = tuple(token.lemma for token in span if token.lemma not in JOINERS and token.kind != "symbol")
        if len(words) == 0:
            return [], []
        joined = "".join(c for token in span for c in token.word if c.isalnum())
        shorter = joined.removesuffix(span[-1].word) if self._has_tail(span, words) else joined
        singular = "".join(token.lemma for token in span if token.kind != "symbol")
        spelled = [name for _, name in self._at(_all(self._joined, joined, singular))]
        banded = words[-1] in _BANDS
        spelled = spelled or [
            name
            for _, name in self._at(_all(self._joined, shorter))
            if not (banded and name.column.is_number)
        ]
        if spelled:
            return [(name.column.name, 1.0) for name in spelled], []
        unitless = [
            name
            for _, name in self._at(_all(self._unspaced, joined, singular))
            if not (name.counts and name.words in self._called)
        ]  # `pier_num`, `pier_name`
        if len(unitless) == 1 and len(joined) > 3:
            return [(unitless[0].column.name, 0.99)], []
        options: list[tuple[tuple[str, ...], float]] = [(words, 1.0)]
        about = self._reach(words[-1]).sure
        if len(words) > 1 and words[-1] in _TAILS and not about:
            options.append((words[:-1], 0.97))
        if len(words) > 1 and words[-1] in COMPOUNDS.get(words[0], ()):
            options.append((words[1:], 0.9))
            if not about:
                options.append((words[:1], 0.92))  # `wind speed` where the column is `wind`
        counted = (
            (words[:-1], 0.97)
            if len(words) > 1 and words[-1] in ("count", "total") and len(span) == len(words)
            else None
        )
        phrase = " ".join(token.word for token in span)
        lemmas = " ".join(words)
        options.extend(
            (tuple(other.split()), 0.92) for other in (*PHRASES.get(phrase, ()), *PHRASES.get(lemmas, ()))
        )
        initials, last = "".join(token.word[0] for token in span), [token.word for token in span][-1]
        said = {word for option, _ in options for word in option}
        near = _NOWHERE.union(
            *(self._reach(word).meant for word in said),
            _all(self._holders, lemmas, phrase),
            _all(self._joined, initials) | _all(self._initials, phrase),
        )
        shared = _NOWHERE.union(*(self._reach(word).shared for word in words))
        named: list[tuple[str, float]] = []
        touched: list[tuple[str, float]] = []
        for place, name in self._at(near):
            known = [*options, counted] if counted and name.column.is_number else options
            if name.column.is_number and words[-1] in _BANDS and words[-1] not in name.words:
                continue  # an `age group` is no age
            if len(words) > 1 and not about and _measured_as(name.column, words[-1]):
                known = [*known, (words[:-1], 0.93)]
            best, headed = max(match(option, name, worth) for option, worth in known)
            if (len(span) >= 3 and initials == name.joined) or (len(span) == 1 and phrase == name.initials):
                best, headed = 0.95, True
            if headed and best < LEAST_SCORE + 0.13 and shared - {place}:
                headed = False  # `launch` says little of `launch_kind` where another name has it too
            if headed and best < LEAST_SCORE + 0.13 and set(words) <= self.titled and name.head not in words:
                headed = False  # the `tastings` of a file called so are no `tasting_score`
            if lemmas in name.held or phrase in name.held:
                best, headed = max((best, headed), (0.93, True))
            if headed and is_verb(last) and not set(words) & set(name.words) and joined != name.joined:
                headed = False  # what was `manufactured` is not a manufacturer
            if best >= (LEAST_SCORE if headed else _LEAST_MENTION):
                (named if headed else touched).append((name.column.name, best))
        named = _names_first(self._with_siblings(named, words))
        if any(score >= 0.999 for _, score in named):
            named = [(column, score) for column, score in named if score >= 0.97]
        return sorted(named, key=lambda item: -item[1]), sorted(touched, key=lambda item: -item[1])

    def _at(self, places: _Places) -> list[tuple[int, Name]]:
        return [(place, self.names[place]) for place in sorted(places)]

    def _reach(self, word: str) -> _Reach:
        if word not in self._reaches:
            likes = [(other, likeness(word, other), places) for other, places in self._bearers.items()]
            meant = (
                places for other, like, places in likes
                if like or (len(other) <= 3 and word.startswith(other))
            )  # fmt: skip
            shared = (places for other, like, places in likes if like >= 0.85 or other.endswith(word))
            self._reaches[word] = _Reach(
                sure=any(like >= 0.94 for _, like, _ in likes),
                meant=_NOWHERE.union(*meant),
                shared=_NOWHERE.union(*shared),
            )
        return self._reaches[word]

    def _has_tail(self, span: tuple[Token, ...], words: tuple[str, ...]) -> bool:
        """Whether the last word only follows what a column is called; no code where a column holds codes."""
        last = words[-1]
        return len(span) > 1 and last in _TAILS and not (last in _CODES and self._reach(last).sure)

    def _with_siblings(
        self, named: list[tuple[str, float]], words: tuple[str, ...]
    ) -> list[tuple[str, float]]:
        """A word that is only like a column's name is as like the other columns with the same head."""
        best = max((score for _, score in named), default=1.0)
        if best >= _CERTAIN or len(words) > 1:
            return named
        heads = {self._by_column[column].head for column, score in named if score == best}
        siblings = [
            (name.column.name, best) for name in self.names
            if name.head in heads
            or any(len(head) > 3 and name.head.endswith(head) for head in heads)
            or any(len(name.head) > 2 and len(head) > 4 and head.startswith(name.head) for head in (*heads, *words))
        ]  # fmt: skip
        return list(dict([*named, *siblings]).items())

    def values(self, span: tuple[Token, ...]) -> list[ValueLink]:
        """Values that the words of `span` may name, best first."""
        return self._listed.find(span, self._words, self._heads)

    def is_value_elsewhere(self, text: str, column: str) -> bool:
        """Whether the words are a value of another column of few kinds."""
        links = self._listed.find(tokenize(text), self._words, self._heads)
        return any(link.column != column and link.score >= _CERTAIN for link in links)

    def names_many(self, column: str) -> bool:
        """Whether nearly every row has its own value there: a word of the file's name is none of them."""
        card = self._by_column[column].column
        return card.distinct * 2 >= self.card.rows

    def is_listed_with_others(self, column: str, value: Cell) -> bool:
        """Whether the column holds lists (`Comedy, Drama`) and the value is an entry of more than one."""
        return self._listed.listed_with_others(column, value)


def _all(index: Mapping[str, _Places], *keys: str) -> _Places:
    return _NOWHERE.union(*(index.get(key, _NOWHERE) for key in keys))


def _measured_as(column: ColumnCard, tail: str) -> bool:
    """Whether the word only says that the column is a quantity: `waiting time` where it is called `wait`."""
    if not column.is_number or column.is_flag:
        return False
    return tail in _MEASURES or (tail == "rate" and column.type is ColumnType.NUMBER)
