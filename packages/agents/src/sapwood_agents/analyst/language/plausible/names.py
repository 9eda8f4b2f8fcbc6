"""Whether a column's name, or a word of it, was read as what it says and only once."""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import (
    Aggregate,
    BetweenColumns,
    CalendarPart,
    Comparison,
    Membership,
    Period,
    QueryIntent,
    Shape,
    columns_of,
    parts_of,
)
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.titles import acts
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import bases, lemma
from sapwood_agents.analyst.language.tokens import name_words, tokenize
from sapwood_storage.tabular.model import ColumnType

_LONG = 3
_ITEMS = frozenset("item product article good part piece title book".split())
_ARTICLE_NUMBERS = frozenset("sku barcode upc ean gtin isbn asin".split())
_ALL_TOGETHER = ("total", "totals", "grand total", "subtotal", "gesamt", "summe")
_QUALIFYING = frozenset("full present available certain certified own level specific".split())
_KINDS = 2
_MANY = 500
"""Of so many names one may well be that of a company called Total."""
_FAR = 20
_FEW_WORDS = 3
_SMALL = frozenset("a an the of to in on at for and with".split())
_ADDED = (Aggregate.SUM, Aggregate.COUNT, Aggregate.MEAN, Aggregate.SHARE)


def by_whom(nodes: list[Node]) -> tuple[str, ...]:
    """`calls by members` are those that members made; by a yes/no column they would be grouped."""
    for found in re.finditer(r"yB[CG]", letters(nodes)):
        by, agent = nodes[found.start() + 1 : found.end()]
        if (agent.kind == "G" or agent.payload.is_flag) and agent.start - by.start > 1:
            return (agent.text,)  # "pieces written by a pupil", "employed by the hour"
    return tuple(
        nodes[at].text for at in range(2, len(nodes))
        if letters(nodes[at - 1 : at + 1]) == "BC" and nodes[at].payload.is_flag and nodes[at - 2].kind != "y"
        and f"{nodes[at].payload.name}s".casefold() == nodes[at].text.casefold()
        and acts(nodes[at].payload.name.casefold())
    )  # fmt: skip


def code_for_name(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`by town`, of a `town_code` beside a text that names as many: by their names or their codes.

    A code is also no number to hold against another.
    """
    keys = {group.column for group in intent.groups} - {None}
    held = {part.column for part in parts_of(intent) if isinstance(part, BetweenColumns)}
    wrong: list[str] = []
    for node in nodes:
        named = (node.payload,) if node.kind == "C" else node.payload if node.kind == "p" else ()
        if len(named) != 1 or not scope.labels.is_identifier(named[0]):
            continue
        column, last = named[0], name_words(named[0].name)[-1]
        if last in name_words(node.text) or scope.card.is_unique(column):
            continue
        beside = any(
            other.type is ColumnType.TEXT and other.distinct == column.distinct > _KINDS
            for other in scope.card.columns
        )
        if column.name in held or (column.name in keys and beside):
            wrong.append(node.text)
    return tuple(wrong)


def qualified(nodes: list[Node], scope: Scope) -> tuple[str, ...]:
    """`full members`, `present tenants`: some of the rows, whom no column tells of."""
    said = scope.passed_over & _QUALIFYING
    if not said:
        return ()
    ends = {node.start + len(node.text.split()) for node in nodes}
    gaps = any(node.kind == "R" and node.start and node.start not in ends for node in nodes)
    return tuple(sorted(said)) if gaps else ()


def people_over(nodes: list[Node], scope: Scope) -> tuple[str, ...]:
    """`members over 60`, in a table that counts members: of that age, and not more than 60 of them."""
    return tuple(
        nodes[found.start()].text for found in re.finditer(r"C(?:[MY]|~)N", letters(nodes))
        if nodes[found.start()].payload.name == scope.rows.counted
        and lemma(nodes[found.start()].text.casefold()) not in name_words(scope.rows.counted)
    )  # fmt: skip


def part_of_a_date(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the hottest day`, where a column numbers the days of each month: that number names none."""
    parts = scope.calendar.parts
    days, said = parts.get("day"), [node for node in nodes if node.text.casefold() in ("day", "days")]
    if days is None or "month" not in parts or not said or not {"S", "J", "Z"} & set(letters(nodes)):
        return ()
    fixed = {name for part in parts_of(intent) for name in columns_of(part)}
    if intent.shape is Shape.NUMBER:
        return (said[0].text,)
    ranked = {group.column for group in intent.groups} | {intent.key}
    return (said[0].text,) if days.name in ranked and parts["month"].name not in fixed else ()


def spent_twice(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`parcels shipped in May`: a state of theirs, or the date of shipping; not both."""
    times = {part.column for part in parts_of(intent) if isinstance(part, Period | CalendarPart)}
    times |= {group.column for group in intent.groups if group.bucket or group.cycle}
    deeds = {word for column in times for word in name_words(column) if len(word) > _LONG}
    held = {part.column for part in parts_of(intent) if isinstance(part, Membership)}
    return tuple(
        node.text for node in nodes
        if node.kind == "V" and node.payload[0].name in held
        and any(bases(word) & bases(deed) for word in node.text.casefold().split() for deed in deeds)
    )  # fmt: skip


def inflected_state(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`doors opened in May` need not be those that are `open` now, nor are races that lasted `last`."""
    timed = any(isinstance(part, Period | CalendarPart | Comparison) for part in parts_of(intent))
    return tuple(
        node.text for node in nodes
        if timed and node.kind == "V" and node.text.casefold().endswith("ed")
        and all(str(value).casefold() != node.text.casefold() for value in node.payload[1])
        and any(bases(node.text.casefold()) & {str(value).casefold()} for value in node.payload[1])
    )  # fmt: skip


def nested(nodes: list[Node], scope: Scope) -> tuple[str, ...]:
    """A column of objects or lists, each a text, has no values that anybody asks for."""
    return tuple(node.text for node in nodes if node.kind == "C" and _holds_objects(node.payload.name, scope))


def _holds_objects(name: str, scope: Scope) -> bool:
    column = scope.card.by_name[name]
    values = [value for value in column.values if isinstance(value, str)]
    return bool(values) and all(re.fullmatch(r"\{.*\}|\[.*\]", value, re.DOTALL) for value in values[:20])


def joined_pairs(nodes: list[Node]) -> tuple[str, ...]:
    """`red in May or blue in June`: two pairs of conditions, which `or` between two of them tears apart."""
    kinds = letters(nodes)
    found = re.search(r"V[^|]*V[^|]*\|[^|]*V[^|]*V", kinds)
    if found is None or kinds.count("|") != 1:
        return ()
    at = kinds.index("|")
    left, right = (
        {node.payload[0].name for node in part if node.kind == "V"} for part in (nodes[:at], nodes[at:])
    )
    return (nodes[at].text,) if len(left & right) > 1 else ()


def as_of(nodes: list[Node]) -> tuple[str, ...]:
    """`as of 2021`: from then on, or up to then."""
    found = re.search(r"POD", letters(nodes))
    return (nodes[found.start()].text,) if found and nodes[found.start()].text.casefold() == "as" else ()


def out_of_range(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`more than 2000 marks`, of a column `mark` from 1 to 5: another column is meant."""
    far: set[float] = set()
    for part in parts_of(intent):
        if isinstance(part, Comparison) and isinstance(part.value, int | float):
            high = scope.card.by_name[part.column].high
            if isinstance(high, int | float) and part.value > _FAR * abs(high) > 0:
                far.add(float(part.value))
    return tuple(n.text for n in nodes if n.kind == "N" and n.payload.number in far)


def months_of_years(nodes: list[Node]) -> tuple[str, ...]:
    """`May 2021 or 2022`: May of both, or all of the second year."""
    found = re.search(r"D[|&]D", letters(nodes))
    if found is None:
        return ()
    first, last = nodes[found.start()].payload, nodes[found.end() - 1].payload
    torn = first.year is not None and first.month is not None and last.year is not None and last.month is None
    return (nodes[found.end() - 1].text,) if torn else ()


def worth_of_rows(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the total value of boats` is no number of boats."""
    counted = all(m.aggregate is Aggregate.COUNT for m in intent.measures) and "R" in letters(nodes)
    asked = bool(set("KZE") & set(letters(nodes)))
    return tuple(sorted({"value", "worth"} & scope.passed_over)) if counted and not asked else ()


def kinds_alike(nodes: list[Node], scope: Scope) -> tuple[str, ...]:
    """`soft landing` beside `Soft landing (aborted)` and `soft to landing`: one of them, or all."""
    return tuple(node.text for node in nodes if node.kind == "V" and _is_like_another(node, scope))


def _is_like_another(node: Node, scope: Scope) -> bool:
    column, values = node.payload
    said = tokenize(node.text)
    if len(values) != 1 or not isinstance(values[0], str) or not 0 < len(said) <= _FEW_WORDS:
        return False
    if _core(values[0]) != tuple(values[0].casefold().split()):
        return False
    if len({link.column for link in scope.linker.values(said)}) > 1:
        return False
    others = (value for value in column.values if isinstance(value, str) and value != values[0])
    return any(_core(value) == _core(values[0]) for value in others)


def _core(value: str) -> tuple[str, ...]:
    """The words of a value without what is in parentheses and without small words."""
    plain = re.sub(r"\s*[(\[].*?[)\]]", "", value).casefold()
    return tuple(word for word in plain.split() if word not in _SMALL)


def items_or_rows(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`how many items`, where each row has an article number of its own and names come again."""
    card = scope.card
    if "F" in letters(nodes) or not any(
        set(name_words(c.name)) & _ARTICLE_NUMBERS and card.is_unique(c) for c in card.columns
    ):
        return ()
    again = {
        name_words(c.name)[-1] for c in card.columns if c.type is ColumnType.TEXT and not card.is_unique(c)
    }
    counted = any(m.aggregate in (Aggregate.DISTINCT, Aggregate.COUNT) for m in intent.measures)
    return tuple(
        node.text for node in nodes
        if counted and node.kind in "CR" and lemma(node.text.casefold().split()[-1]) in _ITEMS & again
    )  # fmt: skip


def totals_among_rows(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """The last line of a sheet is called `Total` and holds the sum of the others."""
    if not any(measure.aggregate in _ADDED for measure in intent.measures):
        return ()
    held = {name for part in parts_of(intent) for name in columns_of(part)}
    held |= {name for side in intent.sides for name in columns_of(side.where)}
    return tuple(
        str(value) for column in scope.card.columns
        if column.type is ColumnType.TEXT and _KINDS < column.distinct < _MANY and column.name not in held
        for value in column.values if str(value).strip().casefold() in _ALL_TOGETHER
    )  # fmt: skip
