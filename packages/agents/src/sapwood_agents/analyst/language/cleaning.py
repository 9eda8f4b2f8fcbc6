"""The first rewriting: glosses and linking verbs go, columns that were only touched on become clear."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.concepts import PLACES_AND_PEOPLE
from sapwood_agents.analyst.language.dates import When
from sapwood_agents.analyst.language.idle_verbs import DONE_BY, without_verbs
from sapwood_agents.analyst.language.items import UNKNOWN
from sapwood_agents.analyst.language.nodes import Node, dropped, letters, rewrite
from sapwood_agents.analyst.language.panels import is_of_row
from sapwood_agents.analyst.language.rewrites import RULES, unit_rules
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.touched import resolved, says_kind
from sapwood_agents.analyst.language.unplaced import Unplaced

_EXACT = 0.99
_DATES = frozenset({"date", "dates"})


def cleaned(nodes: list[Node], scope: Scope) -> list[Node]:
    """The nodes without glosses, linking verbs and mere mentions; `Unplaced` for what says nothing clear."""
    unknown = tuple(node.text for node in nodes if node.kind == "?")
    if unknown:
        raise Unplaced(unknown)
    if "DD" in letters(nodes):
        raise Unplaced(tuple(node.text for node in nodes if node.kind == "D"), "one date read as two")
    dated = [pair for pair in pairwise(nodes) if pair[0].kind == "C" and pair[1].text.casefold() in _DATES]
    if any(pair[1].kind in "Gy" and not pair[0].payload.is_time for pair in dated):
        raise Unplaced(tuple(node.text for node in dated[0]), "a date that is in no column")
    if re.search("DU", letters(nodes)):
        raise Unplaced(tuple(node.text for node in nodes if node.kind == "U"), "so many, and no year")
    nodes = rewrite(_without_years_of_names(_without_glosses(nodes), scope), [(r"D[&|,>v]+P?D", _same_year)])
    if re.search("[SJ]", letters(nodes)):
        nodes = rewrite(nodes, [(r"^WI(?=R[HP])", lambda pair: pair[:1])])  # "what is the mill with the …"
    nodes = rewrite(
        nodes,
        [(r"VC", _kind_of_value), (r"RR", _rows_twice), (r"KC(?=S$)", lambda pair: _numbered(pair, scope))],
    )
    nodes = rewrite(nodes, [(r"^>(?=W)", dropped), (r"(?<=[CRV])W(?=[yp])", dropped), *DONE_BY])
    nodes = [_as_row(nodes, index, scope) for index in range(len(nodes))]
    nodes = [each for index in range(len(nodes)) for each in resolved(nodes, index, scope)]
    if "W" in letters(nodes) and not set("Tdcv=") & set(letters(nodes)):
        nodes = [
            Node("S", n.text, n.payload, start=n.start) if n.kind == "i" else n for n in nodes
        ]  # "which has the higher"
    if set("DGu") & set(letters(nodes)):
        nodes = rewrite(nodes, [(r",?BC$", _time_gloss)])
    nodes = _aged(without_verbs(nodes, scope), scope)
    if "X" in letters(nodes):
        nodes = rewrite(nodes, [(r"CHC", lambda pair: [pair[0], pair[2]])])
    return rewrite(nodes, [*RULES, *unit_rules(nodes, scope)])


def _kind_of_value(nodes: list[Node]) -> list[Node] | None:
    """`a steam engine`: the value says it all."""
    return nodes[:1] if says_kind(*nodes) else None


def _rows_twice(nodes: list[Node]) -> list[Node] | None:
    """`bank failures` in a table of failed banks."""
    return None if UNKNOWN in (nodes[0].payload, nodes[1].payload) else nodes[1:]


def _numbered(nodes: list[Node], scope: Scope) -> list[Node] | None:
    """`when was the number of visits the highest`: of the numbers that the rows hold."""
    each = nodes[0].text.casefold() == "number of"
    return [nodes[1]] if each and scope.numbers_things(nodes[1].payload) else None


def _without_years_of_names(nodes: list[Node], scope: Scope) -> list[Node]:
    """`the yield in 2020` of a column `yield_2020`, where nothing else in the table tells a time."""
    if scope.calendar.main is not None or "year" in scope.calendar.parts:
        return nodes
    named = {word for node in nodes if node.kind == "C" for word in name_words(node.payload.name)}
    kept: list[Node] = []
    for node in nodes:
        if node.kind == "D" and node.payload == When(node.payload.year) and str(node.payload.year) in named:
            while kept and kept[-1].kind == "P":
                kept.pop()
        else:
            kept.append(node)
    return kept


def _as_row(nodes: list[Node], index: int, scope: Scope) -> Node:
    """`how many months …` where each row is a month: rows."""
    node = nodes[index]
    if is_of_row(nodes, index, scope):
        return Node("R", node.text, lemma(node.text.casefold()), start=node.start, inside=node.inside)
    part = node.payload[0] if node.kind == "G" else _part(node, scope) if node.kind == "C" else None
    if part is None or not re.search(r"[KF%][OP]?$", letters(nodes[:index])):
        return node
    pinned = [
        other.payload[0] for other in nodes
        if other.kind == "V" and len(other.payload[1]) == 1
        and _is_named(other.payload[0], scope)
    ]  # fmt: skip
    if not scope.calendar.rows_are(part) and not any(scope.calendar.rows_are(part, of) for of in pinned):
        return node
    return Node("R", node.text, part, start=node.start, inside=node.inside)


def _is_named(column: ColumnCard, scope: Scope) -> bool:
    """Whether the column says whose row it is: the city of a day's weather."""
    return bool(
        set(name_words(column.name)) & (PLACES_AND_PEOPLE | {"site", "station"})
        or scope.linker.held(column.name)
    )


def _part(node: Node, scope: Scope) -> str | None:
    return next((part for part, column in scope.calendar.parts.items() if column is node.payload), None)


def _without_glosses(nodes: list[Node]) -> list[Node]:
    """`fee (posted_fee)`: the exact name in parentheses stands for the word before it."""
    kept: list[Node] = []
    for index, node in enumerate(nodes):
        opens = node.inside and (index == 0 or not nodes[index - 1].inside)
        closes = index + 1 == len(nodes) or not nodes[index + 1].inside
        if opens and closes and node.kind == "C" and node.score >= _EXACT and kept and kept[-1].kind in "CRp":
            kept.pop()
        if opens and closes and node.kind == "V" and kept and _is_same(kept[-1], node):
            continue  # "women (F)"
        kept.append(node)
    return kept


def _is_same(node: Node, other: Node) -> bool:
    """Whether both are the same values of one column."""
    return node.kind == "V" and node.payload == other.payload


def _same_year(nodes: list[Node]) -> list[Node] | None:
    """`May and June 2018` are of one year."""
    first, last = nodes[0].payload, nodes[-1].payload
    if first.year is not None or first.month is None or last.year is None or last.month is None:
        return None
    return [replace(nodes[0], payload=replace(first, year=last.year)), *nodes[1:]]


def _aged(nodes: list[Node], scope: Scope) -> list[Node]:
    """`aged 60 to 64`: the age."""
    found: list[Node] = []
    for index, node in enumerate(nodes):
        follows = letters(nodes[index + 1 : index + 2])
        if (
            node.kind == "h"
            and node.payload[1] == ("age",)
            and node.text.casefold() == "aged"
            and follows in tuple("~MNf")
        ):
            node = Node("C", node.text, scope.dimension(node), start=node.start)
        found.append(node)
    return found


def _time_gloss(nodes: list[Node]) -> list[Node] | None:
    """`…, going by the order date`: which date was meant."""
    by, column = nodes[-2:]
    return [] if by.payload == ("gloss",) and column.payload.is_time else None
