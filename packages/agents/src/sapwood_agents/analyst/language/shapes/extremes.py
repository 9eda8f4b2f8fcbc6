"""Several ends or aggregates of a column side by side: `lowest, median and highest price`."""

from __future__ import annotations

from itertools import pairwise

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Aggregate, QueryIntent, Shape
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import Draft
from sapwood_agents.analyst.language.shapes.measures import measures
from sapwood_agents.analyst.language.unplaced import Unplaced


def extremes(
    found: Draft, scope: Scope, nodes: list[Node], heads: list[Node]
) -> list[tuple[float, QueryIntent]]:
    """The ends as aggregates, in the order named."""
    nodes, rest = (_without_number_of(each, scope) for each in (nodes, found.rest))
    if any(len(head.payload) > 2 or head.payload[0] in ("best", "worst") for head in heads) or any(
        node.kind in "Kl" for node in nodes
    ):
        raise Unplaced(tuple(head.text for head in heads))
    if len({(head.kind, head.payload) for head in heads}) != len(heads):
        raise Unplaced(tuple(head.text for head in heads))
    named = [node for node in nodes if node.kind == "C"]
    listed: list[Node] = []
    for node in rest:
        if node.kind == "J":
            beside = named[0].payload if len(named) == 1 and named[0].payload.is_number else None
            column, highest = scope.compared(node, _dated(node, named, scope) or beside)
            listed.append(_as_aggregate(node, highest=highest))
            if not any(other.payload is column for other in (*named, *listed) if other.kind == "C"):
                listed.append(Node("C", node.text, column, start=node.start))
        elif node.kind == "S":
            listed.append(_as_aggregate(node, highest=node.payload[0] == "desc"))
        elif node.kind in "AC&,":
            listed.append(node)
        elif node.kind not in "xPOIHfLWRwe":
            raise Unplaced((node.text,))
    shape = Shape.GROUPS if found.groups else Shape.NUMBER
    wanted = tuple(measures(listed, scope))
    return [(0.0, QueryIntent(shape=shape, measures=wanted, groups=tuple(found.groups), where=found.where))]


def _without_number_of(nodes: list[Node], scope: Scope) -> list[Node]:
    """`the smallest and largest number of pages`, where the column holds numbers of them."""
    counting = {
        index for index, (node, after) in enumerate(pairwise(nodes))
        if node.kind == "K" and after.kind == "C" and scope.numbers_things(after.payload)
    }  # fmt: skip
    return [node for index, node in enumerate(nodes) if index not in counting]


def _as_aggregate(node: Node, *, highest: bool) -> Node:
    name = (Aggregate.MAX if highest else Aggregate.MIN).value
    return Node("A", node.text, (name,), start=node.start)


def _dated(node: Node, named: list[Node], scope: Scope) -> ColumnCard | None:
    if "date" not in node.payload[1]:
        return None
    return named[0].payload if named else scope.calendar.main
