"""What rows are called: by the file's name, by ids of their own, and never by an id that comes back."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

EVERY = "SELECT count(*) FROM data"
BRANCHES = "SELECT branch, count(*) FROM data GROUP BY 1 ORDER BY 1"


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many flats", EVERY),
        ("average rent of the flats", "SELECT avg(rent) FROM data"),
        ("flats by quarter", "SELECT quarter, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many flats in Fen", f"{EVERY} WHERE quarter='Fen'"),
    ],
)
def test_a_file_of_flats_for_rent_holds_flats(question: str, statement: str) -> None:
    rows: list[list[Value]] = [
        [("Fen", "Mill", "Quay")[n * 5 % 7 % 3], 1 + n % 4, 500 + n * 37 % 611] for n in range(60)
    ]
    with closing(asked("flats_for_rent", ["quarter", "rooms", "rent"], rows)) as flats:
        assert flats.agrees(question, statement)
        assert flats.intent("how many rents") is None


def firings(title: str, measured: str, *, kilns: int, label: str = "kiln_id") -> Asked:
    """60 rows of so many kilns."""
    rows: list[list[Value]] = [
        [f"K{n * 5 % kilns:02}", dt.date(2022, 1, 3) + dt.timedelta(days=n * 3), 900.5 + n * 37 % 211]
        for n in range(60)
    ]
    return asked(title, [label, "fired_on", measured], rows)


def most(value: str) -> str:
    """SQL of the kiln with the most of a number."""
    return f"SELECT kiln_id, {value} FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"


@pytest.fixture(scope="module", params=["kiln_firings", "kiln_measurements"])
def repeated(request: pytest.FixtureRequest) -> Iterator[Asked]:
    """Several rows a kiln."""
    with closing(firings(request.param, "heat", kilns=7)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which kiln has the highest average heat", most("avg(heat)")),
        ("which kiln has the highest total heat", most("sum(heat)")),
        ("average heat by kiln", "SELECT kiln_id, avg(heat) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many kilns", "SELECT count(DISTINCT kiln_id) FROM data"),
        ("how many rows", EVERY),
    ],
)
def test_which_kiln_groups_where_the_id_of_the_title_s_noun_comes_back(
    repeated: Asked, question: str, statement: str
) -> None:
    assert repeated.agrees(question, statement)


def test_which_kiln_groups_in_a_file_called_as_what_is_measured_of_it() -> None:
    with closing(firings("kiln_draught", "draught", kilns=7)) as made:
        assert made.agrees("which kiln has the highest average draught", most("avg(draught)"))
        assert made.agrees("how many kilns", "SELECT count(DISTINCT kiln_id) FROM data")


@pytest.mark.parametrize("word", ["by", "per"])
def test_a_code_that_comes_back_is_grouped_by_and_numbers_no_row(word: str) -> None:
    each = "SELECT kiln_code, avg(heat) FROM data GROUP BY 1 ORDER BY 1"
    with closing(firings("kiln_measurements", "heat", kilns=7, label="kiln_code")) as made:
        assert made.agrees(f"average heat {word} kiln", each)


def test_which_kiln_is_a_row_where_each_has_one() -> None:
    with closing(firings("kiln_draught", "draught", kilns=61)) as made:
        highest = "SELECT kiln_id, draught FROM data ORDER BY 2 DESC LIMIT 1"
        assert made.agrees("which kiln has the highest draught", highest)
        assert made.agrees("how many kilns", EVERY)


def loans(title: str = "loans", *, books: int) -> Asked:
    """60 loans of so many books."""
    rows: list[list[Value]] = [
        [500 + n * 7 % books, ("Fen", "Mill")[n * 3 % 5 % 2], 1 + n % 21] for n in range(60)
    ]
    return asked(title, ["book_id", "branch", "days"], rows)


@pytest.mark.parametrize("title", ["loans", "books"])
def test_what_has_an_id_that_comes_back_is_counted_by_different_ids(title: str) -> None:
    different = "SELECT count(DISTINCT book_id) FROM data"
    with closing(loans(title, books=11)) as made:
        assert made.agrees("how many books", different)
        assert made.agrees("how many books in Fen", f"{different} WHERE branch='Fen'")
        assert made.intent("books by branch") is None
        assert made.agrees("rows by branch", BRANCHES)


def test_beside_what_comes_back_the_rows_are_counted_by_the_noun_of_the_file() -> None:
    with closing(loans(books=11)) as made:
        assert made.agrees("loans by branch", BRANCHES)
        assert made.agrees("how many loans", EVERY)


def test_what_has_an_id_of_its_own_is_the_row() -> None:
    with closing(loans(books=61)) as made:
        assert made.agrees("how many books", EVERY)
        assert made.agrees("books by branch", BRANCHES)


@pytest.mark.parametrize(
    ("column", "noun"), [("txn_no", "transactions"), ("BookingRef", "bookings"), ("trip_ref", "trips")]
)
def test_a_number_or_reference_of_each_row_says_what_the_rows_are(column: str, noun: str) -> None:
    rows: list[list[Value]] = [
        [f"B{n:03}", ("Fen", "Mill")[n * 3 % 5 % 2], 1 + n * 7 % 21] for n in range(60)
    ]
    with closing(asked("quay_2021", [column, "branch", "nights"], rows)) as unique:
        assert unique.agrees(f"how many {noun}", EVERY)
        assert unique.agrees(f"{noun} by branch", BRANCHES)
        assert unique.agrees(f"how many {noun} in Fen", f"{EVERY} WHERE branch='Fen'")
        assert unique.intent("how many lids") is None
    with closing(
        asked("quay_2021", [column, "branch", "nights"], [[f"B{n // 3:03}", *r[1:]] for n, r in enumerate(rows)])
    ) as shared:  # fmt: skip
        assert shared.intent(f"{noun} by branch") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average salary", "SELECT avg(Salary) FROM data"),
        ("highest salary", "SELECT max(Salary) FROM data"),
        ("total salary", "SELECT sum(Salary) FROM data"),
        ("average salary by kind", "SELECT Kind, avg(Salary) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many salaries", EVERY),
        ("rows by kind", "SELECT Kind, count(*) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)
def test_a_column_called_as_its_file_is_measured_and_the_rows_are_counted(
    question: str, statement: str
) -> None:
    rows: list[list[Value]] = [
        [("dyer", "weaver", "spinner")[n * 5 % 7 % 3], 1500 + n * 371 % 29 * 100] for n in range(60)
    ]
    with closing(asked("salaries", ["Kind", "Salary"], rows)) as made:
        assert made.agrees(question, statement)


def marks(*, students: int) -> Asked:
    """60 marks of so many students, of whom some are called the same."""
    rows: list[list[Value]] = [
        [300 + n % students, f"Pupil {n % students % 17}", ("Lent", "Dusk")[n * 3 % 5 % 2], n * 13 % 101]
        for n in range(60)
    ]
    return asked("loom_course", ["StudentID", "StudentName", "Term", "Mark"], rows)


@pytest.mark.parametrize("where", ["", " WHERE Term='Lent'"])
def test_students_who_come_back_are_counted_by_their_ids(where: str) -> None:
    question = "how many students in Lent" if where else "how many students"
    with closing(marks(students=20)) as made:
        assert made.agrees(question, f"SELECT count(DISTINCT StudentID) FROM data{where}")
        assert made.intent("students by term") is None
        assert made.agrees("how many rows in Lent", f"{EVERY} WHERE Term='Lent'")


def test_students_with_an_id_of_their_own_are_the_rows_whatever_they_are_called() -> None:
    with closing(marks(students=61)) as made:
        assert made.agrees("how many students", EVERY)
        assert made.agrees("students by term", "SELECT Term, count(*) FROM data GROUP BY 1 ORDER BY 1")


def test_a_number_that_runs_from_one_on_counts_nothing() -> None:
    rows: list[list[Value]] = [[n + 1, ("a", "b", "c")[n % 3], 5 + n % 9] for n in range(120)]
    with closing(asked("kiosk", ["order", "group", "amount"], rows)) as kiosk:
        assert kiosk.agrees(
            "how many orders by group", 'SELECT "group", count(*) FROM data GROUP BY 1 ORDER BY 1'
        )
        assert kiosk.agrees("how many orders", "SELECT count(*) FROM data")
