"""Questions that this table can answer, for somebody whose question it could not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.lexicon import phrases
from sapwood_agents.analyst.language.rows.titles import is_nameless
from sapwood_agents.analyst.language.tokens import tokenize
from sapwood_agents.analyst.reader import Outcome, Reader
from sapwood_storage.tabular.model import ColumnType

MOST_SUGGESTIONS = 4
_FEW = 30
_FIGURE = re.compile(r"[^\w(]*(?:\([($€£+-]*\s*)?\d[\d.,'\s]*(?:\)\s*)?(?:%|[A-Za-z]{1,3})?")
"""`$76,592`, `12 %`, `1.2 km`: a number to people, text to a computer.

No two neighbours of it take the same sign, so that a long run of dashes is gone through once.
"""
_MOSTLY = 0.8


def suggestions(reader: Reader) -> tuple[str, ...]:
    """Up to four questions, made of the table's own columns, that have one reading."""
    settled = (question for question in _possible(reader.card) if reader.read(question).settled)
    return tuple(islice(settled, MOST_SUGGESTIONS))


def of_rows(reader: Reader, question: str, words: Sequence[str]) -> tuple[str, ...]:
    """The question with `rows` for the word in the way, where a nameless file cannot say what a row is."""
    if len(words) != 1 or not is_nameless(reader.card):
        return ()
    counted = rf"\b(how many|number of|count(?: of)?)( the)? {re.escape(words[0])}(?!\w)"
    found, times = re.subn(counted, r"\1\2 rows", " ".join(question.split()), flags=re.IGNORECASE)
    return (found,) if times == 1 and reader.read(found).settled else ()


def refusal(reader: Reader, outcome: Outcome, question: str) -> tuple[tuple[str, ...], str]:
    """The words of a question without a reading that are in the way, and what to say of them."""
    words = outcome.unplaced or tuple(
        word for word in outcome.known if not _is_known(reader, word, rows=True)
    )
    if outcome.known and not words:
        return outcome.known, why_unclear(reader, outcome.known)
    words = words or (question.strip(),)
    return words, why_unplaced(reader, words) or f"no place in this table for {_named(words)}"


def why_unplaced(reader: Reader, words: tuple[str, ...]) -> str | None:
    """What to say of words other than that the table has no place for them; `None` where that is all.

    They may name a text column that holds figures such as `$76,592`, or be known and not go together.
    """
    return _figures(reader, words) or _known(reader, words)


def why_unclear(reader: Reader, words: Sequence[str]) -> str:
    """What to say where no single one of the words is to blame."""
    said = tuple(token for word in words for token in tokenize(word))
    named = any(reader.linker.columns((token,)) or reader.linker.values((token,)) for token in said)
    if named or any(token.lemma in reader.linker.rows.nouns for token in said):
        do = "does" if len(words) == 1 else "do"
        what = "what to count, list or measure: 'how many', 'list', 'average'"
        return f"{_named(words)} {do} not say plainly enough {what}"
    return f"{_named(words)}: this is no question about the table"


def _known(reader: Reader, words: tuple[str, ...]) -> str | None:
    strange = [word for word in words if not _is_known(reader, word)]
    if len(strange) == len(words):
        return None
    if strange:
        return f"no place in this table for {_named(strange)}"
    if len(words) == 1:
        return f"the word {_named(words)} is known, but not what it is to do in this question"
    return f"the words {_named(words)} are known, but not how they go together in this question"


def _is_known(reader: Reader, word: str, *, rows: bool = False) -> bool:
    """Whether the grammar has a meaning for the word, or the table a column, value or `rows` of that name."""
    said = tokenize(word)
    if rows and any(token.lemma in reader.linker.rows.nouns or token.number is not None for token in said):
        return True
    if not said or reader.linker.columns(said) or any(not link.weak for link in reader.linker.values(said)):
        return bool(said)
    spelled = (tuple(token.word for token in said), tuple(token.lemma for token in said))
    return any(words in phrases() for words in spelled)


def _named(words: Sequence[str]) -> str:
    return ", ".join(repr(word) for word in words)


def _figures(reader: Reader, words: tuple[str, ...]) -> str | None:
    for word in words:
        said = tokenize(word)
        for name, _ in reader.linker.columns(said) if said else ():
            column = reader.card.by_name[name]
            texts = [str(value) for value in column.values or (column.low, column.high) if value is not None]
            figures = [text for text in texts if _FIGURE.fullmatch(text)]
            if column.type is ColumnType.TEXT and figures and len(figures) >= _MOSTLY * len(texts):
                return f"{name!r} holds text such as {figures[0]!r}; `sapwood clean` can make numbers of it"
    return None


def _possible(card: TableCard) -> list[str]:
    numbers = [column for column in card.columns if column.is_number and not _numbers_rows(column, card)]
    groups = [column for column in card.columns if column.enumerated and 1 < column.distinct <= _FEW]
    times = [column for column in card.columns if column.is_time]
    found = ["how many rows"]
    if numbers and groups:
        found.append(f"average {numbers[0].name} by {groups[0].name}")
    elif numbers:
        found.append(f"average {numbers[0].name}")
    if groups:
        found.append(f"most common {groups[-1].name}")
    if times:
        found.append(f"number of rows by month of {times[0].name}")
        found.append(f"latest {times[0].name}")
    return found


def _numbers_rows(column: ColumnCard, card: TableCard) -> bool:
    return column.distinct == card.rows or column.name.casefold().endswith(("id", "year", "month", "day"))
