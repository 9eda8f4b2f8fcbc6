"""Conditions that name values of a column: `from Ohio`, `the origin is not JFK or LGA`."""

from __future__ import annotations

import re
from typing import Any

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Condition, Either, Membership, TextMatch
from sapwood_agents.analyst.language.conditions.build import all_of, condition_node
from sapwood_agents.analyst.language.nodes import Node, Rule, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import tokenize
from sapwood_agents.analyst.language.unplaced import Unplaced


def rules(scope: Scope) -> list[Rule]:
    """In the order in which they apply."""

    def members(nodes: list[Node]) -> list[Node] | None:
        return _members(nodes, scope)

    return [
        (r"(?<![BE])C[IM]*!?[IM]*V(?=[&,|]+C[IM]*!?[IM]*V)", members),  # "region is A and product is B"
        (r"(?<![BE])C[IPOHM]*!?[IPOf]*V([,&|]+(C?[IPOf]*!?P?)V)*([PO]?C)?", members),
        (r"![IPOfHB>]*V([,&|]+P?V)*([PO]?C)?", members),
        (r"[IH]?M?[B>P]?V([,&|]+[PfO>]?V)*([PO]?C)?", members),
    ]


def _members(nodes: list[Node], scope: Scope) -> list[Node] | None:
    values: list[Node] = [node for node in nodes if node.kind == "V"]
    if len(values) == 1 and any(node.kind == "!" and node.text.casefold() == "neither" for node in nodes):
        raise Unplaced((values[0].text,), "one side of it only")
    column: ColumnCard = values[0].payload[0]
    signs = {node.payload[0] for node in nodes if node.kind == "M"}
    if signs - {"=", "!="}:
        return None
    if any(node.payload[0] is not column for node in values):
        return _mixed(nodes, values, scope)
    tail = next((i for i in range(len(nodes), 0, -1) if nodes[i - 1].kind == "V"), len(nodes))
    if nodes[-1].kind == "C" and nodes[-1].payload is not column:
        rest = _members(nodes[:tail], scope)
        return rest and [*rest, *nodes[tail:]]
    if nodes[0].kind == "C" and nodes[0].payload is not column:
        start = next(i for i, node in enumerate(nodes) if i and node.kind != "C" and node.kind != "O")
        rest = _members(nodes[start:], scope)
        return rest and [*nodes[:start], *rest]
    if any(node.payload is not column for node in nodes if node.kind == "C"):
        return None
    listed = any(
        scope.linker.is_listed_with_others(column.name, value) for node in values for value in node.payload[1]
    )
    text = letters(nodes)
    if listed and not signs:
        if len(values) == 1 and len(values[0].payload[1]) == 1 and is_plural(column):
            entry = TextMatch(
                column=column.name, how="lists", text=str(values[0].payload[1][0]), negated="!" in text
            )
            return None if _also_in_phrases(entry, column) else condition_node(entry, nodes)
        return None  # one entry of a list, or that entry alone: the table does not say
    if len(values) > 1 and (text.count("P") > 1 or "&P" in text):
        return None  # "for men and for women": each of them, not both together
    spelled = tuple(dict.fromkeys(value for node in values for value in node.payload[1]))
    if {True, False} <= set(spelled):
        return None  # yes and no are all there is
    negated = ("!" in text) != ("!=" in signs)
    return condition_node(Membership(column=column.name, values=spelled, negated=negated), nodes)


def is_plural(column: ColumnCard) -> bool:
    """Whether the name says that a row may have several: `tags`, `spoken_languages`."""
    last = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", column.name)[-1:]
    return bool(last) and last[0].casefold() != lemma(last[0].casefold())


def _also_in_phrases(entry: TextMatch, column: ColumnCard) -> bool:
    """Whether the entry also stands in longer ones: `oak` beside `oak veneer`."""
    alone, anywhere = (
        re.compile(pattern.format(re.escape(entry.text)), re.IGNORECASE)
        for pattern in (r"(?:^|[,;|/])\s*{}\s*(?:$|[,;|/])", r"\b{}\b")
    )
    return any(anywhere.search(str(value)) and not alone.search(str(value)) for value in column.values)


def _may_be_of_one(values: list[Node], scope: Scope) -> bool:
    """Whether one column has them all, so that another choice says what was meant."""
    columns = [{link.column for link in scope.linker.values(tokenize(node.text))} for node in values]
    return bool(set.intersection(*columns))


def _mixed(nodes: list[Node], values: list[Node], scope: Scope) -> list[Node] | None:
    """Values of several columns in a row: a condition each, joined as the words say."""
    text = letters(nodes)
    if "!" in text or "C" in text or _may_be_of_one(values, scope):
        return None
    grouped: dict[str, list[Any]] = {}
    for node in values:
        grouped.setdefault(node.payload[0].name, []).extend(node.payload[1])
    found: list[Condition] = [Membership(column=name, values=tuple(kept)) for name, kept in grouped.items()]
    if "|" in text:
        return condition_node(Either(conditions=tuple(found)), nodes) if len(values) == len(found) else None
    return condition_node(all_of(*found), nodes)
