"""Tables whose rows stand for many: `count` says of how many, and `how many` adds it up."""

from __future__ import annotations

from sapwood_agents.analyst.intent import Aggregate, Measure, QueryIntent, Side
from sapwood_agents.analyst.language.almanac import PERIODS
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.rows.kinds import ROWS_THEMSELVES
from sapwood_agents.analyst.language.scope import Scope

_ROWS = ROWS_THEMSELVES.union(PERIODS)
"""`how many months` counts the rows where each is one."""


def weighted(intent: QueryIntent, nodes: list[Node], scope: Scope) -> QueryIntent:
    """The intent with counts of rows as sums of the column that counts, unless rows themselves are meant."""
    counted = scope.rows.counted
    rows = any(node.kind == "o" or (node.kind == "R" and node.payload in _ROWS) for node in nodes)
    if counted is None or rows:
        return intent
    return intent.changed(
        measures=tuple(_weighed(measure, counted) for measure in intent.measures),
        sides=tuple(
            Side(
                label=side.label,
                where=side.where,
                measure=_weighed(side.measure, counted) if side.measure else None,
            )
            for side in intent.sides
        ),
    )


def _weighed(measure: Measure, counted: str) -> Measure:
    if measure.aggregate is Aggregate.COUNT:
        return Measure(aggregate=Aggregate.SUM, column=counted, where=measure.where)
    if measure.aggregate is Aggregate.SHARE and measure.column is None:
        return Measure(aggregate=Aggregate.SHARE, column=counted, where=measure.where)
    return measure
