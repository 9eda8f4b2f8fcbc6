"""Shares: which part of which rows, of a sum, in each group."""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Condition,
    Measure,
    Operator,
    Period,
    QueryIntent,
    Shape,
    columns_of,
    every,
)
from sapwood_agents.analyst.language.conditions import flag_condition
from sapwood_agents.analyst.language.conditions.joining import negated
from sapwood_agents.analyst.language.dates import FIRST_YEAR, LAST_YEAR
from sapwood_agents.analyst.language.nodes import Node, letters, rewrite
from sapwood_agents.analyst.language.shapes.draft import Draft
from sapwood_agents.analyst.language.unplaced import Unplaced

_SHARE_OF = re.compile(r"(?i)(?:share|percentage|proportion|part|fraction) of")
_PLACED = re.compile(r"(?i)(?:in|of|for|among|within|from|on|at|out of|during)\b")


def share(found: Draft) -> QueryIntent:
    """What stands before the verb is the whole, what stands after it the part."""
    measure, base = share_measure(found.rest, grouped=bool(found.groups))
    shape = Shape.GROUPS if found.groups else Shape.NUMBER
    return QueryIntent(shape=shape, measures=(measure,), groups=tuple(found.groups), where=base)


def share_measure(rest: list[Node], *, grouped: bool) -> tuple[Measure, Condition | None]:
    """The share, and the rows it is a share of; `Unplaced` where part and whole cannot be told apart."""
    nodes = [_flagged(node) for node in rest]
    nodes = [
        node for node in rewrite(nodes, [(r"!x", negated), (r"Cx", _explained)]) if node.kind not in "We,"
    ]
    text = letters(nodes)
    if text.count("%") != 1:
        raise Unplaced(("%",))
    columns = [node.payload for node in nodes if node.kind == "C"]
    wrong = [node for node in nodes if node.kind == "A" and node.payload[0] != "sum"]
    wrong += [node for node in nodes if node.kind not in "x%RKmCAPOIHfL&U"]
    if wrong or len(columns) > 1 or any(not column.is_number for column in columns):
        raise Unplaced(tuple(node.text for node in wrong) or tuple(column.name for column in columns))
    base, part = _divided(nodes, grouped=grouped)
    numerator = every(*(node.payload for node in part))
    if numerator is None and not grouped:
        raise Unplaced(("share",), "of what")
    column = columns[0].name if columns else None
    measure = Measure(aggregate=Aggregate.SHARE, column=column, where=numerator)
    return measure, every(*(node.payload for node in base))


def _flagged(node: Node) -> Node:
    if node.kind == "C" and node.payload.is_flag:
        return Node("x", node.text, flag_condition(node.payload, negated=False), start=node.start, verb=True)
    return node


def _explained(nodes: list[Node]) -> list[Node] | None:
    """`having a loft (loft_feet above 0)`: the parenthesis says what having one means."""
    said, meant = nodes
    return [meant] if meant.inside and said.payload.name in columns_of(meant.payload) else None


def _divided(nodes: list[Node], *, grouped: bool) -> tuple[list[Node], list[Node]]:
    """The conditions of the whole and those of the part."""
    at = letters(nodes).index("%")
    before, after = nodes[:at], nodes[at + 1 :]
    conditions = [node for node in nodes if node.kind == "x"]
    said = nodes[at].text.casefold()
    if said == "rate" or (said == "rate of" and letters(before)[-1:] == "x"):
        if not before or before[-1].kind != "x":
            raise Unplaced((nodes[at].text,), "of what")
        return [node for node in conditions if node is not before[-1]], [before[-1]]  # "churn rate"
    ahead = [node for node in before if node.kind == "x"]
    behind = [node for node in after if node.kind == "x"]
    within = any(nodes[i].kind == "x" and _is_within(nodes[i - 1]) for i in range(1, len(nodes)))
    if grouped and len(conditions) == 1 and not conditions[0].verb and _is_time(conditions[0].payload):
        return conditions, []  # "the share of each plan in 2003"
    if grouped and len(conditions) == 1 and within:
        return conditions, []  # "the share of each plan among members"
    if grouped and len(conditions) == 1 and ahead and (letters(before)[0] in "OP" or _is_placed(before[0])):
        return conditions, []  # "of those insured, what share has each plan"
    if len(conditions) <= 1:
        return [], conditions
    verbs = [i for i, node in enumerate(after) if _is_verb(node) and any(n.kind == "x" for n in after[i:])]
    verb = verbs[-1] if verbs else None
    if verb is not None and (any(node.kind in "RxC" for node in after[:verb]) or ahead):
        return _told_with_time([*ahead, *_conditions(after[:verb])], _conditions(after[verb:]))
    if (
        [node.kind for node in before] == ["x"]
        and behind
        and _SHARE_OF.match(nodes[at].text)
        and not _PLACED.match(before[0].text)
    ):
        return behind, ahead  # "Europe's share of the population in 1960"
    if ahead and behind and _compounded(nodes, at):
        return behind, ahead  # "the weekend share in May"
    if ahead and behind and letters(before)[0] in "xPOf":
        return ahead, behind  # "in Europe, what share of … has …", "of the women, what percentage …"
    tail = letters(after)
    if not ahead and re.match(r"[OP]*x[PO]+[RxPO]+$", tail) and "R" not in tail[: tail.index("x")]:
        part = next(node for node in after if node.kind == "x")
        return [node for node in conditions if node is not part], [part]
    if not ahead and re.fullmatch(r"[OP]*(RxH?x|xRx)", tail) and _describes(behind[-1]):
        return behind[:-1], behind[-1:]
    timed = [node for node in conditions if _is_time(node.payload)]
    if len(conditions) == 2 and len(timed) == 1:
        return timed, [node for node in conditions if node is not timed[0]]
    raise Unplaced(tuple(node.text for node in conditions), "part or whole")


def _compounded(nodes: list[Node], at: int) -> bool:
    """Whether the share is called by its part: `weekend share`; not `in May, what share`."""
    before, share = nodes[at - 1], nodes[at]
    if before.kind != "x" or share.text.casefold().endswith(" of") or letters(nodes)[at + 1 : at + 2] == "O":
        return False
    return before.start + len(before.text.split()) == share.start and not _PLACED.match(before.text)


def _told_with_time(base: list[Node], part: list[Node]) -> tuple[list[Node], list[Node]]:
    """`what share were on leave in May`: of those in May."""
    if len(part) > 1 and _is_time(part[-1].payload) and not any(_is_time(n.payload) for n in part[:-1]):
        return [*base, part[-1]], part[:-1]
    return base, part


def _is_time(condition: Condition) -> bool:
    """Whether a year or a span of time is meant: the whole that is parted, more likely than the part."""
    if isinstance(condition, Comparison):
        year = condition.value if condition.operator is Operator.EQUAL else None
        return isinstance(year, int) and FIRST_YEAR <= year <= LAST_YEAR
    return isinstance(condition, Period)


def _is_placed(node: Node) -> bool:
    return node.kind == "x" and _PLACED.match(node.text) is not None


def _is_within(node: Node) -> bool:
    return node.kind == "P" and node.text.casefold() in ("among", "amongst", "within")


def _conditions(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.kind == "x"]


def _is_verb(node: Node) -> bool:
    """`are`, `has`, or a condition that begins so; `with` only describes."""
    if node.kind == "x":
        return node.verb and not node.text.casefold().startswith(("with", "having"))
    return node.kind == "I" or (node.kind == "H" and node.payload == ("has",))


def _describes(node: Node) -> bool:
    return node.text.casefold().startswith(("with ", "without", "having", "no ", "missing"))
