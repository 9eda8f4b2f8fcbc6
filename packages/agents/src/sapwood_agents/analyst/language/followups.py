"""Fragments that edit the last intent: `and by month?`, `and for lunch?`, `what about the median?`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import ValidationError

from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Condition,
    Every,
    Group,
    Measure,
    QueryIntent,
    Shape,
    columns_of,
    every,
)
from sapwood_agents.analyst.language.cleaning import cleaned
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import Draft, draft
from sapwood_agents.analyst.language.shapes.listing import rows
from sapwood_agents.analyst.language.shapes.measures import COUNT, aggregated, measures
from sapwood_agents.analyst.language.unplaced import Unplaced

_OPENING = re.compile(
    r"""^\s*(?:(?:and|but|ok|okay|so|now|then|no|yes|also|please)\b[\s,]*)*
    (?:(?:what|how)\s+about\b|(?:the\s+)?same(?:\s+thing)?(?:\s+(?:again|but|question|as\s+before))*(?:\s+(?=by|for|in|with|per)|\b)
    |(?:can|could)\s+you\b|instead\b|only\b|just\b|make\s+(?:it|that)\b|change\s+(?:it|that)\s+to\b|but\b
    |(?:split|break|group|show|do|give|list|sort|cut)\b(?:\s+(?:me|us))?(?:\s+(?:that|this|it|them|those|these))?(?:\s+(?:down|up|out))*
    )?[\s,]*(?:(?:only|just|also|instead|further)\b[\s,]*)*""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[\s,]*\b(?:(?:too|as\s+well|instead|also|again|alone|only|further|though|please|for\s+each\s+of\s+(?:them|those|these)|each)"
    r"[\s,?.!]*)+$",
    re.IGNORECASE,
)
_ADDING = re.compile(
    r"\b(?:too|also|as\s+well|further|additionally|and\s+also|within\s+(?:that|those|each))\b", re.IGNORECASE
)
_AS_SHARE = re.compile(
    r"^\s*(?:as|in)\s+(?:an?\s+|the\s+)?(?:percent|share|fraction|proportion|%)", re.IGNORECASE
)
_NOUNS = re.compile(r"\b(?:of\s+)?(?:those|these|them|they|ones)\b", re.IGNORECASE)
_ASK_WHICH = re.compile(
    r"^\s*(?:and\s+)?(?:which|what|who)(?:\s+ones?)?\s+(?:are|were|is|was)\s+(?:they|those|these|it)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A follow-up without the words that only say that it is one."""

    text: str
    opened: bool  # it began as a follow-up does
    adding: bool  # groups come on top of those there are
    which: bool  # "which are those?"


def fragment(question: str) -> Fragment:
    """Take the words of a follow-up off `question`."""
    opening = _OPENING.match(question)
    length = opening.end() if opening else 0
    body = _CLOSING.sub("", question[length:])
    which = bool(_ASK_WHICH.match(question))
    opened = (
        bool(question[:length].strip(" ,"))
        or bool(_AS_SHARE.match(question))
        or which
        or bool(_CLOSING.search(question))
        or bool(_NOUNS.search(question))
    )
    return Fragment(_NOUNS.sub(" ", body), opened, bool(_ADDING.search(question)), which)


_REORDERS = re.compile(r"^\s*(?:(?:and|now|then|please)\s+)*(?:add|sort|order)\b", re.IGNORECASE)


def reorders(question: str) -> bool:
    """`sort them by price`, `add the mean`: what no edit of an intent can say."""
    return bool(_REORDERS.match(question))


def edited(
    previous: QueryIntent, nodes: list[Node], scope: Scope, said: Fragment
) -> list[tuple[float, QueryIntent]]:
    """`previous` with what the nodes change; raises `Unplaced` for nodes that change nothing."""
    try:
        return _edited(previous, nodes, scope, said)
    except ValidationError as error:
        raise Unplaced(tuple(node.text for node in nodes), "does not go with what was asked") from error


def _edited(
    previous: QueryIntent, nodes: list[Node], scope: Scope, said: Fragment
) -> list[tuple[float, QueryIntent]]:
    nodes = cleaned(_completed(nodes, previous, scope), scope)
    found = draft(nodes, scope)
    bare = [node for node in found.bare if node.kind not in "RWL" or node.kind == "R"]
    intent = _with_conditions(previous, found.conditions)
    intent = _with_groups(intent, found.groups, scope, adding=said.adding)
    intent = _with_measures(intent, bare, found, scope)
    if intent == previous:
        raise Unplaced(tuple(node.text for node in nodes), "nothing new")
    return [(_strangeness(previous, found), intent)]


def listed(previous: QueryIntent, scope: Scope) -> QueryIntent:
    """`which are those?`: the rows that were counted."""
    if previous.shape is not Shape.NUMBER or previous.measures != (COUNT,):
        raise Unplaced(("which",), "nothing was counted")
    return rows(previous.where, scope)


def _completed(nodes: list[Node], previous: QueryIntent, scope: Scope) -> list[Node]:
    """`and over 300?` speaks of the column that was compared before."""
    if not re.fullmatch(r"[&PIOH]*(MT?NU?|~NU?[&>]NU?|NU?Y|f?NU?>NU?)", letters(nodes)):
        return nodes
    compared = {part.column for part in _parts(previous.where) if isinstance(part, Comparison)}
    if len(compared) != 1:
        raise Unplaced(tuple(node.text for node in nodes), "of what")
    column = scope.card.by_name[compared.pop()]
    kept = [node for node in nodes if node.kind not in "&PIOH"]
    return [Node("C", column.name, column), *kept]


def _parts(where: Condition | None) -> tuple[Condition, ...]:
    if where is None:
        return ()
    return where.conditions if isinstance(where, Every) else (where,)


def _with_conditions(intent: QueryIntent, new: list[Condition]) -> QueryIntent:
    """New conditions take the place of those on the same columns."""
    columns = {column for condition in new for column in columns_of(condition)}
    if len(intent.measures) == 1 and (counted := intent.measures[0]).where is not None and not intent.sides:
        parts = [part for part in _parts(counted.where) if not columns & set(columns_of(part))]
        if len(parts) < len(_parts(counted.where)):  # "what share is at night", "and at dusk?"
            return intent.changed(measures=(counted.model_copy(update={"where": every(*parts, *new)}),))
    kept = [part for part in _parts(intent.where) if not columns & set(columns_of(part))]
    sides = () if any(columns & set(columns_of(side.where)) for side in intent.sides) else intent.sides
    if intent.sides and not sides:
        raise Unplaced((), "a comparison has two sides")
    return intent.changed(where=every(*kept, *new))


def _with_groups(intent: QueryIntent, new: list[Group], scope: Scope, *, adding: bool) -> QueryIntent:
    if not new:
        return intent
    if intent.sides or intent.shape in (Shape.LOOKUP, Shape.ROWS):
        raise Unplaced(tuple(group.column for group in new), "no groups here")
    if intent.shape is Shape.RANKING and intent.key is None and not adding:
        keys = [scope.card.by_name[group.column] for group in new if not group.bucket]
        if any(key.is_number and not scope.calendar.is_temporal(key) for key in keys):
            raise Unplaced(tuple(key.name for key in keys), "ranked by it, or its groups")
        return intent.changed(groups=tuple(new))
    if intent.shape is Shape.RANKING:
        raise Unplaced(tuple(group.column for group in new), "a ranking has one key")
    groups = (*intent.groups, *new) if adding else tuple(new)
    shape = Shape.VALUES if intent.shape is Shape.VALUES else Shape.GROUPS
    return intent.changed(groups=tuple(dict.fromkeys(groups)), shape=shape)


def _with_measures(intent: QueryIntent, bare: list[Node], found: Draft, scope: Scope) -> QueryIntent:
    limit = next((node.payload for node in bare if node.kind == "l"), None)
    heads = [node for node in bare if node.kind in "SJZ"]
    nodes = [node for node in bare if node.kind != "l"]
    text = letters([node for node in nodes if node.kind != "R"])
    if text in ("", "m"):
        return intent if limit is None else intent.changed(limit=limit)
    if heads:
        return _turned(intent, nodes, heads, limit)
    if text == "%":
        return _as_share(intent, found)
    if text == "C" and (intent.shape is Shape.LOOKUP):
        measure = Measure(aggregate=Aggregate.VALUE, column=nodes[0].payload.name)
        return intent.changed(measures=(measure,))
    new = _replaced(intent, nodes, text, scope)
    if intent.shape in (Shape.NUMBER, Shape.GROUPS, Shape.COMPARISON, Shape.DIFFERENCE, Shape.RATIO):
        return intent.changed(measures=new)
    if intent.shape is Shape.RANKING and intent.key is None and len(new) == 1:
        return intent.changed(measures=new)
    if intent.shape in (Shape.VALUES, Shape.ROWS) and not found.groups:
        return QueryIntent(shape=Shape.NUMBER, measures=new, where=intent.where)
    raise Unplaced(tuple(node.text for node in nodes))


def _replaced(intent: QueryIntent, nodes: list[Node], text: str, scope: Scope) -> tuple[Measure, ...]:
    """The aggregate of the same column, the same aggregate of another column, or another measure."""
    nodes = [node for node in nodes if node.kind != "R"] or nodes
    if re.fullmatch(r"A+", text):
        columns = dict.fromkeys(measure.column for measure in intent.measures if measure.column)
        wanted = [Aggregate(node.payload[0]) for node in nodes]
        if not columns:
            raise Unplaced(tuple(node.text for node in nodes), "of what")
        return tuple(aggregated(each, scope.card.by_name[name], scope) for name in columns for each in wanted)
    if text == "C" and nodes[0].payload.is_number:
        kinds = dict.fromkeys(measure.aggregate for measure in intent.measures)
        if not kinds or not set(kinds) <= {*_OF_NUMBERS}:
            raise Unplaced((nodes[0].text,))
        return tuple(aggregated(each, nodes[0].payload, scope) for each in kinds)
    return tuple(measures(nodes, scope))


_OF_NUMBERS = (
    Aggregate.SUM, Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.MIN, Aggregate.MAX, Aggregate.DEVIATION, Aggregate.VARIANCE,
)  # fmt: skip


def _turned(intent: QueryIntent, nodes: list[Node], heads: list[Node], limit: int | None) -> QueryIntent:
    """`and the fewest?`, `top 3 instead`: the other end, or more of it."""
    rest = [node for node in nodes if node not in heads and node.kind != "R"]
    if len(heads) != 1 or rest or heads[0].payload[0] not in ("desc", "asc"):
        raise Unplaced(tuple(node.text for node in (*rest, *heads)))
    head = heads[0]
    if len(head.payload) > 1 and isinstance(head.payload[1], int):
        limit = head.payload[1]
    changes: dict[str, object] = {"descending": head.payload[0] == "desc"}
    if intent.shape is Shape.RANKING:
        changes["limit"] = limit or intent.limit
    elif intent.shape is Shape.GROUPS and len(intent.groups) == 1 and len(intent.measures) == 1:
        changes |= {"shape": Shape.RANKING, "limit": limit or 1}
    else:
        raise Unplaced((head.text,), "nothing to rank")
    return intent.changed(**changes)


def _as_share(intent: QueryIntent, found: Draft) -> QueryIntent:
    """`as a percentage of all …`: the rows that were counted, as a part of all."""
    if intent.shape not in (Shape.NUMBER, Shape.GROUPS) or len(intent.measures) != 1:
        raise Unplaced(("share",))
    measure = intent.measures[0]
    if measure.aggregate not in (Aggregate.COUNT, Aggregate.SUM) or (
        intent.where is None and not intent.groups
    ):
        raise Unplaced(("share",), "of what")
    if found.conditions:
        raise Unplaced(("share",), "part or whole")
    share = Measure(aggregate=Aggregate.SHARE, column=measure.column, where=intent.where)
    return intent.changed(measures=(share,), where=None)


def _strangeness(previous: QueryIntent, found: Draft) -> float:
    """A value of a column that was asked about before is likelier meant than the same one of another."""
    known = set(columns_of(previous.where)) | {group.column for group in previous.groups}
    named = {column for condition in found.conditions for column in columns_of(condition)}
    return 0.15 if named - known else 0.0
