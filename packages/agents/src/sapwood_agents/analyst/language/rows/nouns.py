"""What people call the rows of a table: by its file's name, its columns and what they say together."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.descriptions import DESCRIPTIONS
from sapwood_agents.analyst.language.rows.apart import repeated_over_time
from sapwood_agents.analyst.language.rows.counted import counts_many, several_in_a_row
from sapwood_agents.analyst.language.rows.kinds import (
    ANY_TABLE,
    MANY_THINGS,
    PEOPLE,
    ROWS_THEMSELVES,
    is_person,
    is_thing,
)
from sapwood_agents.analyst.language.rows.titles import comes_back, deeds
from sapwood_agents.analyst.language.spelling import bases, expansion
from sapwood_agents.analyst.language.things import also_called
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_WIDER = {
    "rodent": "animal creature mammal", "reptile": "animal creature", "insect": "animal creature",
    "bird": "animal creature", "whale": "animal mammal", "shark": "animal fish", "turtle": "animal reptile",
    "fruit": "food", "vegetable": "food", "cereal": "food product", "beer": "drink", "wine": "drink",
    "footballer": "player athlete person people", "goalkeeper": "player", "nurse": "person people employee",
    "teacher": "person people employee", "doctor": "person people", "senator": "person people politician",
}  # fmt: skip
"""What all rows of such a table are too; the other way round does not hold."""
_QUALIFIED = frozenset(
    "native full first last short long common display file official family given english local user".split()
)
_FEW = 30
_NEARLY_ALL = 0.9
"""A name that so many rows have to themselves says what a row is."""
_GAPS = 4
_TIMES = 200
"""What comes back more often than this is no thing of which rows tell."""
_OF_PEOPLE = frozenset("sex gender job occupation marital education smoker salary income".split())
_MEDICAL = frozenset(
    "surgery transplant treatment therapy dose drug placebo diagnosis tumor tumour cancer hospital blood bmi "
    "cholesterol survival relapse recurrence stage symptom disease status baseline follow fu biopsy lesion "
    "chemo radiation hemoglobin platelet creatinine donor graft reject rejection".split()
)
"""What is told of those who are treated."""
_CALLED = frozenset("forename surname firstname lastname".split())
_ROLES = frozenset(
    "customer client patient applicant participant subject respondent member user passenger borrower "
    "policyholder beneficiary volunteer candidate adult".split()
)
"""What people are called by those who deal with them, each in another trade."""
DEEDS = frozenset(
    "order sale transaction purchase visit trip ride stay booking reservation payment call ticket delivery "
    "rental session loan claim event incident accident crash arrest stop appointment".split()
)
"""One person may have several of these."""
_AWARDS = frozenset("prize award".split())
"""A row of them has somebody who got it."""
_LABELS = frozenset("id number no name title key code ref reference slug".split())
_AMOUNTS = frozenset(
    "amount total value price cost sum fee budget revenue salary balance rent wage income expense charge "
    "tip fare pay bonus tax turnover profit discount".split()
)
"""A text of each row may hold an amount as people write it, and says nothing of what the row is."""
_KEPT = frozenset("updated created modified changed recorded reported checked listed posted printed".split())
"""What is done to the record of a thing, and not to the thing."""
_READINGS = frozenset("reading measurement".split())


def row_nouns(card: TableCard, titled: frozenset[str]) -> frozenset[str]:
    """Generic words, what the file's name says, the thing that its unique id or name column names."""
    nouns = set(ANY_TABLE | titled)
    for column in card.columns:
        nouns |= _named_by(column, card)
    if titled & _AWARDS:
        nouns |= {"winner", "laureate", "recipient"}
    nouns |= _dated(card) | _begun_or_ended(card) | _described(card) | _people(card, titled) | _readings(card)
    nouns |= {wider for noun in tuple(nouns) for wider in _WIDER.get(noun, "").split()}
    nouns |= also_called(frozenset(nouns - ANY_TABLE - MANY_THINGS)) - (_columns_of_one_word(card) - nouns)
    nouns -= _counted_in_rows(card, nouns, titled)
    nouns -= _said_of_rows(card, nouns - titled)
    kinds = set(_kinds(card)) | _numbered_again(card) | (_named_again(card) - titled)
    kinds |= {noun for noun in titled if comes_back(card, noun)}
    return frozenset(noun for noun in nouns if noun not in kinds or noun in ANY_TABLE)


def _named_by(column: ColumnCard, card: TableCard) -> set[str]:
    """What a row is where the column has a name, a number or a day of its own for each."""
    words = name_words(column.name)
    text = column.type is ColumnType.TEXT
    nouns: set[str] = set()
    if text and column.distinct >= _NEARLY_ALL * card.rows:
        named = len(words) == 2 and words[1] in ("name", "slug") and words[0] not in _QUALIFIED
        if named or (len(words) == 1 and is_thing(words[0]) and words[0] not in _AMOUNTS):
            nouns.add(words[0])
    if not card.is_unique(column):
        return nouns
    numbered = len(words) == 2 and words[1] in _LABELS and words[0] not in _QUALIFIED
    called = len(words) == 1 and text and words[0] not in _AMOUNTS | {"name", "title", "id", "code"}
    begun = len(words) == 2 and words[1] in ("start", "end", "begin")  # a `shift_start` for each shift
    if numbered or called or begun:
        nouns.add(expansion(words[0]) or words[0])
        nouns.add(words[0])
    if len(words) == 1 and card.numbers_rows(column) and (is_thing(words[0]) or words[0] in DEEDS):
        nouns.add(words[0])  # an `order` that runs from 1 on
    if column.type is ColumnType.DATE and is_daily(column):
        nouns.add("day")
    return nouns


def is_daily(column: ColumnCard) -> bool:
    """Whether the dates are days in a row, more or less, and not weeks, months or times of one day."""
    try:
        low, high = (date.fromisoformat(str(end)[:10]) for end in (column.low, column.high))
    except ValueError:
        return False
    days = (high - low).days
    return days < _GAPS * column.distinct and column.distinct <= days + 1


def _dated(card: TableCard) -> set[str]:
    """`launch_date` and `launch_site`: the rows are launches, unless an id shows that one has several."""
    first: dict[str, list[ColumnCard]] = {}
    for column in card.columns:
        words = name_words(column.name)
        if len(words) >= 2 and len(words[0]) > 3:
            first.setdefault(words[0], []).append(column)
    return {
        word
        for word, columns in first.items()
        if len(columns) >= 2
        and any(column.is_time or name_words(column.name)[1:] in (("year",), ("date",)) for column in columns)
        and not any(name_words(column.name)[-1] in ("id", "number", "no") for column in columns)
        and word not in ("start", "end", "first", "last", "date", "year", "time")
    }


def _begun_or_ended(card: TableCard) -> set[str]:
    """The `closures` of a table with one `closing_date`."""
    dates = [name_words(column.name) for column in card.columns if column.is_time]
    done = [words[0] for words in dates if len(words) == 2 and words[1] in ("date", "time", "day")]
    verbs = [word for word in done if word.endswith(("ing", "ed")) and word not in _KEPT]
    return deeds(bases(verbs[0]) - {verbs[0]}) if len(verbs) == 1 else set()


def _described(card: TableCard) -> set[str]:
    """What the columns say together that a row is."""
    words = _words(card)
    return {noun for names, nouns in DESCRIPTIONS if set(names.split()) <= words for noun in nouns.split()}


def _people(card: TableCard, titled: frozenset[str]) -> frozenset[str]:
    """Who the rows are, where they have an age and a sex; in no role where one person may have several."""
    words = _words(card)
    treated = {"patient"} if len(words & _MEDICAL) > 1 and not titled & DEEDS else set[str]()
    told = "age" in words and (words & (_OF_PEOPLE | _CALLED) or treated)
    if not told and len(words & _OF_PEOPLE) < 2:
        return frozenset()
    if titled & DEEDS or any(is_person(noun) for noun in titled):
        return PEOPLE | treated
    return PEOPLE | (_ROLES - words)


def _readings(card: TableCard) -> frozenset[str]:
    """Readings, where the rows are what instruments read from time to time."""
    timed = any(column.is_time for column in card.columns)
    numbers = [c for c in card.columns if c.type is ColumnType.NUMBER]
    measured = timed and len(numbers) * 3 >= len(card.columns)
    return _READINGS if measured and not _words(card) & _READINGS else frozenset()


def _counted_in_rows(card: TableCard, nouns: set[str], titled: frozenset[str]) -> set[str]:
    """The nouns of things of which a row holds several."""
    called = {name_words(column.name)[0] for column in card.columns if card.is_unique(column)}
    counted = {
        noun for column in card.columns for noun in nouns - ROWS_THEMSELVES
        if counts_many(column, noun, card)
    }  # fmt: skip
    counted |= {
        word for column in card.columns if column.is_number and len(name_words(column.name)) > 1
        for word in name_words(column.name) if word in ANY_TABLE - ROWS_THEMSELVES
    }  # fmt: skip
    if several_in_a_row(card):
        counted |= {"item"} - titled
    return counted - called


def _said_of_rows(card: TableCard, nouns: set[str]) -> set[str]:
    """The nouns that a yes/no column says of some rows: `smoker`."""
    yes_no = {word for c in card.columns if c.is_flag for word in name_words(c.name)}
    return {noun for noun in nouns if (bases(noun) | {noun.removesuffix("r")}) & yes_no}


def _kinds(card: TableCard) -> Iterator[str]:
    """What several rows are of one of: a kind, or a country in a row for each country and year."""
    times = [c.name for c in card.columns if c.is_time or name_words(c.name)[-1:] in (("year",), ("season",))]
    for column in card.columns:
        if column.type is not ColumnType.TEXT:
            continue
        words = name_words(column.name)
        few = column.distinct <= _FEW and (card.rows > _FEW or column.distinct * 2 <= card.rows)
        if few and len(words) == 1:
            yield words[0]
        if words[1:] == ("name",) and repeated_over_time(column, card, times):
            yield words[0]


def _numbered_again(card: TableCard) -> set[str]:
    """What has an id that comes back: in a table of loans a book has many rows."""
    again = [
        column for column in card.columns
        if card.rows < column.distinct * _TIMES and column.distinct < _NEARLY_ALL * (card.rows - column.nulls)
    ]  # fmt: skip
    return {words[0] for c in again if len(words := name_words(c.name)) == 2 and words[1] == "id"}


def _named_again(card: TableCard) -> set[str]:
    """What has a name or code that comes back: in a table of loans an applicant has several rows."""
    return {
        words[0] for c in card.columns
        if len(words := name_words(c.name)) == 1 and c.type is ColumnType.TEXT
        and c.distinct * 2 <= card.rows - c.nulls
    }  # fmt: skip


def _columns_of_one_word(card: TableCard) -> AbstractSet[str]:
    return {words[0] for column in card.columns if len(words := name_words(column.name)) == 1}


def _words(card: TableCard) -> set[str]:
    return {word for column in card.columns for word in name_words(column.name)}
