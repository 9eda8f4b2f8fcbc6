"""What a word is, told by the words beside it: a noun or a verb, a unit or a span of time, nothing at all."""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import Token

_EDITS = frozenset("change replace rename update delete overwrite edit modify".split())
_NEARLY = frozenset("around about approximately roughly circa nearly almost approx".split())
_OVER_TIME = frozenset("total sum average mean median count".split())
_BEFORE_SHOW = frozenset("which what the each per every by many a average of most any this".split())
_NOUNS_TOO = frozenset(
    "cost costs charge charges purchase purchases bill place places result results release issue score "
    "rate grade base hand feature features lead show shows".split()
)
_DEEDS = frozenset("deal lead stay run visit".split())
_AFTER_NOUNS = frozenset("from in of with for by on at is was are were has had that which".split())
_BEFORE_NOUNS = frozenset("the a average mean median total highest lowest".split())
_AUXILIARY = frozenset("do does did that which who what to when they we people it not".split())
_ASKED = frozenset("do did can could may might should shall if am would that what when".split())
_ASKING = frozenset(
    "am would want need wish wonder can could may might have had know think see like do get just was will "
    "ask mean".split()
)
_TIMES = frozenset({"year", "month", "week", "day", "hour"})
_NONE = ""


def kinds_barred(tokens: tuple[Token, ...], start: int, linker: Linker) -> str | None:
    """The kinds that the word at `start` cannot be here, `*` for all; `None` where it may be any."""
    token, before, after = tokens[start], _word(tokens, start - 1), _word(tokens, start + 1)
    amount = tokens[start + 1 : start + 2] if token.word in ("including", "incl") else ()
    if token.lemma == "show" and before in _BEFORE_SHOW:
        return "_yL"  # what is shown on a screen
    barred = (
        (start == 0 and token.word in _EDITS)  # the table is asked, not written
        or (start == 0 and token.word == "where")  # a place: no slot of the grammar is one
        or (token.word in _NEARLY and number_at(tokens, start + 1))  # "around 15" is not 15
        or (token.lemma == "stand" and after == "for")  # no table says what its codes mean
        or bool(amount and linker.columns(amount))  # "the total including tax"
    )
    return "*" if barred else None


def runs_on(tokens: tuple[Token, ...], start: int) -> bool:
    """Whether a running total is spoken of, which is no total."""
    return tokens[start].word in ("running", "rolling", "moving") and _word(tokens, start + 1) in _OVER_TIME


def is_noun(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether a word that may be a verb is none: `the cost`, `the name of`."""
    token = tokens[start]
    if token.lemma == "name" and _word(tokens, end) == "of":
        return True
    if start and token.word in _DEEDS and tokens[start - 1].word in _BEFORE_NOUNS:
        return _word(tokens, end) not in _AFTER_NOUNS  # "the average deal size"
    if start == 0 or token.word not in _NOUNS_TOO:
        return False
    return tokens[start - 1].word in _BEFORE_NOUNS or not any(t.word in _AUXILIARY for t in tokens[:start])


def number_at(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a number stands there: in `200 boxes and over 500 lids` what is over 500 follows."""
    return at < len(tokens) and tokens[at].number is not None


def speaks_of_oneself(tokens: tuple[Token, ...], start: int) -> bool:
    """Whether `I` is who asks and no value: `I would like to know`, `if I may`."""
    if tokens[start].word != "i":
        return False
    return _word(tokens, start - 1) in _ASKED or _word(tokens, start + 1) in _ASKING


def may_be_unit(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """After a number, after `how many` and `in`; there times only in the plural, for `in year` is none."""
    before, last = tokens[start - 1], tokens[end - 1]
    if before.number is not None or before.unit:
        return True
    if tokens[start].kind == "symbol":
        return before.word == "in"
    plural = last.word != last.lemma or last.lemma not in _TIMES
    return plural and (before.word in ("in", "many", "by") or tokens[start].inside)


def _word(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else _NONE
