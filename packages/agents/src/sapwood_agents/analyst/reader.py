"""The instant tier's reading of a question: one intent, or the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import Aggregate, Derived, Measure, QueryIntent, Shape
from sapwood_agents.analyst.language.assemble import Readings, read
from sapwood_agents.analyst.language.audit import unused
from sapwood_agents.analyst.language.blamed import blamed, meant
from sapwood_agents.analyst.language.calendar import Calendar
from sapwood_agents.analyst.language.derived import derived_of, knowing, with_derived
from sapwood_agents.analyst.language.followups import edited, fragment, listed, reorders
from sapwood_agents.analyst.language.lattice import Lattice
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.nodes import Node, choices
from sapwood_agents.analyst.language.plausible import implausible
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import bases
from sapwood_agents.analyst.language.tokens import name_words, tokenize
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import Cell

_FEW_WORDS = 3
_SHORT = 3
_OF_DATES = frozenset("date time timestamp year month week start last first".split())
MARGIN = 0.1
"""Two readings whose doubt differs by less are both shown and neither is answered."""


_ALL_ROWS = QueryIntent(shape=Shape.NUMBER, measures=(Measure(aggregate=Aggregate.COUNT),))


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading with its doubt: 0 when every word was matched outright."""

    intent: QueryIntent
    doubt: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question was understood as: one reading, several, or none with the words that found no place."""

    readings: tuple[Reading, ...] = ()
    unplaced: tuple[str, ...] = ()
    beyond: float = math.inf
    """The doubt of the least doubtful way to read the question that was left unread."""
    known: tuple[str, ...] = ()
    """Where there is no reading and no word is to blame: those that were taken for something."""

    @property
    def close(self) -> tuple[Reading, ...]:
        """The least doubtful reading and those too near to it to be told apart."""
        return tuple(one for one in self.readings if one.doubt - self.readings[0].doubt < MARGIN)

    @property
    def settled(self) -> QueryIntent | None:
        """The reading to answer, when there is no second one close to it, read or not."""
        if len(self.close) != 1 or self.beyond - self.readings[0].doubt < MARGIN:
            return None
        return self.readings[0].intent


@dataclass(frozen=True)
class Reader:
    """Reads questions about one table."""

    card: TableCard
    found: Mapping[str, Sequence[Cell]] = field(default_factory=dict[str, Sequence[Cell]])

    @cached_property
    def linker(self) -> Linker:
        """The table's words, and values looked up for this question."""
        linker = Linker(self.card)
        for column, values in self.found.items():
            linker.add_found(column, values)
        return linker

    def knowing(self, found: Mapping[str, Sequence[Cell]]) -> Reader:
        """A reader that also knows these values, by column: looked up for one question."""
        return Reader(self.card, found)

    @cached_property
    def lattice(self) -> Lattice:
        """Cuts questions with the table's words."""
        return Lattice(self.linker)

    def read(self, question: str, previous: QueryIntent | None = None) -> Outcome:
        """Every reading that uses all the words, the least doubtful first; a follow-up edits `previous`."""
        if previous is None:
            return self._read(question, read)
        if reorders(question):
            return Outcome(unplaced=tuple(question.split()[:1]))
        said = fragment(question)
        alone = self._read(question, read)
        bare = (
            len(question.split()) <= _FEW_WORDS
            and alone.settled
            and (alone.settled.shape in (Shape.VALUES, Shape.ROWS) or alone.settled == _ALL_ROWS)
        )
        if alone.settled and not said.opened and not bare:
            return alone
        if said.which:
            edit = self._read(
                "", lambda _, scope: [(0.0, listed(previous, scope))], question, previous.derived
            )
        else:
            edit = self._read(
                said.text,
                lambda nodes, scope: edited(previous, nodes, scope, said),
                question,
                previous.derived,
            )
        return edit if edit.readings or said.opened or not alone.readings else alone

    def _read(
        self,
        question: str,
        interpret: Callable[[list[Node], Scope], Readings],
        asked: str | None = None,
        derived: tuple[Derived, ...] = (),
    ) -> Outcome:
        """Read `question`, a part of what was `asked`; `derived` is of the intent before it."""
        found: dict[str, Reading] = {}
        unplaced: tuple[str, ...] = ()
        beyond = math.inf
        said = tokenize(question if asked is None else asked)
        paths = self.lattice.paths(tokenize(question))
        for worse, path in paths:
            if found and any(item.kind == "?" for item in path):
                continue
            passed_over = frozenset(
                word for item in path if item.kind in "_y" for word in item.text.casefold().split()
            )
            ways = choices(path, self.card)
            unplaced = unplaced or blamed(ways.meaningless, (), said)
            beyond = min(beyond, ways.beyond + 0.5 * worse)
            likeliest = min((doubt for doubt, _ in ways), default=0.0)
            for doubt, nodes in ways:
                if doubt - likeliest >= MARGIN:
                    continue  # a word's likeliest meaning cannot be left aside because it fits no slot
                nodes, scope = with_derived(nodes, knowing(self._scope(nodes, passed_over), derived))
                try:
                    readings = [
                        (more, derived_of(each, scope, derived)) for more, each in interpret(nodes, scope)
                    ]
                except Unplaced as error:
                    unplaced = unplaced or blamed(error.words, nodes, said)
                    continue
                for more, intent in readings:
                    if wrong := unused(nodes, intent) or implausible(nodes, intent, scope):
                        unplaced = unplaced or blamed(wrong, nodes, said)
                        continue
                    reading = Reading(intent, doubt + more + 0.5 * worse)
                    key = intent.model_dump_json()
                    if key not in found or found[key].doubt > reading.doubt:
                        found[key] = reading
        ordered = tuple(sorted(found.values(), key=lambda reading: reading.doubt))
        if ordered:
            return Outcome(ordered, beyond=beyond)
        return Outcome((), unplaced, beyond, () if unplaced else meant(paths[0][1], said))

    def _scope(self, nodes: list[Node], passed_over: frozenset[str]) -> Scope:
        """The table as this path sees it: a date column that is named is the one that dates are of."""
        times = {column.name for column in _named(nodes) if column.is_time} or {
            node.payload[0].name
            for node in nodes
            if node.kind == "p" and len(node.payload) == 1 and node.payload[0].is_time
        }
        if not times:
            times = _dated_by(nodes, passed_over, self.card)
        one_year = any(
            node.kind == "D" and node.payload.year and node.payload.month is None for node in nodes
        )
        chosen = times.pop() if len(times) == 1 else None
        calendar = Calendar(self.linker.rows, chosen, one_year=one_year)
        return Scope(self.card, self.linker, calendar, passed_over)


def _dated_by(nodes: list[Node], passed_over: frozenset[str], card: TableCard) -> set[str]:
    """The date that a verb speaks of: `sold in 2021` of `Sold Date`.

    Where the verb is a state too, only a date that the others lack says when they came into it.
    """
    states = {word for node in nodes if node.kind == "V" for word in node.text.casefold().split()}
    found: set[str] = set()
    for column in card.columns:
        said = [word for word in name_words(column.name) if len(word) > _SHORT and word not in _OF_DATES]
        spoken = passed_over | states if column.nulls else passed_over
        if column.is_time and any(bases(word) & bases(other) for word in said for other in spoken):
            found.add(column.name)
    return found


def _named(nodes: list[Node]) -> Iterator[ColumnCard]:
    for node in nodes:
        if node.kind == "C":
            yield node.payload
