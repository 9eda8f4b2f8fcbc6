"""Whether what an intent measures is what was asked for: sums of parts, means of rows."""

from __future__ import annotations

import re
from itertools import pairwise

from sapwood_agents.analyst.intent import (
    Aggregate,
    Measure,
    QueryIntent,
    Shape,
    columns_of,
    parts_of,
)
from sapwood_agents.analyst.language.almanac import REGULAR
from sapwood_agents.analyst.language.dimensions import DIMENSIONS
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import pinned
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_SEVERAL = 2
_KINDS = 100
"""A column with more different numbers measures something."""
_MEANS = (Aggregate.MEAN, Aggregate.MEDIAN)
_ENDS = (Aggregate.MIN, Aggregate.MAX)
_OF_QUANTITIES = (Aggregate.MIN, Aggregate.MAX, Aggregate.MEDIAN, Aggregate.DEVIATION, Aggregate.VARIANCE)
_FEW = 12
_OF_ONE = 3
_TOGETHER = frozenset("combined together altogether".split())
_WITHIN_YEARS = frozenset("quarter month week day".split())
_SAID_IN_NAMES = frozenset("year annual month day week quarter hour yearly monthly daily weekly".split())
_CURRENCIES = frozenset({"$", "eur", "gbp"})
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
        if measure.column in groups and (measure.aggregate is not Aggregate.DISTINCT or intent.having)
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


def mean_of_sums(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`the mean of the yearly totals` asks for one number of two steps, and not for two numbers."""
    said = [index for index, node in enumerate(nodes) if node.kind == "A"]
    if len(intent.measures) != len(said) or len(said) != 2:
        return ()
    between = letters(nodes[said[0] : said[1]])
    same = intent.measures[0].column == intent.measures[1].column
    return () if not same or set("&,|") & set(between) else tuple(nodes[index].text for index in said)


def described(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`how many seasoned weavers` adds up no years of seasoning, `how many old weavers` no ages."""
    match = re.search(r"KCR", letters(nodes))
    sums = any(measure.aggregate is Aggregate.SUM for measure in intent.measures)
    said = nodes[match.start() + 1] if match else None
    adjective = said is not None and (
        said.text.casefold().endswith("ed") or said.text.casefold() in DIMENSIONS
    )
    return (said.text,) if said and sums and adjective else ()


def rate_of_something(nodes: list[Node]) -> tuple[str, ...]:
    """`the post open rate` is the rate of openings; a word was left out between the two."""
    told = [node for node in nodes if node.kind != "y"]
    return tuple(
        node.text for before, node in pairwise(told)
        if node.kind == "%" and node.text.casefold() == "rate" and before.kind in "VCx"
        and before.start + len(before.text.split()) < node.start
    )  # fmt: skip


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
    keys = [g.column for g in intent.groups if scope.card.by_name[g.column].is_flag]
    if ranked and keys and any(m.aggregate in (Aggregate.MIN, Aggregate.MAX) for m in intent.measures):
        return tuple(keys)  # "the oldest survivor"
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
        if intent.shape is Shape.RANKING and column.is_number and not scope.labels.is_identifier(column)
        and not scope.calendar.is_temporal(column)
        and (column.distinct > _KINDS or column.distinct * 2 > scope.card.rows)
    )  # fmt: skip


def per_a_quantity(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`revenue per visitor` divides by the visitors; `by` would list them."""
    if intent.shape is not Shape.GROUPS or "E" not in letters(nodes):
        return ()
    columns = [scope.card.by_name[group.column] for group in intent.groups if not group.bucket]
    return tuple(
        column.name for column in columns
        if column.is_number and column.distinct > _FEW
        and (scope.additive(column) or scope.counts_things(column))
    )  # fmt: skip


def counted_in_one(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the average claim` is what one comes to, and not how many there are of them."""
    counts = {
        m.column for m in intent.measures
        if m.column and m.aggregate in (*_MEANS, *_ENDS) and scope.linker.counts(m.column)
    }  # fmt: skip
    return tuple(
        node.text for node in nodes
        if node.kind == "C" and node.payload.name in counts and len(node.text.split()) == 1
        and not node.text.casefold().endswith("s") and node.text.casefold() != node.payload.name.casefold()
    )  # fmt: skip


def mean_of_each_time(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`average sales per day`, where a day has several rows: of its rows, or of the days' totals."""
    per = any(n.kind == "E" and n.text.casefold() in ("per", "a", "each", "every") for n in nodes)
    timed = [g for g in intent.groups if g.bucket or scope.calendar.is_temporal(scope.card.by_name[g.column])]
    if not per or not timed or len(intent.groups) > 1 or re.search(r"ER", letters(nodes)):
        return ()  # "mean leaks per record by year"
    single = timed[0].bucket in (None, scope.calendar.grain)
    if single and told_apart(scope.card, pinned(intent.where) | {timed[0].column}):
        return ()
    typed = {n.payload.name for n in nodes if n.kind == "C" and "_" in n.payload.name and n.score == 1}
    means = {m.column for m in intent.measures if m.aggregate is Aggregate.MEAN and m.column} - typed
    columns = [scope.card.by_name[name] for name in sorted(means)]
    return tuple(c.name for c in columns if scope.additive(c) or scope.counts_things(c))


def one_by_one(intent: QueryIntent) -> tuple[str, ...]:
    """`boxes packed by line 4` are grouped by nothing."""
    held = pinned(intent.where)
    return tuple(g.column for g in intent.groups if not g.bucket and not g.cycle and g.column in held)


def together(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`the combined votes of two columns` is one number."""
    said = tuple(n.text for n in nodes if n.kind == "A" and n.text.casefold() in _TOGETHER)
    return said if len({m.column for m in intent.measures}) > 1 else ()


def of_each_period(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`yearly revenue` of a table of quarters; `highest monthly total` of single rows."""
    timed = bool(scope.calendar.dates or scope.calendar.parts)
    found = [
        node.text for node in nodes
        if node.kind == "C" and timed and _is_regular(node.text, scope)
        and not set(name_words(node.payload.name)) & _SAID_IN_NAMES
    ]  # fmt: skip
    two = re.search(r"[SA]u[SA]?C", letters(nodes))
    amount = any(m.column and scope.additive(scope.card.by_name[m.column]) for m in intent.measures)
    if two and (amount or len(two.group()) > _OF_ONE) and _is_regular(nodes[two.start() + 1].text, scope):
        found.append(nodes[two.start() + 1].text)
    return tuple(found)


def _is_regular(text: str, scope: Scope) -> bool:
    """Whether the words begin with `monthly` or the like, and a row is no month."""
    period = REGULAR.get(text.casefold().split()[0])
    finest = next(
        (part for part in ("hour", "day", "month", "quarter", "year") if part in scope.calendar.parts), None
    )
    finer = finest == "year" and any(name_words(c.name)[-1] in _WITHIN_YEARS for c in scope.card.columns)
    return period is not None and (period != finest or finer) and not scope.calendar.rows_are(period)


def of_one_currency(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the total in euros` of amounts in several currencies."""
    several = any(
        column.distinct > 1 and "currency" in name_words(column.name) and column.type is ColumnType.TEXT
        for column in scope.card.columns
    )
    said = tuple(n.text for n in nodes if n.kind == "U" and n.payload in _CURRENCIES)
    held = {"currency" for part in parts_of(intent) for c in columns_of(part) if "currency" in name_words(c)}
    return said if several and not held else ()


def regular_times(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the median yearly number of leaks` is no median of the years."""
    measured = {m.column for m in intent.measures if _is_time(m, scope)}
    return tuple(
        node.text for node in nodes
        if node.kind == "C" and node.payload.name in measured and node.text.casefold().split()[0] in REGULAR
    )  # fmt: skip


def _is_time(measure: Measure, scope: Scope) -> bool:
    return measure.column is not None and scope.calendar.is_temporal(scope.card.by_name[measure.column])
