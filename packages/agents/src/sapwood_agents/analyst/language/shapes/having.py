"""Groups over a threshold: `makers with more than 100 cars`, `kinds whose mean length is above 190`."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    Aggregate,
    Group,
    Having,
    Measure,
    Operator,
    QueryIntent,
    Shape,
)
from sapwood_agents.analyst.language.grouping import key_of
from sapwood_agents.analyst.language.nodes import Node, Rule, words
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_NUMBER = r"(MT?NU?|NU?Y|(?<=H)N(?=R)|(?<=F)N(?=R))"


def having_rules(scope: Scope) -> list[Rule]:
    """Before conditions, which would take the comparison for one of rows."""

    def of_measure(nodes: list[Node]) -> list[Node] | None:
        column: ColumnCard = next(node for node in nodes if node.kind == "C").payload
        first = next(node for node in nodes if node.kind == "A")
        if not column.is_number or scope.labels.is_identifier(column):
            return None
        measure = Measure(aggregate=Aggregate(first.payload[0]), column=column.name)
        others = [node for node in nodes if node.kind in "aA" and node is not first]
        if not others:
            return _node(nodes, measure, _number(nodes))
        sign = next(node.payload[0] for node in nodes if node.kind in "Ma")
        overall = others[-1].payload[0] if others[-1].kind == "A" else others[-1].payload[-1]
        if measure.aggregate is not Aggregate.MEAN or overall not in ("mean", "median"):
            return None
        aggregate = Aggregate.MEAN if overall == "mean" else Aggregate.MEDIAN
        return _node(nodes, measure, Having(operator=Operator(sign), aggregate=aggregate))

    def often(nodes: list[Node]) -> list[Node]:
        """`which names occur more than once`."""
        sign, number = nodes[-1].payload
        return _node(nodes, _COUNT, Having(operator=Operator(sign), value=float(number)))

    def times_or_more(nodes: list[Node]) -> list[Node] | None:
        """`which names come back 5 times or more`."""
        times = next(node for node in nodes if node.kind == "R").text.casefold() == "times"
        return _node(nodes, _COUNT, _number(nodes)) if times else None

    def of_distinct(nodes: list[Node]) -> list[Node] | None:
        """`regions with more than 10 countries`: so many different ones."""
        column: ColumnCard = nodes[-1].payload
        if column.type is not ColumnType.TEXT or column.is_flag or column.nulls:
            return None
        measure = (
            _COUNT
            if scope.card.is_unique(column)
            else Measure(aggregate=Aggregate.DISTINCT, column=column.name)
        )
        return _node(nodes, measure, _number(nodes))

    def of_some(nodes: list[Node]) -> list[Node] | None:
        """`more than 500 red cars in total`: the condition stands for itself."""
        found = of_measure([node for node in nodes if node.kind != "V"])
        return found and [*(node for node in nodes if node.kind == "V"), *found]

    return [
        (r"MT?NU?VCA(?=$|[,x])", of_some),
        (r"(?<=C)[PIH]+(MT?N|NY)C(?=$|[,xPO])", of_distinct),
        (r"(?<=[WLCG])[PIHe]*(MT?N|NY|NRY)R", lambda nodes: _node(nodes, _COUNT, _number(nodes))),
        (r"(?<=[CG])HKR?[IH]*(MT?N|NY)", lambda nodes: _node(nodes, _COUNT, _number(nodes))),
        (r"(?<=C)[PIHB]+(NR)(?=$|,)", lambda nodes: _node(nodes, _COUNT, _number(nodes))),
        (r"(?<=C)[PIHe]*NRY(?=$|,)", times_or_more),
        (r"(?<=C)[IHR]*o", often),
        (r"A[OP]?C[IHP]*(MT?A[OP]?[RC]*|a[OP]?[RC]*)", of_measure),
        (r"A[OP]?C[IHPO]*(MT?NU?|NU?Y)", of_measure),
        (r"MT?NU?[OPI]*A[OP]?C(?=$|[,x])", of_measure),
        (r"MT?NU?[OP]?CA(?=$|[,x])|CA(MT?NU?|NU?Y)", of_measure),
    ]


_COUNT = Measure(aggregate=Aggregate.COUNT)


def _number(nodes: list[Node]) -> Having:
    signs = [node.payload[0] for node in nodes if node.kind in "MY"] or ["="]
    number = next(node for node in nodes if node.kind == "N").payload.number
    return Having(operator=Operator(signs[0]), value=number)


def _node(nodes: list[Node], measure: Measure, having: Having) -> list[Node]:
    return [Node("z", words(nodes), (measure, having), start=nodes[0].start)]


def having(bare: list[Node], groups: list[Group], scope: Scope) -> QueryIntent:
    """The groups whose measure passes, or how many they are."""
    passing = [node for node in bare if node.kind == "z"]
    measure, limit = passing[0].payload
    keys = [node for node in bare if node.kind in "CG"]
    others = [node for node in bare if node.kind not in "CGzWLKF"]
    counted = any(node.kind == "K" for node in bare)
    if len(passing) != 1 or len(keys) + len(groups) != 1 or others:
        raise Unplaced(tuple(node.text for node in (*others, *passing[1:])) or (passing[0].text,))
    group = groups[0] if groups else key_of(keys[0], scope)
    if scope.card.by_name[group.column].type is ColumnType.NUMBER:
        raise Unplaced((group.column,))
    return QueryIntent(
        shape=Shape.RANKING, measures=(measure,), groups=(group,), having=limit, count_only=counted,
        descending=limit.operator in (Operator.MORE, Operator.AT_LEAST),
    )  # fmt: skip
