"""Rows picked by averages, by neither … nor, by one exact number, and superlatives that are a number."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def patients() -> Iterator[Asked]:
    """One row a patient."""
    rows: list[list[Value]] = [
        [f"P{number:03}", 20 + number * 37 % 71, ["Ash", "Elm"][number % 3 // 2], 50.5 + number * 7 % 60]
        for number in range(60)
    ]
    with closing(asked("ward_patients", ["patient", "age", "ward", "weight_kg"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how old is the oldest patient", "SELECT max(age) FROM data"),
        ("the oldest patient's age", "SELECT max(age) FROM data"),
        ("how old is the youngest patient in Ash", "SELECT min(age) FROM data WHERE ward='Ash'"),
        ("how heavy is the heaviest patient", "SELECT max(weight_kg) FROM data"),
        ("who is the oldest patient", "SELECT patient, age FROM data ORDER BY 2 DESC LIMIT 1"),
        ("oldest patient", "SELECT patient, age FROM data ORDER BY 2 DESC LIMIT 1"),
    ],
)
def test_how_old_the_oldest_is_is_a_number_and_the_oldest_a_row(
    patients: Asked, question: str, statement: str
) -> None:
    assert patients.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("how many patients in Ash have an age above average", "ward='Ash'"),
        ("how many patients in Ash have an age above the overall average", "true"),
        ("how many patients in Ash are above the overall average age", "true"),
    ],
)
def test_an_average_is_of_the_rows_that_are_asked_about_unless_it_is_the_overall_one(
    patients: Asked, question: str, of: str
) -> None:
    assert patients.agrees(
        question, f"SELECT count(*) FROM data WHERE ward='Ash' AND age>(SELECT avg(age) FROM data WHERE {of})"
    )


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("how many patients are neither older than 80 nor younger than 30", "age<=80 AND age>=30"),
        ("how many patients are not older than 30", "age<=30"),
        ("how many patients are older than 80 or younger than 30", "age>80 OR age<30"),
    ],
)
def test_neither_is_not_the_one_and_not_the_other(patients: Asked, question: str, condition: str) -> None:
    assert patients.agrees(question, f"SELECT count(*) FROM data WHERE {condition}")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("patients with age 30", "SELECT patient FROM data WHERE age=30 ORDER BY 1"),
        ("which patients have an age of 57", "SELECT patient FROM data WHERE age=57 ORDER BY 1"),
        ("which patients are older than 85", "SELECT patient, age FROM data WHERE age>85 ORDER BY 2 DESC"),
    ],
)
def test_one_exact_number_picks_as_a_category_does_and_more_is_shown(
    patients: Asked, question: str, statement: str
) -> None:
    assert patients.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how much patients are there", "SELECT count(*) FROM data"),
        ("wards with more than 10 patients, and how many",
         "SELECT ward, count(*) FROM data GROUP BY 1 HAVING count(*)>10 ORDER BY 2 DESC"),
        ("which ward has the most patients", "SELECT ward, count(*) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"),
    ],
)  # fmt: skip
def test_how_many_there_are_is_asked_in_several_ways(patients: Asked, question: str, statement: str) -> None:
    assert patients.agrees(question, statement)
