"""Conditions on time: in, between, before, since."""

from __future__ import annotations

from dataclasses import replace

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Condition
from sapwood_agents.analyst.language.conditions.build import condition_node
from sapwood_agents.analyst.language.nodes import Node, Rule, letters
from sapwood_agents.analyst.language.scope import Scope

_OF_AMOUNTS = frozenset(
    {
        "more than",
        "greater than",
        "higher than",
        "above",
        "larger than",
        "bigger than",
        "exceeding",
        "less than",
    }
    | {"fewer than", "lower than", "below", "under", "smaller than", "at least", "at most", "no more than"}
)
"""Words that compare amounts and no years, unless a column of time is named before them."""


def rules(scope: Scope) -> list[Rule]:
    """In the order in which they apply."""
    calendar, periods = scope.calendar, scope.periods

    def made(condition: Condition | None, nodes: list[Node]) -> list[Node] | None:
        return condition and condition_node(condition, nodes)

    def column(nodes: list[Node]) -> tuple[bool, ColumnCard | None]:
        """Whether a column that cannot hold time stands first, and the column."""
        first = nodes[0].payload if nodes[0].kind == "C" else None
        return first is not None and not calendar.is_temporal(first), first

    def span(nodes: list[Node]) -> list[Node] | None:
        wrong, named = column(nodes)
        first, last = (node.payload for node in nodes if node.kind == "D")
        return None if wrong else made(periods.span(first, last, named), nodes)

    def until(nodes: list[Node]) -> list[Node] | None:
        """`from June until August`: both ends of one span."""
        return span(nodes) if next(n for n in nodes if n.kind == "b").payload[0] == "<=" else None

    def days(nodes: list[Node]) -> list[Node] | None:
        """`from 10 to 15 November`."""
        first, last = next(n for n in nodes if n.kind == "N").payload.whole, nodes[-1].payload
        if last.day is None or first is None or not 1 <= first <= 31:
            return None
        wrong, named = column(nodes)
        return None if wrong else made(periods.span(replace(last, day=first), last, named), nodes)

    def against(nodes: list[Node]) -> list[Node] | None:
        wrong, named = column(nodes)
        if wrong:
            return None
        if named is None and any(n.kind == "M" and n.text.casefold() in _OF_AMOUNTS for n in nodes):
            return None  # "above 2000"
        operator = next(node.payload[0] for node in nodes if node.kind in "bMY")
        when = next(node.payload for node in nodes if node.kind == "D")
        return made(periods.compare(operator, when, named), nodes)

    def during(nodes: list[Node]) -> list[Node] | None:
        wrong, named = column(nodes)
        if wrong:
            return None
        whens = [node.payload for node in nodes if node.kind == "D"]
        return made(periods.during(whens, named, negated="!" in letters(nodes)), nodes)

    named = "(?:(?<![BE])C[IPOf]*)?"  # the column, unless it is what is grouped by
    return [
        (rf"{named}I?(?:~D[&>]|[fP]D>)D", span),
        (rf"{named}fDbD", until),
        (rf"{named}[~f]N[&>]D", days),
        (rf"{named}D>D", span),
        (rf"{named}f?DY", against),
        (rf"{named}bD", against),
        (rf"{named}MD(?!R)", against),
        (rf"{named}I?!?[POfI]*D([,&|]+P?D)+", during),
        (rf"(?<!W){named}M?I?!?[POfI]*D", during),
    ]
