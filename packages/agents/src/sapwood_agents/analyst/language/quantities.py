"""From an adjective's quantities (`long`: length, duration, …) to the columns that hold one."""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import tokenize


def quantity_columns(linker: Linker, quantities: tuple[str, ...]) -> list[str]:
    """Numeric or time columns that one of `quantities` names, the best first and doubtful ones with it."""
    found: dict[str, None] = {}
    for quantity in quantities:
        scored = [
            (name, score)
            for name, score in linker.columns(tokenize(quantity))
            if linker.card.by_name[name].is_number or linker.card.by_name[name].is_time
        ]
        best = max((score for _, score in scored), default=0.0)
        found |= dict.fromkeys(name for name, score in scored if score >= best - 0.1)
    return list(found)
