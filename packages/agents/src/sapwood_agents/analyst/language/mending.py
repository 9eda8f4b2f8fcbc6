"""Replaces words that nothing in the table or the grammar knows by the one word they are a slip of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache, cached_property

from sapwood_agents.analyst.language.dimensions import DIMENSIONS
from sapwood_agents.analyst.language.lexicon import phrases
from sapwood_agents.analyst.language.linking import SLIP, Linker
from sapwood_agents.analyst.language.segments import known_words
from sapwood_agents.analyst.language.spelling import is_typo, lemma
from sapwood_agents.analyst.language.tokens import Token
from sapwood_agents.analyst.language.units import UNITS
from sapwood_agents.analyst.language.verbs import EVERY_VERB

_FREQUENT = frozenset(
    "before after between during total average number percentage maximum minimum standard deviation median "
    "highest lowest different correlation compare difference without column distribution".split()
)
"""Words of so many questions that one letter left out, the last one too, is a slip of them."""
_WORDS_TOO = frozenset("media".split())
"""What would be left of one of them is a word itself."""


class Mender:
    """Mends the typing errors of questions about one table."""

    def __init__(self, linker: Linker, nouns: frozenset[str]) -> None:
        self._linker = linker
        self._nouns = nouns
        self._mended: dict[str, str] = {}

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        """All words that may be meant, by their first letter: a slip there is not looked for."""
        table_words = self._linker.vocabulary | self._nouns
        found: dict[str, list[str]] = defaultdict(list)
        for word in (
            grammar_words()
            | table_words
            | {f"{word}s" for word in table_words if not word.endswith(("ed", "ing", "s"))}
        ):
            found[word[0]].append(word)
        return found

    def mend(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The tokens, each unknown word replaced where exactly one known word is near."""
        return tuple(self._mend(token) for token in tokens)

    def _mend(self, token: Token) -> Token:
        if token.kind != "word" or any(c.isdigit() for c in token.word) or self._known(token):
            return token
        if token.word not in self._mended:
            self._mended[token.word] = self._nearest(token)
        meant = self._mended[token.word]
        return replace(token, word=meant, lemma=lemma(meant)) if meant != token.word else token

    def _known(self, token: Token) -> bool:
        known = grammar_words()
        return (
            token.word in known
            or token.lemma in known
            or token.lemma in self._nouns
            or token.lemma in self._linker.vocabulary
            or token.lemma in self._linker.title_words
            or token.word in EVERY_VERB
            or token.lemma in known_words()  # a word of its own, that nothing here is called
            or any(score > SLIP for _, score in self._linker.columns((token,)))
            or bool(self._linker.values((token,)))
        )

    def _nearest(self, token: Token) -> str:
        near = {
            word
            for word in self._by_letter.get(token.word[0], ())
            if is_typo(token.word, word) or is_typo(token.lemma, word)
        }
        near = near or {word for word in _FREQUENT if _is_short_of(token.word, word)}
        swapped = {
            word for word in near if len(word) == len(token.word) and sorted(word) == sorted(token.word)
        }
        near = swapped or near
        return (
            min(near, key=lambda word: (len(word), word))
            if len({lemma(word) for word in near}) == 1
            else token.word
        )


def _is_short_of(typed: str, word: str) -> bool:
    """Whether one letter but the first was left out, or another one stands for the last of a long word."""
    if typed in _WORDS_TOO:
        return False
    if len(typed) == len(word) > _LONG:
        return typed[:-1] == word[:-1]
    return any(typed == word[:at] + word[at + 1 :] for at in range(1, len(word)))


_LONG = 6


@cache
def grammar_words() -> frozenset[str]:
    """Every word that the grammar knows by itself."""
    words = {word for phrase in phrases() for word in phrase if len(word) > 1}
    return frozenset(words | {word for key in DIMENSIONS for word in key.split()} | set(UNITS))
