"""Links words of a question to columns of the table, each link with a score up to 1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.concepts import COMPOUNDS, GENERIC_WORDS, PHRASES, SYNONYMS, UNITS
from sapwood_agents.analyst.language.segments import segments
from sapwood_agents.analyst.language.spelling import abbreviates, bases, expansion, is_form, is_typo, stem
from sapwood_agents.analyst.language.tokens import Token, name_words
from sapwood_agents.analyst.language.values import ValueLink, Values
from sapwood_storage.tabular.model import Cell

LEAST_SCORE = 0.68
_LEAST_MENTION = 0.6
_CERTAIN = 0.97
_JOINERS = frozenset({"of", "the", "a", "an", "in", "per", "or"})
_TAILS = frozenset("value score level number code status figure reading amount column field variable rating symbol price "
                   "category group date name".split())  # fmt: skip
"""Words that may follow what a column is called; only where no column is about them."""
_COUNTS = frozenset({"n", "num", "number", "nb", "count", "no", "nr", "total"})
_TITLES = frozenset({"id", "name", "title", "key", "label"})
_KINDS = frozenset("type kind category class method mode style code status group name".split())
"""Heads that say little: `payment` may stand for `payment_kind`."""
_MARKS = frozenset({"score", "grade", "mark", "rating", "rate", "pct", "percent"})
"""The same for numbers: `math` may stand for `math_score`."""
_STATISTICS = frozenset(
    {"max", "maximum", "min", "minimum", "avg", "average", "mean", "median", "std", "high", "low"}
)
_PREPOSITIONS = frozenset("of at on by for in per from to with as".split())
_SUFFIXES = frozenset("duration date time weight name size price rate count type year number distance speed temperature "
                      "code score width height length income level office".split())  # fmt: skip
"""What the second half of a name written as one word may be: `tripduration`."""
_KEPT_UNITS = frozenset({"year", "month", "day", "hour", "week", "point", "person"})


@dataclass(frozen=True, slots=True)
class Name:
    """A column's name in words: `head` is what it is about, the rest tells which."""

    column: ColumnCard
    words: tuple[str, ...]  # with a declared unit left out
    units: tuple[str, ...]
    joined: str
    head: str
    counts: bool = False  # `n_doors`: a number of something
    initials: str = ""  # `bpm` of `Beats_per_Minute`, where there are three or more
    held: tuple[str, ...] = ()  # what its values are, when the name does not say


class Linker:
    """Finds columns and values for spans of tokens; made once per table."""

    def __init__(self, card: TableCard) -> None:
        self.card = card
        self.title = "".join(name_words(card.title))
        self._listed = Values(card)
        self.names = [_name(column, self._listed.held.get(column.name, ())) for column in card.columns]
        self._by_column = {name.column.name: name for name in self.names}
        self._found: dict[
            tuple[tuple[str, ...], bool], tuple[list[tuple[str, float]], list[tuple[str, float]]]
        ] = {}

    def add_found(self, column: str, values: Iterable[Cell]) -> None:
        """Take in values of a column with too many to list, found by looking the question's words up."""
        self._listed.take_in(column, values, parts=False)

    def declared_units(self, column: str) -> tuple[str, ...]:
        """The units that the column's name declares: `("kg",)` for `Engine Weight (kg)`."""
        return self._by_column[column].units

    def counts(self, column: str) -> bool:
        """Whether the column holds a number of things: `n_doors`, `number_of_wheels`."""
        return self._by_column[column].counts

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
            other for name in self.names for word in name.words for other in _synonyms(word) if len(other) > 3
        }
        words |= {word for name in self.names for what in name.held for word in what.split()}
        words |= {name.joined for name in self.names if len(name.joined) > 5}
        return frozenset(words) | self._listed.words()

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for name in self.names for word in name.words)

    def columns(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """Columns that the words of `span` name, best first."""
        return self._linked(span)[0]

    def mentions(self, span: tuple[Token, ...]) -> list[tuple[str, float]]:
        """Columns that `span` only touches on: `launched` for `launch_year`, `wing` for `wing_span`."""
        return self._linked(span)[1]

    def _linked(self, span: tuple[Token, ...]) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        if "symbol" in (span[0].kind, span[-1].kind):
            return [], []
        if any(token.kind == "quoted" for token in span):
            exact = [name.column.name for name in self.names if name.column.name.casefold() == span[0].word]
            return ([(name, 1.0) for name in exact] if len(span) == 1 else []), []
        if span[0].lemma in _JOINERS or span[-1].lemma in _JOINERS:
            return [], []
        key = (tuple(token.word for token in span), True)
        if key not in self._found:
            self._found[key] = self._match_all(span)
        return self._found[key]

    def _match_all(self, span: tuple[Token, ...]) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        words = tuple(token.lemma for token in span if token.lemma not in _JOINERS and token.kind != "symbol")
        if len(words) == 0:
            return [], []
        joined = "".join(c for token in span for c in token.word if c.isalnum())
        shorter = joined.removesuffix(span[-1].word) if len(span) > 1 and words[-1] in _TAILS else joined
        spelled = [name for name in self.names if name.joined == joined]
        spelled = spelled or [name for name in self.names if name.joined == shorter]
        if spelled:
            return [(name.column.name, 1.0) for name in spelled], []
        options: list[tuple[tuple[str, ...], float]] = [(words, 1.0)]
        if len(words) > 1 and words[-1] in _TAILS and not self._about(words[-1]):
            options.append((words[:-1], 0.97))
        if len(words) > 1 and words[-1] in COMPOUNDS.get(words[0], ()):
            options.append((words[1:], 0.9))
        counted = (words[:-1], 0.97) if len(words) > 1 and words[-1] in ("count", "total") else None
        phrase = " ".join(token.word for token in span)
        lemmas = " ".join(words)
        options.extend(
            (tuple(other.split()), 0.92) for other in (*PHRASES.get(phrase, ()), *PHRASES.get(lemmas, ()))
        )
        initials, last = "".join(token.word[0] for token in span), [token.word for token in span][-1]
        named: list[tuple[str, float]] = []
        touched: list[tuple[str, float]] = []
        for name in self.names:
            known = [*options, counted] if counted and name.column.is_number else options
            best, headed = max(_match(option, name, worth) for option, worth in known)
            if (len(span) >= 3 and initials == name.joined) or (len(span) == 1 and phrase == name.initials):
                best, headed = 0.95, True
            if headed and best < LEAST_SCORE + 0.13 and self._shares_words(name, words):
                headed = False
            if lemmas in name.held or phrase in name.held:
                best, headed = max((best, headed), (0.93, True))
            if headed and _is_verb(last) and not set(words) & set(name.words) and joined != name.joined:
                headed = False  # what was `manufactured` is not a manufacturer
            if best >= (LEAST_SCORE if headed else _LEAST_MENTION):
                (named if headed else touched).append((name.column.name, best))
        named = self._with_siblings(named, words)
        if any(score >= 0.999 for _, score in named):
            named = [(column, score) for column, score in named if score >= 0.97]
        return sorted(named, key=lambda item: -item[1]), sorted(touched, key=lambda item: -item[1])

    def _about(self, word: str) -> bool:
        return any(_likeness(word, candidate) >= 0.94 for name in self.names for candidate in name.words)

    def _shares_words(self, name: Name, words: tuple[str, ...]) -> bool:
        """Whether another column's name has the word too: `launch` says little of `launch_kind`."""
        return any(
            _likeness(word, candidate) >= 0.85 or candidate.endswith(word)
            for other in self.names if other is not name
            for candidate in other.words for word in words
        )  # fmt: skip

    def _with_siblings(
        self, named: list[tuple[str, float]], words: tuple[str, ...]
    ) -> list[tuple[str, float]]:
        """A word that is only like a column's name is as like the other columns with the same head."""
        best = max((score for _, score in named), default=1.0)
        if best >= _CERTAIN or len(words) > 1:
            return named
        heads = {self._by_column[column].head for column, score in named if score == best}
        siblings = [(name.column.name, best) for name in self.names if name.head in heads]
        return list(dict([*named, *siblings]).items())

    def values(self, span: tuple[Token, ...]) -> list[ValueLink]:
        """Values that the words of `span` may name, best first."""
        return self._listed.find(span, self._words)

    def is_listed_with_others(self, column: str, value: Cell) -> bool:
        """Whether the column holds lists (`Comedy, Drama`) and the value is an entry of more than one."""
        return self._listed.listed_with_others(column, value)


def _name(column: ColumnCard, holds: tuple[str, ...]) -> Name:
    plain = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", column.name) or column.name
    raw = [_TEMPERATURES.get(word, segments(word)) for word in name_words(plain)]
    words = [word for part in raw for word in part if word not in _JOINERS] or list(name_words(plain))
    units = [UNITS[word] for word in name_words(column.name[len(plain) :]) if word in UNITS]
    if len(words) > 2 and words[-1] in "23" and words[-2] in ("km", "m", "mi", "ft", "cm"):
        words[-2:] = [f"{words[-2]}{words[-1]}"]
    plural = re.search(r"(?i)(year|month|day|hour|week|point)s$", plain)
    while len(words) > 1 and words[-1] in UNITS and (plural or words[-1] not in _KEPT_UNITS):
        units.insert(0, UNITS[words.pop()])
    counts = len(words) > 1 and words[0] in _COUNTS - {"total"} and column.is_number
    if counts:
        words.pop(0)
    joined = "".join(c for c in column.name.casefold() if c.isalnum())
    if len(words) == 1 and words[0] in UNITS and column.is_number:
        units = [UNITS[words[0]]]
        if units[0] in ("ms", "s", "min", "h"):
            holds = (*holds, "duration", "length", "runtime", "time", "playing time", "running time")
    if "/" in plain:
        holds = (*holds, *(" ".join(name_words(part)) for part in plain.split("/") if part.strip()))
    if "temperature" in words or words[-1] == "temp":
        for extreme, short in (("high", {"max", "maximum", "high"}), ("low", {"min", "minimum", "low"})):
            if short & set(words):
                holds = (*holds, extreme, f"daily {extreme}", f"{extreme} temperature", f"{extreme} temp")
    initials = "".join(word[0] for word in name_words(plain)) if len(name_words(plain)) > 2 else ""
    return Name(
        column, tuple(words), tuple(units), joined, _head(name_words(plain), words), counts=counts, initials=initials,
        held=holds,
    )  # fmt: skip


_TEMPERATURES = {
    "tmax": ("maximum", "temperature"), "tmin": ("minimum", "temperature"), "tavg": ("average", "temperature"),
    "tmean": ("average", "temperature"), "maxtemp": ("maximum", "temperature"), "mintemp": ("minimum", "temperature"),
    "avgtemp": ("average", "temperature"),
}  # fmt: skip
"""What weather stations call their columns."""


def _head(original: tuple[str, ...], words: list[str]) -> str:
    """What the name is about: the word before `of`, else the last one that says something."""
    for index, word in enumerate(original[1:], start=1):
        if word in _PREPOSITIONS and original[index - 1] in words:
            return original[index - 1]
    kept = [word for word in words if word not in _STATISTICS and not word.isdigit()] or words
    if len(kept) > 1 and kept[-1] in ("total", "tot"):
        kept = kept[:-1]
    if len(kept) > 1 and (kept[-1] in _TITLES or kept[-1] in ("index", "current")):
        kept = kept[:-1]
    if len(kept) > 1 and kept[0] in ("date", "year") and kept[-1] not in ("type", "range"):
        return kept[0]
    if len(kept) > 1 and kept[-1].endswith("ed") and len(kept[-1]) > 4:
        return kept[-2]
    return kept[-1]


def _match(words: tuple[str, ...], name: Name, worth: float) -> tuple[float, bool]:
    """How well `words` name the column, and whether they say its head: no name word fits two of them."""
    free = list(name.words)
    score = covered = 0.0
    rest = list(words)
    if len(rest) > 1 and rest[-1] in UNITS and UNITS[rest[-1]] in name.units:
        rest.pop()
    if len(rest) > 1 and rest[-1] == "time" and {"min", "s", "h", "ms"} & set(name.units):
        rest.pop()
    if name.counts and len(rest) > 1 and rest[0] in _COUNTS:
        rest.pop(0)
    if name.counts and len(rest) > 1 and rest[-1] in _COUNTS:
        rest.pop()
    whole = len(rest) > 1
    for word in rest:
        best, chosen = 0.0, -1
        for index, candidate in enumerate(free):
            likeness = _likeness(word, candidate)
            if not likeness and whole and len(candidate) <= 3 and word.startswith(candidate):
                likeness = 0.9  # `rate_c` is the city rate, once the other word is certain
            if likeness > best:
                best, chosen = likeness, index
        if chosen < 0:
            return 0.0, False
        score += best
        covered += _weight(free.pop(chosen))
    score /= len(rest)
    if whole and max(_likeness(word, candidate) for word in rest for candidate in name.words) < 0.86:
        return 0.0, False
    if all(word in GENERIC_WORDS for word in rest) and free:
        return (0.76, True) if rest == [name.head] else (0.0, False)
    if all(word in _STATISTICS for word in rest) and free:
        return (worth * 0.72, False)
    headed = name.head not in free
    if headed and name.head.endswith("ed") and name.head not in rest:
        headed = False  # the appointees are not `appointed by`
    if not free:
        return worth * score, True
    if all(word in _TITLES for word in free):
        return worth * score * 0.94, True
    if not headed and all(word in (_MARKS if name.column.is_number else _KINDS) for word in free):
        return worth * score * 0.8, True
    total = covered + sum(_weight(word) for word in free)
    return worth * score * (0.74 + 0.06 * covered / total + 0.1 * headed), headed


def _weight(word: str) -> float:
    if word in _TITLES:
        return 0.2
    return 0.4 if word in GENERIC_WORDS or word == "date" else 1.0


def _is_verb(word: str) -> bool:
    return word.endswith(("ed", "ing")) and len(word) > 4


@lru_cache(maxsize=1_000)
def _synonyms(word: str) -> frozenset[str]:
    forms = bases(word)
    return frozenset(other for group in SYNONYMS if forms & group for other in group)


@lru_cache(maxsize=100_000)
def _likeness(word: str, candidate: str) -> float:
    if word == candidate:
        return 1.0
    if abbreviates(candidate, word) or abbreviates(word, candidate):
        return 0.95
    if candidate in _synonyms(word):
        return 0.88
    if is_form(word, candidate):
        return 0.87
    if len(word) > 3 and len(candidate) > 3 and stem(word) == stem(candidate):
        return 0.87
    if any(abbreviates(candidate, full) for full in _synonyms(word)):
        return 0.86
    if word in _SUFFIXES - GENERIC_WORDS and candidate.endswith(word) and len(candidate) > len(word) + 2:
        return 0.85
    return 0.85 if is_typo(word, candidate) else 0.0
