"""Codes in parentheses: `trainees (T)`, `left-handed (L)`, where `T` and `L` are values of the table."""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import Token

_LONGEST_CODE = 4
_ENDINGS = frozenset("handed sided footed based".split())
_SURELY = 0.97


def explains(tokens: tuple[Token, ...], start: int, opening: int, linker: Linker) -> bool:
    """Whether the parenthesis that opens there is a code, and the unknown word at `start` what it stands for.

    The word stands right before it or begins with the letter of the code: of `injured drivers (D)` nothing
    explains who was injured.
    """
    inside = _inside(tokens, opening)
    if len(inside) != 1 or len(code := inside[0].text) > _LONGEST_CODE:
        return False
    if not any(
        str(value).casefold() == code.casefold() and link.score >= _SURELY
        for link in linker.values(inside)
        for value in link.values
    ):
        return False
    begins = tokens[start].word[:1] == code[:1].casefold()
    last = start + 1 == opening and tokens[start].word not in _ENDINGS
    ending = tokens[start].word in _ENDINGS and tokens[start - 1].word[:1] == code[:1].casefold()
    return begins or last or ending or _within(tokens, start, code)


def _within(tokens: tuple[Token, ...], start: int, code: str) -> bool:
    """`tailed` in `red-tailed hawks (RT)`: a later letter of the code, right after the word of the first."""
    at = code.casefold().find(tokens[start].word[:1])
    return at > 0 and start >= at and tokens[start - at].word[:1] == code[:1].casefold()


def _inside(tokens: tuple[Token, ...], opening: int) -> tuple[Token, ...]:
    end = opening
    while end < len(tokens) and tokens[end].inside:
        end += 1
    return tokens[opening:end]
