"""What a path through a question is made of: words that stand together, and what they are taken for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sapwood_agents.analyst.language.tokens import Token
from sapwood_agents.analyst.language.values import ValueLink

UNKNOWN = "?"
"""A noun for the rows that nothing in the table speaks of; believed where all else is clear."""


@dataclass(frozen=True, slots=True)
class Item:
    """One step of a path: `kind` is a letter of the `lexicon`."""

    kind: str
    start: int
    end: int
    score: float
    text: str
    payload: Any = None
    columns: tuple[tuple[str, float], ...] = ()
    values: tuple[ValueLink, ...] = ()
    inside: bool = False  # within parentheses

    @property
    def worth(self) -> float:
        """What the item adds to a path: more for more words, less for what leaves them unplaced."""
        length = self.end - self.start
        if self.kind == "?":
            return -8.0
        if self.kind == "p":
            return -1.0 if not self.payload else 0.3
        if self.kind == "R" and self.payload == UNKNOWN:
            return -3.0
        if self.kind == "R":
            return length * self.score - 0.2
        if self.kind in "_y":
            return 0.3 if length == 1 else length * 1.0
        if self.kind == "D":
            return length * 1.25 - 0.1
        if self.kind == "V" and all(link.weak for link in self.values):
            return 0.2
        if self.kind in "CV":
            return length * 1.2 * self.score - 0.25 + 0.2 * (self.score >= 0.999)
        return length * 1.0 - 0.2


@dataclass
class Place:
    """Where an item may begin, and the items found so far that do."""

    tokens: tuple[Token, ...]
    start: int
    is_row: bool
    """Whether the word alone is a noun for a row."""
    items: list[Item] = field(default_factory=list[Item])

    @property
    def token(self) -> Token:
        """The word that stands here."""
        return self.tokens[self.start]

    @property
    def before(self) -> Token | None:
        """The word before it."""
        return self.tokens[self.start - 1] if self.start else None

    @property
    def after(self) -> Token | None:
        """The word after it."""
        return self.tokens[self.start + 1] if self.start + 1 < len(self.tokens) else None

    def follows(self, words: frozenset[str]) -> bool:
        """Whether one of `words` stands before."""
        return self.before is not None and self.before.word in words

    @property
    def names_something(self) -> bool:
        """Whether a column or a value begins here."""
        return any(item.kind in "CV" for item in self.items)

    def add(self, kind: str, words: int = 1, score: float = 1.0, **more: Any) -> None:
        """One more item of so many words."""
        end = self.start + words
        text = " ".join(token.text for token in self.tokens[self.start : end])
        self.items.append(Item(kind, self.start, end, score, text, inside=self.token.inside, **more))

    def drop(self, kinds: str) -> None:
        """Take items of these kinds away again."""
        self.items = [item for item in self.items if item.kind not in kinds]
