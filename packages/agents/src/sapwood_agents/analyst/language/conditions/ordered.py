"""All rules for conditions, in the order in which they apply."""

from __future__ import annotations

from sapwood_agents.analyst.language.conditions import (
    averages,
    joining,
    members,
    missing,
    numbers,
    texts,
    times,
)
from sapwood_agents.analyst.language.nodes import Rule
from sapwood_agents.analyst.language.scope import Scope


def condition_rules(scope: Scope) -> list[Rule]:
    """Text first, because it may hold anything; what joins conditions last."""
    return [
        rule
        for rules in (
            texts.rules, times.rules, missing.rules, members.rules, averages.rules, numbers.rules,
            missing.late_rules, joining.rules,
        )
        for rule in rules(scope)
    ]  # fmt: skip
