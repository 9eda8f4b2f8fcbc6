"""What the rules made of a question before its shape is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from sapwood_agents.analyst.intent import (
    Comparison,
    Condition,
    Every,
    Group,
    Membership,
    Operator,
    Period,
    every,
)
from sapwood_agents.analyst.language.conditions import condition_rules
from sapwood_agents.analyst.language.grouping import early_rules, group_rules
from sapwood_agents.analyst.language.nodes import Node, letters, rewrite
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.having import having_rules
from sapwood_agents.analyst.language.unplaced import Unplaced

FREE = frozenset("POIHf,&eL")
"""Words of grammar that may remain without meaning anything."""


@dataclass
class Draft:
    """Groups and conditions taken out; `rest` is everything else in its order, conditions included."""

    groups: list[Group] = field(default_factory=list[Group])
    conditions: list[Condition] = field(default_factory=list[Condition])
    rest: list[Node] = field(default_factory=list[Node])

    @property
    def where(self) -> Condition | None:
        """All conditions together."""
        return every(*self.conditions)

    @property
    def bare(self) -> list[Node]:
        """The nodes that still have to find a slot."""
        return [node for node in self.rest if node.kind not in FREE and node.kind != "x"]


def draft(nodes: list[Node], scope: Scope) -> Draft:
    """Run the rules; raises `Unplaced` when two conditions exclude each other."""
    if {"G", "u"} & set(letters(nodes)):
        nodes = [node for node in nodes if node.kind != "t"]  # "the trend, month by month"
    nodes = rewrite(nodes, early_rules(scope))
    nodes = rewrite(nodes, having_rules(scope))
    nodes = rewrite(nodes, condition_rules(scope))
    nodes = rewrite(nodes, group_rules(scope))
    found = Draft()
    for node in nodes:
        if node.kind == "g":
            found.groups.extend(group for group in node.payload if group not in found.groups)
        else:
            if node.kind == "x":
                found.conditions.append(node.payload)
            found.rest.append(node)
    cut = {group.column for group in found.groups if group.bucket or group.cycle}
    found.groups = [
        g for g in found.groups if g.bucket or g.cycle or g.column not in cut
    ]  # "monthly, by order date"
    consistent(found.where)
    return found


def consistent(where: Condition | None) -> None:
    """Two values wanted of one column at once mean that the words were misread."""
    opposed = _opposed(where.conditions if isinstance(where, Every) else (where,))
    if opposed is not None:
        raise Unplaced((opposed,), "a value and its opposite")
    parts = where.conditions if isinstance(where, Every) else (where,)
    ends = [p for p in parts if isinstance(p, Comparison)]
    held = {p.column for p in ends if p.operator is Operator.EQUAL}
    if doubled := [p.column for p in ends if p.operator is not Operator.EQUAL and p.column in held]:
        raise Unplaced((doubled[0],), "one value and a span of them")
    spans = [p for p in parts if isinstance(p, Period) and not p.negated]
    for first, second in combinations(spans, 2):
        if first.column == second.column and not _overlap(first, second):
            raise Unplaced((first.column,), "two times of one event")
    seen: set[str] = set()
    for part in where.conditions if isinstance(where, Every) else (where,):
        single = isinstance(part, Membership) and not part.negated
        if single or (isinstance(part, Comparison) and part.operator is Operator.EQUAL):
            assert isinstance(part, Membership | Comparison)  # noqa: S101 - says it to the type checker
            if part.column in seen:
                raise Unplaced((part.column,), "two values of one column")
            seen.add(part.column)


def _overlap(first: Period, second: Period) -> bool:
    ends = [(p.start or "", p.end or "9999") for p in (first, second)]
    return max(start for start, _ in ends) < min(end for _, end in ends)


def _opposed(parts: tuple[Condition | None, ...]) -> str | None:
    """A column that one condition holds to a value and another keeps from it: no row is both."""
    picked = [part for part in parts if isinstance(part, Membership)]
    held = {part.column: set(part.values) for part in picked if not part.negated}
    for part in picked:
        if part.negated and held.get(part.column, set()) & set(part.values):
            return part.column
    flags = [part for part in parts if isinstance(part, Comparison) and part.operator is Operator.EQUAL]
    names = [part.column for part in flags]
    return next((name for name in names if names.count(name) > 1), None)


def pinned(condition: Condition | None) -> set[str]:
    """Columns that a condition holds to one value."""
    parts = condition.conditions if isinstance(condition, Every) else (condition,)
    return {
        part.column for part in parts
        if (isinstance(part, Membership) and not part.negated and len(part.values) == 1)
        or (isinstance(part, Comparison) and part.operator is Operator.EQUAL)
    }  # fmt: skip
