"""Whether the conditions of an intent leave something to ask, and none that was said is missing."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Every,
    Membership,
    Missing,
    Operator,
    Period,
    QueryIntent,
    Shape,
    TextMatch,
    columns_of,
    parts_of,
)
from sapwood_agents.analyst.language.idle_verbs import RECORDED
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.panels import is_of_row
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import pinned
from sapwood_agents.analyst.language.tokens import name_words, tokenize
from sapwood_agents.analyst.language.touched import says_kind

_OF_EACH = frozenset("both only always exclusively entirely solely".split())
_PLACES = frozenset("country nation city town state province county municipality village island".split())
_AROUND = frozenset("continent region country state province hemisphere county".split())
_SHORT = 3
_WITHOUT = frozenset("without excluding exclude before net".split())
_HUNDRED = 100
_OUTRIGHT = 0.97
_TWO = 2
_FEW_KINDS = 40
_OF_FILES = frozenset("table file sheet data dataset list record records".split())
_NEARLY = 0.75
"""A name that so many rows have to themselves may stand for the rows."""


def answered_beforehand(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """Different years of one year; the part of a sum that is small; what is missing where nothing is."""
    held = pinned(intent.where)
    kinds = letters(nodes)
    for measure in intent.measures:
        if (
            re.match("[PB]?K", kinds)
            and not set("AX") & set(kinds)
            and measure.aggregate in (Aggregate.MIN, Aggregate.MAX)
        ):
            return tuple(node.text for node in nodes if node.kind == "K")
        if measure.aggregate is Aggregate.DISTINCT and measure.column in held:
            return (measure.column,)
        if measure.aggregate is Aggregate.DISTINCT and measure.column is not None:
            column = scope.card.by_name[measure.column]
            if column.distinct <= _TWO and name_words(column.name)[-1] == name_words(scope.card.title)[-1]:
                return (measure.column,)  # "how many sales" of a file `car_sales` with a column of two kinds
        if measure.aggregate is Aggregate.SHARE and measure.column is not None and measure.where is not None:
            compared = isinstance(measure.where, Comparison) and measure.where.column == measure.column
            if compared:
                return (measure.column,)
    unknown = [node.text for node in nodes if node.kind == "0" and "unknown" in node.text.casefold()]
    empty = [
        p.column for p in parts_of(intent)
        if isinstance(p, Missing) and not p.negated and not scope.card.by_name[p.column].nulls
    ]  # fmt: skip
    texts = [name for name in empty if scope.card.by_name[name].enumerated]
    return tuple(unknown or texts) if empty else ()


def value_of_none(intent: QueryIntent) -> tuple[str, ...]:
    """`deals with a missing value` asks for the deals: there is no value to show."""
    empty = {part.column for part in parts_of(intent) if isinstance(part, Missing) and not part.negated}
    return tuple(m.column for m in intent.measures if m.aggregate is Aggregate.VALUE and m.column in empty)


def none_recorded(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`no weight recorded` asks for missing values, and for no weights of 0."""
    nothing = any(
        isinstance(part, Comparison) and part.operator is Operator.EQUAL and part.value == 0
        for part in parts_of(intent)
    )
    said = tuple(sorted(scope.passed_over & RECORDED))
    return said if nothing and any(node.kind == "0" for node in nodes) else ()


def only_one(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`kinds that have a single crate`: a number of crates."""
    counted = "single" in scope.passed_over and re.search(r"[KW].*[Hy][^C]*R", letters(nodes))
    return ("single",) if counted and intent.having is None else ()


def still(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`how many staff are still here` asks for some of them, where a condition says which."""
    said = tuple(sorted(scope.passed_over & {"still", "anymore"}))
    return said if not parts_of(intent) else ()


def value_passed_over(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the share of shots made`, where `made` is one of a few results: no word that says nothing."""
    spoken = {column for part in parts_of(intent) for column in columns_of(part)}
    spoken |= {group.column for group in intent.groups} | {m.column for m in intent.measures if m.column}
    read = {text for node in nodes for text in node.text.casefold().split()}
    idle = [word for word in sorted(scope.passed_over - _OF_FILES - read) if len(word) > _SHORT]
    return tuple(word for word in idle if _is_kind(word, spoken, scope))


def known_ones(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`of the rated inns`, where some have no rating: which rows they are is not passed over."""
    spoken = {column for part in parts_of(intent) for column in columns_of(part)}
    spoken |= {group.column for group in intent.groups} | {m.column for m in intent.measures if m.column}
    return tuple(
        word for word in sorted(scope.passed_over)
        if word.endswith("ed") and any(
            scope.card.by_name[name].nulls * _HUNDRED > scope.card.rows and name not in spoken
            and scope.card.by_name[name].is_number and len(name_words(name)) == 1
            for name, _ in (*scope.linker.columns(tokenize(word)), *scope.linker.mentions(tokenize(word)))
        )
    )  # fmt: skip


def _is_kind(word: str, spoken: set[str], scope: Scope) -> bool:
    """Whether a column of few kinds that nothing else speaks of has the very word."""
    return any(
        link.score >= _OUTRIGHT
        and link.column not in spoken
        and scope.card.by_name[link.column].distinct <= _FEW_KINDS
        for link in scope.linker.values(tokenize(word))
    )


def of_all_rows(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`customers without returned orders` have no such row; another row that is otherwise does not do.

    The same of `only`, `both` and `above average` where what is asked about has several rows.
    """
    keys = [group.column for group in intent.groups] if intent.shape is Shape.VALUES else []
    keys += [m.column for m in intent.measures if m.aggregate is Aggregate.DISTINCT and m.column]
    fixed = pinned(intent.where)
    several = [name for name in keys if not told_apart(scope.card, {name, *fixed})]
    if not several:
        return ()
    others = [
        part for part in parts_of(intent)
        if not set(columns_of(part)) & set(keys)
        and not all(_lies_in(name, columns_of(part)[0]) for name in several)
    ]  # fmt: skip
    never = tuple(node.text for node in nodes if node.kind == "!" and node.text.casefold() == "never")
    if never and others:
        return never
    none = [n.text for n in nodes if n.kind == "0"]
    if none and any(isinstance(p, Comparison) and p.value == 0 for p in others):
        return tuple(none)  # "which weeks had no visits": in all of their rows
    if any(_is_negated(part) or isinstance(part, AgainstAverage) for part in others):
        return tuple(node.text for node in nodes if node.kind in "!a") or tuple(several)
    twice = re.search(r"D[P]*&[P]*D", letters(nodes))
    said = tuple(sorted(_OF_EACH & scope.passed_over)) or (("and",) if twice else ())
    return said if others else ()


def _lies_in(name: str, other: str) -> bool:
    """Whether the one place lies in the other: a country in one continent."""
    return bool(set(name_words(name)) & _PLACES and set(name_words(other)) & _AROUND)


def _is_negated(part: Condition) -> bool:
    if isinstance(part, Membership | TextMatch | Period | CalendarPart):
        return part.negated
    return isinstance(part, Comparison) and part.operator is Operator.UNEQUAL


def settled_beforehand(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """A number outside of what the column holds: no row is so, or every one, and another column was meant.

    Unless the column was named outright: `how many rows where the price is over 1000`.
    """
    found: list[str] = []
    clock = [column.name for column in scope.calendar.parts.values()]
    named = {
        node.payload.name for node in nodes
        if node.kind == "C" and node.score >= _OUTRIGHT and node.payload.name not in clock
    }  # fmt: skip
    for part in parts_of(intent):
        if (
            isinstance(part, Comparison)
            and isinstance(part.value, int | float)
            and not isinstance(part.value, bool)
        ):
            column = scope.card.by_name[part.column]
            low, high = column.low, column.high
            if not isinstance(low, int | float) or not isinstance(high, int | float):
                continue
            if part.value == 0 or part.column in named:
                continue  # "above 0": whether there is any
            if _always(part.operator, part.value, low, high) or _never(part.operator, part.value, low, high):
                found.append(part.column)
    return tuple(found)


def _always(operator: Operator, value: float, low: float, high: float) -> bool:
    return (
        (operator is Operator.MORE and value < low)
        or (operator is Operator.AT_LEAST and value < low)
        or (operator is Operator.LESS and value > high)
        or (operator is Operator.AT_MOST and value > high)
    )


def _never(operator: Operator, value: float, low: float, high: float) -> bool:
    return (
        (operator is Operator.EQUAL and not low <= value <= high)
        or (operator is Operator.MORE and value >= high)
        or (operator is Operator.AT_LEAST and value > high)
        or (operator is Operator.LESS and value <= low)
        or (operator is Operator.AT_MOST and value < low)
    )


def of_everything(intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the average age of women and of men` is asked of each, for all rows are one or the other."""
    return tuple(
        part.column for part in parts_of(intent)
        if isinstance(part, Membership) and not part.negated and len(part.values) > 1
        and len(part.values) >= scope.card.by_name[part.column].distinct
        and part.column not in {group.column for group in intent.groups}
        and any(m.aggregate not in (Aggregate.COUNT, Aggregate.SUM) for m in intent.measures)
    )  # fmt: skip


def part_of_a_text(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`start with A` without a condition on a text; `contain the word red oak` read as `red`."""
    texts = [part for part in parts_of(intent) if isinstance(part, TextMatch)]
    unread = tuple(n.text for n in nodes if n.kind == "q" and n.payload[0] != "contains") if not texts else ()
    cut = tuple(
        after.text for node, after in pairwise(nodes)
        if node.kind == "Q" and texts and after.kind in "RCV?" and after.start == node.start + 1
        and after.text[:1].isupper()
    )  # fmt: skip
    return unread or cut


def amount_without(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`amount without tax` is another amount, and not that of the rows without a tax."""
    empty = {part.column for part in parts_of(intent) if isinstance(part, Missing) and not part.negated}
    if not any(m.column and m.aggregate is not Aggregate.DISTINCT for m in intent.measures):
        return ()
    return tuple(
        node.text for node, after in pairwise(nodes)
        if node.kind in "0!" and node.text.casefold() in _WITHOUT
        and after.kind == "C" and after.payload.is_number and after.payload.name in empty
    )  # fmt: skip


def left_out(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """A column that was named and has no part in the intent, unless it stands for the rows or all of them."""
    said = intent.model_dump_json()
    found: list[str] = []
    for index, node in enumerate(nodes):
        if node.kind == "p" and not any(f'"{column.name}"' in said for column in node.payload):
            found.append(node.text)
        if node.kind != "C" or f'"{node.payload.name}"' in said or json.dumps(node.payload.name) in said:
            continue
        if index and nodes[index - 1].kind == "V" and says_kind(nodes[index - 1], node):
            continue
        sibling = (*name_words(node.payload.name)[:-1], "id")
        if any(name_words(c.name) == sibling and f'"{c.name}"' in said for c in scope.card.columns):
            continue  # counted by the number that each has
        if is_of_row(nodes, index, scope) or _is_counted_beside(node.payload, said, scope):
            continue
        all_of_them = "r" in letters(nodes[max(0, index - 2) : index]) and not node.payload.is_flag
        names_rows = node.payload.distinct >= _NEARLY * (scope.card.rows - node.payload.nulls)
        names_rows = names_rows or name_words(node.payload.name)[-1] == name_words(scope.card.title)[-1]
        before = nodes[index - 1] if index else None  # "in a single quarter", "in every quarter"
        apart = before is not None and before.kind in "PE" and before.text.casefold() != "per"
        timed = scope.calendar.is_temporal(node.payload) and not apart
        if not (all_of_them or names_rows or timed):
            found.append(node.text)
    return tuple(found)


def _is_counted_beside(column: ColumnCard, said: str, scope: Scope) -> bool:
    """Whether the intent reads how many of them there are: `keyword_count` beside the `keywords`."""
    own = name_words(column.name)
    return any(
        scope.linker.counts(c.name) and name_words(c.name)[:-1] == own and f'"{c.name}"' in said
        for c in scope.card.columns
    )


def neither(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`neither A nor B` is no alternative."""
    words = tuple(n.text for n in nodes if n.kind == "!" and n.text.casefold() == "neither")
    parts = intent.where.conditions if isinstance(intent.where, Every) else (intent.where,)
    return words if any(isinstance(part, Either) for part in parts) else ()


def twice_above_average(intent: QueryIntent) -> tuple[str, ...]:
    """`which kinds cost more than average (mean above the overall mean)`: of rows or of groups."""
    above = [part.column for part in parts_of(intent) if isinstance(part, AgainstAverage)]
    return tuple(above) if intent.having and intent.having.aggregate is not None else ()
