"""What means the same in every table: numbers, dates, what stands in quotation marks, units."""

from __future__ import annotations

from dataclasses import replace

from sapwood_agents.analyst.language.beside import may_be_unit
from sapwood_agents.analyst.language.dates import dates_at
from sapwood_agents.analyst.language.items import Place
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.units import UNITS


def add_literals(place: Place, linker: Linker) -> None:
    """Add what begins here and is no word of the table."""
    _number(place, linker)
    for end, when in dates_at(place.tokens, place.start):
        if when.weekday is not None and _is_listed(place, linker):
            continue  # a column has the names of the days
        place.add("D", end - place.start, payload=when)
    token = place.token
    if token.kind == "quoted":
        bare = token.end - token.start == len(token.text)  # `contains nuts`, without quotation marks
        place.add("Q", score=0.99 if bare else 1.0, payload=token.text)
    _unit(place)


def _is_listed(place: Place, linker: Linker) -> bool:
    """Whether what begins here is the name of a weekday in a column that has nothing else."""
    links = [link for item in place.items if item.kind == "V" for link in item.values]
    return any("weekday" in linker.held(link.column) for link in links)


def _number(place: Place, linker: Linker) -> None:
    """A number, unless a value is spelt so: a class called `5k`."""
    token = place.token
    if token.number is None:
        return
    lettered = token.text[0].isdigit() and token.text[-1].isalpha()
    links = linker.values((token,)) if lettered else []
    if any(token.word == str(value).casefold() for link in links for value in link.values):
        place.drop("V")
        place.add("V", values=tuple(replace(link, weak=False) for link in links))
    else:
        place.add("N", payload=token)


def _unit(place: Place) -> None:
    """A unit of one word or two, behind a number or where it can be nothing else."""
    for size in (1, 2):
        words = place.tokens[place.start : place.start + size]
        unit = UNITS.get(" ".join(word.lemma for word in words)) if len(words) == size else None
        if unit and place.before and may_be_unit(place.tokens, place.start, place.start + size):
            if place.before.word == "in" and place.token.word != place.token.lemma:
                place.drop("G")  # "in hours" is no group
            place.add("U", size, payload=unit)
