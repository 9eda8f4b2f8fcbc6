"""Whether the best of a quantity is its highest or its lowest."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.unplaced import Unplaced

_LESS_IS_BETTER = frozenset(
    "delay defect error death fatality crime accident injury loss complaint fault pollution unemployment "
    "debt emission casualty failure churn".split()
)
_ANYONES_GUESS = frozenset(
    "price cost msrp fare time duration rank ranking place position age weight temperature id".split()
)


def best_is_highest(column: ColumnCard, head: Node) -> bool:
    """More is better, less is better, or `Unplaced` where it depends on who asks."""
    words = set(name_words(column.name))
    if words & _LESS_IS_BETTER:
        return False
    if words & _ANYONES_GUESS:
        raise Unplaced((head.text,), "the best may be the highest or the lowest")
    return True
