"""Condition nodes: how rules say that some nodes became a condition."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    CalendarPart,
    Comparison,
    Condition,
    Membership,
    Missing,
    Operator,
    Period,
    TextMatch,
    every,
)
from sapwood_agents.analyst.language.nodes import Node, words
from sapwood_storage.tabular.model import ColumnType

NEGATED = {
    Operator.EQUAL: Operator.UNEQUAL, Operator.UNEQUAL: Operator.EQUAL, Operator.MORE: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.LESS, Operator.LESS: Operator.AT_LEAST, Operator.AT_MOST: Operator.MORE,
}  # fmt: skip


def condition_node(condition: Condition, nodes: list[Node]) -> list[Node]:
    """One node that stands for `condition` in place of `nodes`."""
    inside = all(node.inside for node in nodes)
    verb = nodes[0].kind in "IH" or any(node.verb for node in nodes[:1])
    return [Node("x", words(nodes), condition, start=nodes[0].start, inside=inside, verb=verb)]


def negate(condition: Condition) -> Condition | None:
    """The opposite, where it can be said in one condition; rows without a value meet neither."""
    match condition:
        case Comparison():
            return condition.model_copy(update={"operator": NEGATED[condition.operator]})
        case Membership() | Missing() | TextMatch() | Period() | CalendarPart():
            return condition.model_copy(update={"negated": not condition.negated})
        case _:
            return None


def flag_condition(column: ColumnCard, *, negated: bool) -> Condition:
    """Rows where a yes/no column says yes (or no)."""
    yes = column.yes
    if negated and column.distinct == 1 and column.nulls:
        return Missing(column=column.name)  # only yes is ever written
    if column.type is ColumnType.TEXT:
        return Membership(column=column.name, values=(yes,), negated=negated)
    value = yes if not negated else (not yes if isinstance(yes, bool) else 0)
    return Comparison(column=column.name, operator=Operator.EQUAL, value=value)


def all_of(first: Condition, *others: Condition) -> Condition:
    """Conditions joined with AND."""
    return every(first, *others) or first


def whole(number: float) -> int | float:
    """`3` for `3.0`."""
    return int(number) if number == int(number) else number
