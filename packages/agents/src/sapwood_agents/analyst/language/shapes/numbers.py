"""One number or several, a number a group, a correlation."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Aggregate, Measure, QueryIntent, Shape, Side
from sapwood_agents.analyst.language.conditions import flag_condition
from sapwood_agents.analyst.language.grouping import key_of
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import Draft, consistent, pinned
from sapwood_agents.analyst.language.shapes.listing import lookup, picks_row
from sapwood_agents.analyst.language.shapes.measures import (
    COUNT,
    measures,
    nearly_named,
)
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.unplaced import Unplaced


def measured(found: Draft, scope: Scope) -> QueryIntent:
    """`how many …`, `average …`, with groups or without."""
    nodes = [node for node in found.rest if node.kind not in "POIHfeLx"]
    nodes = _flags(nodes, found)
    nodes = [node for node in nodes if node.kind != "W"]
    if letters(nodes) == "Kw":
        nodes = nodes[:1]
    nodes = [_time_as_column(node, scope) for node in nodes]
    bare = [node for node in nodes if node.kind not in "&,"]
    if not found.groups and (single := _of_one_row(bare, found, scope)):
        return single
    nodes, bare = _in_total(nodes), _in_total(bare)
    text = letters(bare)
    if "K" not in text and text != "AmC" and re.search(r"x[POI]*A$", letters(found.rest)):
        raise Unplaced(("total",), "of rows, or of what was compared")
    if (rate := _per_one(bare, found, scope)) is not None:
        return rate
    if "m" in text and "A" in text:
        nodes = [node for node in nodes if node.kind != "m"]
    _kinds_only(found, scope)
    nodes = _trimmed(nodes)
    if letters(nodes) == "C" and nodes[0].payload.is_number and _one_row_each(found, scope):
        nodes = [Node("A", nodes[0].text, (Aggregate.SUM.value,), start=nodes[0].start), *nodes]
    if letters(nodes) == "C" and _is_state(nodes[0].payload) and any(g.bucket for g in found.groups):
        nodes = [Node("A", nodes[0].text, (Aggregate.MEAN.value,), start=nodes[0].start), *nodes]
    wanted = tuple(measures(nodes, scope))
    _sure(wanted, found, scope)
    shape = Shape.GROUPS if found.groups else Shape.NUMBER
    return QueryIntent(shape=shape, measures=wanted, groups=tuple(found.groups), where=found.where)


_STATES = frozenset("temperature temp humidity pressure".split())
_ENDS_OF = frozenset("max min maximum minimum high low blood".split())


def _is_state(column: ColumnCard) -> bool:
    """`the temperature trend by week`: what is read again and again has a mean, and never a sum."""
    words = set(name_words(column.name))
    return column.is_number and bool(words & _STATES) and not words & _ENDS_OF


def _in_total(nodes: list[Node]) -> list[Node]:
    """`how much fuel did they burn altogether`, `how many miles in total`: the sum of it."""
    if not re.fullmatch(r"[mK]CA", letters(nodes)) or nodes[-1].payload[0] != Aggregate.SUM.value:
        return nodes
    asked, column, total = nodes
    amount = column.payload.is_number and not column.payload.is_flag
    return [total, Node("m", asked.text, start=asked.start), column] if amount else nodes


def _one_row_each(found: Draft, scope: Scope) -> bool:
    """Whether each group is one row, whose value is meant: a panel of one year, a table of years."""
    if len(found.groups) != 1 or found.groups[0].bucket or found.groups[0].cycle:
        return False
    return told_apart(scope.card, {found.groups[0].column, *pinned(found.where)})


def _per_one(bare: list[Node], found: Draft, scope: Scope) -> QueryIntent | None:
    """`average number of orders per customer`: rows for each different one."""
    if not re.fullmatch(r"AKR?|KRA|AR", letters(bare)) or len(found.groups) != 1:
        return None
    if next(node for node in bare if node.kind == "A").payload[0] != "mean":
        return None
    group = found.groups[0]
    column = scope.card.by_name[group.column]
    if (
        group.bucket
        or group.cycle
        or column.nulls
        or (column.is_number and not scope.labels.is_identifier(column))
    ):
        raise Unplaced((column.name,), "a mean of counts")
    each = Measure(aggregate=Aggregate.DISTINCT, column=column.name)
    sides = (Side(label="rows", measure=COUNT), Side(label=f"different {column.name}", measure=each))
    return QueryIntent(shape=Shape.RATIO, where=found.where, sides=sides)


def _kinds_only(found: Draft, scope: Scope) -> None:
    """A quantity with many different values is no group: it was meant otherwise."""
    for group in found.groups:
        column = scope.card.by_name[group.column]
        quantity = (
            column.is_number
            and not scope.calendar.is_temporal(column)
            and not scope.labels.is_identifier(column)
        )
        if quantity and column.distinct > _MANY and not group.bucket and not group.cycle:
            raise Unplaced((column.name,), "a quantity is no group")


_MANY = 100


def _sure(wanted: tuple[Measure, ...], found: Draft, scope: Scope) -> None:
    """`how many trucks did counties get` counts no counties, and maybe not rows either."""
    text = letters(found.rest)
    distinct = any(measure.aggregate is Aggregate.DISTINCT for measure in wanted)
    if (
        distinct
        and "K" in text
        and not _described(found.rest, scope)
        and not re.search(r"K[OPAF]*C|CK|F[KOP]*C|K[OPF]*G", text)
    ):
        raise Unplaced(("how many",), "of what")
    several = [m.column for m in wanted if m.aggregate is Aggregate.DISTINCT and m.column]
    sparse = [name for name in several if scope.card.by_name[name].nulls * 20 > scope.card.rows]
    if sparse and "F" not in text and found.where is not None:
        raise Unplaced((sparse[0],), "different values, or rows that have one")
    named = [node for node in found.rest if node.kind == "C" and nearly_named(node.payload, scope)]
    if wanted == (COUNT,) and named and found.where is None and not found.groups:
        raise Unplaced(tuple(node.text for node in named), "rows, or different names")
    if wanted == (COUNT,) and re.search(r"K[OP]*x", text) and "R" not in text and scope.rows.hold_several:
        raise Unplaced(("how many",), "rows, or their quantities")


def _described(rest: list[Node], scope: Scope) -> bool:
    """`how many coastal towns had …`, of a row for each town and year: towns are counted."""
    match = re.search(r"KxC", letters(rest))
    if match is None:
        return False
    value, thing = rest[match.start() + 1 : match.end()]
    return thing.payload.name in scope.card.in_keys and value.start + len(value.text.split()) == thing.start


def _time_as_column(node: Node, scope: Scope) -> Node:
    """`how many different days`: the column that holds them."""
    if node.kind != "G":
        return node
    group = key_of(node, scope)
    if group.bucket or group.cycle:
        raise Unplaced((node.text,))
    return Node("C", node.text, scope.card.by_name[group.column], start=node.start)


def _trimmed(nodes: list[Node]) -> list[Node]:
    """Without the signs that stood beside conditions and groups, at the ends."""
    while nodes and nodes[0].kind in "&,":
        nodes = nodes[1:]
    while nodes and nodes[-1].kind in "&,":
        nodes = nodes[:-1]
    return nodes


def _flags(nodes: list[Node], found: Draft) -> list[Node]:
    """Take yes/no columns that are no measure as conditions: `how many survived`."""
    measured = any(node.kind == "h" for node in nodes)
    if not measured and not any(node.kind in "KR" for node in nodes):
        return nodes
    kept: list[Node] = []
    for node in nodes:
        if node.kind == "C" and node.payload.is_flag:
            found.conditions.append(flag_condition(node.payload, negated=False))
        else:
            kept.append(node)
    consistent(found.where)
    return kept


def _of_one_row(bare: list[Node], found: Draft, scope: Scope) -> QueryIntent | None:
    """`how tall is X`, `how many inhabitants has X`, `how much does X cost`."""
    units = tuple(node for node in bare if node.kind == "U")
    text = letters([node for node in bare if node.kind != "U"])
    if not picks_row(found.where, scope):
        return None
    if re.fullmatch(r"h(R|p|C)*", text):
        beside = tuple(node for node in bare if node.kind in "pC")
        return lookup(scope.dimension(bare[0], beside), found, units, scope)
    columns: list[ColumnCard] = [node.payload for node in bare if node.kind == "C"]
    if re.fullmatch(r"[mK]C", text) and columns[0].is_number:
        return lookup(columns[0], found, units, scope)
    return None


def correlation(found: Draft) -> QueryIntent:
    """`correlation between X and Y`."""
    bare = found.bare
    columns: list[ColumnCard] = [node.payload for node in bare if node.kind == "C"]
    others = [node for node in bare if node.kind not in "CXWLhmERv"]
    distinct = {column.name for column in columns}
    if len(columns) != 2 or len(distinct) != 2 or others or not all(column.is_number for column in columns):
        raise Unplaced(tuple(node.text for node in others) or ("correlation",))
    measure = Measure(aggregate=Aggregate.CORRELATION, column=columns[0].name, other=columns[1].name)
    shape = Shape.GROUPS if found.groups else Shape.NUMBER
    return QueryIntent(shape=shape, measures=(measure,), groups=tuple(found.groups), where=found.where)


__all__ = ["COUNT", "correlation", "measured"]
