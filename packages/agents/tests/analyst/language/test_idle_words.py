"""Words that a question can do without, in tables that know them; and files named after what has many rows."""

from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


def parcels() -> Asked:
    """One row a parcel: whether it came well, and whose van brought it."""
    rows: list[list[Value]] = [
        [f"P{n:03}", ("ok", "late", "lost")[n * 7 % 11 % 3], ("OWN", "HIRED")[n * 5 % 7 % 2], n * 5 % 17]
        for n in range(90)
    ]
    return asked("parcels", ["parcel", "state", "van", "weight"], rows)


@pytest.mark.parametrize(
    ("words", "sql"),
    [
        ("how many parcels are ok", "SELECT count(*) FROM data WHERE state = 'ok'"),
        ("how many parcels with state ok", "SELECT count(*) FROM data WHERE state = 'ok'"),
        ("average weight of ok parcels", "SELECT avg(weight) FROM data WHERE state = 'ok'"),
        ("average weight for own vans", "SELECT avg(weight) FROM data WHERE van = 'OWN'"),
        ("how many parcels are not ok", "SELECT count(*) FROM data WHERE state <> 'ok'"),
    ],
)
def test_a_value_is_never_passed_over(words: str, sql: str) -> None:
    with closing(parcels()) as table:
        assert table.agrees(words, sql)


def test_a_greeting_is_no_value() -> None:
    with closing(parcels()) as table:
        assert table.agrees("ok, how many parcels", "SELECT count(*) FROM data")


def test_the_name_of_a_thing_may_be_that_of_its_kind() -> None:
    rows: list[list[Value]] = [[("oak cup", "elm cup")[n * 7 % 11 % 2], n * 5 % 17] for n in range(300)]
    with closing(asked("cups", ["cup_name", "weight"], rows)) as table:
        assert table.agrees("number of cups", "SELECT count(*) FROM data")


def kilns(title: str) -> Asked:
    rows: list[list[Value]] = [[f"k{n * 7 % 9}", n * 31 % 23, n * 5 % 17] for n in range(2000)]
    return asked(title, ["kiln_id", "pots", "heat"], rows)


@pytest.mark.parametrize("title", ["kiln", "kilns", "firings"])
def test_a_thing_with_many_rows_is_grouped_by_and_counted_once(title: str) -> None:
    with closing(kilns(title)) as table:
        assert table.agrees(
            "average heat by kiln", "SELECT kiln_id, avg(heat) FROM data GROUP BY 1 ORDER BY 1"
        )
        assert table.agrees("number of kilns", "SELECT count(DISTINCT kiln_id) FROM data")


def test_a_person_named_in_many_rows_is_counted_once() -> None:
    rows: list[list[Value]] = [[("Ada", "Bo", "Cy")[n * 7 % 11 % 3], n * 5 % 17] for n in range(300)]
    with closing(asked("sailor", ["sailor_name", "sales"], rows)) as table:
        assert table.agrees(
            "total sales per sailor", "SELECT sailor_name, sum(sales) FROM data GROUP BY 1 ORDER BY 1"
        )
