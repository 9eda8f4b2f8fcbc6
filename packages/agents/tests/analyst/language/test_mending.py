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
