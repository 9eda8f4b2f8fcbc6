"""What rows are, told by what is said of them: a header with `gpa` and `semester` is one of students.

The words are of general knowledge, in `described_by.txt`: a noun, and words of column names of which two
together tell that a row is probably one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.language.rows.facts import Rows
from sapwood_agents.analyst.language.rows.kinds import PEOPLE, is_person
from sapwood_agents.analyst.language.rows.nouns import DEEDS
from sapwood_agents.analyst.language.segments import segments
from sapwood_agents.analyst.language.spelling import abbreviates, lemma
from sapwood_agents.analyst.language.tokens import name_words

_TELLING = 2
"""So many words, of as many columns."""
_LABELS = frozenset("id name no number code key".split())
_NEARLY = 0.9
_KINDS = 60
"""A column with more values names things instead of kinds."""
_STEM, _SHORT_STEM = 5, 4
_AMOUNTS = frozenset("sale".split())
"""As much the money as the deals."""
_LIVING = frozenset("animal bird pet dog cat fish mammal insect".split())
_OF_ONE = frozenset("sex gender".split())
"""Who has one is a person, unless an animal."""
_PERSONS = frozenset(
    "student pupil graduate applicant participant runner swimmer cyclist athlete footballer cricketer golfer "
    "boxer wrestler jockey skier rider racer finisher competitor contestant entrant baller subscriber "
    "customer client user member respondent borrower policyholder passenger subject interviewee employee "
    "patient player trainee attendee".split()
)
"""What all people of a table may be, and hardly some of them only."""


def are_such_people(noun: str, rows: Rows) -> bool:
    """Whether the rows are people of whom the table does not say which: `age`, `sex` and a finishing time."""
    words = {word for column in rows.card.columns for word in name_words(column.name)}
    if noun not in _PERSONS or _has_ids_of(noun, rows.card) or not (rows.nouns >= PEOPLE or words & _OF_ONE):
        return False
    return not any(each in DEEDS or is_person(each) for each in rows.titled) and not rows.nouns & _LIVING


def described_as(noun: str, card: TableCard) -> bool:
    """Whether two columns tell of such rows, and of no others by far more."""
    if noun in _AMOUNTS or _is_spoken_of(noun, card) or _has_ids_of(noun, card):
        return False
    described = _words(card)
    best = max(_told(each, described) for each in _knowledge())
    return _told(noun, described) >= max(_TELLING, best - 1)


def _is_spoken_of(noun: str, card: TableCard) -> bool:
    """Whether a value or a number is called nearly so: `senate` of senators, `admitted` of admissions."""
    values = {
        word for column in card.columns if column.enumerated and column.distinct <= _KINDS
        for value in column.values for word in str(value).casefold().split()
    }  # fmt: skip
    numbers = {
        word for column in card.columns if column.is_number and not column.is_flag
        for word in name_words(column.name)
    }  # fmt: skip
    return any(w.startswith(noun[:_STEM]) for w in values if len(noun) >= _STEM) or any(
        w.startswith(noun[:_SHORT_STEM]) for w in numbers
    )


def _has_ids_of(noun: str, card: TableCard) -> bool:
    """Whether ids or names that come back show that one has several rows: `pat_id`, `name`."""
    for column in card.columns:
        words = name_words(column.name)
        whose = (
            words[0] == "name"
            if len(words) == 1
            else noun.startswith(words[0]) or abbreviates(words[0], noun)
        )
        if whose and words[-1] in _LABELS and column.distinct < _NEARLY * card.rows:
            return True
    return False


def _told(noun: str, described: Mapping[str, frozenset[str]]) -> int:
    said = _knowledge().get(noun, frozenset()) & described.keys()
    columns = frozenset[str]().union(*(described[word] for word in said))
    return min(len(said), len(columns))


def _words(card: TableCard) -> dict[str, frozenset[str]]:
    """The words of column names, and which columns have them."""
    found: dict[str, set[str]] = {}
    for column in card.columns:
        for word in name_words(column.name):
            for part in {word, *segments(word)}:
                for form in {part, lemma(part)}:
                    found.setdefault(form, set()).add(column.name)
    return {word: frozenset(columns) for word, columns in found.items()}


@cache
def _knowledge() -> Mapping[str, frozenset[str]]:
    text = files("sapwood_agents.analyst.language.rows").joinpath("described_by.txt").read_text("utf-8")
    lines = (line.partition(":") for line in text.splitlines())
    return {noun.strip(): frozenset(words.split()) for noun, _, words in lines}
