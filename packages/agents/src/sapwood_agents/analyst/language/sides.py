"""Questions that hold two things against each other: compare, difference, ratio, how much more … than."""

from __future__ import annotations

import re
from collections.abc import Callable

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import (
    Aggregate,
    Condition,
    Measure,
    Membership,
    QueryIntent,
    Shape,
    Side,
    every,
)
from sapwood_agents.analyst.language.calendar import Calendar
from sapwood_agents.analyst.language.conditions import flag_condition
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.quantities import quantity_columns

Rest = Callable[[list[Node]], tuple[list[Measure], Condition | None]]
"""What is measured and over which rows, from the nodes that are not part of the comparison."""

_SEPARATORS = "&|,vT>PfOIH"


def find_sides(nodes: list[Node], card: TableCard, linker: Linker, calendar: Calendar, rest: Rest) -> QueryIntent | None:
    """The intent of a comparison, or `None` when the question is none."""
    kinds = letters(nodes)
    shape = _shape(kinds)
    if shape is None:
        return None
    if shape is Shape.DIFFERENCE and any(node.kind in "ij" and _direction(node) == "asc" for node in nodes):
        return None  # "how much less": whether the number should be negative is anyone's guess
    pair = _pair(nodes, calendar)
    if pair is None:
        return _measures(nodes, shape, linker, card, rest)
    sides, used = pair
    if shape is not Shape.COMPARISON and len(sides) != 2:
        return None
    remaining: list[Node] = []
    for index, node in enumerate(nodes):
        if index in used or node.kind in "cdv=TiW~" or (node.kind == "m" and shape is Shape.DIFFERENCE):
            continue
        if node.kind == "K" and kinds[index + 1 : index + 2] in ("U", "j") and shape is Shape.DIFFERENCE:
            continue
        if node.kind == "U" and shape is Shape.DIFFERENCE and "C" in kinds:
            continue
        if node.kind == ">" or node.kind in "&|," and (index - 1 in used or index + 1 in used):
            continue
        if node.kind in "ACRVF" and any(node.kind == other.kind and node.payload == other.payload for other in remaining):
            continue  # "the mean price of A and the mean price of B"
        if node.kind == "j":
            names = quantity_columns(linker, node.payload[1])
            if len(names) != 1:
                return None
            if any(other.kind == "C" and other.payload.name == names[0] for other in nodes):
                continue
            node = Node("C", node.text, card.by_name[names[0]], start=node.start)
        remaining.append(node)
    measures, where = rest(remaining)
    if len(measures) != 1 and shape is not Shape.COMPARISON:
        return None
    return QueryIntent(shape=shape, measures=tuple(measures), where=where, sides=sides)


def _direction(node: Node) -> str:
    return str(node.payload[0])


def _shape(kinds: str) -> Shape | None:
    if "=" in kinds:
        return Shape.RATIO
    if "d" in kinds:
        return Shape.DIFFERENCE
    if re.search(r"[mK].*[ij].*T|[mK].*T", kinds) and re.search(r"[ij]", kinds):
        return Shape.DIFFERENCE
    if "c" in kinds or "v" in kinds:
        return Shape.COMPARISON
    return None


def _pair(nodes: list[Node], calendar: Calendar) -> tuple[tuple[Side, ...], set[int]] | None:
    """The two (or more) values, dates or yes/no halves that are held against each other."""
    values = [(i, node) for i, node in enumerate(nodes) if node.kind == "V"]
    if len(values) >= 2:
        columns = {node.payload[0].name for _, node in values}
        for name in columns:
            chosen = [(i, node) for i, node in values if node.payload[0].name == name]
            distinct = {node.payload[1] for _, node in chosen}
            if len(chosen) >= 2 and len(distinct) == len(chosen) and _linked(nodes, [i for i, _ in chosen]):
                sides = tuple(
                    Side(label=str(node.payload[1][0]), where=Membership(column=name, values=node.payload[1]))
                    for _, node in chosen
                )
                used = {i for i, _ in chosen}
                for i, node in enumerate(nodes):
                    if node.kind == "C" and node.payload.name == name:
                        used.add(i)
                return sides, used
    dates = [(i, node) for i, node in enumerate(nodes) if node.kind == "D"]
    if len(dates) == 2:
        conditions = [calendar.during([node.payload], None, negated=False) for _, node in dates]
        if all(conditions):
            sides = tuple(Side(label=node.text, where=c) for (_, node), c in zip(dates, conditions, strict=True))
            return sides, {i for i, _ in dates}
    return _halves(nodes)


def _linked(nodes: list[Node], at: list[int]) -> bool:
    """Whether only what two sides may repeat stands between the values."""
    between = letters(nodes)[min(at) : max(at)]
    return not set(between) & set("WSJZ#!")


def _halves(nodes: list[Node]) -> tuple[tuple[Side, ...], set[int]] | None:
    """`smokers and non-smokers`."""
    flags = [(i, node) for i, node in enumerate(nodes) if node.kind == "C" and node.payload.is_flag]
    if len(flags) != 2 or flags[0][1].payload is not flags[1][1].payload:
        return None
    column: ColumnCard = flags[0][1].payload
    used: set[int] = set()
    sides: list[Side] = []
    for i, node in flags:
        negated = i > 0 and nodes[i - 1].kind == "!"
        used |= {i, i - 1} if negated else {i}
        sides.append(Side(label=("not " if negated else "") + node.text, where=flag_condition(column, negated=negated)))
    return (tuple(sides), used) if sides[0].where != sides[1].where else None


def _measures(nodes: list[Node], shape: Shape, linker: Linker, card: TableCard, rest: Rest) -> QueryIntent | None:
    """Two measures against each other: `the gap between the highest and the lowest price`, `mean A and mean B`."""
    extremes = [node for node in nodes if node.kind in "SJ" or node.kind == "A" and node.payload[0] in ("max", "min")]
    if shape is Shape.DIFFERENCE and len(extremes) == 2:
        return _range(nodes, extremes, linker, card, rest)
    columns = [node for node in nodes if node.kind == "C" and node.payload.is_number]
    aggregates = [node for node in nodes if node.kind == "A"]
    names = {node.payload.name for node in columns}
    if len(columns) != 2 or len(names) != 2 or not aggregates:
        return None
    kinds = [node.payload[0] for node in aggregates]
    if len(kinds) == 1:
        kinds *= 2
    if len(kinds) != 2:
        return None
    sides = tuple(
        Side(label=f"{kind} {node.text}", measure=Measure(aggregate=Aggregate(kind), column=node.payload.name))
        for kind, node in zip(kinds, columns, strict=True)
    )
    left = [node for node in nodes if node not in columns and node not in aggregates and node.kind not in "cdv=T>W~"]
    _, where = rest([*left, Node("R", "rows")])
    return QueryIntent(shape=shape, where=where, sides=sides)


def _range(
    nodes: list[Node], extremes: list[Node], linker: Linker, card: TableCard, rest: Rest
) -> QueryIntent | None:
    columns = {node.payload.name for node in nodes if node.kind == "C" and node.payload.is_number}
    for node in extremes:
        if node.kind == "J":
            columns |= set(quantity_columns(linker, node.payload[1]))
    ends = {("desc" if node.payload[0] in ("desc", "max") else "asc") for node in extremes}
    if len(columns) != 1 or len(ends) != 2:
        return None
    name = columns.pop()
    left = [
        node for node in nodes
        if node not in extremes and node.kind not in "cdTW>" and not (node.kind == "C" and node.payload.name == name)
    ]  # fmt: skip
    _, where = rest([*left, Node("R", "rows")])
    high, low = (Measure(aggregate=aggregate, column=name) for aggregate in (Aggregate.MAX, Aggregate.MIN))
    return QueryIntent(
        shape=Shape.DIFFERENCE, where=every(where),
        sides=(Side(label="highest", measure=high), Side(label="lowest", measure=low)),
    )  # fmt: skip
