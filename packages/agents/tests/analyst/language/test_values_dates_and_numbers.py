"""Words that can only be a value, rows by their number, dates by their verb, both halves of a yes/no."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

EVERY = "SELECT count(*) FROM data"
START = dt.date(2021, 1, 4)
PLACES = ("Fen", "Mill", "Quay")


@pytest.fixture(scope="module")
def crates() -> Iterator[Asked]:
    """One row a crate moved; some columns hold words of grammar."""
    rows: list[list[Value]] = [
        [1000 + n, ("IN", "OUT")[n * 3 % 5 % 2], ("yearly", "monthly")[n * 7 % 11 % 2],
         ("unknown", "firing", "glazing")[n * 2 % 7 % 3], PLACES[n * 5 % 7 % 3], ("yes", "no")[n * 4 % 9 % 2],
         3 + n * 37 % 211]
        for n in range(120)
    ]  # fmt: skip
    names = ["crate_id", "way", "rhythm", "phase", "wharf", "sealed", "weight_kg"]
    with closing(asked("crates", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many crates where the phase is unknown", f"{EVERY} WHERE phase='unknown'"),
        ("how many yearly crates", f"{EVERY} WHERE rhythm='yearly'"),
        ("total weight out", "SELECT sum(weight_kg) FROM data WHERE way='OUT'"),
        (
            "total weight in by wharf",
            "SELECT wharf, sum(weight_kg) FROM data WHERE way='IN' GROUP BY 1 ORDER BY 1",
        ),
        ("weight of crate 1042", "SELECT weight_kg FROM data WHERE crate_id=1042"),
        ("the wharf of crate 1042", "SELECT wharf FROM data WHERE crate_id=1042"),
        (
            "average weight with and without sealed",
            "SELECT sealed, avg(weight_kg) FROM data GROUP BY 1 ORDER BY 1",
        ),
        ("distribution of phase", "SELECT phase, count(*) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)
def test_a_word_that_can_only_be_a_value_is_one(crates: Asked, question: str, statement: str) -> None:
    assert crates.agrees(question, statement)


def test_a_direction_inside_a_question_stays_a_preposition(crates: Asked) -> None:
    assert crates.agrees("how many crates in Fen", f"{EVERY} WHERE wharf='Fen'")


@pytest.fixture(scope="module")
def barges() -> Iterator[Asked]:
    """One row a barge for sale: listed, perhaps sold, and built long before."""
    rows: list[list[Value]] = [
        [f"B{n:03}", 1950 + n * 13 % 74, START + dt.timedelta(days=n * 9),
         START + dt.timedelta(days=n * 9 + 40 + n % 7) if n % 3 else None, PLACES[n * 5 % 7 % 3]]
        for n in range(120)
    ]  # fmt: skip
    names = ["barge_ref", "built_year", "listed_date", "sold_date", "wharf"]
    with closing(asked("barges", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("how many barges were sold in 2022", "year(sold_date)=2022"),
        ("how many barges were listed in 2022", "year(listed_date)=2022"),
        ("how many barges were built in 1960", "built_year=1960"),
    ],
)
def test_a_year_belongs_to_the_date_of_its_verb(barges: Asked, question: str, where: str) -> None:
    assert barges.agrees(question, f"{EVERY} WHERE {where}")


@pytest.fixture(scope="module")
def rowers() -> Iterator[Asked]:
    """One row a rower with an age, and the points of two legs by year."""
    rows: list[list[Value]] = [
        [("F", "M")[n * 3 % 5 % 2], 18 + n * 13 % 60, 5 + n * 7 % 31, 3 + n * 11 % 29, 2018 + n % 5]
        for n in range(120)
    ]
    with closing(asked("rowers", ["sex", "age", "first_leg", "last_leg", "year"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many men over 60", f"{EVERY} WHERE sex='M' AND age>60"),
        ("how many women under 30", f"{EVERY} WHERE sex='F' AND age<30"),
        (
            "how much higher is the average of first leg than that of last leg",
            "SELECT avg(first_leg)-avg(last_leg) FROM data",
        ),
        ("average first leg in 2018 and 2020", "SELECT avg(first_leg) FROM data WHERE year IN (2018, 2020)"),
        (
            "average first leg between 2018 and 2020",
            "SELECT avg(first_leg) FROM data WHERE year BETWEEN 2018 AND 2020",
        ),
    ],
)
def test_people_by_age_two_columns_and_two_years(rowers: Asked, question: str, statement: str) -> None:
    assert rowers.agrees(question, statement)
