"""Matches spans of a question to the names of columns: called so, called in other words, or touched on."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.bearers import (
    NOWHERE,
    Bearers,
    Places,
    index,
    places,
)
from sapwood_agents.analyst.language.concepts import COMPOUNDS, PHRASES
from sapwood_agents.analyst.language.names import JOINERS, Name, is_verb, match, synonyms
from sapwood_agents.analyst.language.tokens import Token, name_words
from sapwood_storage.tabular.model import ColumnType

CODES = frozenset("code id key iso abbr abbreviation number num nr no".split())
_LEAST_SCORE = 0.68
_LEAST_MENTION = 0.6
_DOUBTFUL = _LEAST_SCORE + 0.13
CERTAIN = 0.97
_SYNONYM = 0.12
_TAILS = frozenset(
    "value score level number code status figure reading amount column field variable rating symbol price "
    "category grade method style label group date name type kind class flag option setting indicator moment "
    "measurement condition mileage mpg content".split()
)
"""Words that may follow what a column is called; only where no column is about them."""
_MEASURES = frozenset("time spending quantity usage consumption output intake production generation".split())
_ENERGY = frozenset("power electricity energy".split())
_OF_ENERGY = frozenset("wh kwh mwh gwh twh".split())
"""Words that may follow what a column of numbers is called."""
_OF_SENTENCES = frozenset("be is are was were have has do does in on at by from there".split())
_METALS = frozenset("gold silver bronze".split())
_BANDS = frozenset("group category class band bracket kind type".split())

Scored = list[tuple[str, float]]
Links = tuple[Scored, Scored]
"""Columns that are named, and those only touched on."""
_Option = tuple[tuple[str, ...], float]
"""Words that may be a name, and how much a match with them is worth."""


class _Said:
    """A span in the forms in which names are looked for."""

    def __init__(self, span: tuple[Token, ...]) -> None:
        self.span = span
        self.words = tuple(t.lemma for t in span if t.lemma not in JOINERS and t.kind != "symbol")
        self.joined = "".join(c for token in span for c in token.word if c.isalnum())
        self.singular = "".join(token.lemma for token in span if token.kind != "symbol")
        self.phrase = " ".join(token.word for token in span)
        self.lemmas = " ".join(self.words)
        self.initials = "".join(token.word[0] for token in span)
        self.last = span[-1].word
        told = len(span) > 1 and span[-2].word != "per"  # "packages per value"
        self.has_tail = told and bool(self.words) and self.words[-1] in _TAILS


def _says_something(said: _Said) -> bool:
    """Whether a word is one of a sentence: `urban sites are` is no `USA`."""
    return any(token.lemma in _OF_SENTENCES for token in said.span)


class Matcher:
    """The names of one table's columns, by all that a span may be compared with."""

    def __init__(self, names: list[Name], title_words: frozenset[str]) -> None:
        self._names = names
        self._title_words = title_words
        numbered = list(enumerate(names))
        self._bearers = Bearers(names)
        self._joined = index((name.joined, place) for place, name in numbered)
        self._lemmas = index(("".join(name_words(name.column.name)), place) for place, name in numbered)
        self._unspaced = index(("".join(name.words), place) for place, name in numbered)
        self._initials = index((name.initials, place) for place, name in numbered)
        self._holders = index((what, place) for place, name in numbered for what in name.held)
        self._called = frozenset(name.words[:-1] for name in names if name.words[-1] == "name")
        self._heads = {name.column.name: name.head for name in names}
        self.words = self._bearers.words

    def spelled(self, *joined: str) -> list[Name]:
        """The names that are spelled so, signs and spaces aside."""
        return self._at(places(self._joined, *joined))

    def lemmas(self, joined: str) -> list[Name]:
        """The names whose words are these in their base forms, signs and spaces aside."""
        return self._at(places(self._lemmas, joined))

    def match(self, span: tuple[Token, ...]) -> Links:
        """The columns that a span of words names and touches on, best first."""
        said = _Said(span)
        if not said.words:
            return [], []
        if outright := self._outright(said):
            return outright, []
        named, touched = self._compared(said)
        named = _names_first(self._with_siblings(named, said.words))
        if any(score >= 0.999 for _, score in named):
            named = [(column, score) for column, score in named if score >= CERTAIN]
        return sorted(named, key=lambda item: -item[1]), sorted(touched, key=lambda item: -item[1])

    def _outright(self, said: _Said) -> Scored:
        """Columns that are called so, their unit or a last word that adds nothing aside."""
        tailed = self.lemmas(said.singular) if said.has_tail else []  # `stand name` in another language
        if spelled := self.spelled(said.joined, said.singular) or tailed or self._without_tail(said):
            return [(name.column.name, 1.0) for name in spelled]
        unitless = [
            name for name in self._at(places(self._unspaced, said.joined, said.singular))
            if not (name.counts and name.words in self._called)  # `pier_num`, `pier_name`
        ]  # fmt: skip
        return [(unitless[0].column.name, 0.99)] if len(unitless) == 1 and len(said.joined) > 3 else []

    def _without_tail(self, said: _Said) -> list[Name]:
        """Names of all but the last word, where it only follows them; no codes where one holds them."""
        last = said.words[-1]
        tail = said.has_tail and not (last in CODES and self._sure(last)) and not self._is_price(last)
        found = self.spelled(said.joined.removesuffix(said.last) if tail else said.joined)
        return [
            name for name in found
            if not (last in _BANDS and name.column.is_number)
            and not (tail and last == "date" and not name.column.is_time)
        ]  # fmt: skip

    def _is_price(self, word: str) -> bool:
        """Whether a column is the price: a `seed price` is not how much seed it was."""
        return word == "price" and bool(self.spelled(word))

    def _compared(self, said: _Said) -> Links:
        """Columns whose names are like the words, and how like."""
        options = self._options(said)
        shared = NOWHERE.union(*(self._bearers.reach(word).shared for word in said.words))
        named: Scored = []
        touched: Scored = []
        for place in sorted(self._near(said, options)):
            name = self._names[place]
            if name.column.is_number and said.words[-1] in _BANDS and said.words[-1] not in name.words:
                continue  # an `age group` is no age
            known = [*options, *self._of_quantities(said, name.column)]
            best, headed = max(match(option, name, worth) for option, worth in known)
            if (len(said.span) >= 3 and said.initials == name.joined and not _says_something(said)) or (
                len(said.span) == 1 and said.phrase == name.initials
            ):
                best, headed = 0.95, True
            if headed and best < _DOUBTFUL and (shared - {place} or self._is_of_file(said, name)):
                headed = False
            held = said.lemmas in name.held or said.phrase in name.held
            if held and not (_is_coded(name) and self._is_named(said.lemmas)):
                best, headed = max((best, headed), (0.93, True))
            spoken = said.phrase in PHRASES or said.has_tail or _has_a_word(said, name)
            if headed and is_verb(said.last) and not spoken:
                headed = False  # what was `manufactured` is not a manufacturer
            other = headed and best < CERTAIN and name.head in synonyms(said.words[-1])
            if other and not _has_a_word(said, name) and self._said_elsewhere(said, name):
                best -= _SYNONYM  # the `price` is the `unit_price` before it is the `cost`
            if not headed and name.words[-1] == "ratio" and "ratio" not in said.words:
                continue  # a length is no part of the `mass_length_ratio`
            if best >= (_LEAST_SCORE if headed else _LEAST_MENTION):
                (named if headed else touched).append((name.column.name, best))
        return named, touched

    def _options(self, said: _Said) -> list[_Option]:
        """The words, and others that say the same of any column."""
        words = said.words
        options: list[_Option] = [(words, 1.0)]
        about = self._sure(words[-1])
        if len(words) > 1 and said.has_tail and not about:
            options.append((words[:-1], 0.97))
        if len(words) > 1 and words[-1] in COMPOUNDS.get(words[0], ()):
            options.append((words[1:], 0.9))
            if not about:
                options.append((words[:1], 0.92))  # `wind speed` where the column is `wind`
        if len(words) > 1 and words[-1] == "medal" and words[-2] in _METALS:
            options.append((words[:-1], 0.97))
        others = (*PHRASES.get(said.phrase, ()), *PHRASES.get(said.lemmas, ()))
        return [*options, *((tuple(other.split()), 0.92) for other in others)]

    def _of_quantities(self, said: _Said, column: ColumnCard) -> list[_Option]:
        """Words that say the same of a column of numbers: `rent total`, `waiting time`."""
        words = said.words
        if not column.is_number or len(words) == 1:
            return []
        options: list[_Option] = []
        if words[-1] in ("count", "total") and len(said.span) == len(words):
            options.append((words[:-1], 0.97))
        if not self._sure(words[-1]) and _measured_as(column, words[-1]):
            options.append((words[:-1], 0.93))
        return options

    def _near(self, said: _Said, options: list[_Option]) -> Places:
        """The columns worth a comparison."""
        words = {word for option, _ in options for word in option}
        return NOWHERE.union(
            *(self._bearers.reach(word).meant for word in words),
            places(self._holders, said.lemmas, said.phrase),
            places(self._joined, said.initials),
            places(self._initials, said.phrase),
        )

    def _is_named(self, word: str) -> bool:
        """Whether a column has the name of such things: `canton_name` beside their codes."""
        return any((other,) in self._called or other in self._joined for other in {word, *synonyms(word)})

    def _said_elsewhere(self, said: _Said, name: Name) -> bool:
        """Whether another column of the same kind has the very word for its head."""
        return any(
            other.head == said.words[-1] and other is not name
            and other.column.is_number == name.column.is_number
            for other in self._names
        )  # fmt: skip

    def _is_of_file(self, said: _Said, name: Name) -> bool:
        """Whether the words are the file's: the `tastings` of a file called so are no `tasting_score`."""
        return set(said.words) <= self._title_words and name.head not in said.words

    def _sure(self, word: str) -> bool:
        return self._bearers.reach(word).sure

    def _at(self, found: Places) -> list[Name]:
        return [self._names[place] for place in sorted(found)]

    def _with_siblings(self, named: Scored, words: tuple[str, ...]) -> Scored:
        """A word that is only like a column's name is as like the other columns with the same head."""
        best = max((score for _, score in named), default=1.0)
        if best >= CERTAIN or len(words) > 1:
            return named
        heads = {self._heads[column] for column, score in named if score == best}
        siblings = [
            (name.column.name, best) for name in self._names
            if name.head in heads
            or any(len(head) > 3 and name.head.endswith(head) for head in heads)
            or any(
                len(name.head) > 2 and len(head) > 4 and head.startswith(name.head)
                for head in (*heads, *words)
            )
        ]  # fmt: skip
        return list(dict([*named, *siblings]).items())


def _names_first(named: Scored) -> Scored:
    """`harbour_name` before `harbour_code`: a thing is called by its name."""
    spelled = {column: name_words(column) for column, _ in named}
    called = {words[:-1] for words in spelled.values() if words[-1:] == ("name",)}
    codes = {
        column for column, words in spelled.items()
        if any(words[: len(one)] == one and set(words[len(one) :]) & CODES for one in called)
    }  # fmt: skip
    return [(column, score) for column, score in named if column not in codes]


def _is_coded(name: Name) -> bool:
    return bool({*name.words, *name_words(name.column.name)} & (CODES | {"iso"}))


def _has_a_word(said: _Said, name: Name) -> bool:
    return bool(set(said.words) & set(name.words)) or said.joined == name.joined


def _measured_as(column: ColumnCard, tail: str) -> bool:
    """Whether the word only says that the column is a quantity: `waiting time` where it is called `wait`."""
    if not column.is_number or column.is_flag:
        return False
    if tail in _ENERGY and _OF_ENERGY & set(name_words(column.name)):
        return True
    return tail in _MEASURES or (tail == "rate" and column.type is ColumnType.NUMBER)
