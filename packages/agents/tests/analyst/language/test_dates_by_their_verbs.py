"""A verb says which of several dates is meant: `sold in 2024` of `Sold Date`, `built in 2003` of `Year Built`."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

START = dt.date(2022, 1, 3)


def day(n: int) -> dt.date:
    """When the n-th barn came up."""
    return START + dt.timedelta(days=9 * n)


@pytest.fixture(scope="module")
def barns() -> Iterator[Asked]:
    """One row a barn with two dates; some are not sold."""
    rows: list[list[Value]] = [
        [f"B{n:03}", ["Ebb", "Grole"][n % 5 % 2], day(n), day(n) + dt.timedelta(days=120) if n % 6 else None,
         1000 + n * 371 % 2900]
        for n in range(120)
    ]  # fmt: skip
    with closing(asked("barns", ["barn_ref", "parish", "Listed Date", "Sold Date", "Price"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def dated() -> Iterator[Asked]:
    """One row a barn, with the year it was built in and the day it was sold on."""
    rows: list[list[Value]] = [
        [f"B{n:03}", 1950 + n * 7 % 76, day(n), 1000 + n * 371 % 2900] for n in range(120)
    ]
    with closing(asked("barns", ["barn_ref", "Year Built", "Sold Date", "Price"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def undated() -> Iterator[Asked]:
    """One row a barn, with the year it was built in and no date."""
    rows: list[list[Value]] = [[f"B{n:03}", 1950 + n * 7 % 76, 1000 + n * 371 % 2900] for n in range(120)]
    with closing(asked("barns", ["barn_ref", "Year Built", "Price"], rows)) as made:
        yield made


@pytest.mark.parametrize(("verb", "column"), [("sold", "Sold Date"), ("listed", "Listed Date")])
@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("how many barns were {} in 2024", "count(*)"),
        ("how many barns {} in 2024", "count(*)"),
        ("average price of barns {} in 2024", "avg(Price)"),
    ],
)  # fmt: skip
def test_the_verb_says_which_date_is_meant(
    barns: Asked, verb: str, column: str, question: str, value: str
) -> None:
    assert barns.agrees(question.format(verb), f'SELECT {value} FROM data WHERE year("{column}")=2024')


def test_the_barns_of_a_verb_are_grouped_by_its_date(barns: Asked) -> None:
    intent = barns.intent("how many barns were sold in each year")

    assert intent is not None
    assert [(group.column, group.bucket) for group in intent.groups] == [("Sold Date", "year")]


@pytest.mark.parametrize("question", ["how many barns in 2024", "average price in 2024"])
def test_without_a_verb_none_of_two_dates_is_chosen(barns: Asked, question: str) -> None:
    assert barns.intent(question) is None


def test_a_date_that_is_named_needs_no_verb(barns: Asked) -> None:
    wanted = 'SELECT count(*) FROM data WHERE year("Listed Date")=2024'
    assert barns.agrees("how many barns with listed date in 2024", wanted)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many barns were sold in 2023", 'SELECT count(*) FROM data WHERE year("Sold Date")=2023'),
        ("how many barns sold in 2023", 'SELECT count(*) FROM data WHERE year("Sold Date")=2023'),
        ("average price of barns sold in 2024", 'SELECT avg(Price) FROM data WHERE year("Sold Date")=2024'),
    ],
)
def test_what_was_sold_in_a_year_was_not_built_in_it(dated: Asked, question: str, statement: str) -> None:
    assert dated.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("how many barns were sold in each year", "count(*)"),
        ("how many barns were sold per year", "count(*)"),
        ("total price sold per year", "sum(Price)"),
    ],
)
def test_the_years_of_a_verb_are_those_of_its_date(dated: Asked, question: str, value: str) -> None:
    wanted = f"""SELECT date_trunc('year', "Sold Date")::DATE, {value} FROM data GROUP BY 1 ORDER BY 1"""
    assert dated.agrees(question, wanted)


@pytest.mark.parametrize("question", ["how many barns in 2023", "average price in 1990"])
def test_beside_a_date_a_year_alone_is_not_that_of_building(dated: Asked, question: str) -> None:
    assert dated.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many barns were built in 2003", 'SELECT count(*) FROM data WHERE "Year Built"=2003'),
        ("how many barns built after 2000", 'SELECT count(*) FROM data WHERE "Year Built">2000'),
        (
            "average price of barns with year built 1990",
            'SELECT avg(Price) FROM data WHERE "Year Built"=1990',
        ),
    ],
)
def test_the_year_of_building_is_meant_where_it_is_said(dated: Asked, question: str, statement: str) -> None:
    assert dated.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many barns in 2003", 'SELECT count(*) FROM data WHERE "Year Built"=2003'),
        ("average price in 2003", 'SELECT avg(Price) FROM data WHERE "Year Built"=2003'),
        ("average price by year", 'SELECT "Year Built", avg(Price) FROM data GROUP BY 1 ORDER BY 1'),
        ("how many barns were built in 2003", 'SELECT count(*) FROM data WHERE "Year Built"=2003'),
    ],
)
def test_without_dates_the_year_of_building_is_the_year(
    undated: Asked, question: str, statement: str
) -> None:
    assert undated.agrees(question, statement)
