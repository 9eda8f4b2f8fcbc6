"""The longest, the oldest, the top few: what they rank by, and in which unit."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def trips() -> Iterator[Asked]:
    """Long may be hours or kilometres."""
    rows: list[list[Value]] = [
        [f"Trip {number:02}", ["Ain", "Lot", "Tarn"][number % 7 % 3], 3 + number * 17 % 59, 1 + number * 29 % 83 / 8]
        for number in range(40)
    ]  # fmt: skip
    with closing(asked("raft_trips", ["trip_name", "river", "distance_km", "duration_hours"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def books() -> Iterator[Asked]:
    """One row a book; a length in pages, a year."""
    rows: list[list[Value]] = [
        [f"Story {number:02}", ["Orbis", "Terra", "Mare"][number % 7 % 3], 40 + 113 * number % 700,
         1900 + number * 37 % 120, number * 3 % 11]
        for number in range(50)
    ]  # fmt: skip
    with closing(
        asked("library_books", ["title", "publisher", "pages", "year_printed", "copies"], rows)
    ) as made:
        yield made  # fmt: skip


@pytest.fixture(scope="module")
def parcels() -> Iterator[Asked]:
    """Parcels are only numbered, so that the heaviest is a number."""
    rows: list[list[Value]] = [
        [number, 4 + number * 71 % 297, ["East", "West", "South"][number % 7 % 3]] for number in range(1, 51)
    ]
    with closing(asked("parcels", ["parcel_id", "weight_oz", "depot"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which trip was the longest in hours",
         "SELECT trip_name, duration_hours FROM data ORDER BY 2 DESC LIMIT 1"),
        ("which trip was the longest in km",
         "SELECT trip_name, distance_km FROM data ORDER BY 2 DESC LIMIT 1"),
        ("3 longest trips in hours",
         "SELECT trip_name, duration_hours FROM data ORDER BY 2 DESC, 1 LIMIT 3"),
        ("2 shortest trips in km", "SELECT trip_name, distance_km FROM data ORDER BY 2, 1 LIMIT 2"),
        ("how many trips are longer than 8 hours", "SELECT count(*) FROM data WHERE duration_hours>8"),
        ("5 longest books in pages", "SELECT title, pages FROM data ORDER BY 2 DESC LIMIT 5"),
        ("3 shortest books by pages", "SELECT title, pages FROM data ORDER BY 2 LIMIT 3"),
    ],
)  # fmt: skip
def test_the_unit_says_which_of_two_columns_is_meant(
    trips: Asked, books: Asked, question: str, statement: str
) -> None:
    assert (books if "book" in question else trips).agrees(question, statement)


def test_the_longest_by_a_unit_that_the_table_does_not_have_is_declined(trips: Asked) -> None:
    assert trips.intent("3 longest trips in pages") is None


def test_the_hours_of_a_length_are_no_hours_of_the_clock() -> None:
    start = dt.datetime(2022, 1, 1)
    rows: list[list[Value]] = [
        [f"Trip {n:02}", 1 + n * 29 % 83 / 8, start + dt.timedelta(hours=61 * n)] for n in range(40)
    ]
    with closing(asked("raft_trips", ["trip_name", "duration_hours", "opened_at"], rows)) as timed:
        assert timed.agrees(
            "which trip was the longest in hours",
            "SELECT trip_name, duration_hours FROM data ORDER BY 2 DESC LIMIT 1",
        )


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average weight in ounces", "SELECT avg(weight_oz) FROM data"),
        ("average weight in oz", "SELECT avg(weight_oz) FROM data"),
        ("heaviest parcel in ounces", "SELECT max(weight_oz) FROM data"),
        ("how many parcels weigh more than 100 oz", "SELECT count(*) FROM data WHERE weight_oz>100"),
        ("how many parcels are heavier than 250 ounces", "SELECT count(*) FROM data WHERE weight_oz>250"),
    ],
)
def test_a_unit_that_ends_a_name_may_be_said_in_full(parcels: Asked, question: str, statement: str) -> None:
    assert parcels.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    ["average weight in grams", "how many parcels are heavier than 100 kg", "how many parcels weigh more than 10 dollars"],
)  # fmt: skip
def test_another_unit_than_the_columns_is_declined(parcels: Asked, question: str) -> None:
    assert parcels.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("year of the oldest book", "SELECT min(year_printed) FROM data"),
        ("in which year was the oldest book printed", "SELECT min(year_printed) FROM data"),
        ("year of the newest book", "SELECT max(year_printed) FROM data"),
        ("title of the oldest book", "SELECT title, year_printed FROM data ORDER BY 2 LIMIT 1"),
        ("oldest book", "SELECT title, year_printed FROM data ORDER BY 2 LIMIT 1"),
    ],
)
def test_the_year_of_the_oldest_is_a_year_and_the_oldest_a_row(
    books: Asked, question: str, statement: str
) -> None:
    assert books.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("top 2 routes by crossings",
         "SELECT route, count(*) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 2"),
        ("top 2 ferries by crossings",
         "SELECT ferry_name, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC)<=2 ORDER BY 2 DESC, 1"),
        ("top 2 ferries by passengers",
         "SELECT ferry_name, sum(passengers) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 2"),
    ],
)  # fmt: skip
def test_top_by_the_noun_of_the_rows_counts_them(crossings: Asked, question: str, statement: str) -> None:
    assert crossings.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("crossings per month, oldest first", "crossings per month"),
        ("number of crossings per month in chronological order", "number of crossings per month"),
        ("crossings by ferry, alphabetically", "crossings by ferry"),
        ("average passengers by route in alphabetical order", "average passengers by route"),
    ],
)
def test_an_ending_that_asks_for_the_order_there_is_changes_nothing(
    crossings: Asked, question: str, plain: str
) -> None:
    assert crossings.answer(plain) is not None
    assert crossings.answer(question) == crossings.answer(plain)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many copies", "SELECT sum(copies) FROM data"),
        ("how many copies by publisher", "SELECT publisher, sum(copies) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many copies does Orbis have", "SELECT sum(copies) FROM data WHERE publisher='Orbis'"),
        ("which publisher has the most copies",
         "SELECT publisher, sum(copies) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"),
    ],
)  # fmt: skip
def test_how_many_of_what_rows_hold_from_none_on_is_a_sum(
    books: Asked, question: str, statement: str
) -> None:
    assert books.agrees(question, statement)


def test_how_many_of_a_quantity_that_never_is_none_is_not_guessed_at(books: Asked) -> None:
    assert books.intent("how many pages") is None
