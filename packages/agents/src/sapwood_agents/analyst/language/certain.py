"""Words that can only be a value where they stand, whatever else they mean: `the phase is unknown`."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from sapwood_agents.analyst.language.almanac import REGULAR
from sapwood_agents.analyst.language.items import Item, Place
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import Token
from sapwood_agents.analyst.language.values import ValueLink

_COPULAS = frozenset("is was are were = equals equal".split())
_ARE = frozenset("is are be still".split())
_SURELY = 0.97
_LONGEST = 8
_CODE = 3
"""So few letters are a value only when typed as the table has them: `IN`, not `in`."""
_DIRECTIONS = frozenset("in out on off up down".split())
_AFTER_DIRECTIONS = frozenset("by per , ? ! .".split())
_IDLE = frozenset(
    "ok okay given own result answer question such present complete full whole entire exact certain "
    "particular specific available level together still quick here now".split()
)
"""Words that a question can do without, unless the table knows them."""
_OPERATORS = frozenset("max min mean mode sum top best".split())
_KINDS = 30
_SIDES = 12
"""A column of more kinds has codes such as `IN` for something else than a direction."""


def certain_value(place: Place, linker: Linker, *, before_row: bool) -> Item | None:
    """The value that the words name; `before_row`: a noun for the rows follows."""
    return (
        _signed(place.tokens, place.start, linker)
        or _told(place.tokens, place.start, linker)
        or _state(place, linker)
        or _of_next(place, linker)
        or _qualifying(place, linker, before_row=before_row)
        or _called_as_an_operator(place, linker)
        or _passed_over(place, linker)
    )


def _signed(tokens: tuple[Token, ...], start: int, linker: Linker) -> Item | None:
    """A band with a sign of its own, typed as the table has it: `<5 kg`, `500+`."""
    if not linker.bands:
        return None
    for stop in range(min(len(tokens), start + _LONGEST), start + 1, -1):
        text = _typed(tokens[start:stop])
        if links := linker.bands.get(text.casefold()):
            found = tuple(ValueLink(column, (value,), 1.0) for column, value in links)
            return Item("V", start, stop, 1.0, text, values=found, inside=tokens[start].inside)
    return None


def _typed(span: tuple[Token, ...]) -> str:
    """The words as they stand in the question, with a blank where there are some."""
    text = span[0].text
    for before, token in pairwise(span):
        text += (" " if token.start > before.end else "") + token.text
    return text


def _called_as_an_operator(place: Place, linker: Linker) -> Item | None:
    """`calls taken by Max`, where somebody is called so; not `Max of`, `max fee` or a heading in capitals."""
    token = place.token
    named = token.text[:1].isupper() and not token.text[1:].isupper()
    if place.start == 0 or token.word not in _OPERATORS or not named:
        return None
    links = tuple(link for link in linker.values((token,)) if token.text in link.values)
    if not links or (place.after is not None and linker.columns((place.after,))):
        return None
    return Item("V", place.start, place.start + 1, 1.0, token.text, values=links, inside=token.inside)


def _passed_over(place: Place, linker: Linker) -> Item | None:
    """`ok parcels`: a word that says nothing elsewhere, where it is one of a few kinds."""
    token, after = place.token, place.after
    if token.word not in _IDLE or (place.start == 0 and after is not None and not after.word.isalnum()):
        return None
    links = tuple(
        replace(link, score=1.0, weak=False)
        for link in linker.values((token,))
        if linker.card.by_name[link.column].distinct <= _KINDS
        and all(_is_typed(str(value), token) for value in link.values)
    )
    if not links:
        return None
    return Item("V", place.start, place.start + 1, 1.0, token.text, values=links, inside=token.inside)


def _is_typed(value: str, token: Token) -> bool:
    return value == token.text or (value.casefold() == token.word and len(value) >= _CODE)


def _told(tokens: tuple[Token, ...], start: int, linker: Linker) -> Item | None:
    """`where the phase is unknown`: a value of the column that was just named."""
    said = start > 0 and tokens[start - 1].word in _COPULAS
    end = start - 1 if said else start
    for size in range(1, min(3, end) + 1):
        columns = linker.columns(tokens[end - size : end])
        if not columns or columns[0][1] < _SURELY:
            continue
        spelled = {str(v).casefold(): v for v in linker.card.by_name[columns[0][0]].values}
        for stop in range(min(len(tokens), start + _LONGEST), start, -1):
            text = " ".join(token.text for token in tokens[start:stop])
            value = spelled.get(text.casefold())
            exact = text == value and text[:1].isupper()
            if value is not None and (exact or (said and len(text) > _CODE)):
                link = ValueLink(columns[0][0], (value,), 1.0)
                return Item("V", start, stop, 1.0, text, values=(link,), inside=tokens[start].inside)
    return None


def _of_next(place: Place, linker: Linker) -> Item | None:
    """`the day shift`, `month plans`: one of the kinds of the column that follows, whatever else it means."""
    if place.after is None or place.token.kind != "word":
        return None
    named = linker.columns((place.after,))
    if not named or named[0][1] < _SURELY:
        return None
    column = linker.card.by_name[named[0][0]]
    if not column.enumerated or column.distinct > _SIDES:
        return None
    value = next((each for each in column.values if str(each).casefold() == place.token.word), None)
    if value is None:
        return None
    links = (ValueLink(column.name, (value,), 1.0),)
    return Item(
        "V", place.start, place.start + 1, 1.0, place.token.text, values=links, inside=place.token.inside
    )


def _state(place: Place, linker: Linker) -> Item | None:
    """`is closed`: one of a few kinds, before the day on which it was closed."""
    if place.start == 0 or place.tokens[place.start - 1].word not in _ARE:
        return None
    span = (place.token,)
    links = tuple(
        replace(link, score=1.0, weak=False)
        for link in linker.values(span)
        if linker.card.by_name[link.column].distinct <= _SIDES
        and any(str(value).casefold() == place.token.word for value in link.values)
    )
    dated = linker.columns(span)
    if len(links) != 1 or not dated or not all(linker.card.by_name[name].is_time for name, _ in dated):
        return None
    return Item(
        "V", place.start, place.start + 1, 1.0, place.token.text, values=links, inside=place.token.inside
    )


def _qualifying(place: Place, linker: Linker, *, before_row: bool) -> Item | None:
    """`yearly invoices`, `the total quantity out`."""
    token, after = place.token, place.after
    ends = (
        token.word in _DIRECTIONS and place.start > 0 and (after is None or after.word in _AFTER_DIRECTIONS)
    )
    if not ends and not (before_row and token.word in REGULAR):
        return None
    links = tuple(
        replace(link, score=1.0, weak=False)
        for link in linker.values((replace(token, text=token.text.upper()),))
        if any(str(value).casefold() == token.word for value in link.values)
        and linker.card.by_name[link.column].distinct <= _SIDES
    )
    if not links:
        return None
    return Item("V", place.start, place.start + 1, 1.0, token.text, values=links, inside=token.inside)
