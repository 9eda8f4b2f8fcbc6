"""Readings whose answer is settled beforehand, or answers another question, are declined."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def heats() -> Iterator[Asked]:
    """One row a heat; finish times are seconds between 40 and 77, the pulse has gaps."""
    rows: list[list[Value]] = [
        [f"S{number:03}", ["Ada", "Bo", "Cy", "Di"][number * 7 % 11 % 4], round(40 + number * 13 % 37 + 0.25, 2),
         number * 5 % 19, 1 + number % 8, None if number % 6 == 0 else 60 + number * 7 % 40]
        for number in range(64)
    ]  # fmt: skip
    columns = ["heat_id", "club", "finish_time_s", "false_starts", "lane", "pulse"]
    with closing(asked("swim_heats", columns, rows)) as made:
        yield made


@pytest.fixture(scope="module")
def homes() -> Iterator[Asked]:
    """One row a home; the oldest was built in 1900."""
    rows: list[list[Value]] = [
        [f"H{number:02}", ["Ash", "Elm"][number % 3 // 2], 40 + number * 13 % 131, 1900 + number * 3 % 97]
        for number in range(40)
    ]  # fmt: skip
    with closing(asked("lane_homes", ["plot", "lane", "floor_area_m2", "year_built"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def employees() -> Iterator[Asked]:
    """One row an employee."""
    rows: list[list[Value]] = [
        [f"E{number:02}", ["Ash", "Elm"][number % 3 // 2], 20 + number * 13 % 41, 1500 + number * 371 % 2900]
        for number in range(40)
    ]  # fmt: skip
    with closing(asked("employees", ["badge", "wing", "age", "pay_eur"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    "question", ["how many heats were over 1000 seconds", "how many heats under 10000 seconds"]
)
def test_a_number_that_no_row_or_every_row_passes_was_meant_of_something_else(
    heats: Asked, question: str
) -> None:
    assert heats.intent(question) is None


def test_nothing_was_built_before_the_first_year_of_the_table(homes: Asked) -> None:
    assert homes.intent("how many homes before 1800") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many heats at Ada have false starts above 100", "SELECT 0"),
        ("how many rows have lane over 100", "SELECT 0"),
        ("how many heats have false starts above 0", "SELECT count(*) FROM data WHERE false_starts>0"),
        ("how many heats were over 60 seconds", "SELECT count(*) FROM data WHERE finish_time_s>60"),
    ],
)
def test_a_number_is_believed_inside_the_range_or_of_a_column_named_outright(
    heats: Asked, question: str, statement: str
) -> None:
    assert heats.agrees(question, statement)


@pytest.mark.parametrize("question", ["share of the age in Ash", "average age by age"])
def test_ages_make_no_whole_and_are_not_measured_by_themselves(employees: Asked, question: str) -> None:
    assert employees.intent(question) is None


def test_pay_makes_a_whole(employees: Asked) -> None:
    assert employees.agrees(
        "share of the pay in Ash",
        "SELECT sum(pay_eur) FILTER (wing='Ash')::DOUBLE/sum(pay_eur) FROM data",
    )


def test_unknown_is_declined_where_nothing_is_missing(heats: Asked) -> None:
    assert heats.intent("how many heats with unknown club") is None
    assert heats.agrees("how many heats with unknown pulse", "SELECT count(*) FROM data WHERE pulse IS NULL")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many heats have no false starts", "SELECT count(*) FROM data WHERE false_starts=0"),
        ("how many heats have no pulse", "SELECT count(*) FROM data WHERE pulse IS NULL"),
        ("how many heats with no pulse value", "SELECT count(*) FROM data WHERE pulse IS NULL"),
        ("how many heats have no value for pulse", "SELECT count(*) FROM data WHERE pulse IS NULL"),
    ],
)
def test_none_of_what_is_counted_is_nought_and_no_value_is_a_gap(
    heats: Asked, question: str, statement: str
) -> None:
    assert heats.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("the largest home", "SELECT plot, floor_area_m2 FROM data ORDER BY 2 DESC LIMIT 1"),
        ("biggest home in Elm", "SELECT plot, floor_area_m2 FROM data WHERE lane='Elm' ORDER BY 2 DESC LIMIT 1"),
        ("which lane has the most homes", "SELECT lane, count(*) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"),
        ("which lane has the largest number of homes",
         "SELECT lane, count(*) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"),
    ],
)  # fmt: skip
def test_the_largest_row_is_one_of_a_size_and_the_largest_number_a_count(
    homes: Asked, question: str, statement: str
) -> None:
    assert homes.agrees(question, statement)


def test_the_largest_is_declined_where_rows_have_no_size(heats: Asked) -> None:
    assert heats.intent("the largest heat") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("the fastest time", "SELECT min(finish_time_s) FROM data"),
        ("which heat has the fastest time", "SELECT heat_id, finish_time_s FROM data ORDER BY 2, 1 LIMIT 2"),
        ("what is the fastest time at Ada", "SELECT min(finish_time_s) FROM data WHERE club='Ada'"),
    ],
)
def test_the_fastest_time_is_the_least(heats: Asked, question: str, statement: str) -> None:
    assert heats.agrees(question, statement)
