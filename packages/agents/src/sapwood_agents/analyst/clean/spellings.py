"""Values of one column that differ only by case and blanks, and the spelling that most rows use."""

from __future__ import annotations

from collections import defaultdict

from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.profile.templates import fill
from sapwood_storage.tabular.cleaning.quoting import quoted

_SHORTEST = 2  # one letter may well mean another thing in the other case
_MOST = 5_000
_VALUES = "SELECT $x, count(*) FROM data WHERE $x IS NOT NULL GROUP BY $x LIMIT $most"


async def spellings(trial: Trial, name: str) -> dict[str, str]:
    """Return value -> the most frequent of the spellings that differ from it by case or blanks only."""
    found = await trial.query(fill(_VALUES, x=quoted(name), most=str(_MOST + 1)))
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
