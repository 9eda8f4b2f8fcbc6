"""What `how many` counts: rows called as the file is, what a grid holds, and no wages."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def ribbons() -> Iterator[Asked]:
    """One row a ribbon, in a file called so; a column of kinds shares the word."""
    rows: list[list[Value]] = [
        [["Orrin", "Tessel", "Ubba"][number % 3], ["gold", "blue", "green"][number * 5 % 7 % 3], 1990 + number % 20]
        for number in range(60)
    ]  # fmt: skip
    with closing(asked("relay_ribbons", ["village", "ribbon", "year"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def bakers() -> Iterator[Asked]:
    """One row a trade and a number of years at it; the only other number is a wage."""
    rows: list[list[Value]] = [
        [["oven", "shop", "cart"][number % 3], 1 + number // 3 % 12, 11 + number * 7 % 37]
        for number in range(36)
    ]
    with closing(asked("bakers", ["trade", "years_at_it", "wage"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def loans() -> Iterator[Asked]:
    """One row a loan of a library, several a reader and year."""
    rows: list[list[Value]] = [
        [["Anneke", "Bruno", "Corin", "Dagny"][number * 3 % 7 % 4], ["map", "novel"][number % 2],
         f"{2019 + number % 3}-0{1 + number % 9}-11"]
        for number in range(90)
    ]  # fmt: skip
    with closing(asked("book_loans", ["reader", "kind", "lent_on"], rows)) as made:
        made.connection.execute("ALTER TABLE data ALTER lent_on TYPE DATE")
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many ribbons are there", "SELECT count(*) FROM data"),
        ("how many ribbons did Orrin get", "SELECT count(*) FROM data WHERE village='Orrin'"),
        ("number of ribbons by village", "SELECT village, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many different ribbons are there", "SELECT count(DISTINCT ribbon) FROM data"),
        ("how many villages are there", "SELECT count(DISTINCT village) FROM data"),
    ],
)
def test_the_noun_of_the_file_counts_rows_and_things_are_counted_once(
    ribbons: Asked, question: str, statement: str
) -> None:
    assert ribbons.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many bakers earn a wage over 20", "SELECT count(*) FROM data WHERE wage>20"),
        ("how many bakers work at the oven", "SELECT count(*) FROM data WHERE trade='oven'"),
    ],
)
def test_a_lone_wage_counts_nothing(bakers: Asked, question: str, statement: str) -> None:
    assert bakers.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    [
        "which readers did not borrow in 2020",
        "which readers did not borrow anything in 2020",
        "how many different readers did not borrow in 2020",
    ],
)
def test_who_did_not_in_a_year_is_not_who_did_in_another(loans: Asked, question: str) -> None:
    assert loans.intent(question) is None


@pytest.fixture(scope="module")
def crates() -> Iterator[Asked]:
    """One row a crate, called by its number alone."""
    rows: list[list[Value]] = [
        [700 + number, ["north", "south"][number % 7 % 2], number * 13 % 47, number * 5 % 31, number * 3 % 29]
        for number in range(50)
    ]
    with closing(asked("crates", ["crate_id", "dock", "weight", "apples", "pears"], rows)) as made:
        yield made


def test_rows_that_have_only_a_number_are_listed_by_it_where_a_list_is_wanted(crates: Asked) -> None:
    assert crates.agrees(
        "which crates have a weight over 40",
        "SELECT crate_id, weight FROM data WHERE weight>40 ORDER BY 2 DESC",
    )
    assert crates.intent("crates at the north dock") is None  # these may be counted or listed
    assert crates.intent("who filled the crates at the north dock") is None


def test_how_many_more_of_one_than_of_the_other_picks_no_rows(crates: Asked) -> None:
    intent = crates.intent("how many more apples than pears were there in crate 703")
    assert intent is None or intent.shape.value == "difference"
