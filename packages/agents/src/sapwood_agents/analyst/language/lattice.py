"""Cuts a question into items: which words stand together, and what each group may be.

All meanings of all spans make a lattice; the paths that leave the fewest words unplaced and link them
best are read further, best first.
"""

from __future__ import annotations

import heapq

from sapwood_agents.analyst.language.courtesies import without_courtesies
from sapwood_agents.analyst.language.exceeding import exceeding
from sapwood_agents.analyst.language.items import Item
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.mending import Mender
from sapwood_agents.analyst.language.options import Options
from sapwood_agents.analyst.language.rewording import Rewording
from sapwood_agents.analyst.language.tokens import Token

PATHS = 6
WORSE = 0.65
"""A path this much worse than the best one leaves a word's likely meaning aside."""


class Lattice:
    """Cuts questions about one table."""

    def __init__(self, linker: Linker) -> None:
        self._options = Options(linker)
        self._mender = Mender(linker, linker.rows.nouns)
        self._rewording = Rewording(linker)

    def paths(self, tokens: tuple[Token, ...]) -> list[tuple[float, list[Item]]]:
        """The best `PATHS` ways to cut `tokens` with what each is worse than the best, best first."""
        tokens = without_courtesies(tokens)
        tokens = self._mender.mend(exceeding(self._rewording.reworded(tokens)))
        best: list[list[tuple[float, int, list[Item]]]] = [[] for _ in range(len(tokens) + 1)]
        best[0] = [(0.0, 0, [])]
        serial = 0
        for start in range(len(tokens)):
            if start:
                best[start] = heapq.nlargest(PATHS * 2, best[start], key=_order)
            options = self._options.at(tokens, start)
            for total, _, items in best[start]:
                for item in options:
                    serial += 1
                    best[item.end].append((total + item.worth, serial, [*items, item]))
        ranked = heapq.nlargest(PATHS, best[-1], key=_order)
        return [(ranked[0][0] - worth, items) for worth, _, items in ranked if worth > ranked[0][0] - WORSE]


def _order(entry: tuple[float, int, list[Item]]) -> tuple[float, int]:
    return entry[0], -entry[1]
