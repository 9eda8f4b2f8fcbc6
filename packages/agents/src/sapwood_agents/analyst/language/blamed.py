"""The words of the asker that a refusal names, whatever a rule called what it could not place.

A rule may name a column that it tried or a word that it looked for; the asker wrote neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.items import Item
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.tokens import Token, tokenize

_JOINING = "_y,&>IPOHBT"
"""Kinds of items that only lead from one word to the next."""


def blamed(words: Iterable[str], nodes: Sequence[Node], question: Sequence[Token]) -> tuple[str, ...]:
    """Each of `words` as it was asked: itself, or what stands for the column of that name."""
    found: list[str] = []
    for word in words:
        asked = spoken((word,), question)
        found += asked or spoken((node.text for node in nodes if word in _columns(node)), question)
    return tuple(dict.fromkeys(found))


def spoken(words: Iterable[str], question: Sequence[Token]) -> tuple[str, ...]:
    """Those of `words` that stand in the question."""
    said = f" {_joined(question)} "
    return tuple(word for word in words if word and f" {_joined(tokenize(word))} " in said)


def meant(path: Sequence[Item], question: Sequence[Token]) -> tuple[str, ...]:
    """The words of a path that were taken for something; where there are none, all of the question."""
    kept = spoken((item.text for item in path if item.kind not in _JOINING), question)
    return tuple(dict.fromkeys(kept or (token.text for token in question)))


def _joined(tokens: Iterable[Token]) -> str:
    return " ".join(token.word for token in tokens)


def _columns(node: Node) -> set[str]:
    """The columns that a node stands for, or is a value of."""
    among = node.payload if isinstance(node.payload, tuple) else (node.payload,)  # pyright: ignore[reportUnknownVariableType]  # a payload is as its kind needs it
    return {each.name for each in among if isinstance(each, ColumnCard)}
