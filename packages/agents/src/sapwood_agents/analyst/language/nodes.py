"""The sequence that rules rewrite: items with their column or value chosen, as nodes of one letter each."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.items import Item
from sapwood_agents.analyst.language.tokens import name_words

CHOICES = 64
"""So many ways to settle a path are read; a table with more of them has very many columns alike."""
_LABELS = frozenset("name title id code key number no nr".split())
_FEWEST_CHOICES = 12
_MOST_NODES = 1_000
"""Of a long path fewer ways are read, so that all of them together have about so many nodes."""
_Options = list[tuple[float, Any]]


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a reading: `kind` is a letter of the `lexicon`, `payload` as the kind needs it."""

    kind: str
    text: str
    payload: Any = None
    score: float = 1.0
    start: int = 0
    inside: bool = False  # within parentheses
    verb: bool = False  # a condition that begins with is or has: it says something of what stood before


Rewrite = Callable[[list[Node]], list[Node] | None]
Rule = tuple[str, Rewrite]


@dataclass(frozen=True, slots=True)
class Choices:
    """Ways to settle which column or value each item of a path means, each with its doubt (0 is none).

    They come by rising doubt, so the order of the words decides nothing. `beyond` is the doubt of the
    least doubtful way that was left out: a reading no surer than that by a margin is one of several.
    There is no way at all where an item means nothing here, such as a mere part of a value.
    """

    ways: tuple[tuple[float, list[Node]], ...]
    beyond: float = math.inf
    meaningless: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[tuple[float, list[Node]]]:
        return iter(self.ways)


def choices(path: list[Item], card: TableCard) -> Choices:
    """The least doubtful ways to settle what the items of `path` mean, `CHOICES` at the most."""
    kept = [item for item in path if item.kind != "_"]
    named = {name for item in kept if item.kind in "Cp" for name, _ in item.columns}
    options = [list(_options(kept, index, card, named)) for index in range(len(kept))]
    most = max(_FEWEST_CHOICES, min(CHOICES, _MOST_NODES // max(1, len(kept))))
    found = list(islice(_by_doubt(options), most + 1))
    ways = tuple(
        (
            doubt,
            [
                Node(item.kind, item.text, payload, item.score, item.start, item.inside)
                for item, payload in zip(kept, payloads, strict=True)
            ],
        )
        for doubt, payloads in found[:most]
    )
    meaningless = tuple(item.text for item, several in zip(kept, options, strict=True) if not several)
    return Choices(ways, found[most][0] if len(found) > most else math.inf, meaningless)


def _by_doubt(options: list[_Options]) -> Iterator[tuple[float, list[Any]]]:
    """Every combination of one option each, the cheapest first; of equal ones the one of fewest steps."""
    if not all(options):
        return
    ranked = [sorted(several, key=lambda option: option[0]) for several in options]
    open_ = [index for index, several in enumerate(ranked) if len(several) > 1]
    # An entry: its rounded doubt, how many steps it is from the first choices, and which it takes where
    # there are several. The steps go from left to right, so that each combination is come to only once.
    frontier = [(0.0, 0, (0,) * len(open_))]
    while frontier:
        dearer, steps, taken = heapq.heappop(frontier)
        chosen = [several[0] for several in ranked]
        for index, rank in zip(open_, taken, strict=True):
            chosen[index] = ranked[index][rank]
        yield sum(cost for cost, _ in chosen), [payload for _, payload in chosen]
        last = max((place for place, rank in enumerate(taken) if rank), default=0)
        for place in range(last, len(open_)):
            several, rank = ranked[open_[place]], taken[place]
            if rank + 1 < len(several):
                more = round(dearer + several[rank + 1][0] - several[rank][0], 9)
                onward = (*taken[:place], rank + 1, *taken[place + 1 :])
                heapq.heappush(frontier, (more, steps + 1, onward))


def _options(kept: list[Item], index: int, card: TableCard, named: set[str]) -> Iterator[tuple[float, Any]]:
    item = kept[index]
    before = kept[index - 1] if index else None
    if item.kind == "C":
        for name, score in item.columns:
            column = card.by_name[name]
            yield 1 - score - _extreme(before, column), column
    elif item.kind == "p":
        yield 0.0, tuple(card.by_name[name] for name, _ in item.columns)
    elif item.kind == "V":
        hint = before.text.casefold() if before is not None and before.kind in "fP>" else ""
        labels = {link.column for link in item.values if _is_label(card, link.column)}
        typed = {link.column for link in item.values if item.text in link.values}
        spoken = _spoken_of(kept, index) & {link.column for link in item.values}
        for link in item.values:
            if spoken and link.column not in spoken:
                continue
            if not link.weak or link.column in named:
                other = 0.12 if labels and link.column not in labels | named else 0.0
                other += 0.12 if typed & labels and link.column in labels - typed - named else 0.0
                yield (
                    1 - link.score + other - _direction(hint, link.column),
                    (card.by_name[link.column], link.values),
                )
    else:
        yield 0.0, item.payload


def _spoken_of(kept: list[Item], index: int) -> set[str]:
    """The columns that the words before a value name: `housing is yes`, `where the loan = no`."""
    if [item.kind for item in kept[index + 1 : index + 3]] == ["P", "C"] and kept[
        index + 1
    ].text.casefold() == "as":
        return _best(kept[index + 2])  # "fire as the first type"
    at = index - 1
    while at >= 0 and (kept[at].kind == "I" or (kept[at].kind == "M" and kept[at].payload[0] in ("=", "!="))):
        at -= 1
    if at < 0 or kept[at].kind != "C":
        return set()
    return _best(kept[at])


def _best(item: Item) -> set[str]:
    best = max(score for _, score in item.columns)
    return {name for name, score in item.columns if score == best}


def _is_label(card: TableCard, name: str) -> bool:
    """Whether the column names the rows, so that a value in it is meant before the same one elsewhere."""
    words = name_words(name)
    if card.by_name[name].distinct * 2 < card.rows:
        return False  # a title such as Dr.
    return words in (("name",), ("title",)) or (words[-1] in _LABELS and card.is_unique(card.by_name[name]))


def _extreme(before: Item | None, column: ColumnCard) -> float:
    """`the highest temperature` is that of the column of maxima where one of minima is beside it."""
    if before is None or before.kind not in "SJ":
        return 0.0
    words = set(name_words(column.name))
    ends = {"desc": {"max", "maximum", "high", "tmax"}, "asc": {"min", "minimum", "low", "tmin"}}
    return 0.15 if words & ends.get(before.payload[0], set()) else 0.0


def _direction(preposition: str, column: str) -> float:
    """`from` speaks of where something starts, `to` of where it ends."""
    words = "_".join(name_words(column))
    if preposition == "from" and re.search("orig|from|source|depart|start|pickup", words):
        return 0.15
    if preposition in ("to", "into") and re.search("dest|^to|arriv|target|end|dropoff", words):
        return 0.15
    return 0.0


def letters(nodes: Sequence[Node]) -> str:
    """The nodes as a word over the letters of the `lexicon`, for a rule's regular expression."""
    return "".join(node.kind for node in nodes)


def words(nodes: Sequence[Node]) -> str:
    """What the nodes stand for in the question."""
    return " ".join(node.text for node in nodes)


def dropped(_: list[Node]) -> list[Node]:
    """The action of a rule that takes its nodes away."""
    return []


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def rewrite(nodes: list[Node], rules: Sequence[Rule]) -> list[Node]:
    """Apply each rule in turn wherever it matches, until it matches nowhere."""
    text = letters(nodes)
    for pattern, action in rules:
        compiled = _compiled(pattern)
        position = 0
        while match := compiled.search(text, position):
            start, end = match.span()
            new = action(nodes[start:end]) if end > start else None
            if new is None:
                position = start + 1
                continue
            nodes = [*nodes[:start], *new, *nodes[end:]]
            text = letters(nodes)
            position = start + (len(new) >= end - start)
    return nodes
