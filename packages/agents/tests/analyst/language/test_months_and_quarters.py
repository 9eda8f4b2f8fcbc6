"""Questions about time where a column holds months or quarters as texts or numbers."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

MONTHS = [f"{month} {year}" for year in (2020, 2021) for month in ("Jan", "Feb", "Mar", "Oct", "Dec")]
DAY = "strptime({}, '%b %Y')"


@pytest.fixture(scope="module")
def monthly() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [month, town, float((place * 7 + len(town)) % 11)]
        for place, month in enumerate(MONTHS)
        for town in ("Ulm", "Bonn")
    ]
    with closing(asked("honey_yields", ["month", "town", "yield"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def quarterly() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [f"{year} Q{quarter}", town, float((year * quarter + len(town)) % 13)]
        for year in (2018, 2019, 2020)
        for quarter in (1, 2, 3, 4)
        for town in ("Ulm", "Bonn")
    ]
    with closing(asked("honey_yields", ["period", "town", "yield"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def numbered() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [20200000 + month * 100 + day, town, float((month * day + len(town)) % 13)]
        for month in (1, 2, 11)
        for day in (1, 9, 28)
        for town in ("Ulm", "Bonn")
    ]
    with closing(asked("honey_yields", ["harvest_date", "town", "yield"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT month, sum(yield) FROM data GROUP BY 1 ORDER BY min(strptime(month, '%b %Y'))": (
                "total yield by month", "monthly total yield",
            ),
            "SELECT date_trunc('year', strptime(month, '%b %Y'))::DATE, sum(yield) FROM data GROUP BY 1 ORDER BY 1": (
                "total yield by year", "sum of yield per year",
            ),
            "SELECT month(strptime(month, '%b %Y')), avg(yield) FROM data GROUP BY 1 ORDER BY 1": (
                "average yield by month of the year",
            ),
            "SELECT avg(yield) FROM data WHERE month LIKE '%2021'": (
                "average yield in 2021", "mean yield since January 2021", "average yield after 2020",
            ),
            "SELECT sum(yield) FROM data WHERE month = 'Oct 2020'": (
                "total yield in October 2020", "total yield in Oct 2020",
            ),
            "SELECT sum(yield) FROM data WHERE month LIKE 'Dec%'": ("total yield in December",),
            "SELECT 'Dec 2021'": ("what is the latest month", "last month"),
            "SELECT 'Jan 2020'": ("what is the earliest month",),
            "SELECT month, sum(yield) s FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY s DESC) = 1": (
                "which month had the highest total yield",
            ),
            "SELECT count(DISTINCT month) FROM data": ("how many different months are there",),
        }
    ),
)  # fmt: skip
def test_months_that_are_texts_are_time(monthly: Asked, question: str, statement: str) -> None:
    assert monthly.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    ["average yield by week", "average yield by weekday", "total yield on 3 October 2020", "yield per hour"],
)
def test_months_tell_no_days(monthly: Asked, question: str) -> None:
    assert monthly.answer(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT period, avg(yield) FROM data GROUP BY 1 ORDER BY 1": (
                "average yield by quarter", "mean yield per period",
            ),
            "SELECT make_date(left(period, 4)::INT, 1, 1), sum(yield) FROM data GROUP BY 1 ORDER BY 1": (
                "total yield by year",
            ),
            "SELECT sum(yield) FROM data WHERE period = '2019 Q2'": (
                "total yield in Q2 2019", "total yield in the second quarter of 2019", "sum of yield in 2019 Q2",
            ),
            "SELECT avg(yield) FROM data WHERE right(period, 2) = 'Q1'": ("average yield in the first quarter",),
            "SELECT sum(yield) FROM data WHERE period >= '2019'": ("total yield since 2019",),
        }
    ),
)  # fmt: skip
def test_quarters_that_are_texts_are_time(quarterly: Asked, question: str, statement: str) -> None:
    assert quarterly.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    ["total yield in March 2019", "total yield by month", "total yield in May", "yield since May 2019"],
)
def test_quarters_tell_no_months(quarterly: Asked, question: str) -> None:
    assert quarterly.answer(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT make_date(2020, (harvest_date // 100 % 100)::INT, 1), sum(yield) FROM data GROUP BY 1 ORDER BY 1": (
                "total yield by month",
            ),
            "SELECT sum(yield) FROM data WHERE harvest_date = 20200209": ("total yield on 9 February 2020",),
            "SELECT sum(yield) FROM data WHERE harvest_date BETWEEN 20200201 AND 20200229": (
                "total yield in February 2020", "total yield in February",
            ),
            "SELECT 20201128": ("latest harvest date", "last harvest date"),
        }
    ),
)  # fmt: skip
def test_days_that_are_numbers_are_time(numbered: Asked, question: str, statement: str) -> None:
    assert numbered.agrees(question, statement)


def test_days_that_are_numbers_are_not_added_up(numbered: Asked) -> None:
    assert numbered.answer("average harvest date") is None
    assert numbered.answer("sum of harvest_date") is None
