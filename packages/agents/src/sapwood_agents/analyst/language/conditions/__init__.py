"""Rules that turn parts of a question into conditions on rows, one module a kind of condition."""

from sapwood_agents.analyst.language.conditions.build import (
    condition_node,
    flag_condition,
    negate,
)
from sapwood_agents.analyst.language.conditions.ordered import condition_rules

__all__ = ["condition_node", "condition_rules", "flag_condition", "negate"]
