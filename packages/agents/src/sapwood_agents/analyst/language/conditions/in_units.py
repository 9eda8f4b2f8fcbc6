"""The numbers of a condition in the unit of the column that they are compared with."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.conditions.build import whole
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.units import CONVERSIONS, COUNTING_UNITS

_SPANS = frozenset("s min h day week month".split())
_SHARES = frozenset("pct percent percentage perc rate share ratio".split())


def in_its_unit(nodes: list[Node], column: ColumnCard, scope: Scope) -> list[float | int] | None:
    """The numbers in the column's unit; `None` when theirs cannot be turned into it."""
    if not column.is_number:
        return None
    declared = scope.linker.declared_units(column.name)
    if scope.linker.counts(column.name) and any(node.kind == "U" for node in nodes):
        return None
    factor = 1.0
    for node in nodes:
        if node.kind != "U" or (node.payload in declared if declared else node.payload in COUNTING_UNITS):
            continue
        if not declared and node.payload in _SPANS and _lies_within(nodes, column):
            continue
        if not declared and node.payload == "%" and (share := _of_hundred(column)):
            factor = share
            continue
        known = [CONVERSIONS[node.payload, unit] for unit in declared if (node.payload, unit) in CONVERSIONS]
        if not known:
            return None
        factor = known[0]
    return [whole(node.payload.number * factor) for node in nodes if node.kind == "N"]


def _of_hundred(column: ColumnCard) -> float | None:
    """What one percent is in a column of shares: 0.01 of fractions; `None` in a column of something else."""
    low, high = column.low, column.high
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low < 0:
        return None
    if high <= 1:
        return 0.01
    return 1.0 if set(name_words(column.name)) & _SHARES else None


def _lies_within(nodes: list[Node], column: ColumnCard) -> bool:
    """Whether the numbers are such as the column holds, which says nothing of its unit."""
    low, high = column.low, column.high
    numbers = [node.payload.number for node in nodes if node.kind == "N"]
    return (
        isinstance(low, int | float)
        and isinstance(high, int | float)
        and all(low + 0.05 * (high - low) <= n <= high for n in numbers)
    )
