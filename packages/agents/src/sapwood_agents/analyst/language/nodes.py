"""The sequence that rules rewrite: items with their column or value chosen, as nodes of one letter each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
import re
from typing import Any

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.language.lattice import Item

CHOICES = 12


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a reading: `kind` as in `lexicon.KINDS`, `payload` as the kind needs it."""

    kind: str
    text: str
    payload: Any = None
    score: float = 1.0
    start: int = 0
    verb: bool = False  # a condition that begins with is or has: it says something of what stood before


Rewrite = Callable[[list[Node]], list[Node] | None]


def choices(path: list[Item], card: TableCard) -> Iterator[tuple[float, list[Node]]]:
    """Every way to settle which column or value each item means, with the doubt it leaves (0 is none)."""
    kept = [item for item in path if item.kind != "_"]
    options: list[list[tuple[float, Any]]] = []
    hints = {
        i: kept[i - 1].text.casefold() for i in range(1, len(kept)) if kept[i - 1].kind in "fP>" and kept[i].kind == "V"
    }
    for index, item in enumerate(kept):
        if item.kind == "C":
            options.append([(1 - score, card.by_name[name]) for name, score in item.columns])
        elif item.kind == "p":
            options.append([(0.0, tuple(card.by_name[name] for name, _ in item.columns))])
        elif item.kind == "V":
            options.append(
                [
                    (1 - link.score - _direction(hints.get(index, ""), link.column), (card.by_name[link.column], link.values))
                    for link in item.values
                ]
            )
        else:
            options.append([(0.0, item.payload)])
    for number, chosen in enumerate(product(*options)):
        if number >= CHOICES:
            return
        doubt = sum(cost for cost, _ in chosen)
        yield doubt, [
            Node(item.kind, item.text, payload, item.score, item.start)
            for item, (_, payload) in zip(kept, chosen, strict=True)
        ]


def _direction(preposition: str, column: str) -> float:
    """`from` speaks of where something starts, `to` of where it ends."""
    name = column.casefold()
    if preposition == "from" and ("orig" in name or "from" in name or "source" in name or "depart" in name):
        return 0.15
    if preposition in ("to", "into") and ("dest" in name or name.startswith("to") or "arriv" in name or "target" in name):
        return 0.15
    return 0.0


def letters(nodes: list[Node]) -> str:
    """The nodes as a word over `lexicon.KINDS`, for a rule's regular expression."""
    return "".join(node.kind for node in nodes)


def rewrite(nodes: list[Node], rules: list[tuple[str, Rewrite]]) -> list[Node]:
    """Apply each rule in turn wherever it matches, until it matches nowhere."""
    for pattern, action in rules:
        compiled = re.compile(pattern)
        position = 0
        while match := compiled.search(letters(nodes), position):
            new = action(nodes[match.start() : match.end()]) if match.end() > match.start() else None
            if new is None:
                position = match.start() + 1
                continue
            nodes = [*nodes[: match.start()], *new, *nodes[match.end() :]]
            position = match.start()
            if len(new) >= match.end() - match.start():
                position += 1
    return nodes


def pick(nodes: list[Node], kinds: str) -> list[Node]:
    """The nodes of these kinds, in order."""
    return [node for node in nodes if node.kind in kinds]


def with_kind(node: Node, kind: str, payload: Any) -> Node:
    """The node as another kind."""
    return replace(node, kind=kind, payload=payload)
