"""Values of one column that differ only by case and blanks, and the spelling that most rows use."""

from __future__ import annotations

from collections import defaultdict

import sqlglot.expressions as exp

from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.sql_conditions import column

_SHORTEST = 2  # one letter may well mean another thing in the other case
_MOST = 5_000


async def spellings(trial: Trial, name: str) -> dict[str, str]:
    """Return value -> the most frequent of the spellings that differ from it by case or blanks only."""
    statement = (
        exp.select(exp.alias_(column(name), "value"), exp.alias_(exp.Count(this=exp.Star()), "cells"))
        .from_("data")
        .where(exp.not_(exp.Is(this=column(name), expression=exp.Null())))
        .group_by(column(name))
        .limit(_MOST + 1)
    )
    found = await trial.query(statement.sql("duckdb"))
    if len(found) > _MOST:
        return {}
    alike: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for value, cells in found:
        text = str(value)
        plain = " ".join(text.split())
        if len(plain) >= _SHORTEST:
            alike[plain.casefold()].append((-int(cells or 0), text))
    mapping: dict[str, str] = {}
    for group in alike.values():
        usual = " ".join(min(group)[1].split())
        mapping |= {text: usual for _, text in sorted(group) if text != usual} if len(group) > 1 else {}
    return mapping
