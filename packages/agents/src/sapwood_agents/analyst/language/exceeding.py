"""`By how much does A exceed B`, said as the difference between A and B."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import Token

_AUXILIARIES: Final = frozenset("do does did is are was were has have".split())
_EXCEED: Final = frozenset("exceed outnumber surpass outdo outperform outweigh".split())
_MORE: Final = frozenset(
    "higher greater larger bigger longer older taller heavier dearer costlier faster later warmer hotter "
    "wider deeper thicker richer stronger pricier better lower smaller shorter younger cheaper lighter "
    "slower".split()
)
_MEASURED: Final = frozenset("mean average avg median total highest lowest maximum minimum".split())
"""Without one of these `by how many boats` counts boats."""
_LATEST_OPENING: Final = 6
_UNITS_UP_TO: Final = 2


def exceeding(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens with such a question as `difference between A and B` or `how much higher is A than B`."""
    words = tuple(token.word for token in tokens)
    for start in range(min(_LATEST_OPENING, len(words))):
        if (left := _opened(words, start)) is None:
            continue
        counted = words[left - 2] != "much" and not _MEASURED & set(words[left:])
        if not counted and (verb := _verb(words, left)) is not None:
            at, size = verb
            return (
                *tokens[:start],
                _said(tokens[start], "difference"),
                _said(tokens[start + 1], "between"),
                *tokens[left:at],
                _said(tokens[at], "and"),
                *tokens[at + size :],
            )
        if (at := _comparative(words, left)) is not None:
            how = start + (words[start] == "by")
            much = _said(tokens[how + 1], "much")
            return (*tokens[:start], tokens[how], much, tokens[at], *tokens[left - 1 : at], *tokens[at + 1 :])
    return tokens


def _opened(words: tuple[str, ...], start: int) -> int | None:
    """Where what is compared begins, after `by how much does`, `how much is`, `by how many years are`."""
    at = start + (words[start] == "by")
    if words[at : at + 1] != ("how",) or words[at + 1 : at + 2] not in (("much",), ("many",)):
        return None
    by_units = words[start] == "by" and words[at + 1] == "many"
    for left in range(at + 3, at + 4 + _UNITS_UP_TO * by_units):
        if words[left - 1 : left] and words[left - 1] in _AUXILIARIES:
            return None if words[at + 1] == "many" and left == at + 3 and not by_units else left
    return None


def _comparative(words: tuple[str, ...], left: int) -> int | None:
    """Where the one `higher` stands, before the one `than`."""
    found = [at for at in range(left + 1, len(words)) if words[at] in _MORE]
    than = [at for at in range(left, len(words)) if words[at] == "than"]
    return found[0] if len(found) == len(than) == 1 and found[0] < than[0] < len(words) - 1 else None


def _verb(words: tuple[str, ...], left: int) -> tuple[int, int] | None:
    """Where the one verb stands between two things, and how many words it takes."""
    found = [(at, 2) for at in range(left, len(words) - 1) if words[at : at + 2] == ("ahead", "of")]
    found += [(at, 1) for at in range(left, len(words)) if words[at] in _EXCEED]
    if len(found) != 1:
        return None
    at, size = found[0]
    return found[0] if left < at and at + size < len(words) else None


def _said(token: Token, word: str) -> Token:
    return replace(token, text=word, word=word, lemma=lemma(word), kind="word", number=None)
