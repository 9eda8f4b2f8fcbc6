"""Nouns for rows: which say nothing of the table, which name a known kind of thing, which speak of people."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sapwood_agents.analyst.language.things import CALLED_ALSO, SAME_THING

ANY_TABLE = frozenset(
    "row record entry observation line item instance case datum sample example thing listing".split()
)
"""What people call the rows of any table."""

ROWS_THEMSELVES = frozenset("row record entry observation line datum sample".split())
"""Words for a row of the file, whatever it holds."""

PEOPLE = frozenset(
    "person people individual human somebody someone everybody everyone anybody anyone folk victim "
    "respondent participant".split()
)
"""Who the rows are, where they have an age and a sex."""

MANY_THINGS = PEOPLE | {"event", "animal", "bill", "meal", "title", "item"}
"""Nouns that join groups of nouns which have nothing else in common."""


def is_common(nouns: AbstractSet[str]) -> bool:
    """Whether one of the nouns has other names that are known."""
    return any(nouns & kind for kind in SAME_THING) or bool(nouns & CALLED_ALSO.keys())


def is_thing(noun: str) -> bool:
    """Whether the noun is known to name a kind of row."""
    return is_common({noun}) and noun not in MANY_THINGS


def is_person(noun: str) -> bool:
    """Whether a noun for rows speaks of people."""
    return (
        noun in PEOPLE
        or any(noun in kind and "person" in kind for kind in SAME_THING)
        or "person" in CALLED_ALSO.get(noun, ())
    )
