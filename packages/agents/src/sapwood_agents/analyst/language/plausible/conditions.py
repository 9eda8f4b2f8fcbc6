"""Whether the conditions of an intent leave something to ask, and none that was said is missing."""

from __future__ import annotations

import json
import re
from typing import TypeGuard

from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Every,
    Membership,
    Missing,
    Operator,
    Period,
    QueryIntent,
    Shape,
    TextMatch,
    parts_of,
)
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import pinned
from sapwood_agents.analyst.language.tokens import name_words

_OUTRIGHT = 0.97
_TWO = 2
_NEARLY = 0.75
"""A name that so many rows have to themselves may stand for the rows."""


def answered_beforehand(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """Different years of one year; the part of a sum that is small; what is missing where nothing is."""
    held = pinned(intent.where)
    kinds = letters(nodes)
    for measure in intent.measures:
        if (
            re.match("[PB]?K", kinds)
            and not set("AX") & set(kinds)
            and measure.aggregate in (Aggregate.MIN, Aggregate.MAX)
        ):
            return tuple(node.text for node in nodes if node.kind == "K")
        if measure.aggregate is Aggregate.DISTINCT and measure.column in held:
            return (measure.column,)
        if measure.aggregate is Aggregate.DISTINCT and measure.column is not None:
            column = scope.card.by_name[measure.column]
            if column.distinct <= _TWO and name_words(column.name)[-1] == name_words(scope.card.title)[-1]:
                return (measure.column,)  # "how many sales" of a file `car_sales` with a column of two kinds
        if measure.aggregate is Aggregate.SHARE and measure.column is not None and measure.where is not None:
            compared = isinstance(measure.where, Comparison) and measure.where.column == measure.column
            if compared:
                return (measure.column,)
    unknown = [node.text for node in nodes if node.kind == "0" and "unknown" in node.text.casefold()]
    empty = [
        p.column for p in parts_of(intent)
        if isinstance(p, Missing) and not p.negated and not scope.card.by_name[p.column].nulls
    ]  # fmt: skip
    texts = [name for name in empty if scope.card.by_name[name].enumerated]
    return tuple(unknown or texts) if empty else ()


def of_no_row(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`which customers never returned anything`: those without such a row, not those with another one."""
    keys = [group.column for group in intent.groups] if intent.shape is Shape.VALUES else []
    keys += [m.column for m in intent.measures if m.aggregate is Aggregate.DISTINCT and m.column]
    several = [name for name in keys if not scope.card.is_unique(scope.card.by_name[name])]
    other = any(part.column not in keys for part in parts_of(intent) if _is_negated(part))
    never = tuple(node.text for node in nodes if node.kind == "!" and node.text.casefold() == "never")
    elsewhen = any(isinstance(part, Period | CalendarPart) and part.negated for part in parts_of(intent))
    if several and elsewhen:
        return tuple(node.text for node in nodes if node.kind == "!")  # "did not order in 2024"
    return never if several and other else ()


def _is_negated(part: Condition) -> TypeGuard[Membership | TextMatch | Comparison]:
    if isinstance(part, Membership | TextMatch):
        return part.negated
    return isinstance(part, Comparison) and part.operator is Operator.UNEQUAL


def settled_beforehand(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """A number outside of what the column holds: no row is so, or every one, and another column was meant.

    Unless the column was named outright: `how many rows where the price is over 1000`.
    """
    found: list[str] = []
    clock = [column.name for column in scope.calendar.parts.values()]
    named = {
        node.payload.name for node in nodes
        if node.kind == "C" and node.score >= _OUTRIGHT and node.payload.name not in clock
    }  # fmt: skip
    for part in parts_of(intent):
        if (
            isinstance(part, Comparison)
            and isinstance(part.value, int | float)
            and not isinstance(part.value, bool)
        ):
            column = scope.card.by_name[part.column]
            low, high = column.low, column.high
            if not isinstance(low, int | float) or not isinstance(high, int | float):
                continue
            if part.value == 0 or part.column in named:
                continue  # "above 0": whether there is any
            if _always(part.operator, part.value, low, high) or _never(part.operator, part.value, low, high):
                found.append(part.column)
    return tuple(found)


def _always(operator: Operator, value: float, low: float, high: float) -> bool:
    return (
        (operator is Operator.MORE and value < low)
        or (operator is Operator.AT_LEAST and value < low)
        or (operator is Operator.LESS and value > high)
        or (operator is Operator.AT_MOST and value > high)
    )


def _never(operator: Operator, value: float, low: float, high: float) -> bool:
    return (
        (operator is Operator.MORE and value >= high)
        or (operator is Operator.AT_LEAST and value > high)
        or (operator is Operator.LESS and value <= low)
        or (operator is Operator.AT_MOST and value < low)
    )


def left_out(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """A column that was named and has no part in the intent, unless it stands for the rows or all of them."""
    said = intent.model_dump_json()
    found: list[str] = []
    for index, node in enumerate(nodes):
        if node.kind == "p" and not any(f'"{column.name}"' in said for column in node.payload):
            found.append(node.text)
        if node.kind != "C" or f'"{node.payload.name}"' in said or json.dumps(node.payload.name) in said:
            continue
        all_of_them = "r" in letters(nodes[max(0, index - 2) : index]) and not node.payload.is_flag
        names_rows = node.payload.distinct >= _NEARLY * (scope.card.rows - node.payload.nulls)
        names_rows = names_rows or name_words(node.payload.name)[-1] == name_words(scope.card.title)[-1]
        if not (all_of_them or names_rows or scope.calendar.is_temporal(node.payload)):
            found.append(node.text)
    return tuple(found)


def neither(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`neither A nor B` is no alternative."""
    words = tuple(n.text for n in nodes if n.kind == "!" and n.text.casefold() == "neither")
    parts = intent.where.conditions if isinstance(intent.where, Every) else (intent.where,)
    return words if any(isinstance(part, Either) for part in parts) else ()


def twice_above_average(intent: QueryIntent) -> tuple[str, ...]:
    """`which kinds cost more than average (mean above the overall mean)`: of rows or of groups."""
    above = [part.column for part in parts_of(intent) if isinstance(part, AgainstAverage)]
    return tuple(above) if intent.having and intent.having.aggregate is not None else ()
