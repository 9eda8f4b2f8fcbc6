"""`Screen sizes`, `the amount of salt`, `wing length`: words that say of a column what it is anyway."""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import Token, name_words
from sapwood_agents.analyst.language.units import UNITS

_AFTER = frozenset("size length amount measurement".split())
_BEFORE = frozenset("size amount".split())
_SURELY = 0.97
_LONGEST = 3


def says_only_size(tokens: tuple[Token, ...], index: int, linker: Linker) -> int:
    """How many tokens from `index` on say nothing more than the column that they stand beside."""
    token = tokens[index]
    if unit := _unit_of(tokens, index, linker):
        return unit
    if token.kind != "word" or token.lemma not in _AFTER | _BEFORE or _is_known(token, linker):
        return 0
    if token.lemma in _AFTER and any(
        _is_amount(tokens[index - size : index], linker)
        and not _named(tokens[index - size : index + 1], linker)
        for size in range(1, min(_LONGEST, index) + 1)
    ):
        return 1
    rest = tokens[index + 2 :]
    if index and tokens[index - 1].word == "what":
        return 0  # "what amount of flour": how much
    if token.lemma in _BEFORE and [t.word for t in tokens[index + 1 : index + 2]] == ["of"]:
        skipped = 1 if rest and rest[0].word == "the" else 0
        for size in range(1, _LONGEST + 1):
            if _is_amount(rest[skipped : skipped + size], linker):
                return 2
    return 0


def _unit_of(tokens: tuple[Token, ...], index: int, linker: Linker) -> int:
    """`litres of milk` where a column is called `milk_litres`."""
    if tokens[index].lemma not in UNITS or [t.word for t in tokens[index + 1 : index + 2]] != ["of"]:
        return 0
    said = {tokens[index].lemma, UNITS[tokens[index].lemma]}
    for size in range(1, _LONGEST + 1):
        span = tokens[index + 2 : index + 2 + size]
        named = (
            [name for name, score in linker.columns(span) if score >= _SURELY] if len(span) == size else []
        )
        if len(named) == 1 and said & set(name_words(named[0])):
            return 2
    return 0


def _is_known(token: Token, linker: Linker) -> bool:
    named = (*linker.columns((token,)), *linker.mentions((token,)))
    return bool(named or linker.values((token,))) or token.lemma in linker.rows.nouns


def _named(span: tuple[Token, ...], linker: Linker) -> bool:
    return any(score >= _SURELY for _, score in linker.columns(span))


def _is_amount(span: tuple[Token, ...], linker: Linker) -> bool:
    """Whether the words name one column outright, and that holds amounts."""
    named = [name for name, score in linker.columns(span) if score >= _SURELY] if span else []
    if len(named) != 1 or not linker.is_quantity(named[0]):
        return False
    column = linker.card.by_name[named[0]]
    said = {token.lemma for token in span}
    if any(said & set(name_words(other.name)) for other in linker.card.columns if other is not column):
        return False  # of a `root` and a `root_lab` either may be meant
    rows = linker.rows
    return not rows.labels.is_identifier(column) and column not in rows.parts_of_time.values()
