"""What the file's name says that a row is: `lid_prices` holds lids."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.rows.counted import counts_many, rows_have_names
from sapwood_agents.analyst.language.rows.kinds import is_person, is_thing
from sapwood_agents.analyst.language.spelling import bases, lemma, stem
from sapwood_agents.analyst.language.things import SAME_THING
from sapwood_agents.analyst.language.tokens import name_words, said_abroad
from sapwood_storage.tabular.model import ColumnType

_TAILS = frozenset(
    "data dataset list table log sheet file record export dump detail info statistic stat summary screener "
    "tracker register registry directory catalog catalogue database archive overview extract snapshot".split()
)
"""Words at the end of a file's name that say nothing of its rows."""
_ANY_FILE = _TAILS | frozenset(
    "stdin untitled unnamed unknown input output download upload temp tmp new copy final test query".split()
)
"""Names of files that say nothing at all."""
ATTRIBUTES = frozenset(
    "rating review result score measurement price salary delay population spec fact ranking characteristic "
    "index sale listing survey census observation sighting capture death birth accident injury test".split()
)
"""A file called `house_prices` holds houses."""
_PREPOSITIONS = frozenset("for by in of at on from per with to".split())
_MARKS = frozenset("score grade mark rating result".split())
"""What is measured in a `tasting_score` is no tasting."""
_NUMBERING = frozenset("number num numeric no nr id code key index".split())
"""A `lesson_number` numbers lessons and measures none."""
_PROPERTIES = frozenset(
    "total value amount cost price sum fee length duration size weight height age term balance".split()
)
"""What a thing has one of: where a file of parcels has a `parcel_total`, its rows are parcels still."""
_CALENDAR = ("year", "month", "week", "day", "date")
_OTHERS = frozenset("previous prior past change other related".split())
_OF_DEEDS = ("", "ure", "al", "ation", "ion", "ment", "lation")
_LABELS = ("id", "name", "number", "no", "code", "key")
_LEAST_FORM = 5
_TWO = 2
_FEW = 30
_KINDS = 3
"""Ids of so few are those of kinds."""


def is_nameless(card: TableCard) -> bool:
    """Whether the file's name says nothing of its rows: `export_2.csv`, or a table on stdin."""
    return all(word in _ANY_FILE or word.isdigit() or len(word) < 3 for word in name_words(card.title))


def titled(card: TableCard) -> frozenset[str]:
    """The nouns for a row that are in the file's name."""
    words = [word for word in name_words(card.title) if len(word) > 2 and not word.isdigit()]
    if abroad := _named_abroad(card.title):
        return abroad
    said = [index for index, word in enumerate(name_words(card.title)) if index and word in _PREPOSITIONS]
    if said:
        words = [word for word in words if word in name_words(card.title)[: said[0]]]  # `lids_for_sale`
    while len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    if not words:
        return frozenset()
    if any(counts_many(column, words[-1], card) for column in card.columns):
        if len(words) > 1 and acts(words[-2]) and not _has_several_rows(card, words[-2]):
            return frozenset({words[-2]})  # `agent_calls` with a number of calls holds agents
        return frozenset()  # the file `home_sales` with a column `sales` counts them in each row
    several = len(words) > 1 and _has_several_rows(card, words[-2])
    measured = _measured_words(card)
    forms = {stem(word) for word in measured if len(word) > _LEAST_FORM}
    if len(words) > 1 and (words[-1] in measured or stem(words[-1]) in forms) and not several:
        return frozenset({words[-2]})  # a file `tree_growth` with columns of growth holds trees
    if len(words) == 1 and _is_amount(card):
        return frozenset()  # a file `rainfall` with a column `rainfall` holds amounts
    found = {words[-1]} | {base for base in bases(words[-1]) if words[-1].endswith("ing") and len(base) > 3}
    if words[-1] in ATTRIBUTES and len(words) > 1 and not several:
        found.add(words[-2])
    if len(words) == 1:
        found |= {word for kind in SAME_THING for word in kind if len(word) > 2 and words[0].endswith(word)}
    spelled = re.findall(r"[^\W\d_]+", card.title.casefold())
    found |= deeds(happened(card)) if len(words) > 1 else set()
    return frozenset(found | {lemma(word) for word in spelled if name_words(word) == (words[-1],)})


def happened(card: TableCard) -> frozenset[str]:
    """What the file's name says befell every row, as verbs: `fail` for `failed_kilns`."""
    words = re.findall(r"[^\W\d_]+", card.title.casefold())
    done = [word for word in words[:-1] if word.endswith("ed") and len(word) > _LEAST_FORM]
    named = {word for column in card.columns for word in name_words(column.name)}
    return frozenset(base for word in done if word not in named for base in bases(word) - {word})


def deeds(verbs: AbstractSet[str]) -> set[str]:
    """The nouns of verbs, and words that are none: `failure` and `closure` of fail and close."""
    return {
        (verb[:-1] if verb.endswith("e") and ending[:1] in ("a", "i", "u") else verb) + ending
        for verb in verbs
        for ending in _OF_DEEDS
    }


def _named_abroad(title: str) -> frozenset[str]:
    """The rows of a file called in another language, where what they are like comes after what they are."""
    spelled = re.findall(r"[^\W\d_]+", title.casefold())
    if len(spelled) < _TWO or not said_abroad(spelled[0]) or said_abroad(spelled[-1]):
        return frozenset()
    return said_abroad(spelled[0]) | {name_words(spelled[0])[0]}


def _is_amount(card: TableCard) -> bool:
    """Whether a column is spelled just as in the file's name; `lifts` with a column `lift` may hold lifts."""
    spelled = {word for word in re.findall(r"[^\W\d_]+", card.title.casefold()) if word not in _TAILS}
    return any(
        c.name.casefold() in spelled and c.is_number and (c.distinct > _FEW or _mostly_apart(c, card))
        and (c.type is ColumnType.NUMBER or not card.is_unique(c))
        for c in card.columns
    )  # fmt: skip


def _mostly_apart(column: ColumnCard, card: TableCard) -> bool:
    """Whether most rows have a number of their own, without one that runs from row to row."""
    return column.distinct > _KINDS and column.distinct * 2 > card.rows and not card.is_unique(column)


def comes_back(card: TableCard, noun: str) -> bool:
    """Whether an id shows that the file's noun has many rows, or the name of whoever acts.

    A `kiln_id` in the file `kiln`; the name of a thing may be that of its kind.
    """
    labels = {(noun, label) for label in _LABELS if label != "name" or acts(noun)}
    return any(
        name_words(c.name) in labels
        and c.distinct > (1 if name_words(c.name)[1] == "name" else _KINDS)
        and c.distinct * 2 <= card.rows
        and not c.is_flag
        for c in card.columns
    )


def acts(noun: str) -> bool:
    """Whether it is a person, or what does something: a name of such is that of one, not of a kind."""
    return is_person(noun) or noun.endswith(("er", "or", "ist"))


def _has_several_rows(card: TableCard, noun: str) -> bool:
    """Whether an id or a name shows that one of them has many rows: a `kiln_id` in `kiln_firings`."""
    names = {(noun, label) for label in _LABELS} | {(noun,)}
    return any(
        name_words(c.name) in names and c.distinct * 2 <= card.rows and not c.is_flag for c in card.columns
    )


def _measured_words(card: TableCard) -> set[str]:
    """What the table's columns are numbers of, apart from the numbers that the rows have."""
    whole = [c for c in card.columns if c.is_number and c.type is ColumnType.INTEGER]
    numbered = {name_words(c.name)[-1] for c in whole if card.is_unique(c)}
    named = rows_have_names(card)
    spelled = re.findall(r"[^\W\d_]+", card.title.casefold())
    several = {lemma(word) for word in spelled if lemma(word) != word}
    return {
        word for c in card.columns if c.is_number and not (named and c.name.casefold().endswith("s"))
        for word in (() if card.numbers_rows(c) else _measured(c, several))
    } - numbered  # fmt: skip


def _measured(column: ColumnCard, several: AbstractSet[str]) -> tuple[str, ...]:
    """What the column is a number of, unless it speaks of others than the row: `previous_orders`.

    `several` are the words that the file's name has in the plural.
    """
    words = name_words(column.name)
    said = next(
        (words[:at] for at, word in enumerate(words) if at and word in ("at", "of", "in", "per", "by")), words
    )
    if set(words) & _OTHERS or said[-1] in _MARKS or said[-1] in _NUMBERING or words[0].startswith(_CALENDAR):
        return ()
    if len(said) > 1 and said[-1] in _PROPERTIES and (is_thing(said[0]) or said[0] in several):
        said = said[1:]  # the `parcel_total` of each parcel
    return () if _is_ordinal(column) else said


def _is_ordinal(column: ColumnCard) -> bool:
    """Whether the column numbers things from 1 on: the chapters of each volume."""
    low, high = column.low, column.high
    numbered = isinstance(low, int) and isinstance(high, int) and low in (0, 1) and 2 < high - low <= _FEW
    return numbered and column.distinct >= high - low  # pyright: ignore[reportOperatorIssue]  # both are int
