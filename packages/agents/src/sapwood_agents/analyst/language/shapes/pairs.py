"""The two (or more) things that a comparison holds against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    Comparison,
    Condition,
    Membership,
    Operator,
    Scalar,
    Side,
)
from sapwood_agents.analyst.language.conditions import flag_condition
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_storage.tabular.model import ColumnType


@dataclass(frozen=True, slots=True)
class Pair:
    """The sides, the places of the nodes that name them, and whether each side is one row."""

    sides: tuple[Side, ...]
    used: frozenset[int]
    rows: bool = False
    repeated: bool = False  # "for men and for women": both are wanted without a word for comparing


def find_pair(nodes: list[Node], scope: Scope) -> Pair | None:
    """Values of one column, two dates, or the halves of a yes/no column."""
    return _values(nodes, scope) or _dates(nodes, scope) or _halves(nodes) or _numbers(nodes)


def _values(nodes: list[Node], scope: Scope) -> Pair | None:
    values = [(i, node) for i, node in enumerate(nodes) if node.kind == "V"]
    for name in dict.fromkeys(node.payload[0].name for _, node in values):
        chosen = [(i, node) for i, node in values if node.payload[0].name == name]
        at = [i for i, _ in chosen]
        if len(chosen) < 2 or len({node.payload[1] for _, node in chosen}) < len(chosen):
            continue
        between = letters(nodes)[min(at) : max(at)]
        if set(between) & set("WSJZ#!N") or any(nodes[i - 1].kind == "!" for i in at if i):
            continue
        sides = tuple(
            Side(label=str(node.payload[1][0]), where=Membership(column=name, values=node.payload[1]))
            for _, node in chosen
        )
        used = frozenset(at) | {
            i for i, node in enumerate(nodes) if node.kind == "C" and node.payload.name == name
        }
        repeated = all(
            letters(nodes)[first:second] in ("V&P", "V,P", "V&f")
            and nodes[first - 1].text == nodes[second - 1].text
            for first, second in pairwise(at)
        )
        return Pair(sides, used, rows=scope.labels.names_rows(scope.card.by_name[name]), repeated=repeated)
    return None


def _dates(nodes: list[Node], scope: Scope) -> Pair | None:
    dates = [(i, node) for i, node in enumerate(nodes) if node.kind == "D"]
    if len(dates) != 2:
        return None
    conditions = [scope.periods.during([node.payload], None, negated=False) for _, node in dates]
    if not all(conditions):
        return None
    sides = tuple(
        Side(label=_called(c, node), where=c) for (_, node), c in zip(dates, conditions, strict=True)
    )
    single = all(
        isinstance(c, Comparison) and scope.card.is_unique(scope.card.by_name[c.column]) for c in conditions
    )
    return Pair(sides, frozenset(i for i, _ in dates), rows=single)


def _called(condition: Condition | None, node: Node) -> Scalar:
    """The number by which the table knows the time: 5 for May where the months are numbers."""
    value = condition.value if isinstance(condition, Comparison) else None
    return node.text if value is None else value


def _numbers(nodes: list[Node]) -> Pair | None:
    """`grade 10 and grade 7`, `season 12 versus 1`."""
    text = letters(nodes)
    found = [
        (match.start(), match.end() - 1)
        for match in re.finditer(r"C[IO]?N(?![UYN])", text)
        if nodes[match.start()].payload.type is ColumnType.INTEGER
    ]
    if found and (after := re.match(r"[&v>|T]P?N(?![UYNC])", text[found[0][1] + 1 :])) and len(found) == 1:
        found.append((found[0][0], found[0][1] + after.end()))
    columns = {nodes[column].payload.name for column, _ in found}
    if len(found) != 2 or len(columns) != 1 or set(text) & set("SJZ#MY!"):
        return None
    column: ColumnCard = nodes[found[0][0]].payload
    numbers = [nodes[at].payload.number for _, at in found]
    low, high = column.low, column.high
    if (
        not isinstance(low, int)
        or not isinstance(high, int)
        or not all(low <= number <= high for number in numbers)
    ):
        return None
    sides = tuple(
        Side(label=int(n), where=Comparison(column=column.name, operator=Operator.EQUAL, value=int(n)))
        for n in numbers
    )
    return Pair(sides, frozenset(at for pair in found for at in pair))


def _halves(nodes: list[Node]) -> Pair | None:
    """`smokers and non-smokers`."""
    flags = [(i, node) for i, node in enumerate(nodes) if node.kind == "C" and node.payload.is_flag]
    if len(flags) != 2 or flags[0][1].payload is not flags[1][1].payload:
        return None
    column: ColumnCard = flags[0][1].payload
    used: set[int] = set()
    sides: list[Side] = []
    for i, _ in flags:
        negated = i > 0 and nodes[i - 1].kind == "!"
        used |= {i, i - 1} if negated else {i}
        sides.append(
            Side(label=_half(column, negated=negated), where=flag_condition(column, negated=negated))
        )
    return Pair(tuple(sides), frozenset(used)) if sides[0].where != sides[1].where else None


def _half(column: ColumnCard, *, negated: bool) -> str | int | bool:
    """The value that stands for a half, as the table spells it."""
    if not negated:
        return column.yes
    if isinstance(column.yes, str):
        return next((str(value) for value in column.values if value != column.yes), "no")
    return type(column.yes)(0)
