"""Verbs that link in one table and ask for something that is not there in another."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

ALL = "SELECT count(*) FROM data"


def letters(title: str, *dates: str, column: str = "tone") -> Asked:
    """Sixty numbered rows with a depot, a weight and dates."""
    start = dt.date(2022, 1, 1)
    rows: list[list[Value]] = [
        [1000 + number, ["East", "West", "Quay"][number * 5 % 7 % 3], 3 + number * 29 % 83 / 8,
         ["Quill", "Anvil"][number * 7 % 11 % 2], 1950 + number * 7 % 60,
         *(start + dt.timedelta(days=11 * number + 6 * place) for place in range(len(dates)))]
        for number in range(60)
    ]  # fmt: skip
    return asked(title, ["lantern_id", "depot", "weight_kg", column, "year", *dates], rows)


@pytest.fixture(scope="module")
def plain() -> Iterator[Asked]:
    """No column that speaks of a ship, a prize, a trade or money."""
    with closing(letters("lanterns", "packed_on")) as made:
        yield made


@pytest.mark.parametrize(
    ("date", "column", "question", "statement"),
    [
        ("ship_date", "tone", "how many lanterns were dispatched from East", f"{ALL} WHERE depot='East'"),
        ("ship_date", "tone", "how many lanterns were shipped in march 2022",
         f"{ALL} WHERE ship_date BETWEEN '2022-03-01' AND '2022-03-31'"),
        ("ship_date", "tone", "lanterns dispatched by depot",
         "SELECT depot, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("packed_on", "prize", "how many lanterns were granted in East", f"{ALL} WHERE depot='East'"),
        ("packed_on", "prize", "lanterns awarded by depot",
         "SELECT depot, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("packed_on", "department", "how many lanterns worked in Quill", f"{ALL} WHERE department='Quill'"),
        ("packed_on", "diagnosis", "how many lanterns were diagnosed in East", f"{ALL} WHERE depot='East'"),
        ("packed_on", "insurance", "how many lanterns were insured in East", f"{ALL} WHERE depot='East'"),
        ("packed_on", "species", "how many lanterns were trapped in East", f"{ALL} WHERE depot='East'"),
    ],
)  # fmt: skip
def test_a_verb_links_where_a_column_speaks_of_it(
    plain: Asked, date: str, column: str, question: str, statement: str
) -> None:
    with closing(letters("lanterns", date, column=column)) as made:
        assert made.agrees(question, statement)
    assert plain.intent(question) is None


def test_people_work_in_a_department_and_not_in_a_hall() -> None:
    rows: list[list[Value]] = [[f"B{n:02}", ["Dye", "Loom"][n % 3 // 2], 18 + n * 29 % 41] for n in range(60)]
    with closing(asked("crew_list", ["badge", "department", "age"], rows)) as crew:
        assert crew.agrees("how many rows work in Dye", f"{ALL} WHERE department='Dye'")
        assert crew.agrees("how many rows worked in Dye", f"{ALL} WHERE department='Dye'")
    with closing(asked("crew_list", ["badge", "hall", "age"], rows)) as crew:
        assert crew.intent("how many rows work in Dye") is None
        assert crew.intent("how many rows worked in Dye") is None


def bolts(column: str) -> Asked:
    """Lengths of cloth, and one more column of numbers."""
    rows: list[list[Value]] = [
        [1000 + n, ["Twill", "Satin"][n * 5 % 7 % 2], 3 + n * 29 % 83, ["Ann", "Bob"][n * 7 % 11 % 2]]
        for n in range(60)
    ]
    return asked("bolts", ["bolt_id", "weave", column, "customer"], rows)


@pytest.mark.parametrize("column", ["total", "quantity"])
def test_nothing_costs_in_a_table_without_money(column: str) -> None:
    with closing(bolts(column)) as made:
        for verb in ("paid", "billed", "earned"):
            assert made.intent(f"how many bolts were {verb} in Twill") is None
        assert made.intent("how many bolts cost more than 40") is None
        assert made.intent("average cost") is None


def test_what_costs_more_than_a_number_has_a_price() -> None:
    with closing(bolts("price_eur")) as made:
        assert made.agrees("how many bolts cost more than 40", f"{ALL} WHERE price_eur>40")
        assert made.agrees("how many bolts were paid in Twill", f"{ALL} WHERE weave='Twill'")


def parcels(column: str, *, written: bool = False) -> Asked:
    """Rows with a column that says yes or no."""
    rows: list[list[Value]] = [
        [
            1000 + n,
            ["East", "West"][n * 5 % 7 % 2],
            ("yes" if n % 4 == 0 else "no") if written else n % 4 == 0,
        ]
        for n in range(60)
    ]
    return asked("parcels", ["parcel_id", "depot", column], rows)


@pytest.mark.parametrize(
    ("column", "verb"),
    [("flag", "flagged"), ("flagged", "flagged"), ("is_flagged", "flagged"), ("process", "processed"), ("hit", "hit")],
)  # fmt: skip
def test_a_verb_that_a_yes_or_no_column_is_called_by_is_its_condition(column: str, verb: str) -> None:
    with closing(parcels(column)) as made:
        assert made.agrees(f"how many are {verb}", f"{ALL} WHERE {column}")
        assert made.agrees(f"how many parcels were {verb}", f"{ALL} WHERE {column}")
        assert made.agrees(f"how many were {verb} in East", f"{ALL} WHERE {column} AND depot='East'")
        assert made.agrees(
            f"parcels {verb} by depot",
            f"SELECT depot, count(*) FROM data WHERE {column} GROUP BY 1 ORDER BY 1",
        )


def test_a_verb_of_a_written_yes_or_no_is_its_condition_too() -> None:
    with closing(parcels("flag", written=True)) as made:
        assert made.agrees(
            "how many parcels were flagged in East", f"{ALL} WHERE flag='yes' AND depot='East'"
        )


def test_the_verb_links_where_no_column_says_yes_or_no(plain: Asked) -> None:
    assert plain.agrees("how many lanterns were flagged in East", f"{ALL} WHERE depot='East'")


@pytest.mark.parametrize(
    "verb", ["submitted", "opened", "introduced", "announced", "created", "signed", "detected"]
)
def test_how_a_row_begins_is_when_its_only_date_says(plain: Asked, verb: str) -> None:
    assert plain.agrees(
        f"how many lanterns were {verb} in march 2022",
        f"{ALL} WHERE packed_on BETWEEN '2022-03-01' AND '2022-03-31'",
    )
    assert plain.agrees(f"how many lanterns were {verb}", ALL)


@pytest.mark.parametrize("verb", ["submitted", "opened", "filed", "signed"])
def test_how_a_row_begins_is_not_guessed_at_among_two_dates(verb: str) -> None:
    with closing(letters("lanterns", "packed_on", "sealed_on")) as made:
        for question in (
            f"how many lanterns were {verb} in march 2022",
            f"how many lanterns were {verb} in East",
            f"how many lanterns were {verb}",
            f"lanterns {verb} per month",
        ):
            assert made.intent(question) is None
        assert made.agrees(
            "how many lanterns were sealed in march 2022",
            f"{ALL} WHERE sealed_on BETWEEN '2022-03-01' AND '2022-03-31'",
        )


def test_how_a_row_begins_says_nothing_where_there_is_no_date() -> None:
    with closing(letters("lanterns")) as made:
        assert made.agrees("how many lanterns were opened in East", f"{ALL} WHERE depot='East'")
        assert made.agrees(
            "lanterns opened by depot", "SELECT depot, count(*) FROM data GROUP BY 1 ORDER BY 1"
        )
        assert made.agrees("how many lanterns concern East", f"{ALL} WHERE depot='East'")
