"""Forms of questions that were once passed over: averages of the same, cases, states, texts in names."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

NAMES = ("Blue heron", "Old mill", "Blue door", "Lantern", "Quay side", "Mill wheel", "Blue barn", "Gull")


@pytest.fixture(scope="module")
def inns() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [
            f"{NAMES[n % 8]} {n}",
            ("north", "south")[n % 3 % 2],
            ("open", "closed", "sold")[n % 7 % 3],
            dt.date(2020, 1, 3) + dt.timedelta(days=n * 11),
            dt.date(2020, 3, 3) + dt.timedelta(days=n * 13),
            n * 7 % 5,
            40 + n * 29 % 61,
        ]
        for n in range(70)
    ]
    names = ["inn", "coast", "status", "closed_at", "inspection_date", "Thefts", "fee"]
    with closing(asked("inns", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT count(*) FROM data WHERE coast = 'north' AND fee > (SELECT avg(fee) FROM data WHERE coast = 'north')": (
                "how many north inns have a fee above the north average",
            ),
            "SELECT count(*) FROM data WHERE Thefts = 0": (
                "how many inns report zero cases of theft", "inns with zero cases of thefts, how many",
            ),
            "SELECT count(*) FROM data WHERE Thefts > 2": ("how many inns had more than 2 cases of theft",),
            "SELECT count(*) FROM data WHERE status = 'closed'": (
                "how many inns are closed", "how many inn is closed",
            ),
            "SELECT count(*) FROM data WHERE inn LIKE '%Blue%'": (
                "how many inns have Blue in their name", 'how many inns have "blue" in the name',
            ),
            "SELECT date_trunc('month', closed_at)::DATE, count(*) FROM data GROUP BY 1 ORDER BY 1": (
                "number of inns closed in each month", "number of inns closed per month",
            ),
            "SELECT date_trunc('month', inspection_date)::DATE, count(*) FROM data GROUP BY 1 ORDER BY 1": (
                "inspections per month", "inspections by month",
            ),
            "SELECT status, count(*) FROM data WHERE coast = 'south' GROUP BY 1 ORDER BY 1": (
                "break the number of inns in the south down by status",
            ),
            "SELECT avg(fee) FROM data": ("average fee, just the number", "average fee, the number is enough"),
        }
    ),
)  # fmt: skip
def test_they_are_read(inns: Asked, question: str, statement: str) -> None:
    assert inns.agrees(question, statement)


@pytest.mark.parametrize(
    "question", ["how many north inns have a fee above the south average", "which inns are latest"]
)
def test_what_stays_unread(inns: Asked, question: str) -> None:
    assert inns.answer(question) is None
