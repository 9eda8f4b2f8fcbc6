"""Groups in the order of what is told of them: `fee by town, highest first`."""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import QueryIntent, Shape
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.unplaced import Unplaced

_SIZES = frozenset("largest biggest greatest smallest most fewest".split())


def without_order(nodes: list[Node]) -> tuple[list[Node], Node | None]:
    """The nodes before `highest first`, and the one that says which end comes first."""
    found = re.search(r",?([SJZ])J$", letters(nodes))
    if found is None or nodes[-1].text.casefold() != "first":
        return nodes, None
    return nodes[: found.start()], nodes[found.start(1)]


def in_order(intent: QueryIntent, end: Node, scope: Scope) -> QueryIntent:
    """The groups of `intent`, ranked; `Unplaced` where it is no list of groups with one number each."""
    plain = intent.shape is Shape.GROUPS and len(intent.groups) == len(intent.measures) == 1
    group = intent.groups[0] if plain else None
    if group is None or group.bucket or group.cycle or scope.card.by_name[group.column].nulls:
        raise Unplaced((end.text, "first"))
    if end.kind != "S" and end.text.casefold() not in _SIZES:
        raise Unplaced((end.text, "first"), "the highest or the lowest")
    return intent.changed(shape=Shape.RANKING, descending=end.payload[0] == "desc", limit=None)
