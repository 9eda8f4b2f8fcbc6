"""Of what is sold in pieces, the pieces are counted: `how many lamps were sold`, `which sells best`."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

BEST = "SELECT lamp, sum(quantity) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT "
LAMPS = {
    "SELECT sum(quantity) FROM data WHERE lamp='Nova'": (
        "how many Novas were sold", "number of Novas sold", "how many Novas were bought",
    ),
    "SELECT sum(quantity) FROM data WHERE lamp IN ('Nova','Pico')": (
        "how many Novas or Picos were sold", "number of Novas and Picos sold",
    ),
    "SELECT sum(quantity) FROM data WHERE lamp='Pico' AND month(ordered_on)=3": (
        "how many Picos were sold in March",
    ),
    BEST + "1": (
        "which lamp sells best", "which lamp sells the most", "which lamp sold best", "what lamp was sold the most",
        "best selling lamp", "top selling lamp", "the best-selling lamp",
    ),
    BEST + "2": ("top 2 best selling lamps", "the two best selling lamps"),
    BEST.replace("DESC", "ASC") + "1": ("which lamp sells worst", "which lamp sold the least"),
}  # fmt: skip
START = dt.date(2022, 1, 1)


def lamps(*more: str) -> Asked:
    """One row an order of several pieces, with further columns of money."""
    rows: list[list[Value]] = [
        [START + dt.timedelta(days=n), ["Nova", "Orbit", "Pico", "Quad"][n * 7 % 11 % 4], ["Ebb", "Grole"][n * 3 % 5 % 2],
         1 + n * 5 % 9, 9.5 + n % 3, *(round(3.5 * n % 97, 2) for _ in more)]
        for n in range(120)
    ]  # fmt: skip
    return asked("lamp_orders", ["ordered_on", "lamp", "shop", "quantity", "unit_price", *more], rows)


@pytest.fixture(scope="module")
def pieces() -> Iterator[Asked]:
    """Only pieces say how much was sold."""
    with closing(lamps()) as made:
        yield made


@pytest.fixture(scope="module")
def money() -> Iterator[Asked]:
    """Pieces and what they come to."""
    with closing(lamps("revenue")) as made:
        yield made


@pytest.mark.parametrize(("question", "statement"), cases(LAMPS))
def test_pieces_are_counted(pieces: Asked, question: str, statement: str) -> None:
    assert pieces.agrees(question, statement)


@pytest.mark.parametrize(
    "question", ["which lamp sells best", "best selling lamp", "which lamp sold the most"]
)
def test_pieces_or_money_may_be_meant_where_both_are_told(money: Asked, question: str) -> None:
    assert money.intent(question) is None


@pytest.mark.parametrize("question", ["best selling lamps", "how many orders were best selling"])
def test_how_many_of_the_best_is_not_guessed(pieces: Asked, question: str) -> None:
    assert pieces.intent(question) is None


def test_orders_stay_rows(pieces: Asked) -> None:
    assert pieces.agrees("how many Nova orders are there", "SELECT count(*) FROM data WHERE lamp='Nova'")
