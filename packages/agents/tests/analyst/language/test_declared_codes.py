"""Codes that the name of a column explains."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.declared import explained
from sapwood_storage.tabular.model import ColumnType


@pytest.fixture(scope="module")
def courts() -> Iterator[Asked]:
    rows: list[list[Value]] = [[n, 1 + n % 3 % 2, ("N", "F")[n % 5 % 2], 20 + n * 7 % 31] for n in range(70)]
    names = ["court_id", "Indoor (1)/ Outdoor (2)", "near_far", "fee"]
    with closing(asked("courts", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            'SELECT count(*) FROM data WHERE "Indoor (1)/ Outdoor (2)" = 2': (
                "how many courts are outdoor", "number of outdoor courts",
            ),
            'SELECT avg(fee) FROM data WHERE "Indoor (1)/ Outdoor (2)" = 1': ("average fee of indoor courts",),
            "SELECT count(*) FROM data WHERE near_far = 'F'": ("how many far courts are there",),
            "SELECT count(*) FILTER (near_far = 'N') / count(*) FROM data": ("share of courts that are near",),
        }
    ),
)  # fmt: skip
def test_the_words_are_the_codes(courts: Asked, question: str, statement: str) -> None:
    assert courts.agrees(question, statement)


def text(name: str, *values: str) -> ColumnCard:
    return ColumnCard(name, ColumnType.TEXT, distinct=len(values), values=values, enumerated=True)


def number(name: str, low: int, high: int) -> ColumnCard:
    return ColumnCard(name, ColumnType.INTEGER, distinct=high - low + 1, low=low, high=high)


@pytest.mark.parametrize(
    ("column", "pairs"),
    [
        (number("tap (0=open, 1=shut)", 0, 1), {"open": 0, "shut": 1}),
        (number("tap (0: open; 1: shut)", 0, 1), {"open": 0, "shut": 1}),
        (text("Wet (W) / Dry (D)", "D", "W"), {"Wet": "W", "Dry": "D"}),
        (text("near_far", "F", "N"), {"near": "N", "far": "F"}),
    ],
)
def test_names_that_explain(column: ColumnCard, pairs: dict[str, object]) -> None:
    assert dict(explained(column)) == pairs


@pytest.mark.parametrize(
    "column",
    [
        number("served (0=no, 1=yes)", 0, 1),  # every yes/no column has those
        number("Indoor (1)/ Outdoor (2)", 1, 3),  # what 3 is, it does not say
        number("Indoor (1)/ Outdoor (5)", 1, 2),
        text("near_far", "F", "N", "X"),
        text("far_flat", "F"),
        number("speed (km)", 3, 9),
    ],
)
def test_names_that_explain_nothing(column: ColumnCard) -> None:
    assert dict(explained(column)) == {}
