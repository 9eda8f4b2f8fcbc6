"""What people call the rows of a table."""

from __future__ import annotations

from datetime import date

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.panels import (
    counts_many,
    repeated_over_time,
    rows_have_names,
    several_in_a_row,
)
from sapwood_agents.analyst.language.spelling import bases
from sapwood_agents.analyst.language.things import CALLED_ALSO, DESCRIPTIONS, SAME_THING, also_called
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

ANY_TABLE = frozenset(
    "row record entry observation line item instance case datum sample example thing".split()
)
"""What people call the rows of any table."""

ROWS_THEMSELVES = frozenset("row record entry observation line datum sample".split())
"""Words for a row of the file, whatever it holds."""

_WIDER = {
    "rodent": "animal creature mammal", "reptile": "animal creature", "insect": "animal creature",
    "bird": "animal creature", "whale": "animal mammal", "shark": "animal fish", "turtle": "animal reptile",
    "fruit": "food", "vegetable": "food", "cereal": "food product", "beer": "drink", "wine": "drink",
    "footballer": "player athlete person people", "goalkeeper": "player", "nurse": "person people employee",
    "teacher": "person people employee", "doctor": "person people", "senator": "person people politician",
}  # fmt: skip
"""What all rows of such a table are too; the other way round does not hold."""

_TAILS = frozenset(
    "data dataset list table log sheet file record record export dump detail info statistic stat summary".split()
)
"""Words at the end of a file's name that say nothing of its rows."""

_ATTRIBUTES = frozenset(
    "rating review result score measurement price salary delay population spec fact ranking characteristic index sale "
    "listing survey census observation sighting capture death birth accident injury test".split()
)
"""A file called `house_prices` holds houses."""


_QUALIFIED = frozenset(
    "native full first last short long common display file official family given english local user".split()
)
_FEW = 30
_NEARLY_ALL = 0.9
"""A name that so many rows have to themselves says what a row is."""

_OF_PEOPLE = frozenset("sex gender job occupation marital education smoker salary income".split())
_CALLED = frozenset("forename surname firstname lastname".split())
PEOPLE = frozenset(
    "person people individual human ppl somebody someone everybody everyone anybody anyone folk victim respondent participant".split()
)
"""Who the rows are, where they have an age and a sex."""

_ROLES = frozenset(
    "customer client patient applicant participant subject respondent member user passenger borrower "
    "policyholder beneficiary volunteer candidate adult".split()
)
"""What people are called by those who deal with them, each in another trade."""
_DEEDS = frozenset(
    "order sale transaction purchase visit trip ride stay booking reservation payment call ticket delivery rental session "
    "loan claim event incident accident crash arrest stop appointment".split()
)
"""One person may have several of these."""
_READINGS = frozenset("reading measurement".split())

_MANY_THINGS = PEOPLE | {"event", "animal", "bill", "meal", "title", "item"}
"""Nouns that join groups of nouns which have nothing else in common."""


def row_nouns(card: TableCard) -> frozenset[str]:
    """Generic words, what the file's name ends with, the thing that its unique id or name column names."""
    nouns = set(ANY_TABLE) | titled(card)
    for column in card.columns:
        words = name_words(column.name)
        text = column.type is ColumnType.TEXT
        if (
            text
            and len(words) == 2
            and words[1] == "name"
            and words[0] not in _QUALIFIED
            and column.distinct >= _NEARLY_ALL * card.rows
        ):
            nouns.add(words[0])
        if text and len(words) == 1 and is_thing(words[0]) and column.distinct >= _NEARLY_ALL * card.rows:
            nouns.add(words[0])
        if card.is_unique(column):
            if (len(words) == 2 and words[1] in ("id", "number", "no", "name", "title", "key", "code")) or (
                len(words) == 1
                and column.type is ColumnType.TEXT
                and words[0] not in ("name", "title", "id", "code")
            ):
                nouns.add(words[0])
            if column.type is ColumnType.DATE and _is_daily(column):
                nouns.add("day")
            if len(words) == 2 and words[1] in ("start", "end", "begin"):
                nouns.add(words[0])  # a `shift_start` for each shift
    called = {name_words(column.name)[0] for column in card.columns if card.is_unique(column)}
    nouns |= _dated(card) | _described(card)
    described = {word for column in card.columns for word in name_words(column.name)}
    if ("age" in described and described & (_OF_PEOPLE | _CALLED)) or len(described & _OF_PEOPLE) > 1:
        nouns |= PEOPLE
        if not titled(card) & _DEEDS and not any(is_person(noun) for noun in titled(card)):
            nouns |= _ROLES - described
    if not described & _READINGS and _is_measured(card):
        nouns |= _READINGS
    nouns |= {wider for noun in tuple(nouns) for wider in _WIDER.get(noun, "").split()}
    nouns |= also_called(frozenset(nouns - ANY_TABLE - _MANY_THINGS)) - (_columns_of_one_word(card) - nouns)
    kinds = {
        name_words(c.name)
        for c in card.columns
        if c.type is ColumnType.TEXT
        and c.distinct <= _FEW
        and (card.rows > _FEW or c.distinct * 2 <= card.rows)
    }
    nouns -= {
        noun for column in card.columns for noun in nouns - ROWS_THEMSELVES - called
        if counts_many(column, noun, card)
    }  # fmt: skip
    nouns -= {
        word for column in card.columns if column.is_number and len(name_words(column.name)) > 1
        for word in name_words(column.name) if word in ANY_TABLE - ROWS_THEMSELVES
    } - called  # fmt: skip
    if several_in_a_row(card):
        nouns -= {"item"} - called - titled(card)
    yes_no = {word for c in card.columns if c.is_flag for word in name_words(c.name)}
    nouns -= {noun for noun in nouns - titled(card) if (bases(noun) | {noun.removesuffix("r")}) & yes_no}
    times = [c.name for c in card.columns if c.is_time or name_words(c.name)[-1:] in (("year",), ("season",))]
    kinds |= {
        name_words(c.name)[:1]
        for c in card.columns
        if c.type is ColumnType.TEXT
        and name_words(c.name)[1:] == ("name",)
        and repeated_over_time(c, card, times)
    }  # a row for each country and year is no country
    return frozenset(noun for noun in nouns if (noun,) not in kinds or noun in ANY_TABLE)


def titled(card: TableCard) -> set[str]:
    """What the file's name says that a row is."""
    words = [word for word in name_words(card.title) if len(word) > 2 and not word.isdigit()]
    while len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    if not words or any(counts_many(column, words[-1], card) for column in card.columns):
        return set()  # the file `home_sales` with a column `sales` counts them in each row
    numbered = {name_words(c.name)[-1] for c in card.columns if c.is_number and card.is_unique(c)}
    named = rows_have_names(card)
    measured = {
        word for c in card.columns if c.is_number and not (named and c.name.casefold().endswith("s"))
        for word in _measured(c)
    } - numbered  # fmt: skip
    if len(words) > 1 and words[-1] in measured:
        return {words[-2]}  # a file `tree_growth` with columns of growth holds trees
    found = {words[-1]} | {base for base in bases(words[-1]) if words[-1].endswith("ing") and len(base) > 3}
    if words[-1] in _ATTRIBUTES and len(words) > 1:
        found.add(words[-2])
    if len(words) == 1:
        found |= {word for kind in SAME_THING for word in kind if len(word) > 2 and words[0].endswith(word)}
    return found


def _measured(column: ColumnCard) -> tuple[str, ...]:
    """What the column is a number of, unless it speaks of others than the row: `previous_orders`."""
    words = name_words(column.name)
    said = next(
        (words[:at] for at, word in enumerate(words) if at and word in ("at", "of", "in", "per", "by")), words
    )
    if set(words) & _OTHERS or said[-1] in _MARKS or said[-1] in _NUMBERING or words[0].startswith(_CALENDAR):
        return ()
    return () if _is_ordinal(column) else said


def _is_ordinal(column: ColumnCard) -> bool:
    """Whether the column numbers things from 1 on: the chapters of each volume."""
    low, high = column.low, column.high
    numbered = isinstance(low, int) and isinstance(high, int) and low in (0, 1) and 2 < high - low <= _FEW
    return numbered and column.distinct >= high - low  # pyright: ignore[reportOperatorIssue]  # both are int


_MARKS = frozenset("score grade mark rating result".split())
"""What is measured in a `tasting_score` is no tasting."""
_NUMBERING = frozenset("number num numeric no nr id code key index".split())
"""A `lesson_number` numbers lessons and measures none."""
_CALENDAR = ("year", "month", "week", "day", "date")
_OTHERS = frozenset("previous prior past change other related".split())


def _is_measured(card: TableCard) -> bool:
    """Whether the rows are what instruments read from time to time."""
    timed = any(column.is_time for column in card.columns)
    numbers = [c for c in card.columns if c.type is ColumnType.NUMBER]
    return timed and len(numbers) * 3 >= len(card.columns)


def _described(card: TableCard) -> set[str]:
    words = {word for column in card.columns for word in name_words(column.name)}
    return {noun for names, nouns in DESCRIPTIONS if set(names.split()) <= words for noun in nouns.split()}


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


def numbers_rows(card: TableCard, name: str, noun: str) -> bool:
    """Whether the column only numbers or names the rows: `flight` in a table of flights."""
    column = card.by_name[name]
    words = name_words(name)
    if len(words) == 2 and words[1] == noun and words[0] in ("n", "num", "no", "number", "nb"):
        return True  # `n_doors` is no door
    if card.is_unique(column) and len(words) > 1 and words[-1] in ("id", "number", "no", "key", "code"):
        return words[0] == noun
    named = noun in titled(card) or noun in also_called(frozenset(titled(card)))
    category = column.type is ColumnType.TEXT and column.distinct <= _FEW < card.rows
    return (
        named
        and not category
        and column.type in (ColumnType.INTEGER, ColumnType.TEXT)
        and words == (noun,)
        and not column.is_flag
    )


def _is_daily(column: ColumnCard) -> bool:
    """Whether the dates are days in a row, more or less, and not weeks or months."""
    try:
        low, high = (date.fromisoformat(str(end)[:10]) for end in (column.low, column.high))
    except ValueError:
        return False
    return (high - low).days < _GAPS * column.distinct


_GAPS = 4


def is_common(nouns: set[str]) -> bool:
    """Whether one of the nouns has other names that are known."""
    return any(nouns & kind for kind in SAME_THING) or bool(nouns & CALLED_ALSO.keys())


def _columns_of_one_word(card: TableCard) -> set[str]:
    return {words[0] for column in card.columns if len(words := name_words(column.name)) == 1}


def is_thing(noun: str) -> bool:
    """Whether the noun is known to name a kind of row."""
    return is_common({noun}) and noun not in _MANY_THINGS


def is_person(noun: str) -> bool:
    """Whether a noun for rows speaks of people."""
    return (
        noun in PEOPLE
        or any(noun in kind and "person" in kind for kind in SAME_THING)
        or "person" in CALLED_ALSO.get(noun, ())
    )
