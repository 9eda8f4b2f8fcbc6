"""Checks a reading against the form of the question: what is asked for is what the answer gives.

The rules find a slot for each word; whether the whole still says what was asked is looked at here, whatever
rule made it.
"""

from __future__ import annotations

import re
from typing import TypeGuard

from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Condition,
    Measure,
    Membership,
    Missing,
    Operator,
    QueryIntent,
    Shape,
    TextMatch,
    columns_of,
    parts_of,
)
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import pinned
from sapwood_agents.analyst.language.strangers import unknown_rows
from sapwood_agents.analyst.language.tokens import name_words

_OUTRIGHT = 0.97
_SEVERAL = 2
_ENDS = (Aggregate.MIN, Aggregate.MAX)


def implausible(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """The words that the intent answers otherwise than they ask; none where it may be what was meant."""
    return (
        unknown_rows(nodes, intent, scope)
        or _asked_for_a_thing(nodes, intent, scope)
        or _measured_by_itself(intent)
        or _adds_up(intent, scope)
        or _answered_beforehand(nodes, intent, scope)
        or _adds_up_years(intent, scope)
        or _mean_time(intent, scope)
        or _of_no_row(nodes, intent, scope)
        or _called_rate(nodes, intent, scope)
        or _settled_beforehand(nodes, intent, scope)
    )


def _asked_for_a_thing(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`which X …` wants an X, `who` somebody: no number, and nothing else as the key."""
    match = re.match(r"P?W(?=[CR])", letters(nodes))
    if match is None:
        return ()
    asked = nodes[match.end()]
    if asked.start != nodes[match.end() - 1].start + 1:
        return ()  # "what does a size 9 boot cost"
    if intent.shape in (Shape.NUMBER, Shape.DIFFERENCE, Shape.RATIO):
        times = [m for m in intent.measures if m.aggregate in _ENDS and _is_time(m, scope)]
        return () if times else (nodes[match.end() - 1].text, asked.text)
    if asked.kind == "C" and not asked.payload.is_number and not asked.payload.is_flag:
        shown = {group.column for group in intent.groups} | {intent.key} | {m.column for m in intent.measures}
        return () if asked.payload.name in shown else (asked.text,)
    return ()


def _settled_beforehand(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
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


def _is_time(measure: Measure, scope: Scope) -> bool:
    return measure.column is not None and scope.calendar.is_temporal(scope.card.by_name[measure.column])


def _measured_by_itself(intent: QueryIntent) -> tuple[str, ...]:
    """A mean of years by year."""
    groups = {group.column for group in intent.groups}
    return tuple(
        measure.column
        for measure in intent.measures
        if measure.column in groups and measure.aggregate is not Aggregate.DISTINCT
    )


def _answered_beforehand(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
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


def _of_no_row(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`which customers never returned anything`: those without such a row, not those with another one."""
    keys = [group.column for group in intent.groups] if intent.shape is Shape.VALUES else []
    keys += [m.column for m in intent.measures if m.aggregate is Aggregate.DISTINCT and m.column]
    several = [name for name in keys if not scope.card.is_unique(scope.card.by_name[name])]
    other = any(part.column not in keys for part in parts_of(intent) if _is_negated(part))
    never = tuple(node.text for node in nodes if node.kind == "!" and node.text.casefold() == "never")
    return never if several and other else ()


def _is_negated(part: Condition) -> TypeGuard[Membership | TextMatch | Comparison]:
    if isinstance(part, Membership | TextMatch):
        return part.negated
    return isinstance(part, Comparison) and part.operator is Operator.UNEQUAL


def _called_rate(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the rate of …` is no share where the table has a column of rates."""
    rates = [node.text for node in nodes if node.kind == "%" and node.text.casefold() in ("rate", "rate of")]
    shares = any(measure.aggregate is Aggregate.SHARE for measure in intent.measures)
    held = any(c.is_number and "rate" in name_words(c.name) for c in scope.card.columns)
    return tuple(rates) if shares and held else ()


def _mean_time(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`by orchard and year` asks for no mean year beside another mean."""
    if len(intent.measures) == 1:
        return ()
    return tuple(
        m.column for m in intent.measures if m.column and m.aggregate in _MEANS and _is_time(m, scope)
    )


_MEANS = (Aggregate.MEAN, Aggregate.MEDIAN)
_STOCKS = frozenset(
    "population inhabitant resident balance stock inventory headcount debt reserve membership".split()
)
"""What there is at a time: one year's and the next one's are for the most part the same."""


def _adds_up_years(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`which city has the highest population`, of many years: their sum is nothing."""
    times = [c for c in scope.card.columns if scope.calendar.is_temporal(c)]
    if not times or any(column.distinct < _SEVERAL for column in times):
        return ()
    spoken = {group.column for group in intent.groups} | {
        name for p in parts_of(intent) for name in columns_of(p)
    }
    spoken |= {name for side in intent.sides for name in columns_of(side.where)}
    if spoken & {column.name for column in times}:
        return ()
    return tuple(
        m.column for m in intent.measures
        if m.column and m.aggregate is Aggregate.SUM and set(name_words(m.column)) & _STOCKS
        and m.column not in {column.name for column in times}
    )  # fmt: skip


def _adds_up(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """A share is one of rows or of an amount: days, scores and years do not add up to a whole."""
    measures = [*intent.measures, *(side.measure for side in intent.sides if side.measure)]
    return tuple(
        measure.column
        for measure in measures
        if measure.column is not None
        and (
            (measure.aggregate is Aggregate.SHARE and not scope.adds_up(scope.card.by_name[measure.column]))
            or (measure.aggregate is Aggregate.SUM and _is_time(measure, scope))
        )
    )
