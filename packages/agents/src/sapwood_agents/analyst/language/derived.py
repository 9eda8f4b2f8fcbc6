"""Numbers made of two columns of a row: `the largest gap between high and low`, `price per page`.

They become one node, a column that is in no table, so that every rule for columns holds for them. Two
measures held against each other (`mean a minus mean b`, `a minus b in 1990`) are comparisons, and stay so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Derived, Made, QueryIntent, Shape
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_APART = re.compile(r"(?:gap|spread|range|margin|distance)\b")
_FORMS: tuple[tuple[str, str], ...] = (
    (r"d~?[PO]*C&C", "between"),
    (r"dfC>C", "moved"),
    (r"CdC", "minus"),
    (r"C[Y&]C", "plus"),
    (r"C=C", "divided by"),
    (r"=[OP]?C>C", "ratio"),
    (r"CEC", "per"),
)
_ENDS = (
    ("high", "low"), ("highest", "lowest"), ("max", "min"), ("maximum", "minimum"), ("upper", "lower"),
    ("largest", "smallest"), ("longest", "shortest"), ("top", "bottom"),
)  # fmt: skip
_ASKED = re.compile(r"[SJEBGua]|[MY]N|NY")
"""What is asked of each row, or of groups of them: a superlative, a group, a bound."""
_NAMED = 6
"""A name before a formula in parentheses is no longer than so many words."""


def with_derived(nodes: list[Node], scope: Scope) -> tuple[list[Node], Scope]:
    """`nodes` with the columns that they make of others, and a scope that knows them."""
    for pattern, form in _FORMS:
        found = re.search(pattern, letters(nodes))
        if found is None:
            continue
        start, end = found.span()
        derived = _made(form, nodes[start:end], letters(nodes[:start]), scope)
        formula = all(node.inside for node in nodes[start:end])
        before = _without_name(nodes[:start]) if formula else nodes[:start]
        rest = [*before, *nodes[end:]]
        if derived is None or not (_ASKED.search(letters(rest)) or formula):
            continue
        if derived.name in scope.card.by_name:
            return nodes, scope
        scope = knowing(scope, (derived,))
        text = " ".join(node.text for node in nodes[start:end])
        column = Node("C", text, scope.card.by_name[derived.name], start=nodes[start].start)
        return [*before, column, *nodes[end:]], scope
    return nodes, scope


def knowing(scope: Scope, derived: Sequence[Derived]) -> Scope:
    """`scope` with the columns that are made so."""
    card, linker = scope.card.deriving(derived), scope.linker
    for each in derived:
        linker = linker.deriving(card.by_name[each.name])
    return replace(scope, card=card, linker=linker)


def derived_of(intent: QueryIntent, scope: Scope, before: Sequence[Derived] = ()) -> QueryIntent:
    """`intent` with the columns that it measures and that are made of others; `Unplaced` where it may not.

    A ratio is that of each row: over groups it might be a mean of ratios, or a ratio of sums.
    """
    text = intent.changed(derived=()).model_dump_json()
    made = [column.made for column in scope.card.columns if column.made is not None]
    used = tuple(each for each in made if each.name in text)
    ratio = next((each for each in used if each.made == "divided by"), None)
    single = intent.shape is Shape.LOOKUP or (intent.shape is Shape.RANKING and intent.key is not None)
    if ratio is not None and not single:
        raise Unplaced((ratio.name,), "the mean of ratios, or the ratio of sums")
    if unused := [each.name for each in made if each not in used and each not in before]:
        raise Unplaced(tuple(unused), "a column made of two, and not used")
    return intent if used == intent.derived else intent.changed(derived=used)


def _made(form: str, nodes: list[Node], before: str, scope: Scope) -> Derived | None:
    """What the words of a form stand for, `None` where they are no such thing."""
    left, right = (node.payload for node in nodes if node.kind == "C")
    sign = next(node for node in nodes if node.kind in "dY&=E")
    said = sign.text.casefold()
    ranked = bool(re.search("[SJ]", before))
    match form:
        case "between" if not sign.payload and said != "minus":
            return _difference(left, right, scope, apart=bool(_APART.match(said)), ranked=ranked)
        case "moved" if sign.payload and ranked:
            pair = (right, left) if sign.payload[0] == "rise" else (left, right)
            return _difference(*pair, scope, apart=False, ranked=False)
        case "minus" if said == "minus":
            return _difference(left, right, scope, apart=False, ranked=False)
        case "plus" if said in ("plus", "+"):
            return _of(left, "plus", right, scope)
        case "divided by" if said == "divided by":
            return _of(left, "divided by", right, scope)
        case "ratio" if said.startswith("ratio") and ranked:
            return _of(left, "divided by", right, scope)
        case "per" if said in ("per", "for each", "for every") and ranked and _per(right, scope):
            return _of(left, "divided by", right, scope)
        case _:
            return None


def _difference(
    left: ColumnCard, right: ColumnCard, scope: Scope, *, apart: bool, ranked: bool
) -> Derived | None:
    """How far two columns are apart, the upper first; a difference is the first minus the second.

    The largest difference of two that are no ends of a span may be that with a sign, or that without one.
    """
    if left.type is right.type is ColumnType.DATE and left is not right:
        return Derived(left=left.name, made="minus", right=right.name)
    if apart and _spans(right, left):
        left, right = right, left
    if (ranked or apart) and not _spans(left, right):
        return None
    return _of(left, "minus", right, scope)


def _spans(upper: ColumnCard, lower: ColumnCard) -> bool:
    """Whether the columns are called the ends of a span: `high_mark` and `low_mark`."""
    above, below = (set(name_words(column.name)) for column in (upper, lower))
    return any(high in above and low in below for high, low in _ENDS)


def _of(left: ColumnCard, made: Made, right: ColumnCard, scope: Scope) -> Derived | None:
    sound = left is not right and all(_measures(column, scope) for column in (left, right))
    return Derived(left=left.name, made=made, right=right.name) if sound else None


def _measures(column: ColumnCard, scope: Scope) -> bool:
    return column.is_number and not column.is_flag and not scope.labels.is_identifier(column)


def _per(column: ColumnCard, scope: Scope) -> bool:
    """Whether so much may come on each: pages, and neither years nor kinds of something."""
    return not scope.calendar.is_temporal(column) and column.distinct * 4 > scope.card.rows


def _without_name(nodes: list[Node]) -> list[Node]:
    """`mean range (high minus low)`: without the name that the formula explains."""
    heads = [index for index, node in enumerate(nodes) if node.kind in "ASJK"]
    at = heads[-1] + 1 if heads else 0
    named = nodes[at:]
    if len(named) > _NAMED or any(node.kind in "NDM&BE" for node in named):
        return nodes
    return nodes[:at]
