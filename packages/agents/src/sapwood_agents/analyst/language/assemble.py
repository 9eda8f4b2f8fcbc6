"""Makes a `QueryIntent` of the nodes of one path: the shape is decided by the words that no rule took.

Every node has to be used. What no slot takes is reported as unplaced, and the question is not answered.
"""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import QueryIntent
from sapwood_agents.analyst.language.cleaning import cleaned
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import Draft, draft
from sapwood_agents.analyst.language.shapes.having import having
from sapwood_agents.analyst.language.shapes.listing import listing, picks_row
from sapwood_agents.analyst.language.shapes.measures import averaged, totalled
from sapwood_agents.analyst.language.shapes.numbers import correlation, measured
from sapwood_agents.analyst.language.shapes.ranking import superlative
from sapwood_agents.analyst.language.shapes.share import share
from sapwood_agents.analyst.language.shapes.sides import comparison
from sapwood_agents.analyst.language.shapes.sorting import in_order, without_order
from sapwood_agents.analyst.language.tokens import name_words, tokenize
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_agents.analyst.language.weighting import weighted
from sapwood_agents.analyst.language.yearly import per_year

Readings = list[tuple[float, QueryIntent]]


def read(nodes: list[Node], scope: Scope) -> Readings:
    """All intents that use every node, each with its doubt; raises `Unplaced` when there is none."""
    nodes, end = without_order(cleaned(nodes, scope))
    compared = comparison(nodes, scope) if end is None else None
    readings = [(0.0, compared)] if compared is not None else shaped(draft(nodes, scope), scope)
    if end is not None:
        readings = [(doubt, in_order(intent, end, scope)) for doubt, intent in readings]
    return [(doubt, per_year(weighted(intent, nodes, scope), nodes, scope)) for doubt, intent in readings]


def _whole(found: Draft, scope: Scope) -> bool:
    """`the total amount in 2023`, where a column is called so and no single row is meant."""
    node = found.bare[-1]
    if not totalled(node) or not scope.adds_up(node.payload) or picks_row(found.where, scope):
        return False
    rest = scope.linker.columns(tokenize(" ".join(name_words(node.text)[1:])))
    return all(name == node.payload.name for name, _ in rest)  # of several amounts one may be meant


def shaped(found: Draft, scope: Scope) -> Readings:
    """The intents of a draft."""
    text = letters([node for node in found.rest if node.kind != "x"])
    if re.search(r"CC", letters(found.rest)) and "X" not in text:
        raise Unplaced(
            tuple(node.text for node in found.rest if node.kind == "C"), "two columns side by side"
        )
    kinds = letters(found.bare)
    if "X" in kinds:
        return [(0.0, correlation(found))]
    if "z" in kinds:
        intent = having(found.bare, found.groups, scope)
        return [(0.0, intent.changed(where=found.where))]
    if re.search(r"[SJZ]", kinds):
        return superlative(found, scope)
    if "%" in kinds:
        return [(0.0, share(found))]
    if kinds in ("C", "WC") and (averaged(found.bare[-1]) or _whole(found, scope)):
        return [(0.0, measured(found, scope))]
    if not found.groups and (re.fullmatch(r"[WL]*F?C", kinds) or not re.search(r"[KAmFh]", kinds)):
        return [(0.0, listing(found, scope))]
    return [(0.0, measured(found, scope))]
