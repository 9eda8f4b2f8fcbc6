"""A difference or ratio of two things told by whole conditions: `homes with a deck than those without`."""

from __future__ import annotations

from sapwood_agents.analyst.intent import (
    Condition,
    Every,
    Measure,
    QueryIntent,
    Shape,
    Side,
    columns_of,
    every,
)
from sapwood_agents.analyst.language.nodes import Node, letters, words
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import draft
from sapwood_agents.analyst.language.shapes.measures import fits, measures
from sapwood_agents.analyst.language.unplaced import Unplaced

_COMPARING = frozenset("cdv=TimBE~")
"""Words that only say that two things are held against each other."""


def told_in_clauses(nodes: list[Node], shape: Shape, scope: Scope) -> QueryIntent | None:
    """The same measure of two sets of rows, each with conditions of its own on the same columns."""
    cut = _cut(nodes)
    if cut is None or shape is Shape.COMPARISON:
        return None
    first, second = cut
    units = [node for node in first if node.kind == "U"]
    left = draft(_measuring(first, scope), scope)
    right = draft([Node("R", "rows"), *_repeated_away(second, first)], scope)
    if left.groups or right.groups or any(node.kind != "R" for node in right.bare):
        return None
    found = measures([node for node in left.bare if node.kind != "W"], scope)
    if len(found) != 1 or any(not fits(unit, found[0], scope) for unit in units):
        return None
    labels = [words([node for node in part.rest if node.kind == "x"]) for part in (left, right)]
    return _intent(shape, found[0], (left.where, right.where), labels)


def _intent(
    shape: Shape, measure: Measure, wheres: tuple[Condition | None, Condition | None], labels: list[str]
) -> QueryIntent | None:
    """The sides differ in the columns that both speak of; what one of them says beyond is meant of both."""
    ours, theirs = (_parts(where) for where in wheres)
    both = {name for part in ours for name in columns_of(part)} & {
        name for part in theirs for name in columns_of(part)
    }
    sides: list[Side] = []
    shared: list[Condition] = []
    for label, parts in zip(labels, (ours, theirs), strict=True):
        own = [part for part in parts if set(columns_of(part)) <= both]
        if len(own) != 1 or any(set(columns_of(part)) & both for part in parts if part not in own):
            return None
        shared += [part for part in parts if part not in own]
        sides.append(Side(label=label, where=own[0]))
    if sides[0].where == sides[1].where:
        return None
    return QueryIntent(shape=shape, measures=(measure,), where=every(*shared), sides=tuple(sides))


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.conditions if isinstance(condition, Every) else (condition,)


def _cut(nodes: list[Node]) -> tuple[list[Node], list[Node]] | None:
    """The nodes before and after the word that holds the two against each other."""
    text = letters(nodes)
    than = [i for i, n in enumerate(nodes) if n.kind in "Tv" or (n.kind == "M" and _is_than(nodes, i))]
    if len(than) == 1:
        return nodes[: than[0]], nodes[than[0] + 1 :]
    between = next((i for i, node in enumerate(nodes) if node.text.casefold().endswith("between")), -1)
    joined = [i for i, node in enumerate(nodes) if node.kind == "&" and i > between]
    if than or between < 0 or text.count("~") > 1 or len(joined) != 1:
        return None
    return nodes[: joined[0]], nodes[joined[0] + 1 :]


def _is_than(nodes: list[Node], index: int) -> bool:
    """`… is higher than that of …`: no number follows."""
    return nodes[index].text.casefold().endswith("than") and not letters(nodes[index + 1 :]).startswith(
        ("N", "UN", "C", "T")
    )


def _measuring(nodes: list[Node], scope: Scope) -> list[Node]:
    """What is measured, of which rows."""
    kept: list[Node] = []
    measured = any(node.kind in "Cj" for node in nodes)
    for index, node in enumerate(nodes):
        if node.kind == "j":
            column = scope.dimension(node)
            if not any(other.kind == "C" and other.payload is column for other in nodes):
                kept.append(Node("C", node.text, column, start=node.start))
        elif node.kind == "K" and measured and letters(nodes[index + 1 : index + 2]) in ("U", "j", "i"):
            continue
        elif node.kind not in _COMPARING and node.kind != "U":
            kept.append(node)
    return kept


def _is_told(nodes: list[Node], index: int) -> bool:
    """Whether a number or value of the column follows it."""
    return letters(nodes[index + 1 :]).lstrip("IHP")[:1] in ("M", "N", "V", "a", "~")


def _repeated_away(nodes: list[Node], first: list[Node]) -> list[Node]:
    """Without what is said again: `the mean price of A and the mean price of B`."""
    said = [(node.kind, node.payload) for node in first if node.kind in "ACRK"]
    kept = [
        node for index, node in enumerate(nodes)
        if not (
            (node.kind, node.payload) in said
            and (node.kind in "AKR" or not index or nodes[index - 1].kind == "A")
            and not (node.kind == "C" and (node.payload.is_flag or _is_told(nodes, index)))
        )
        and not (node.kind == "A" and index + 1 == len(nodes))
    ]  # fmt: skip
    if any(node.kind in "AKSJZ%" for node in kept):
        raise Unplaced(tuple(node.text for node in kept if node.kind in "AKSJZ%"), "another measure")
    return kept
