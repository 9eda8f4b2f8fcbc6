"""What counts as a figure held as text, and that a long run of signs is gone through once."""

import time

import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.reader import Reader
from sapwood_agents.analyst.suggestions import why_unplaced
from sapwood_storage.tabular.model import ColumnType


def hint(*values: str) -> str | None:
    fee = ColumnCard("fee", ColumnType.TEXT, distinct=len(values), values=values, enumerated=True)
    return why_unplaced(Reader(TableCard("moorings", 100, (fee,))), ("fee",))


@pytest.mark.parametrize(
    "figure", ["$76,592", "-$ 12", "($1,200)", "(12 ) %", "1.2 km", "€ -3", "- (+ 4", "7 '000", "~5 %"]
)
def test_a_number_to_people_is_a_figure(figure: str) -> None:
    assert "sapwood clean" in str(hint(figure))


@pytest.mark.parametrize("text", ["A-1", "12 crates", "(a) 3", "--", "3) 4", "1 % 2"])
def test_other_text_with_digits_is_none(text: str) -> None:
    assert "sapwood clean" not in str(hint(text))


@pytest.mark.parametrize(
    "text", ["-" * 50_000, "$" * 50_000, "(" * 50_000, " " * 50_000, "1" + " " * 50_000, "1" + " ." * 25_000]
)
def test_a_long_run_of_signs_takes_no_time(text: str) -> None:
    column = ColumnCard("fee", ColumnType.TEXT, distinct=1, low=f"{text}moss", high=f"{text}moss")
    reader = Reader(TableCard("moorings", 100, (column,)))
    started = time.process_time()

    why_unplaced(reader, ("fee",))

    assert time.process_time() - started < 1.0
