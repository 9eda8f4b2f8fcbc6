"""Nouns for the rows that nothing in the table speaks of: `how many trainees have no debt`.

They are believed where something is asked of them that only the rows have: a comparison, a yes/no, one of a
few kinds. `how many trainees in Ohio` may be about anything in Ohio.
"""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import (
    AgainstAverage,
    BetweenColumns,
    Comparison,
    Condition,
    Membership,
    Missing,
    QueryIntent,
    Shape,
    TextMatch,
    parts_of,
)
from sapwood_agents.analyst.language.concepts import PLACES_AND_PEOPLE
from sapwood_agents.analyst.language.items import UNKNOWN
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.described import are_such_people, described_as
from sapwood_agents.analyst.language.rows.kinds import is_common
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words

_TWO = 2
_KINDS = 20
"""A column with more values names things instead of kinds."""
_FEW = 60
_WHOLE = 0.95
_TIMES = frozenset("year season quarter month week day hour period round wave visit session".split())
_SOME = frozenset(
    "woman man child kid girl boy adult male female baby infant senior minor teenager teen couple "
    "twin widow widower orphan doctor physician nurse teacher student worker manager officer official "
    "soldier engineer lawyer clerk farmer retiree pensioner smoker drinker survivor winner loser "
    "veteran newcomer beginner expert foreigner immigrant citizen husband wife mother father parent "
    "son daughter brother sister relative friend neighbour neighbor owner buyer seller supplier "
    "vendor author director actor driver pilot captain leader guest tourist refund return complaint "
    "error failure discount cancellation delay winner medal award goal point absence presence "
    "attendance".split()
)
"""Some of the rows at most."""


def unknown_rows(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """The nouns that may well be something else than the rows."""
    unknown = [node for node in nodes if node.kind == "R" and node.payload == UNKNOWN]
    if not unknown:
        return ()
    unknown = [node for node in unknown if not _attached(nodes, node, intent)]
    if not unknown:
        return ()
    words = tuple(node.text for node in unknown)
    text = letters(nodes)
    noun = lemma(words[0].casefold())
    alone = text.count("R") == 1 and "m" not in text
    if alone and are_such_people(noun, scope.rows):
        return ()
    if is_common(scope.rows.titled):
        return words  # the other names of an employee are known
    if alone and described_as(noun, scope.card):
        return ()
    if len(unknown) > 1 or text.count("R") > 1 or "m" in text or "A" in text or _has_a_meaning(words[0]):
        return words
    kinds = _KINDS if is_common({lemma(words[0].casefold())}) else _TWO
    before = letters(nodes[: nodes.index(unknown[0])])
    if not re.search(r"(K|%|W|L|^)[OPF]*[V!]*$", before):
        return words
    return () if any(_of_rows(part, scope, kinds) for part in parts_of(intent)) else words


def _attached(nodes: list[Node], noun: Node, intent: QueryIntent) -> bool:
    """`divorced clients`, `leather seats`, `government jobs`: the word before says which or what."""
    at = nodes.index(noun)
    before = nodes[at - 1] if at else None
    if before is None or lemma(noun.text.casefold()) == noun.text.casefold():
        return False
    if before.kind == "V":
        column = before.payload[0]
        words = set(name_words(column.name))
        whole = before.score >= _WHOLE  # and no word of several
        return whole and column.distinct <= _FEW and not words & PLACES_AND_PEOPLE
    if before.kind != "C" or (at > 1 and nodes[at - 2].kind == "N") or intent.shape is Shape.RATIO:
        return False
    measured = any(measure.column == before.payload.name for measure in intent.measures)
    return before.payload.is_flag or measured


def _has_a_meaning(word: str) -> bool:
    base = lemma(word.casefold())
    return base in _SOME


def _of_rows(part: Condition, scope: Scope, kinds: int) -> bool:
    """Whether the condition says something of the rows themselves."""
    if isinstance(part, AgainstAverage | BetweenColumns | Missing | TextMatch):
        return True
    if not isinstance(part, Comparison | Membership):
        return False
    column = scope.card.by_name[part.column]
    if scope.calendar.is_temporal(column) or set(name_words(column.name)) & _TIMES:
        return False
    if isinstance(part, Comparison):
        return True
    names = set(name_words(column.name)) | set(scope.linker.held(column.name))
    return column.distinct <= kinds and not names & PLACES_AND_PEOPLE
