"""Whether an intent tells how many where how much was asked, or the other way round."""

from __future__ import annotations

import re
from itertools import pairwise

from sapwood_agents.analyst.intent import Aggregate, Comparison, QueryIntent, Shape
from sapwood_agents.analyst.intent.query import parts_of
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.titles import ATTRIBUTES
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.trade import DEALS, PAID, SPENDING, TRADED

_SPENT_ON = frozenset("expense cost fee fine payment donation expenditure".split())
_MONEY = frozenset("amount amt cost price total value fee paid usd eur gbp".split())
_COST = frozenset("cost costs weigh weighs weighed score scored".split())
_DEALS = DEALS | {"line", "record", "row"}
_KINDS = 12
_COUNTS = frozenset("n num number count total nr no".split())


def counted_for_money(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`who spent the most` asks how much, not how often."""
    ranked = intent.shape is Shape.RANKING and "K" not in letters(nodes)
    return tuple(sorted(PAID & scope.passed_over)) if ranked and _counts(intent) else ()


def paid_for_age(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`members who paid over 30` are of any age."""
    told = {part.column for part in parts_of(intent) if isinstance(part, Comparison)}
    named = {node.payload.name for node in nodes if node.kind == "C"}
    if not any("age" in name_words(column) for column in told - named):
        return ()
    return tuple(
        verb.text for verb, after in pairwise(nodes)
        if verb.kind == "y" and after.kind in "MN~T" and verb.text.casefold() in PAID | _COST
    )  # fmt: skip


def counted_for_pieces(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`how many were sold` asks for no rows where one may hold several."""
    if "K" not in letters(nodes) or not _counts(intent) or not scope.rows.hold_several:
        return ()
    deals = any(node.kind == "R" and node.payload in _DEALS for node in nodes)
    return () if deals else tuple(sorted(TRADED & scope.passed_over))


def mean_of_one(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`the average claim` is no number of claims."""
    mean = re.search(r"AR", letters(nodes))
    if mean is None or "K" in letters(nodes) or nodes[mean.start()].payload[0] != "mean":
        return ()
    said = nodes[mean.end() - 1].text
    plural = said.casefold().endswith("s")
    return () if plural or any(m.column for m in intent.measures) else (said,)


def mean_over_kinds(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the average number of trips by sex`: of each sex, and not how many trips a sex has."""
    counted = {
        side.measure.column for side in intent.sides
        if side.measure and side.measure.aggregate is Aggregate.DISTINCT
    }  # fmt: skip
    kinds = {name for name in counted if name and scope.card.by_name[name].distinct <= _KINDS}
    by = [node.text for node in nodes if node.kind == "B" and node.text.casefold() == "by"]
    return tuple(by) if intent.shape is Shape.RATIO and kinds else ()


def sales_of_several_amounts(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`sales by area`: how many, or which of two totals."""
    if "K" in letters(nodes) or not _counts(intent) or not scope.rows.deals:
        return ()
    return tuple(n.text for n in nodes if n.kind == "R" and n.payload == "sale")


def sales_in_one(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`average sales per day`: deals, or what they come to."""
    counted = any(side.measure and side.measure.aggregate is Aggregate.COUNT for side in intent.sides)
    told = scope.rows.takings is not None and counted and "K" not in letters(nodes)
    return tuple(n.text for n in nodes if n.kind == "R" and n.payload == "sale") if told else ()


def spending_of_rows(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`total expenses`, `fuel spend in 2021`: how much, and not how many rows there are of it."""
    if any(n.kind == "K" and not n.text.casefold().startswith("distribution") for n in nodes):
        return ()
    money = any(set(name_words(c.name)) & _MONEY for c in scope.card.columns if c.is_number)
    said = tuple(n.text for n in nodes if n.kind == "R" and n.payload in _SPENT_ON) if money else ()
    amounts = {name_words(c.name) for c in scope.card.columns if c.is_number and not scope.card.is_unique(c)}
    said += tuple(
        n.text for n in nodes
        if n.kind == "R" and (n.payload,) in amounts
        and (n.payload in ATTRIBUTES or n.text.casefold() == n.payload)
    )  # fmt: skip  # "salary by kind", "the distribution of fare"; "fares by kind" may be rows
    if _counts(intent) and said:
        return said
    listed = _counts(intent) or intent.shape in (Shape.ROWS, Shape.VALUES)
    return tuple(sorted(SPENDING & scope.passed_over)) if listed else ()


def number_or_amount(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the mean gift`, beside `n_gifts` and `total_gifts`: how many, or how much."""
    found: list[str] = []
    for measure in intent.measures:
        if measure.column is None or not scope.linker.counts(measure.column):
            continue
        noun = name_words(measure.column)[-1]
        if noun in _COUNTS:
            continue  # `gift_count` says itself that it is how many
        others = [c for c in scope.card.columns if c.is_number and c.name != measure.column]
        said = [n for n in nodes if n.kind == "C" and n.payload.name == measure.column]
        bare = [n.text for n in said if len(name_words(n.text)) == 1]
        if bare and "K" not in letters(nodes) and any(noun in name_words(c.name) for c in others):
            found += bare
    return tuple(found)


def _counts(intent: QueryIntent) -> bool:
    """Whether nothing but rows is counted."""
    return bool(intent.measures) and all(m.aggregate is Aggregate.COUNT for m in intent.measures)
