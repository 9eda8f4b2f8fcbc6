"""Whether what an intent measures is what was asked for: sums of parts, means of rows."""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import (
    Aggregate,
    Measure,
    QueryIntent,
    Shape,
    columns_of,
    parts_of,
)
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.tokens import name_words

_SEVERAL = 2
_KINDS = 100
"""A column with more different numbers measures something."""
_MEANS = (Aggregate.MEAN, Aggregate.MEDIAN)
_OF_QUANTITIES = (Aggregate.MIN, Aggregate.MAX, Aggregate.MEDIAN, Aggregate.DEVIATION, Aggregate.VARIANCE)
_STOCKS = frozenset(
    "population inhabitant resident balance stock inventory headcount debt reserve membership".split()
)
"""What there is at a time: one year's and the next one's are for the most part the same."""


def measured_by_itself(intent: QueryIntent) -> tuple[str, ...]:
    """A mean of years by year."""
    groups = {group.column for group in intent.groups}
    return tuple(
        measure.column
        for measure in intent.measures
        if measure.column in groups and measure.aggregate is not Aggregate.DISTINCT
    )


def adds_up(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
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


def adds_up_years(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
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


def mean_time(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`by orchard and year` asks for no mean year beside another mean."""
    if len(intent.measures) == 1:
        return ()
    return tuple(
        m.column for m in intent.measures if m.column and m.aggregate in _MEANS and _is_time(m, scope)
    )


def mean_of_sums(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`the mean of the yearly totals` asks for one number of two steps, and not for two numbers."""
    said = [index for index, node in enumerate(nodes) if node.kind == "A"]
    if len(intent.measures) != len(said) or len(said) != 2:
        return ()
    between = letters(nodes[said[0] : said[1]])
    same = intent.measures[0].column == intent.measures[1].column
    return () if not same or set("&,|") & set(between) else tuple(nodes[index].text for index in said)


def described(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`how many seasoned bakers` adds up no years of seasoning."""
    match = re.search(r"KCR", letters(nodes))
    sums = any(measure.aggregate is Aggregate.SUM for measure in intent.measures)
    said = nodes[match.start() + 1] if match else None
    return (said.text,) if said and sums and said.text.casefold().endswith("ed") else ()


def called_rate(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the rate of …` is no share where the table has a column of rates."""
    rates = [node.text for node in nodes if node.kind == "%" and node.text.casefold() in ("rate", "rate of")]
    shares = [measure for measure in intent.measures if measure.aggregate is Aggregate.SHARE]
    if any(measure.column is not None for measure in shares):
        return tuple(rates)  # a rate is none of an amount
    held = any(c.is_number and "rate" in name_words(c.name) for c in scope.card.columns)
    return tuple(rates) if shares and held else ()


def ends_of_a_flag(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """The highest of yes and no is yes: what was called highest is something else."""
    ranked = intent.shape is Shape.RANKING
    return tuple(
        m.column for m in intent.measures
        if m.column and scope.card.by_name[m.column].is_flag
        and (m.aggregate in _OF_QUANTITIES or (ranked and m.aggregate is Aggregate.VALUE))
    )  # fmt: skip


def by_a_quantity(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the weight of the dearest bag` asks for no group of all bags of one weight."""
    groups = [scope.card.by_name[group.column] for group in intent.groups]
    return tuple(
        column.name for column in groups
        if intent.shape is Shape.RANKING and column.is_number and not scope.is_identifier(column)
        and not scope.calendar.is_temporal(column)
        and (column.distinct > _KINDS or column.distinct * 2 > scope.card.rows)
    )  # fmt: skip


def _is_time(measure: Measure, scope: Scope) -> bool:
    return measure.column is not None and scope.calendar.is_temporal(scope.card.by_name[measure.column])
