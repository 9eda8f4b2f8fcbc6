"""What people call the rows of a table."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_ANY_TABLE = frozenset("row record entry observation line item instance case datum sample example".split())

_SAME_THING: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in """
flight departure journey
sale order transaction purchase
person people individual human
passenger traveler traveller person people
car vehicle automobile auto
movie film picture
house home property
country nation
city town
employee worker staff person people
customer client person people
plane aircraft airplane aeroplane machine
song track tune
tip bill check
book title
student pupil person people
shop store
penguin bird animal
loan credit
incident event
company firm business
airport airfield aerodrome
planet world
earthquake quake tremor event
storm hurricane cyclone
player athlete person people
athlete competitor participant contestant person people
lifter athlete competitor participant person people
runner athlete competitor participant person people
swimmer athlete competitor participant person people
trip ride journey
crime offense offence incident
accident crash collision
patient case person people
team club
restaurant eatery
dog pet animal
cat pet animal
fish animal
mountain peak
ship vessel boat
game match
artist musician singer
recipe dish meal food
product item article
review rating
survey response respondent
measurement reading
plant flower
app application
phone device handset
laptop computer notebook
president person people
candidate person people
laureate winner person people
member person people
user person people
voter person people
actor person people
listing apartment property
wine bottle
beer brew
diamond stone gem
invoice bill
meal bill check
visit session
""".strip().splitlines()
)
"""Nouns for the same kind of row, one group a line."""

_TAILS = frozenset("data dataset list table log sheet file record record export dump detail info statistic stat summary".split())
"""Words at the end of a file's name that say nothing of its rows."""

_ATTRIBUTES = frozenset(
    "rating review result score measurement price salary delay population spec fact ranking characteristic index".split()
)
"""A file called `house_prices` holds houses."""


def row_nouns(card: TableCard) -> frozenset[str]:
    """Generic words, what the file's name ends with, the thing that its unique id or name column names."""
    nouns = set(_ANY_TABLE) | _titled(card)
    for column in card.columns:
        words = name_words(column.name)
        if card.is_unique(column):
            if len(words) == 2 and words[1] in ("id", "number", "no", "name", "title", "key", "code"):
                nouns.add(words[0])
            elif len(words) == 1 and column.type is ColumnType.TEXT and words[0] not in ("name", "title", "id", "code"):
                nouns.add(words[0])
            if column.is_time:
                nouns.add("day")
    nouns |= _dated(card)
    for kind in _SAME_THING:
        if nouns & kind - _ANY_TABLE - {"person", "people", "event", "animal", "bill"}:
            nouns |= kind
    return frozenset(nouns)


def _titled(card: TableCard) -> set[str]:
    words = [word for word in name_words(card.title) if len(word) > 2 and not word.isdigit()]
    while len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    if not words:
        return set()
    named = {word for column in card.columns for word in name_words(column.name)}
    found = {words[-1]}
    if words[-1] in _ATTRIBUTES and len(words) > 1:
        found.add(words[-2])
    if len(words) == 1:
        found |= {word for kind in _SAME_THING for word in kind if len(word) > 3 and words[0].endswith(word)}
    return found | ({words[-2]} if len(words) > 1 and words[-2] not in named and words[-1] in named else set())


def _dated(card: TableCard) -> set[str]:
    """`launch_date` and `launch_site`: the rows are launches, unless an id shows that one has several rows."""
    first: dict[str, list[ColumnCard]] = {}
    for column in card.columns:
        words = name_words(column.name)
        if len(words) >= 2 and len(words[0]) > 3:
            first.setdefault(words[0], []).append(column)
    return {
        word
        for word, columns in first.items()
        if len(columns) >= 2
        and any(column.is_time or name_words(column.name)[-1] in ("year", "date") for column in columns)
        and not any(name_words(column.name)[-1] in ("id", "number", "no") for column in columns)
        and word not in ("start", "end", "first", "last", "date", "year", "time")
    }


def numbers_rows(column: ColumnCard, noun: str) -> bool:
    """Whether the column only numbers or names the rows: `flight` in a table of flights."""
    return column.type in (ColumnType.INTEGER, ColumnType.TEXT) and name_words(column.name) == (noun,) and not column.is_flag
