"""`the average yield per year of one orchard`: one number, where each of its years is one row."""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import Aggregate, QueryIntent, Shape
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import pinned

_MEANS = (Aggregate.MEAN, Aggregate.MEDIAN)


def per_year(intent: QueryIntent, nodes: list[Node], scope: Scope) -> QueryIntent:
    """The intent without its group of years, where `per` says that they are averaged over."""
    if intent.shape is not Shape.GROUPS or len(intent.groups) != 1 or not _says_per(nodes):
        return intent
    group = intent.groups[0]
    column = scope.card.by_name[group.column]
    averaged = all(measure.aggregate in _MEANS for measure in intent.measures)
    if group.bucket or group.cycle or not averaged or not scope.calendar.is_temporal(column):
        return intent
    once = told_apart(scope.card, {column.name, *pinned(intent.where)})
    return intent.changed(groups=(), shape=Shape.NUMBER) if once else intent


def _says_per(nodes: list[Node]) -> bool:
    found = re.search(r"A.*(E)[OP]?[CG]", letters(nodes))
    return found is not None and nodes[found.start(1)].text.casefold() == "per"
