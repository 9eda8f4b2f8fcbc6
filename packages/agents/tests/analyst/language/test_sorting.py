"""Groups in the order of what is told of them, and lists that are no numbers."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def planks() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [("oak", "ash", "elm")[n % 7 % 3], ("N", "S", None)[n % 3], 20 + n % 9] for n in range(80)
    ]
    with closing(asked("planks", ["wood", "side", "fee"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        (
            "average fee by wood, highest first",
            "SELECT wood, avg(fee) f FROM data GROUP BY 1 ORDER BY f DESC",
        ),
        ("mean fee for each wood, lowest first", "SELECT wood, avg(fee) f FROM data GROUP BY 1 ORDER BY f"),
        (
            "number of planks per wood, biggest first",
            "SELECT wood, count(*) n FROM data GROUP BY 1 ORDER BY n DESC, 1",
        ),
        ("planks per wood largest first", "SELECT wood, count(*) n FROM data GROUP BY 1 ORDER BY n DESC, 1"),
    ],
)
def test_one_end_first_is_an_order_of_the_groups(planks: Asked, question: str, statement: str) -> None:
    assert planks.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    [
        "average fee by wood, fastest first",  # of which no column tells
        "total fee by wood and side, highest first",  # of the woods, or of the sides of each
        "average fee by side, highest first",  # some have no side, and nobody knows where they go
        "top 2 woods by fee, highest first",
    ],
)
def test_an_order_of_something_else_is_declined(planks: Asked, question: str) -> None:
    assert planks.intent(question) is None


def test_what_different_woods_wants_them_and_not_their_number(planks: Asked) -> None:
    assert planks.intent("What different woods do the planks come with?") is None
    assert planks.agrees("what different woods are there", "SELECT DISTINCT wood FROM data ORDER BY 1")
    assert planks.agrees("how many different woods are there", "SELECT count(DISTINCT wood) FROM data")


def test_listings_are_rows_of_any_table(planks: Asked) -> None:
    assert planks.agrees("how many listings are there", "SELECT count(*) FROM data")
