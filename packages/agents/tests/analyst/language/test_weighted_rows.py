"""Tables whose rows stand for as many as their count says."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def gates() -> Iterator[Asked]:
    """One row a gate and month; `count` passed there."""
    rows: list[list[Value]] = [
        [["north", "south", "lake"][number % 3], ["fog", "sun"][number // 3 * 5 % 7 // 3 % 2], 2015 + number // 36,
         1 + number // 3 % 12, 3 + number * 29 % 83, 10 + number * 17 % 31]
        for number in range(72)
    ]  # fmt: skip
    with closing(asked("gate_traffic", ["gate", "sky", "year", "month", "count", "staff"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("share of north", "SELECT sum(\"count\") FILTER (gate='north')::DOUBLE/sum(\"count\") FROM data"),
        ("ratio of north to south",
         "SELECT sum(\"count\") FILTER (gate='north')::DOUBLE/sum(\"count\") FILTER (gate='south') FROM data"),
        ("percentage of fog traffic by gate",
         "SELECT gate, sum(\"count\") FILTER (sky='fog')::DOUBLE/sum(\"count\") FROM data GROUP BY 1 ORDER BY 1"),
        ("how many at north vs south",
         "SELECT gate, sum(\"count\") FROM data WHERE gate<>'lake' GROUP BY 1 ORDER BY 1"),
        ("which gate has the most traffic",
         'SELECT gate, sum("count") FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1'),
    ],
)  # fmt: skip
def test_shares_and_sides_weigh_each_row_by_its_count(gates: Asked, question: str, statement: str) -> None:
    assert gates.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("share of rows at north", "SELECT count(*) FILTER (gate='north')::DOUBLE/count(*) FROM data"),
        ("how many records had fog", "SELECT count(*) FROM data WHERE sky='fog'"),
        ("average count", 'SELECT avg("count") FROM data'),
        ("average staff by gate", "SELECT gate, avg(staff) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)
def test_rows_themselves_and_other_measures_are_not_weighed(
    gates: Asked, question: str, statement: str
) -> None:
    assert gates.agrees(question, statement)


def test_months_are_not_weighed_where_each_row_is_one() -> None:
    rows: list[list[Value]] = [
        [2018 + number // 12, 1 + number % 12, 3 + number * 29 % 83] for number in range(36)
    ]
    with closing(asked("toll_records", ["year", "month", "count"], rows)) as tolls:
        assert tolls.agrees(
            "how many months had a count above 40", 'SELECT count(*) FROM data WHERE "count">40'
        )


def test_months_are_no_number_where_each_has_several_rows(gates: Asked) -> None:
    assert gates.intent("how many months") is None
