"""Conditions on values that are missing or known, and on yes/no columns."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    Comparison,
    Either,
    Membership,
    Missing,
    Operator,
)
from sapwood_agents.analyst.language.conditions.build import (
    all_of,
    condition_node,
    flag_condition,
)
from sapwood_agents.analyst.language.nodes import Node, Rule, letters
from sapwood_agents.analyst.language.scope import Scope

_NONE_OF = frozenset({"no", "without", "without any", "not have"})


def rules(_: Scope) -> list[Rule]:
    """In the order in which they apply."""
    return [
        (r"H?0[OPH]*C([&|,]+C)*k?", _missing),
        (r"H!C|!HC", _without),
        (r"!I?C(?=$|[xO&?fPIHBE,])", _without),
        (r"CI?!0|!0[OP]*C", _known),
        (r"CI?k|H?kC", _known),
        (r"C([&,]C)*[IH]?P?0(?![OPH]*C)", _missing),
    ]


def late_rules(_: Scope) -> list[Rule]:
    """What is left over once numbers and values have been placed."""
    return [
        (r"HC&C(?=$|[x,PIOgEBut])", _having_both),
        (r"HC(?=$|[x&,PIOg|EBut])", _having),
        (r"(?<=[OPIHf])C(?=$|[x&,PIOg|EBut])", _is_so),
        (r"(?<=R)C(?=$|[xI])|C(?=R)", _is_so),
    ]


def _missing(nodes: list[Node]) -> list[Node] | None:
    columns: list[ColumnCard] = [node.payload for node in nodes if node.kind == "C"]
    word = next(node.text.casefold() for node in nodes if node.kind == "0")
    if word == "no" and nodes[0].kind == "C":  # "smoker no": a value, where the column has such a one
        plain = len(columns) == 1 and columns[0].is_flag
        return condition_node(flag_condition(columns[0], negated=True), nodes) if plain else None
    if word in _NONE_OF and (nodes[0].kind in "H0"):
        if any(column.is_flag for column in columns):
            return (
                condition_node(flag_condition(columns[0], negated=True), nodes) if len(columns) == 1 else None
            )
        valued = any(node.text.casefold().endswith(("value", "values")) for node in nodes if node.kind == "C")
        if not valued and any(column.is_number and column.low == 0 for column in columns):
            return _none(columns, nodes)
    spelled = {word, "unknown" if word.startswith("not ") else word}
    listed = [v for v in columns[0].values if str(v).casefold() in spelled] if columns[0].enumerated else []
    if listed and len(columns) == 1:  # the table says `Unknown` itself
        if columns[0].nulls:
            return None
        return condition_node(Membership(column=columns[0].name, values=tuple(str(v) for v in listed)), nodes)
    found = [Missing(column=column.name) for column in columns]
    either = Either(conditions=tuple(found)) if "|" in letters(nodes) else all_of(*found)
    return condition_node(either, nodes)


def _none(columns: list[ColumnCard], nodes: list[Node]) -> list[Node] | None:
    """`no defects`: nought, where the column counts and nothing is missing."""
    if len(columns) != 1 or columns[0].nulls:
        return None
    return condition_node(Comparison(column=columns[0].name, operator=Operator.EQUAL, value=0), nodes)


def _without(nodes: list[Node]) -> list[Node] | None:
    column: ColumnCard = nodes[-1].payload
    if column.is_flag:
        return condition_node(flag_condition(column, negated=True), nodes)
    return (
        condition_node(Missing(column=column.name), nodes) if "H" in letters(nodes) and column.nulls else None
    )


def _known(nodes: list[Node]) -> list[Node] | None:
    column: ColumnCard = next(node.payload for node in nodes if node.kind == "C")
    words = {node.text.casefold() for node in nodes if node.kind == "0"}
    listed = tuple(str(v) for v in column.values if str(v).casefold() in words) if column.enumerated else ()
    if listed and column.nulls:
        return None  # the table says `unknown`, and says nothing too
    if listed:
        return condition_node(Membership(column=column.name, values=listed, negated=True), nodes)
    return condition_node(Missing(column=column.name, negated=True), nodes)


def _having(nodes: list[Node]) -> list[Node] | None:
    """`with an e-mail address`: the rows that have one."""
    column: ColumnCard = nodes[-1].payload
    if column.is_flag:
        return condition_node(flag_condition(column, negated=False), nodes)
    if column.nulls:
        return condition_node(Missing(column=column.name, negated=True), nodes)
    if column.is_number and column.low == 0:
        return condition_node(Comparison(column=column.name, operator=Operator.MORE, value=0), nodes)
    return None


def _having_both(nodes: list[Node]) -> list[Node] | None:
    """`with a phone and an e-mail address`: the rows that have both."""
    first, second = _having(nodes[:2]), _having([nodes[0], nodes[3]])
    return condition_node(all_of(first[0].payload, second[0].payload), nodes) if first and second else None


def _is_so(nodes: list[Node]) -> list[Node] | None:
    column: ColumnCard = nodes[-1].payload
    return condition_node(flag_condition(column, negated=False), nodes) if column.is_flag else None
