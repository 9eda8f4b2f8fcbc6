"""What befell whom: `how many people were killed` asks for the column of the killed."""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import Token

_JOINING = frozenset("got get was were is are been being".split())
_SURE = 0.85
_WHO = frozenset("people persons person ppl".split())


def befallen(tokens: tuple[Token, ...], index: int, linker: Linker) -> int:
    """How many words only say who it was: `people were` of `how many people were killed`."""
    token = tokens[index]
    if token.word not in _WHO or token.lemma in linker.rows.nouns or linker.columns((token,)):
        return 0
    if [t.word for t in tokens[:index]][-2:] != ["how", "many"]:
        return 0
    end = index + 1
    while end < len(tokens) - 1 and tokens[end].word in _JOINING:
        end += 1
    said = tokens[end : end + 1]
    if not said or not said[0].word.endswith(("ed", "en", "ied", "hurt")):
        return 0
    named = linker.columns(said)
    counted = [linker.card.by_name[name] for name, score in named if score >= _SURE]
    return end - index if any(c.is_number and not c.is_flag for c in counted) else 0


def only_joins(tokens: tuple[Token, ...], index: int, linker: Linker) -> bool:
    """Whether the word stands between the two halves of a column's name: `riders were injured`."""
    if tokens[index].word not in _JOINING or not 0 < index < len(tokens) - 1:
        return False
    before, after = tokens[index - 1], tokens[index + 1]
    if not after.word.endswith(("ed", "en", "hurt")) or linker.values((after,)):
        return False
    named = linker.columns((before, after))
    alone = linker.columns((before,))
    return bool(named) and named[0][1] >= _SURE and (not alone or alone[0][0] == named[0][0])
