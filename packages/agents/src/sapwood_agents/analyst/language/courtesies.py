"""Polite words around a question go: `good morning`, `would you be so kind as to`, `thanks in advance`."""

from __future__ import annotations

import re

from sapwood_agents.analyst.language.tokens import Token

_OPENING = re.compile(
    r"""(?:
    (?:hi|hey|hello|dear)\ (?:there|all|everyone|everybody|team)(?:\ ,)*
  | good\ (?:morning|afternoon|evening|day)(?:\ (?:all|everyone|everybody|team|to\ you))?
        (?:(?:\ ,)+|(?=\ (?:how|what|which|who|when|where|can|could|would|will|please|i|list|show|give|tell
        |is|are|do|does|the|total|average|mean|number|count|top|compare|share|percentage)\ ))
  | i\ (?:would|will|should)\ be\ (?:(?:so|very|really|most)\ )?
        (?:grateful|thankful|glad|happy|pleased|delighted|obliged|interested)
        (?:\ (?:if|for(?=\ (?:the|a|an)\ )|to\ (?:learn|know|see|hear|find\ out|get|have)))
  | (?:would|could|will|can)\ you\ (?:please\ )?be\ so\ (?:kind|good|nice|friendly)(?:\ (?:as\ to|and))?
  | (?:would|do)\ you\ mind\ (?=telling|showing|giving|listing)
  | for\ (?:my|our|an?|the|this)\ (?:\S+\ )?(?:report|presentation|paper|thesis|article|homework|study
        |newsletter|blog|meeting|record|school|class|project|research|note|audit)s?(?:\ \S+)??(?:\ ,)*
        \ i\ (?:need|want|have|would\ like)\ to\ (?:know|see|find\ out|learn)
  | do\ me\ (?:a|the)\ favou?r(?:\ and|\ ,)?
  )\ (?=\S)""",
    re.VERBOSE,
)
_CLOSING = re.compile(
    r"""(?:\ ,)?\ (?:
    if\ you\ (?:please|would\ be\ so\ (?:kind|good)|do\ not\ mind|would\ not\ mind|would)
  | (?:many\ |kind\ )?thanks(?:\ (?:in\ advance|a\ lot|so\ much|very\ much))?
  | thank\ you(?:\ (?:in\ advance|very\ much|so\ much|kindly))?
  | (?:just\ )?(?:a|the)\ (?:list|names?|numbers?|total|figures?)
        \ (?:is|are|will\ be|would\ be)\ (?:enough|fine|sufficient)
  | just\ (?:a|the)\ (?:list|names?|numbers?|totals?|figures?)
  | much\ appreciated | (?:kind|best)\ regards | would\ you | will\ you | pretty\ please
  )(?:\ [,.!])*$""",
    re.VERBOSE,
)


def without_courtesies(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens without a greeting, a polite opening or a word of thanks; never all of them."""
    while (opening := _OPENING.match(said := _said(tokens))) is not None:
        tokens = tokens[said[: opening.end()].count(" ") :]
    while (closing := _CLOSING.search(said := _said(tokens))) is not None and closing.start():
        tokens = tokens[: said[: closing.start()].count(" ") + 1]
    return tokens


def _said(tokens: tuple[Token, ...]) -> str:
    """The words, one blank between two; what stands in quotation marks is no courtesy."""
    return " ".join("_" if token.kind == "quoted" else token.word.replace(" ", "_") for token in tokens)
