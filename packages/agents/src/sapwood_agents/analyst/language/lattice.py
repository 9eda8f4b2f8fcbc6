"""Cuts a question into items: which words stand together, and what each group may be.

All meanings of all spans make a lattice; the paths that leave the fewest words unplaced and link them
best are read further, best first.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import Any

from sapwood_agents.analyst.language.beside import (
    is_noun,
    kinds_barred,
    may_be_unit,
    number_at,
    runs_on,
    speaks_of_oneself,
)
from sapwood_agents.analyst.language.concepts import SYNONYMS
from sapwood_agents.analyst.language.dates import dates_at
from sapwood_agents.analyst.language.dimensions import DIMENSIONS
from sapwood_agents.analyst.language.lexicon import phrases
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.mending import Mender
from sapwood_agents.analyst.language.panels import count_column
from sapwood_agents.analyst.language.rewording import Rewording
from sapwood_agents.analyst.language.rows import (
    ANY_TABLE,
    PEOPLE,
    ROWS_THEMSELVES,
    numbers_rows,
    row_nouns,
    titled,
)
from sapwood_agents.analyst.language.tokens import Token, name_words
from sapwood_agents.analyst.language.units import UNITS
from sapwood_agents.analyst.language.values import ValueLink
from sapwood_agents.analyst.language.verbs import Verbs

UNKNOWN = "?"
"""A noun for the rows that nothing in the table speaks of; believed where all else is clear."""
PATHS = 6
WORSE = 0.65
"""A path this much worse than the best one leaves a word's likely meaning aside."""
_LONGEST = 8
_LISTED = frozenset("by per each every and".split())
_SPELLED = 0.999
"""A column called just so."""
_GLOSSED = 4
"""So many words before a parenthesis may be explained by it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One step of a path: `kind` is a letter of `lexicon.KINDS`."""

    kind: str
    start: int
    end: int
    score: float
    text: str
    payload: Any = None
    columns: tuple[tuple[str, float], ...] = ()
    values: tuple[ValueLink, ...] = ()
    inside: bool = False  # within parentheses


class Lattice:
    """Cuts questions about one table."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._nouns = row_nouns(linker.card)
        self._titled = titled(linker.card)
        self._title = tuple(word for word in name_words(linker.card.title) if len(word) > 2)
        self._called = self._titled.union(*(kind for kind in SYNONYMS if kind & self._titled))
        self._counted = count_column(linker.card)
        self._mender = Mender(linker, self._nouns)
        self._verbs = Verbs(linker)
        self._rewording = Rewording(linker)

    def paths(self, tokens: tuple[Token, ...]) -> list[tuple[float, list[Item]]]:
        """The best `PATHS` ways to cut `tokens` with what each is worse than the best, best first."""
        tokens = self._mender.mend(self._rewording.reworded(tokens))
        best: list[list[tuple[float, int, list[Item]]]] = [[] for _ in range(len(tokens) + 1)]
        best[0] = [(0.0, 0, [])]
        serial = 0
        for start in range(len(tokens)):
            if start:
                best[start] = heapq.nlargest(PATHS * 2, best[start], key=_order)
            options = self._options(tokens, start)
            for total, _, items in best[start]:
                for item in options:
                    serial += 1
                    best[item.end].append((total + _worth(item), serial, [*items, item]))
        ranked = heapq.nlargest(PATHS, best[-1], key=_order)
        return [(ranked[0][0] - worth, items) for worth, _, items in ranked if worth > ranked[0][0] - WORSE]

    def _options(self, tokens: tuple[Token, ...], start: int) -> list[Item]:
        options: list[Item] = []

        def add(kind: str, end: int, score: float = 1.0, **more: Any) -> None:
            text = " ".join(token.text for token in tokens[start:end])
            options.append(Item(kind, start, end, score, text, inside=tokens[start].inside, **more))

        token = tokens[start]
        is_row = self._is_row(token)
        for end in range(start + 1, min(len(tokens), start + _LONGEST) + 1):
            span = tokens[start:end]
            meanings = self._meanings(span)
            if any(kind == "s" for kind, _ in meanings) and self._linker.values(span):
                meanings = [entry for entry in meanings if entry[0] != "s"]  # a positive test
            for kind, payload in meanings:
                noun = kind == "y" and (is_noun(tokens, start, end) or (is_row and end == start + 1))
                if not noun and not (kind == "Y" and token.word == "and" and _goes_on(tokens, end)):
                    add(kind, end, payload=payload)
            if token.kind == "symbol":
                continue
            columns = self._linker.columns(span)
            if end == start + 1 and token.word == "number" and end < len(tokens) and tokens[end].word == "of":
                columns = []
            if token.word in ("time", "times") and start and tokens[start - 1].word == "many":
                columns = []  # how often
            if token.word == "long" and start and tokens[start - 1].word in ("how", "as"):
                columns = []  # no longitude
            spelled = start and tokens[start - 1].word in _DISTINCT
            if columns and is_row and end == start + 1 and not spelled:
                columns = [
                    entry for entry in columns if not numbers_rows(self._linker.card, entry[0], token.lemma)
                ]
                columns = [
                    entry
                    for entry in columns
                    if token.lemma in ANY_TABLE or name_words(entry[0]) not in _naming(token.lemma)
                ]
                if token.lemma in self._called:
                    columns = [entry for entry in columns if name_words(entry[0]) == (token.lemma,)]
            if (
                columns
                and end > start + 1
                and self._is_row(span[-1])
                and tokens[start].word in ("number", "count", "no")
            ):
                columns = []  # `number of planets` in a table of planets counts them
            if end > start + 1 and token.word in ("number", "count", "no") and tokens[start + 1].word == "of":
                columns = [entry for entry in columns if self._linker.is_quantity(entry[0])]
            solid = [kind for kind, _ in meanings if kind not in "yh"]
            if columns and not (solid and columns[0][1] < 0.97):
                top = columns[0][1]
                near = tuple((name, score) for name, score in columns if score >= top - 0.16)
                add("C", end, top, columns=near)
            elif end <= start + 2 and not columns and not solid and (touched := self._linker.mentions(span)):
                top = touched[0][1]
                near = tuple((name, score) for name, score in touched if score >= top - 0.16)
                add("p", end, top, payload=bool(meanings), columns=near)
            if token.kind == "quoted" and any(
                t.word in ("in", "within") for t in tokens[start + 1 : start + 3]
            ):
                continue  # "love" in the title: a part of it
            values = [] if speaks_of_oneself(tokens, start) else self._linker.values(span)
            if all(each.lemma in self._title and each.text.islower() for each in span):
                values = [link for link in values if not self._linker.names_many(link.column)]
            if (
                is_row
                and end == start + 1
                and token.lemma not in self._titled
                and any(link.score >= 0.95 for link in values)
            ):
                is_row = False  # some of the rows are called so
            if is_row and end == start + 1:
                values = [
                    replace(link, score=min(link.score, 0.93)) for link in values
                ]  # the rows, or some of them
            if any(kind == "y" for kind, _ in meanings):
                values = [link for link in values if link.score >= 0.95]
            listed = start and tokens[start - 1].word in _LISTED
            if values and listed and columns and columns[0][1] >= _SPELLED:
                values = [
                    replace(link, score=min(link.score, 0.86)) for link in values
                ]  # `by kind and platform`
            if values and not (solid and not _spelt_alike(span, values)):
                add("V", end, values[0].score, values=tuple(values))
        if token.word in _ORDERS and start + 1 < len(tokens) and tokens[start + 1].word not in _AFTER_ORDERS:
            options = [item for item in options if item.kind != "_"]
        if not columns_at(options) and self._names_table(tokens, start):
            add("_", start + 1)
        after = tokens[start + 1] if start + 1 < len(tokens) else None
        if (
            after is not None
            and "".join((token.word, after.lemma)) == self._linker.title
            and len(self._title) == 1
        ):
            add("R", start + 2, payload=self._title[-1])
        for size in (2, 3):
            said = tuple(other.lemma for other in tokens[start : start + size])
            if (
                len(said) == size
                and said == self._title[-size:]
                and said[-1] in self._titled
                and not self._named(tokens[start : start + size])
            ):
                add("R", start + size, 1.2, payload=said[-1])
        if (
            token.word == "single"
            and not (
                start > 1
                and tokens[start - 1].word == "a"
                and tokens[start - 2].word in _WITHIN
                and any(each.word in ("most", "fewest", "least") for each in tokens[:start])
            )
            and start
            and (tokens[start - 1].word in _BEFORE_SINGLE or (after and self._is_row(after)))
        ):
            add("_", start + 1)
        if (
            start
            and token.lemma in _SUBJECTS
            and tokens[start - 1].word in _AUXILIARIES
            and not columns_at(options)
        ):
            options = [item for item in options if item.kind != "R"]
            add("_", start + 1)  # "what do people pay"
        if (barred := kinds_barred(tokens, start, self._linker)) is not None:
            options = [item for item in options if barred != "*" and item.kind not in barred]
        if runs_on(tokens, start):
            options = [item for item in options if item.kind == "C"]
        if (
            token.word == "one"
            and start
            and (
                start + 1 == len(tokens)
                or tokens[start - 1].word in _BEFORE_A_NOUN
                or tokens[start - 1].word in DIMENSIONS
            )
        ):
            add("_", start + 1)
        if token.word in ("%", "percent", "pct") and start and tokens[start - 1].number is not None:
            options = [item for item in options if item.kind != "%"]  # "over 5%" asks for no share
        if token.word == "least" and start and tokens[start - 1].word != "at":
            add("S", start + 1, payload=("asc",))
        spelt = (
            token.number is not None
            and token.text[0].isdigit()
            and token.text[-1].isalpha()
            and self._linker.values((token,))
        )
        if spelt and any(token.word == str(value).casefold() for link in spelt for value in link.values):
            options = [item for item in options if item.kind != "V"]  # a class called `5k` is no number
            add("V", start + 1, values=tuple(replace(link, weak=False) for link in spelt))
        elif token.number is not None:
            add("N", start + 1, payload=token)
        for end, when in dates_at(tokens, start):
            add("D", end, payload=when)
        if token.kind == "quoted":
            bare = token.end - token.start == len(token.text)  # `contains nuts`, without quotation marks
            add("Q", start + 1, 0.99 if bare else 1.0, payload=token.text)
        for end in (start + 1, start + 2):
            unit = (
                UNITS.get(" ".join(each.lemma for each in tokens[start:end])) if end <= len(tokens) else None
            )
            if unit and start and may_be_unit(tokens, start, end):
                if tokens[start - 1].word == "in" and token.word != token.lemma:
                    options = [item for item in options if item.kind != "G"]  # "in hours" is no group
                add("U", end, payload=unit)
        counted = self._counted
        if is_row and counted is not None and token.lemma not in ROWS_THEMSELVES:
            add("C", start + 1, 0.95, columns=((counted, 0.95),))  # each row holds a number of them
        elif is_row:
            add("R", start + 1, payload=token.lemma)
        if not any(item.end == start + 1 for item in options):
            add("_" if self._glossed(tokens, start) else "?", start + 1)
            if token.kind == "word" and token.word != token.lemma and token.word.isalpha():
                add("R", start + 1, payload=UNKNOWN)  # `trainees`: perhaps what the rows are
        return options

    def _meanings(self, span: tuple[Token, ...]) -> list[tuple[str, Any]]:
        table = phrases()
        found: dict[tuple[str, Any], None] = dict.fromkeys(table.get(tuple(t.word for t in span), ()))
        found |= dict.fromkeys(table.get(tuple(t.lemma for t in span), ()))
        word = " ".join(t.word for t in span)
        dimension = (
            DIMENSIONS.get(word, DIMENSIONS.get(span[-1].lemma if len(span) == 1 else ""))
            if len(span) <= 2
            else None
        )
        meanings: list[tuple[str, Any]] = list(found)
        if dimension:
            meanings.append((dimension[0], (dimension[1], dimension[2])))
        meanings.extend(self._verbs.meanings(word))
        return meanings

    def _named(self, tokens: tuple[Token, ...]) -> bool:
        """Whether one of the words is a value, which says more than the file's name."""
        return self._counted is not None or any(self._linker.values((token,)) for token in tokens)

    def _names_table(self, tokens: tuple[Token, ...], start: int) -> bool:
        """Whether a word only says which table is asked: `video clips` in a file that is called so."""
        token = tokens[start]
        if token.kind != "word" or token.lemma not in self._title or self._is_row(token):
            return False
        after = tokens[start + 1] if start + 1 < len(tokens) else None
        if after is not None and (
            self._is_row(after) or after.lemma in self._title or self._linker.columns((after,))
        ):
            return True
        if start > 1 and tokens[start - 1].word == "of" and tokens[start - 2].word in _COUNTED:
            return False  # "the number of lids" in a file `lid_boxes`
        before = next((other.word for other in reversed(tokens[:start]) if other.word != "the"), "")
        return before in ("in", "of", "at", "for")

    def _is_row(self, token: Token) -> bool:
        return token.kind == "word" and token.lemma in self._nouns

    def _glossed(self, tokens: tuple[Token, ...], start: int) -> bool:
        """Whether a parenthesis soon after explains the word by an exact column name: `seats (capacity)`."""
        for opening in range(start + 1, min(len(tokens), start + _GLOSSED + 1)):
            if tokens[opening].inside and not tokens[opening - 1].inside:
                spans = (tokens[opening : opening + size] for size in (4, 3, 2, 1))
                linked = (self._linker.columns(span) for span in spans if all(t.inside for t in span))
                return any(columns and columns[0][1] >= 0.99 for columns in linked)
        return False


_COUNTED = frozenset("number count share percentage percent proportion total sum average all".split())
_ORDERS = frozenset("return report".split())
_AFTER_ORDERS = frozenset("the all a an me us only each every any how which what number".split())
"""`return the rate` is an order, `return rate` a thing."""
_SUBJECTS = PEOPLE | {"customer", "client", "buyer", "guest", "folk", "user", "visitor"}
_AUXILIARIES = frozenset("do does did can could when".split())

_WITHIN = frozenset("at in on during per".split())
"""`at a single stop`: of each row, not of all together."""
_BEFORE_SINGLE = frozenset("which what any a one the every each".split())
_DISTINCT = frozenset("distinct different unique".split())
_BEFORE_A_NOUN = frozenset("the this that average each other same whole single".split())
"""After these `one` stands for a noun, not for a number."""


def _naming(noun: str) -> set[tuple[str, str]]:
    """The names of columns that only name the rows."""
    return {(noun, word) for word in ("id", "name", "title", "number", "no", "key", "code")}


def _goes_on(tokens: tuple[Token, ...], end: int) -> bool:
    """`200 boxes and over 500 lids`, `in May and after July`: another number or date follows."""
    return number_at(tokens, end) or (end < len(tokens) and bool(dates_at(tokens, end)))


def columns_at(options: list[Item]) -> bool:
    """Whether a column or a value begins here."""
    return any(item.kind in "CV" for item in options)


def _order(entry: tuple[float, int, list[Item]]) -> tuple[float, int]:
    return entry[0], -entry[1]


def _worth(item: Item) -> float:
    length = item.end - item.start
    if item.kind == "?":
        return -8.0
    if item.kind == "p":
        return -1.0 if not item.payload else 0.3
    if item.kind == "R" and item.payload == UNKNOWN:
        return -3.0
    if item.kind == "R":
        return length * item.score - 0.2
    if item.kind in "_y":
        return 0.3 if length == 1 else length * 1.0
    if item.kind == "D":
        return length * 1.25 - 0.1
    if item.kind == "V" and all(link.weak for link in item.values):
        return 0.2
    if item.kind in "CV":
        return length * 1.2 * item.score - 0.25 + 0.2 * (item.score >= 0.999)
    return length * 1.0 - 0.2


def _spelt_alike(span: tuple[Token, ...], values: list[ValueLink]) -> bool:
    """A grammar word is a value only when typed as the table spells it: `US`, not `us`."""
    text = " ".join(token.text for token in span)
    spelled = {str(value) for link in values for value in link.values}
    return text == "US" or (text in spelled and text.isupper())
