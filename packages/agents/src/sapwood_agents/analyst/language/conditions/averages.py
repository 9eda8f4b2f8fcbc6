"""Conditions against the average: above the mean, more seats than average, taller than the median."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import AgainstAverage, Aggregate, Operator
from sapwood_agents.analyst.language.conditions.build import condition_node
from sapwood_agents.analyst.language.nodes import Node, Rule, letters, words
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.unplaced import Unplaced


def rules(scope: Scope) -> list[Rule]:
    """In the order in which they apply."""

    def against(nodes: list[Node]) -> list[Node] | None:
        text = letters(nodes)
        columns: list[ColumnCard] = [node.payload for node in nodes if node.kind == "C"]
        if nodes[0].kind == "j":
            try:
                columns.append(scope.dimension(nodes[0]))
            except Unplaced:
                return None
        sign = next(node for node in nodes if node.kind in "jiaM")
        operator = sign.payload[0] if sign.kind in "aM" else ">" if sign.payload[0] == "desc" else "<"
        average = next(node for node in nodes if node.kind in "aA")
        name = average.payload[0] if average.kind == "A" else average.payload[-1]
        if not columns or any(column is not columns[0] for column in columns) or not columns[0].is_number:
            return None
        if name not in ("mean", "median") or "!" in text or operator not in ("<", ">", "<=", ">="):
            return None
        aggregate = Aggregate.MEAN if name == "mean" else Aggregate.MEDIAN
        condition = AgainstAverage(
            column=columns[0].name,
            operator=Operator(operator),
            aggregate=aggregate,
            overall="overall" in words(nodes).casefold(),  # of all rows, whatever is asked of some
        )
        return condition_node(condition, nodes)

    return [
        (r"jT?A[OP]?[CR]?", against),
        (r"iCT[OP]?A[OP]?R?", against),
        (r"(?<!A)(?<!AO)C[IHP]*!?MT?A[OP]?[CR]?", against),
        (r"MT?A[OP]?C", against),
        (r"(?<!A)(?<!AO)C[IHP]*a[OP]?C?R?", against),
        (r"a[OP]?C", against),
    ]
