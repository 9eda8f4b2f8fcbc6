"""Two numbers held against each other, rows for each different one, shares of a part in a year."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

MARK = "SELECT avg(mark) FROM data WHERE grade={}"


@pytest.fixture(scope="module")
def essays() -> Iterator[Asked]:
    """One row an essay; `grade` is a small whole number."""
    rows: list[list[Value]] = [
        [number, 6 + number * number % 11 % 7, ["Hill", "Lake"][number % 5 // 3], 200 + number * 53 % 1300,
         number * 29 % 101]
        for number in range(1, 85)
    ]  # fmt: skip
    with closing(asked("essays", ["essay_id", "grade", "school", "words", "mark"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def orders() -> Iterator[Asked]:
    """One row an order; each has a customer, some have no courier."""
    rows: list[list[Value]] = [
        [number, f"C{number * number % 17:02}", None if number % 5 == 0 else f"K{number % 6}", 5 + number * 37 % 190]
        for number in range(1, 81)
    ]  # fmt: skip
    with closing(asked("orders", ["order_id", "customer", "courier", "amount_eur"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def milk() -> Iterator[Asked]:
    """A panel: one row for each country and year."""
    countries = [
        ("Norland", "Europe", "Parliamentary Dem"), ("Sudria", "Europe", "Constitutional Mon"),
        ("Quella", "Africa", "Parliamentary Dem"), ("Tambo", "Africa", "Military Rul"),
        ("Wessia", "Asia", "Constitutional Mon"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [country, continent, year, (place * 97 + year * 31) % 293 + 0.5, (place * 1301 + year * 17) % 8999, government]
        for place, (country, continent, government) in enumerate(countries)
        for year in range(1950, 1990, 5)
    ]  # fmt: skip
    columns = ["country", "continent", "year", "milk_litres", "herd", "government"]
    with closing(asked("milk_panel", columns, rows)) as made:
        yield made


@pytest.mark.parametrize(
    "question",
    [
        "compare the average mark of grade 10 and grade 7",
        "compare the average mark of grade 10 and 7",
        "average mark in grade 10 vs grade 7",
        "average mark of grade 10 versus 7",
    ],
)
def test_two_numbers_of_one_column_are_compared_in_their_order(essays: Asked, question: str) -> None:
    ten, seven = essays.sql(MARK.format(10)), essays.sql(MARK.format(7))

    assert essays.answer(question) == [(10, *ten[0]), (7, *seven[0])]


def test_a_comparison_of_two_numbers_keeps_the_other_conditions(essays: Asked) -> None:
    assert essays.agrees(
        "compare the average mark of grade 10 and grade 7 at Hill",
        "SELECT grade, avg(mark) FROM data WHERE grade IN (7, 10) AND school='Hill' GROUP BY 1 ORDER BY 1 DESC",
    )


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("difference in average mark between grade 10 and grade 7", f"SELECT ({MARK.format(10)})-({MARK.format(7)})"),
        ("how much higher is the average mark in grade 10 than in grade 7",
         f"SELECT ({MARK.format(10)})-({MARK.format(7)})"),
        ("ratio of the average mark in grade 10 to grade 7", f"SELECT ({MARK.format(10)})/({MARK.format(7)})"),
        ("ratio of essays in grade 10 to essays in grade 7",
         "SELECT count(*) FILTER (grade=10)::DOUBLE/count(*) FILTER (grade=7) FROM data"),
        ("ratio of grade 10 to grade 7 essays",
         "SELECT count(*) FILTER (grade=10)::DOUBLE/count(*) FILTER (grade=7) FROM data"),
    ],
)  # fmt: skip
def test_two_numbers_are_subtracted_and_divided(essays: Asked, question: str, statement: str) -> None:
    assert essays.agrees(question, statement)


def test_a_number_that_the_column_never_reaches_is_no_side(essays: Asked) -> None:
    assert essays.intent("compare the average mark of grade 10 and grade 40") is None


@pytest.mark.parametrize(
    "question",
    ["average number of orders per customer", "average orders per customer", "how many orders on average per customer"],
)  # fmt: skip
def test_an_average_number_per_customer_is_rows_for_each_different_one(orders: Asked, question: str) -> None:
    assert orders.agrees(question, "SELECT count(*)::DOUBLE/count(DISTINCT customer) FROM data")


def test_an_average_number_for_each_of_a_column_with_gaps_is_declined(orders: Asked) -> None:
    assert orders.intent("average number of orders per courier") is None


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("Europe's share of the milk in 1960", "milk_litres"),
        ("what is Europe's share of the herd in 1960", "herd"),
    ],
)
def test_the_share_of_one_part_in_a_year_is_of_that_years_whole(
    milk: Asked, question: str, column: str
) -> None:
    assert milk.agrees(
        question,
        f"SELECT sum({column}) FILTER (continent='Europe')::DOUBLE/sum({column}) FROM data WHERE year=1960",
    )


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which country had the highest herd in 1970",
         "SELECT country, herd FROM data WHERE year=1970 ORDER BY 2 DESC LIMIT 1"),
        ("country with the lowest herd in 1955",
         "SELECT country, herd FROM data WHERE year=1955 ORDER BY 2 LIMIT 1"),
        ("top 3 countries by milk in 1960",
         "SELECT country, milk_litres FROM data WHERE year=1960 ORDER BY 2 DESC LIMIT 3"),
    ],
)  # fmt: skip
def test_a_panel_has_one_row_each_once_its_year_is_said(milk: Asked, question: str, statement: str) -> None:
    assert milk.agrees(question, statement)


def test_a_panel_is_not_guessed_at_without_its_year(milk: Asked) -> None:
    assert milk.intent("which country had the highest herd") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average milk of parliamentary democracies",
         "SELECT avg(milk_litres) FROM data WHERE government='Parliamentary Dem'"),
        ("how many countries have a parliamentary democracy",
         "SELECT count(DISTINCT country) FROM data WHERE government='Parliamentary Dem'"),
        ("average herd for military rule", "SELECT avg(herd) FROM data WHERE government='Military Rul'"),
        ("which countries have a constitutional monarchy in 1960",
         "SELECT country FROM data WHERE government='Constitutional Mon' AND year=1960 ORDER BY 1"),
    ],
)  # fmt: skip
def test_a_value_written_short_is_known_by_its_full_words(milk: Asked, question: str, statement: str) -> None:
    assert milk.agrees(question, statement)


def test_a_value_written_short_is_not_every_word_that_begins_so(milk: Asked) -> None:
    assert milk.intent("average milk of parliamentary republics") is None
