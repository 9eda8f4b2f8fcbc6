"""Which names of columns a word reaches: those that have it, another form of it, or one it may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sapwood_agents.analyst.language.names import Name, likeness

Places = frozenset[int]
"""Columns, by where they stand in the table."""
NOWHERE: Places = frozenset()


def index(entries: Iterable[tuple[str, int]]) -> Mapping[str, Places]:
    """The places of each key."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, place in entries:
        found[key].add(place)
    return {key: frozenset(places) for key, places in found.items()}


def places(known: Mapping[str, Places], *keys: str) -> Places:
    """The places of all keys together."""
    return NOWHERE.union(*(known.get(key, NOWHERE) for key in keys))


@dataclass(frozen=True, slots=True)
class Reach:
    """What one word of a question says of all the names together."""

    sure: bool  # a name has it
    meant: Places  # names with a word that it may mean
    shared: Places  # names that have it, another form of it or one ending with it


class Bearers:
    """The words of one table's names; each word of a question is compared with them once."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._places = index((word, place) for place, name in enumerate(names) for word in name.words)
        self._reaches: dict[str, Reach] = {}
        self.words = frozenset(self._places)

    def reach(self, word: str) -> Reach:
        """The names that the word reaches."""
        if word not in self._reaches:
            likes = [(other, likeness(word, other), where) for other, where in self._places.items()]
            meant = (
                where for other, like, where in likes
                if like or (len(other) <= 3 and word.startswith(other))
            )  # fmt: skip
            shared = (where for other, like, where in likes if like >= 0.85 or other.endswith(word))
            self._reaches[word] = Reach(
                sure=any(like >= 0.94 for _, like, _ in likes),
                meant=NOWHERE.union(*meant),
                shared=NOWHERE.union(*shared),
            )
        return self._reaches[word]
