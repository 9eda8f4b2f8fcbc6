"""`By how much does A exceed B`, said as the difference between A and B."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import Token

_OPENINGS: Final = (
    ("by", "how", "much", "do"), ("by", "how", "much", "does"), ("by", "how", "much", "did"),
    ("how", "much", "do"), ("how", "much", "does"), ("how", "much", "did"),
)  # fmt: skip
_AHEAD: Final = (("by", "how", "much", "is"), ("by", "how", "much", "was"), ("by", "how", "much", "were"))
_EXCEED: Final = frozenset("exceed outnumber surpass outdo outperform outweigh".split())
_LATEST_OPENING: Final = 6


def exceeding(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens, with such a question turned into `difference between A and B`; else as they are."""
    words = tuple(token.word for token in tokens)
    for start in range(min(_LATEST_OPENING, len(words))):
        for opening in (*_OPENINGS, *_AHEAD):
            left = start + len(opening)
            if words[start:left] != opening:
                continue
            verb = _verb(words, left, ahead=opening in _AHEAD)
            if verb is None:
                return tokens
            at, size = verb
            return (
                *tokens[:start],
                _said(tokens[start], "difference"),
                _said(tokens[start + 1], "between"),
                *tokens[left:at],
                _said(tokens[at], "and"),
                *tokens[at + size :],
            )
    return tokens


def _verb(words: tuple[str, ...], left: int, *, ahead: bool) -> tuple[int, int] | None:
    """Where the one verb stands between two things, and how many words it takes."""
    if ahead:
        found = [(at, 2) for at in range(left, len(words) - 1) if words[at : at + 2] == ("ahead", "of")]
    else:
        found = [(at, 1) for at in range(left, len(words)) if words[at] in _EXCEED]
    if len(found) != 1:
        return None
    at, size = found[0]
    return found[0] if left < at and at + size < len(words) else None


def _said(token: Token, word: str) -> Token:
    return replace(token, text=word, word=word, lemma=lemma(word), kind="word", number=None)
