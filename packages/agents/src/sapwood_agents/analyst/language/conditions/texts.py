"""Conditions on text: starts with, ends with, contains."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Either, TextMatch
from sapwood_agents.analyst.language.conditions.build import condition_node
from sapwood_agents.analyst.language.nodes import Node, Rule, letters
from sapwood_agents.analyst.language.scope import Scope

_SPELLS = re.compile(r"(?i)\b(?:word|letter|text|string|name|title|start|begin|end|finish)")
"""What follows is text even where it is also the name of something."""


def rules(scope: Scope) -> list[Rule]:
    """In the order in which they apply."""

    def match(nodes: list[Node]) -> list[Node] | None:
        column: ColumnCard = nodes[0].payload
        how = next(node for node in nodes if node.kind == "q")
        if nodes[-1].kind in "RC" and not _SPELLS.search(how.text):
            return None
        if column.is_number or column.is_time:
            return None
        return _matching(column, nodes)

    def kept(nodes: list[Node]) -> list[Node] | None:
        """`which names start with A`: the column is asked for and held against the text."""
        found = match(nodes)
        return found and [nodes[0], *found]

    def counted(nodes: list[Node]) -> list[Node] | None:
        """`how many makers start with A`, each of them in many rows: so many makers, not rows."""
        column: ColumnCard = nodes[0].payload
        alike = column.distinct * 2 < scope.card.rows - column.nulls
        return kept(nodes) if alike else match(nodes)

    def named(nodes: list[Node]) -> list[Node] | None:
        """`makers whose name starts with A`: the name of a maker is the maker."""
        column: ColumnCard = nodes[1].payload
        return (
            [nodes[0], *nodes[2:]]
            if nodes[0].payload.type.value == "text" and column.name.casefold() == "name"
            else None
        )

    def labelled(nodes: list[Node]) -> list[Node] | None:
        """`rows that contain …`: what names a row is meant, where one column does."""
        label = scope.labels.name
        how = next(node for node in nodes if node.kind == "q")
        if not _SPELLS.search(how.text) and nodes[-1].score < 1:
            return None
        return None if label is None else [nodes[0], *_matching(label, nodes[1:])]

    def in_its_name(nodes: list[Node]) -> list[Node] | None:
        """`how many lids have blue in their name`: in what names them."""
        column = nodes[0].payload if nodes[0].kind == "C" else scope.labels.name
        if nodes[-1].text.casefold() not in ("name", "names") or column is None:
            return None
        found = _within([*nodes[1:-1], Node("C", nodes[-1].text, column, start=nodes[-1].start)])
        return found and [nodes[0], *found]

    return [
        (r"[CR]HQPL", in_its_name),
        (r"CCq", named),
        (r"(?<=[WFL])C[IHP]*!?[IHP]*q[QVCRN](?:\|[QV])*", kept),
        (r"(?<=K)C[IHP]*!?[IHP]*q[QVCRN](?:\|[QV])*", counted),
        (r"^C[IHP]*!?[IHP]*q[QVCRN](?:\|[QV])*(?!.*K)", kept),
        (r"C[IHP]*!?[IHP]*q[QVCRN](?:\|[QV])*", match),
        (r"HQ[P]C|q?Q[IPH]*C(?=$|[,x])", _within),
        (r"R[IHP]*q[QV]", labelled),
    ]


def _matching(column: ColumnCard, nodes: list[Node]) -> list[Node]:
    how = next(node.payload[0] for node in nodes if node.kind == "q")
    at = next(index for index, node in enumerate(nodes) if node.kind == "q")
    negated = "!" in letters(nodes)
    found = [
        TextMatch(column=column.name, how=how, text=_text(node), negated=negated)
        for node in nodes[at + 1 :]
        if node.kind != "|"
    ]
    if len(found) == 1:
        return condition_node(found[0], nodes)
    return [] if negated else condition_node(Either(conditions=tuple(found)), nodes)


def _within(nodes: list[Node]) -> list[Node] | None:
    """`have "love" in the title`."""
    column: ColumnCard = nodes[-1].payload
    if column.is_number or column.is_time:
        return None
    text = next(node for node in nodes if node.kind == "Q")
    return condition_node(TextMatch(column=column.name, how="contains", text=_text(text)), nodes)


def _text(node: Node) -> str:
    text = node.payload if node.kind == "Q" else node.text
    return str(text).strip("'\"")
