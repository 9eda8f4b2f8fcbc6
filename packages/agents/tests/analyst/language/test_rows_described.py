"""Nouns for rows that no file's name and no column has: believed by what the columns say of the rows."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

EVERY = "SELECT count(*) FROM data"
Whose = Callable[[int], Value]


def back(n: int) -> int:
    """An id that comes back."""
    return 100 + n % 20


def own(n: int) -> int:
    """An id of each row."""
    return 100 + n


def named_back(n: int) -> str:
    """A name that comes back."""
    return f"Ada {n % 20}"


def named_own(n: int) -> str:
    """A name of each row."""
    return f"Ada {n}"


def finishers(title: str, column: str | None = None, whose: Whose = int) -> Asked:
    """60 rows with a sex, an age and a time; before them a column of `whose` row it is, where there is one."""
    rows: list[list[Value]] = [
        [("F", "M")[n * 3 % 5 % 2], 18 + n * 7 % 41, round(30 + n * 13 % 47 + 0.25, 2),
         ("north", "south", "east")[n * 5 % 7 % 3]]
        for n in range(60)
    ]  # fmt: skip
    names = ["sex", "age", "finish_min", "wing"]
    if column is None:
        return asked(title, names, rows)
    return asked(title, [column, *names], [[whose(n), *row] for n, row in enumerate(rows)])


@pytest.fixture(scope="module")
def dash() -> Iterator[Asked]:
    """A file whose name is no person."""
    with closing(finishers("fen_dash")) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many runners", EVERY),
        ("how many swimmers", EVERY),
        ("runners by wing", "SELECT wing, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("average age of runners", "SELECT avg(age) FROM data"),
        ("how many runners in the north", f"{EVERY} WHERE wing='north'"),
    ],
)
def test_people_of_an_unknown_kind_are_the_rows_that_have_an_age_and_a_sex(
    dash: Asked, question: str, statement: str
) -> None:
    assert dash.agrees(question, statement)


def test_no_other_unknown_noun_is_the_rows_of_people(dash: Asked) -> None:
    assert dash.intent("how many kilns") is None
    assert dash.intent("how many lids by wing") is None


@pytest.mark.parametrize("question", ["how many runners", "runners by wing", "average age of runners"])
@pytest.mark.parametrize("title", ["nurses", "fen_visits", "dogs"])
def test_unknown_people_are_not_the_rows_of_a_file_of_others(title: str, question: str) -> None:
    with closing(finishers(title)) as made:
        assert made.intent(question) is None
        assert made.agrees("how many rows", EVERY)


def test_the_file_s_own_people_are_still_counted() -> None:
    with closing(finishers("nurses")) as nurses:
        assert nurses.agrees("how many nurses", EVERY)
        assert nurses.agrees("average age of nurses", "SELECT avg(age) FROM data")


def test_rows_without_an_age_and_a_sex_are_not_known_to_be_people() -> None:
    rows: list[list[Value]] = [[30 + n * 13 % 47, ("north", "south")[n * 5 % 7 % 2]] for n in range(60)]
    with closing(asked("fen_dash", ["minutes", "wing"], rows)) as made:
        assert made.intent("how many runners") is None
        assert made.intent("runners by wing") is None


@pytest.mark.parametrize(("column", "whose"), [("runner_id", back), ("name", named_back)])
@pytest.mark.parametrize("question", ["runners by wing", "average age of runners"])
def test_people_who_come_back_are_not_the_rows(column: str, whose: Whose, question: str) -> None:
    with closing(finishers("fen_dash", column, whose)) as made:
        assert made.intent(question) is None


def test_people_who_come_back_are_counted_once_by_their_ids_and_not_at_all_by_their_names() -> None:
    with closing(finishers("fen_dash", "runner_id", back)) as numbered:
        assert numbered.agrees("how many runners", "SELECT count(DISTINCT runner_id) FROM data")
    with closing(finishers("fen_dash", "name", named_back)) as named:
        assert named.intent("how many runners") is None


@pytest.mark.parametrize(("column", "whose"), [("runner_id", own), ("name", named_own)])
def test_people_with_an_id_or_a_name_of_their_own_are_the_rows(column: str, whose: Whose) -> None:
    with closing(finishers("fen_dash", column, whose)) as made:
        assert made.agrees("how many runners", EVERY)
        assert made.agrees("runners by wing", "SELECT wing, count(*) FROM data GROUP BY 1 ORDER BY 1")


@pytest.fixture(scope="module")
def sowings() -> Iterator[Asked]:
    """Two columns tell that a row is a plot."""
    rows: list[list[Value]] = [
        [1 + n % 5, round(2 + n * 13 % 29 / 7, 2), ("hoe", "rake")[n * 3 % 5 % 2]] for n in range(60)
    ]
    with closing(asked("fen_2021", ["block", "yield", "tool"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many plots", EVERY),
        ("plots by tool", "SELECT tool, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("plots in block 3", f"{EVERY} WHERE block=3"),
        ("average yield of the plots", 'SELECT avg("yield") FROM data'),
    ],
)
def test_rows_with_a_block_and_a_yield_are_plots(sowings: Asked, question: str, statement: str) -> None:
    assert sowings.agrees(question, statement)


@pytest.mark.parametrize("noun", ["kilns", "tenants", "senators"])
def test_rows_with_a_block_and_a_yield_are_nothing_else(sowings: Asked, noun: str) -> None:
    assert sowings.intent(f"how many {noun}") is None
    assert sowings.intent(f"{noun} by tool") is None


@pytest.mark.parametrize("columns", [["block", "mass", "tool"], ["hamlet", "yield", "tool"]])
def test_one_telling_column_is_not_enough(columns: list[str]) -> None:
    rows: list[list[Value]] = [[1 + n % 5, 2 + n * 13 % 29, ("hoe", "rake")[n % 2]] for n in range(60)]
    with closing(asked("fen_2021", columns, rows)) as made:
        assert made.intent("how many plots") is None
        assert made.agrees("how many rows", EVERY)


def hall(*chambers: str) -> Asked:
    """What tells of senators, and the chamber of each."""
    rows: list[list[Value]] = [
        [("Moss", "Fern")[n % 5 % 2], n % 7 + 1, ("Mill", "Quay")[n % 7 % 2], n % 30,
         chambers[n % len(chambers)]]
        for n in range(60)
    ]  # fmt: skip
    return asked("hall_2020", ["party", "term", "committee", "seat", "chamber"], rows)


def test_a_value_that_is_called_nearly_so_says_which_rows_are_meant() -> None:
    with closing(hall("senate", "lower", "upper")) as made:
        assert made.intent("senators by party") is None
        assert made.agrees("how many senators", f"{EVERY} WHERE chamber='senate'")


def test_a_value_of_many_that_is_called_nearly_so_leaves_the_noun_unread() -> None:
    with closing(hall("senate", *(f"room {n}" for n in range(40)))) as made:
        assert made.intent("how many senators") is None
        assert made.intent("senators by party") is None


def test_without_a_value_that_is_called_so_the_rows_are_senators() -> None:
    with closing(hall("north", "south")) as made:
        assert made.agrees("how many senators", EVERY)
        assert made.agrees("senators by party", "SELECT party, count(*) FROM data GROUP BY 1 ORDER BY 1")


@pytest.mark.parametrize("question", ["how many admissions", "admissions by ward"])
def test_a_number_that_is_called_nearly_so_is_what_may_be_meant(question: str) -> None:
    rows: list[list[Value]] = [
        [("Elm", "Ash")[n % 5 % 2], n % 31, ("red", "green")[n % 3 % 2], n * 7 % 23] for n in range(60)
    ]
    columns = ["ward", "discharge_day", "triage", "admitted"]
    with closing(asked("st_alba", columns, rows)) as counted:
        assert counted.intent(question) is None
        assert counted.agrees("total admitted", "SELECT sum(admitted) FROM data")
    with closing(asked("st_alba", columns[:3], [row[:3] for row in rows])) as plain:
        by_ward = "SELECT ward, count(*) FROM data GROUP BY 1 ORDER BY 1"
        assert plain.agrees(question, by_ward if "by" in question else EVERY)
