"""What a word that only touches on columns stands for: `launched` on `launch_year`, `wing` on `wing_span`."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.kinds import is_person
from sapwood_agents.analyst.language.scope import Scope, names
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType


def resolved(nodes: list[Node], index: int, scope: Scope) -> list[Node]:
    """What a word that only touches on columns (`launched` on `launch_year`) stands for where it is."""
    node = nodes[index]
    if node.kind != "p":
        return [node]
    columns: tuple[ColumnCard, ...] = node.payload
    after, before = letters(nodes[index + 1 :]), letters(nodes[:index])
    if re.match(r"[IHyPOf]*[bM~f>]*D", after):
        times = [column for column in columns if scope.calendar.is_temporal(column)]
        if times or not re.search(r"A[OP]*$", before):
            return [_as_column(node, times)]  # else "the total tax in 2021"
    if re.search(r"[Gu][OPIR]*$", before) and (times := [c for c in columns if c.is_time]):
        return [_as_column(node, times)]
    numbered = re.match(r"N(?![UYC])", after) or (
        re.fullmatch(r"[^SJZ#]*[BE]", before) and re.match(r"$|[,POf]", after)
    )
    if len(columns) == 1 and numbered:
        return [_as_column(node, list(columns))]  # "in room 3", "per room"
    for offset in _near_values(after, before):
        if nodes[index + offset].payload[0] in columns:
            return []
    texts = [
        c
        for c in columns
        if c.type is ColumnType.TEXT and name_words(c.name)[-1].endswith(("or", "er", "ist"))
    ]
    if re.search(r"W$", before) and re.match(r"R?V", after) and len(texts) == 1:
        return [_as_column(node, texts)]
    if (
        re.match(r"[IHyP]*!?(M|a|~|S|NY|NU|fN)", after)
        or re.search(r"[SA]$|[SA#].*B[VO]*$|A[VOP]+$", before)
        or re.match(r"P?A", after)
    ):
        numbers = [column for column in columns if column.is_number]
        return [_as_column(node, numbers)]
    counted = re.search(r"K[OP]*$", before) or (
        not before and re.match(r"[EB]G|u$", after) and lemma(node.text.casefold()) != node.text.casefold()
    )  # "arrivals per month"
    if counted and len(columns) == 1 and columns[0].is_time and not columns[0].nulls:
        return [Node("R", node.text, node.text.casefold(), start=node.start)]  # "the number of hires"
    if any(other.kind == "J" and "date" in other.payload[1] for other in nodes):
        return [_as_column(node, [column for column in columns if scope.calendar.is_temporal(column)])]
    if any(other.kind == "J" for other in nodes) and set(_meant_by_superlatives(nodes, scope)) & set(
        names(list(columns))
    ):
        return [node]
    if re.match(r"[IHyP]*!?[0k]", after) or re.search(r"H?0[OP]*$", before):
        return [_as_column(node, list(columns))]
    if "X" in letters(nodes):
        return [_as_column(node, [column for column in columns if column.is_number])]
    if _is_whose(node, columns, before, after):
        return []
    if before.endswith("P") and any(other.kind == "C" and other.payload in columns for other in nodes):
        return []
    flags = [column for column in columns if column.is_flag]
    if _is_participle(node.text) and len(flags) == 1:
        return [_as_column(node, flags)]
    if _is_participle(node.text) and re.search(r"[IRy]$", before) and all(
        (not column.is_number or scope.calendar.is_temporal(column)) and column.nulls * 100 <= scope.card.rows
        for column in columns
    ):  # fmt: skip
        return []
    if len(columns) == 1 and columns[0].is_time and set("wGDu") & set(letters(nodes)):
        return [_as_column(node, [columns[0]])] if "w" in letters(nodes) else []  # "when did she arrive"
    raise Unplaced((node.text,))


def says_kind(value: Node, column: Node) -> bool:
    """`a steam engine`, where the value is one of `engine_type` and another column counts engines."""
    said = {lemma(word) for word in column.text.casefold().split()}
    first, *rest = name_words(value.payload[0].name)
    other = column.payload is not value.payload[0] and name_words(column.payload.name) != (first,)
    return other and said == {first} and rest in (["type"], ["kind"])


def _meant_by_superlatives(nodes: list[Node], scope: Scope) -> list[str]:
    return [c.name for node in nodes if node.kind == "J" for c in scope.quantities(node.payload[1])]


def _is_whose(node: Node, columns: tuple[ColumnCard, ...], before: str, after: str) -> bool:
    """`the average customer's age`: what every row has one of, and columns describe."""
    described = all(name_words(c.name)[0] == name_words(node.text)[0] and not c.nulls for c in columns)
    if not described:
        return False
    if after[:1] == "R":
        return True
    return is_person(name_words(node.text)[0]) and bool(before) and not re.search(r"[KWFEBS#Z][OP]*$", before)


def _as_column(node: Node, columns: list[ColumnCard]) -> Node:
    plain = [column for column in columns if len(name_words(column.name)) == 1]
    columns = plain if len(plain) == 1 else columns  # `sealed` is the `seal` before the `last_seal`
    if len(columns) != 1:
        raise Unplaced((node.text,))
    return Node("C", node.text, columns[0], start=node.start, inside=node.inside)


def _near_values(after: str, before: str) -> list[int]:
    found: list[int] = []
    if match := re.match(r"[IHyPOfB]*V", after):
        found.append(match.end())
    if match := re.search(r"V[IHyPOf,]*$", before):
        found.append(match.start() - len(before))
    return found


def _is_participle(word: str) -> bool:
    return word.casefold().endswith(("ed", "ing", "en"))
