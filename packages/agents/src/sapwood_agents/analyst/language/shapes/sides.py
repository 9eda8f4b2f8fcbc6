"""Questions that hold two things against each other: compare, difference, ratio, how much more … than."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Condition,
    Every,
    Measure,
    Period,
    QueryIntent,
    Shape,
    Side,
)
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.apart import told_in_clauses
from sapwood_agents.analyst.language.shapes.draft import draft, pinned
from sapwood_agents.analyst.language.shapes.measures import COUNT, fits, measures
from sapwood_agents.analyst.language.shapes.pairs import Pair, find_pair
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.unplaced import Unplaced

_HEIGHTS = ("elevation", "altitude", "height")


def comparison(nodes: list[Node], scope: Scope) -> QueryIntent | None:
    """The intent of a comparison, or `None` when the question is none."""
    if {"c", "v"} & set(letters(nodes)):
        nodes = [_as_extreme(node) for node in nodes]
    nodes = _of_height(nodes, scope)
    shape = _shape(nodes)
    pair = find_pair(nodes, scope)
    if shape is None and pair is not None and pair.repeated and re.search("[KA]", letters(nodes)):
        shape = Shape.COMPARISON  # "the number of rows for men and for women"
    if shape is None:
        return None
    if shape is Shape.DIFFERENCE and any(node.kind in "ij" and node.payload[0] == "asc" for node in nodes):
        return None  # "how much less": whether the number should be negative is anyone's guess
    if pair is None:
        return _without_pair(nodes, shape, scope)
    if shape is not Shape.COMPARISON and len(pair.sides) != 2:
        return None
    left, units = _remaining(nodes, pair, shape, scope)
    found, where = _measured(left, pair, scope)
    if not found and shape is Shape.RATIO:
        found = [COUNT]  # "the ratio of cats to dogs"
    if not found or any(not fits(unit, measure, scope) for unit in units for measure in found):
        raise Unplaced(tuple(node.text for node in units) or ("compare",), "compare what")
    if len(found) != 1 and shape is not Shape.COMPARISON:
        return None
    sides = _moved(nodes, pair, scope) if shape is Shape.DIFFERENCE else pair.sides
    if shape is Shape.DIFFERENCE and _told_after_than(nodes, pair):
        sides = sides[::-1]
    return QueryIntent(shape=shape, measures=tuple(found), where=where, sides=sides)


def _of_height(nodes: list[Node], scope: Scope) -> list[Node]:
    """`how much higher is Beacon Hill than Tor Hill`, with nothing else measured: what is high of a hill."""
    if re.search(r"[CjhK]", letters(nodes)) or not re.search(r"m.*i.*T", letters(nodes)):
        return nodes
    heights = scope.quantities(_HEIGHTS)
    return [
        Node("j", node.text, (node.payload[0], _HEIGHTS), start=node.start)
        if node.kind == "i" and node.text.casefold() in ("higher", "lower") and len(heights) == 1
        else node
        for node in nodes
    ]


def _without_pair(nodes: list[Node], shape: Shape, scope: Scope) -> QueryIntent | None:
    """Two measures of the same rows, or the same measure of rows told in clauses."""
    misread: Unplaced | None = None
    try:
        if (intent := _of_measures(nodes, shape, scope)) is not None:
            return intent
    except Unplaced as unplaced:
        misread = unplaced
    with suppress(Unplaced):
        if (intent := told_in_clauses(nodes, shape, scope)) is not None:
            return intent
    if misread is not None:
        raise misread
    return None


def _told_after_than(nodes: list[Node], pair: Pair) -> bool:
    """`how many more points than B has A`: what follows `than` is taken off, though it is said first."""
    than = [index for index, node in enumerate(nodes) if node.kind == "T"]
    values = sorted(index for index in pair.used if nodes[index].kind in "VD")
    return len(than) == 1 and len(values) == 2 and than[0] + 1 == values[0]


def _moved(nodes: list[Node], pair: Pair, scope: Scope) -> tuple[Side, ...]:
    """`how much did it rise from 1990 to 2000`: the later minus the earlier; a fall the other way round."""
    moves = [node for node in nodes if node.kind == "d" and node.payload]
    if not moves:
        return pair.sides
    starts = [_start(side, scope) for side in pair.sides]
    if None in starts:
        raise Unplaced((moves[0].text,), "from when to when")
    return tuple(
        sorted(pair.sides, key=lambda s: _start(s, scope) or "", reverse=moves[0].payload[0] == "rise")
    )


def _start(side: Side, scope: Scope) -> str | None:
    """When the side's time begins, as text that sorts; `None` where it is no time."""
    if isinstance(side.where, Period):
        return side.where.start
    parts = side.where.conditions if isinstance(side.where, Every) else (side.where,)
    numbers: dict[str, int] = {}
    for part in parts:
        if not isinstance(part, Comparison) or not isinstance(part.value, int | float):
            return None
        if not scope.calendar.is_temporal(scope.card.by_name[part.column]):
            return None
        called = [name for name, column in scope.calendar.parts.items() if column.name == part.column]
        numbers[called[0] if called else "year"] = int(part.value)
    return "".join(f"{numbers.get(part, 0):04}" for part in ("year", "quarter", "month", "day", "hour"))


def _as_extreme(node: Node) -> Node:
    """`compare the highest price of A and B`: the maximum of each."""
    if (
        node.kind != "S"
        or node.payload not in (("desc",), ("asc",))
        or node.text.casefold() in ("most", "fewest", "top")
    ):
        return node
    name = Aggregate.MAX if node.payload == ("desc",) else Aggregate.MIN
    return Node("A", node.text, (name.value,), start=node.start, inside=node.inside)


def _shape(nodes: list[Node]) -> Shape | None:
    kinds = letters(nodes)
    if "=" in kinds:
        return Shape.RATIO
    if (
        "d" in kinds
        or re.search(r"[mKU].*[ij].*[Tv]", kinds)
        or re.search(r"^[PB]?[mK]U?[^N]*[VC][^N]*M(?!N)(?=.*[VC])", kinds)
    ):
        return Shape.DIFFERENCE
    if re.search(r"^[PB]?mI?.*V.*M[IPO]*(C[POI]*)?V", kinds):
        return Shape.DIFFERENCE
    if "c" in kinds or "v" in kinds:
        return None if "X" in kinds or re.search(r"[SZ]", kinds) else Shape.COMPARISON
    return None


def _remaining(nodes: list[Node], pair: Pair, shape: Shape, scope: Scope) -> tuple[list[Node], list[Node]]:
    """What is left for the measure and the conditions, and the units that were named."""
    kinds = letters(nodes)
    left: list[Node] = []
    units: list[Node] = []
    has_measure = "C" in kinds or "j" in kinds
    for index, node in enumerate(nodes):
        if (
            index in pair.used
            or node.kind in "cdv=TiW~E"
            or (
                node.kind == "B"
                and (index + 1 in pair.used or kinds[index + 1 : index + 2] in ("A", "K", "F"))
            )
        ):
            continue
        if shape is not Shape.COMPARISON:
            if index == 0 and node.kind in "BP":
                continue
            if node.kind == "K" and has_measure and set("i") & set(kinds) and "A" in kinds:
                continue
            if node.kind == "m" or (
                node.kind == "K" and has_measure and kinds[index + 1 : index + 2] in ("U", "j", "i")
            ):
                continue
            if (
                node.kind == "M"
                and kinds[index + 1 : index + 2] != "N"
                and not re.match(r"[UT]?N", kinds[index + 1 :])
            ):
                continue
        if _dates_side(nodes, index, pair):
            continue
        if node.kind == "U" and has_measure:
            units.append(node)
            continue
        if node.kind == ">" or (node.kind in "&|," and (index - 1 in pair.used or index + 1 in pair.used)):
            continue
        noun = lemma(node.text.casefold())
        if node.kind == "C" and noun in scope.rows.nouns and not node.payload.is_number:
            node = Node("R", node.text, noun, start=node.start)  # "the ratio of oak models to ash models"
        repeated = any(node.kind == other.kind and node.payload == other.payload for other in left)
        if node.kind in "ACRVF" and repeated:
            continue  # "the mean price of A and the mean price of B"
        if node.kind in "jh":
            column = scope.dimension(node)
            if any(other.kind == "C" and other.payload is column for other in (*left, *nodes)):
                continue
            node = Node("C", node.text, column, start=node.start)
        left.append(node)
    return left, units


def _dates_side(nodes: list[Node], index: int, pair: Pair) -> bool:
    """`ended in 2019`, where a side is that year: which date it is of."""
    if nodes[index].kind != "C" or not nodes[index].payload.is_time:
        return False
    after = re.match(r"P*D", letters(nodes[index + 1 :]))
    return after is not None and index + after.end() in pair.used


def _measured(nodes: list[Node], pair: Pair, scope: Scope) -> tuple[list[Measure], Condition | None]:
    """What is measured over which rows; a lone column is its value where a side is one row."""
    found = draft(nodes, scope)
    if found.groups:
        raise Unplaced(("by",), "a comparison has its own groups")
    bare = [node for node in found.rest if node.kind not in "POIHfeLxWm"]
    columns: list[ColumnCard] = [node.payload for node in bare if node.kind == "C"]
    if (
        len(columns) == 1
        and re.fullmatch(r"[KR&,]*C[R&,]*", letters(bare))
        and columns[0].is_number
        and (pair.rows or _one_row_each(pair, found.where, scope))
    ):
        return [Measure(aggregate=Aggregate.VALUE, column=columns[0].name)], found.where
    while bare and bare[0].kind in "&,":
        bare = bare[1:]
    while bare and bare[-1].kind in "&,":
        bare = bare[:-1]
    return (measures(bare, scope) if bare else []), found.where


def _one_row_each(pair: Pair, where: Condition | None, scope: Scope) -> bool:
    """Whether the conditions of all leave one row for each side: a city's value in two years."""
    return all(told_apart(scope.card, pinned(where) | pinned(side.where)) for side in pair.sides)


def _of_measures(nodes: list[Node], shape: Shape, scope: Scope) -> QueryIntent | None:
    """Two measures against each other: `the gap between the highest and the lowest price`."""
    ends = [
        node
        for node in nodes
        if node.kind in "SJ" or (node.kind == "A" and node.payload[0] in ("max", "min"))
    ]
    if shape is Shape.DIFFERENCE and len(ends) == 2:
        return _range(nodes, ends, scope)
    columns = [node for node in nodes if node.kind == "C" and node.payload.is_number]
    aggregates = [node for node in nodes if node.kind == "A"]
    if len(columns) != 2 or columns[0].payload is columns[1].payload:
        return None
    added = shape is Shape.RATIO and all(scope.additive(node.payload) for node in columns)
    if aggregates and any(node.kind == "=" and node.text.casefold() == "for every" for node in nodes):
        return None  # "the mean price for every year"
    held = re.search(r"[d=]|^[KmU]+i", letters(nodes))  # "the gap", "how many more"
    if not aggregates and not added and held is None:
        return None
    free = "cdv=T>W~&,im" if "m" in letters(nodes) else "cdv=T>W~&,"  # "how much higher is …"
    free += "Ki" if held is not None and "d" not in letters(nodes) else ""
    where = _where(
        [n for n in nodes if n not in columns and n not in aggregates and n.kind not in free], scope
    )
    if not aggregates and not added:
        if not told_apart(scope.card, pinned(where)):
            return None
        kinds = [Aggregate.VALUE.value] * 2  # "births minus deaths in 1979"
    else:
        kinds = [node.payload[0] for node in aggregates] or [Aggregate.SUM.value]
    kinds = kinds * 2 if len(kinds) == 1 else kinds
    if len(kinds) != 2:
        return None
    sides = tuple(
        Side(
            label=node.text if kind == Aggregate.VALUE else f"{kind} {node.text}",
            measure=Measure(aggregate=Aggregate(kind), column=node.payload.name),
        )
        for kind, node in zip(kinds, _moving(nodes, columns), strict=True)
    )
    return QueryIntent(shape=shape, where=where, sides=sides)


def _moving(nodes: list[Node], columns: list[Node]) -> list[Node]:
    """`how much did it rise from 1990 to 2000` where each year is a column: as `_moved` does."""
    moves = [node for node in nodes if node.kind == "d" and node.payload]
    if not moves:
        return columns
    years = [re.findall(r"(?<!\d)[12]\d{3}(?!\d)", node.payload.name) for node in columns]
    if any(len(found) != 1 for found in years) or years[0] == years[1]:
        raise Unplaced((moves[0].text,), "from when to when")
    later_last = years[0] < years[1]
    return columns[::-1] if later_last == (moves[0].payload[0] == "rise") else columns


def _range(nodes: list[Node], ends: list[Node], scope: Scope) -> QueryIntent | None:
    columns = {node.payload.name for node in nodes if node.kind == "C" and node.payload.is_number}
    columns |= {scope.dimension(node).name for node in ends if node.kind == "J"}
    if len(columns) != 1 or len({node.payload[0] in ("desc", "max") for node in ends}) != 2:
        return None
    name = columns.pop()
    high, low = (Measure(aggregate=aggregate, column=name) for aggregate in (Aggregate.MAX, Aggregate.MIN))
    if any(not fits(node, high, scope) for node in nodes if node.kind == "U"):
        return None
    left = [
        node for node in nodes
        if node not in ends and node.kind not in "cdTW>&,Um"
        and not (node.kind == "C" and node.payload.name == name)
    ]  # fmt: skip
    sides = (Side(label="highest", measure=high), Side(label="lowest", measure=low))
    return QueryIntent(shape=Shape.DIFFERENCE, where=_where(left, scope), sides=sides)


def _where(nodes: Sequence[Node], scope: Scope) -> Condition | None:
    """The conditions among `nodes`, which hold nothing else."""
    found = draft([*nodes, Node("R", "rows")], scope)
    bare = [node for node in found.bare if node.kind != "m"]
    if found.groups or measures(bare, scope) != [COUNT]:
        raise Unplaced(tuple(node.text for node in bare))
    return found.where
