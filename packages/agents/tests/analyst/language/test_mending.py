"""Typing errors are mended the same way in every process."""

import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.mending import Mender
from sapwood_agents.analyst.language.tokens import tokenize
from sapwood_storage.tabular.model import ColumnType

LINKER = Linker(TableCard("samples", 90, (ColumnCard("depth", ColumnType.NUMBER, distinct=80),)))


@pytest.mark.parametrize(
    ("typed", "nouns"),
    [
        ("analyss", ("analysis", "analyses")),
        ("criss", ("crisis", "crises")),
        ("diagnoss", ("diagnosis", "diagnoses")),
    ],
)
def test_of_two_words_as_near_and_as_long_the_first_in_the_alphabet_is_meant(
    typed: str, nouns: tuple[str, str]
) -> None:
    (mended,) = Mender(LINKER, frozenset(nouns)).mend(tokenize(typed))

    assert mended.word == min(nouns)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("befor", "before"), ("totl", "total"), ("averge", "average"), ("nuber", "number"),
        ("standart", "standard"), ("maximun", "maximum"), ("betwen", "between"), ("differnt", "different"),
    ],
)  # fmt: skip
def test_of_a_frequent_word_one_letter_may_be_left_out(typed: str, meant: str) -> None:
    (mended,) = Mender(LINKER, frozenset()).mend(tokenize(typed))

    assert mended.word == meant


@pytest.mark.parametrize("word", ["district", "districts", "media", "befo", "totals", "bought"])
def test_a_word_of_its_own_is_no_slip(word: str) -> None:
    (kept,) = Mender(LINKER, frozenset()).mend(tokenize(word))

    assert kept.word == word
