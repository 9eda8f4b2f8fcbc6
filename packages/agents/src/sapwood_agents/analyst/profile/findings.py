"""What the two looks found, as it came from the worker: JSON in, plain dictionaries by column out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sapwood_agents.analyst.profile.first_look import Part
from sapwood_storage.tabular.model import Cell

Figures = dict[str, Any]


@dataclass(slots=True)
class FirstFindings:
    """The first look: `size` rows were in the pool."""

    size: int = 0
    values: dict[int, Figures] = field(default_factory=dict[int, Figures])
    ranks: dict[int, Figures] = field(default_factory=dict[int, Figures])
    probes: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    correlations: list[Figures] = field(default_factory=list[Figures])

    def take(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add the rows of one statement."""
        for place, part, text in rows:
            index, found = int(str(place)), _load(text)
            match Part(str(part)):
                case Part.SIZE:
                    self.size = int(found)
                case Part.VALUES:
                    self.values[index] = found
                case Part.RANKS:
                    self.ranks |= {one["place"]: one for one in found}
                case Part.PROBE:
                    self.probes[index] = found or []
                case Part.CORRELATIONS:
                    self.correlations = found

    def at(self, index: int) -> list[float] | None:
        """The quantiles of a column as numbers, times in seconds since 1970; none where it has no value."""
        found = self.ranks.get(index, {})
        at: list[float | None] | None = found.get("epochs") or found.get("at")
        return None if not at or None in at else [float(one) for one in at if one is not None]


def load_row(row: Sequence[Cell]) -> list[Figures]:
    """The only row of a statement of the second look."""
    return [_load(text) for text in row]


def _load(text: Cell) -> Any:
    # What is not finite has no word in JSON; DuckDB writes it all the same.
    return None if text is None else json.loads(str(text), parse_constant=lambda _: None)
