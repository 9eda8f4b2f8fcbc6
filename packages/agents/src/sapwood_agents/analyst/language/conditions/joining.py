"""Conditions joined: not, or, and."""

from __future__ import annotations

from sapwood_agents.analyst.intent import Either
from sapwood_agents.analyst.language.conditions.build import (
    all_of,
    condition_node,
    negate,
)
from sapwood_agents.analyst.language.nodes import Node, Rule
from sapwood_agents.analyst.language.scope import Scope


def rules(_: Scope) -> list[Rule]:
    """In the order in which they apply."""
    return [
        (r"![PIf]*x\|[!PIf]*x", _neither),
        (r"!R?[PIf]*x", negated),
        (r"x\|P?x", _either),
        (r"x[&,]+x", _both),
    ]


def _neither(nodes: list[Node]) -> list[Node] | None:
    """`neither over 20 nor under 5`: not the one and not the other."""
    opposites = [negate(node.payload) for node in nodes if node.kind == "x"]
    said = {node.text.casefold() for node in nodes if node.kind in "!|"}
    if not said & {"neither", "nor"} or None in opposites:
        return None
    return condition_node(all_of(*(one for one in opposites if one is not None)), nodes)


def negated(nodes: list[Node]) -> list[Node] | None:
    """The condition turned round."""
    if nodes[-1].inside and not nodes[0].inside:
        return None
    opposite = negate(nodes[-1].payload)
    return opposite and condition_node(opposite, nodes)


def _either(nodes: list[Node]) -> list[Node] | None:
    first, second = nodes[0].payload, nodes[-1].payload
    joined = (*(first.conditions if isinstance(first, Either) else (first,)), second)
    return condition_node(Either(conditions=joined), nodes)


def _both(nodes: list[Node]) -> list[Node] | None:
    return condition_node(all_of(nodes[0].payload, nodes[-1].payload), nodes)
