"""An intent in words."""

from __future__ import annotations

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.intent import QueryIntent


def describe(intent: QueryIntent, card: TableCard) -> str:
    """Restate `intent`, every part of it."""
    measures = " and ".join(f"{m.aggregate.value} of {m.column or 'rows'}" for m in intent.measures)
    groups = " and ".join(group.column for group in intent.groups)
    return f"{intent.shape.value}: {measures} by {groups}" if groups else f"{intent.shape.value}: {measures}"
