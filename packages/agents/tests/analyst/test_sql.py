"""The SQL of an intent, where the shape of the rows depends on it."""

import duckdb
import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    Comparison,
    Condition,
    Group,
    Having,
    Measure,
    Membership,
    Missing,
    Operator,
    QueryIntent,
    Shape,
    Side,
    every,
)
from sapwood_agents.analyst.sql import SqlWriter
from sapwood_storage.tabular.model import ColumnType

CARD = TableCard(
    "sales",
    6,
    (
        ColumnCard(
            "city", ColumnType.TEXT, nulls=1, distinct=3, values=("Bonn", "Köln", "o'Hara"), enumerated=True
        ),
        ColumnCard("price", ColumnType.NUMBER, nulls=1, distinct=4, low=1.0, high=9.0),
        ColumnCard("odd name", ColumnType.INTEGER, distinct=6, low=1, high=6),
        ColumnCard("day", ColumnType.DATE, distinct=6, low="2020-01-31", high="2021-02-01"),
    ),
)
COUNT = Measure(aggregate=Aggregate.COUNT)
MEAN = Measure(aggregate=Aggregate.MEAN, column="price")
BONN = Membership(column="city", values=("Bonn",))
CITY = (Group(column="city"),)


ROWS = """
CREATE TABLE data AS SELECT * FROM (VALUES
('Bonn', 1.0, 1, DATE '2020-01-31'), ('Bonn', 9.0, 2, DATE '2020-02-01'), ('Köln', 4.0, 3, DATE '2020-02-02'),
('Köln', NULL, 4, DATE '2020-03-01'), ('o''Hara', 9.0, 5, DATE '2021-02-01'), (NULL, 2.0, 6, DATE '2021-02-01')
) t(city, price, "odd name", day)
"""


def run(intent: QueryIntent) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        return connection.sql(SqlWriter(CARD).write(intent).sql("duckdb")).fetchall()


def test_a_missing_key_is_the_last_group() -> None:
    rows = run(QueryIntent(shape=Shape.GROUPS, measures=(COUNT,), groups=CITY))

    assert rows == [("Bonn", 2), ("Köln", 2), ("o'Hara", 1), (None, 1)]


@pytest.mark.parametrize(
    ("spelt", "expected"),
    [
        ("Apr Jan Feb Dec", ["Jan", "Feb", "Apr", "Dec"]),
        ("april MAY January Sept.", ["January", "april", "MAY", "Sept."]),
        ("Tue Sun Mon Thurs", ["Mon", "Tue", "Thurs", "Sun"]),
        ("Mon Jan Apr", ["Apr", "Jan", "Mon"]),
        ("May June Augusta", ["Augusta", "June", "May"]),
    ],
)
def test_names_of_months_and_weekdays_go_by_the_calendar(spelt: str, expected: list[str]) -> None:
    names = tuple(spelt.split())
    when = ColumnCard("when", ColumnType.TEXT, 1, len(names), values=tuple(sorted(names)), enumerated=True)
    intent = QueryIntent(shape=Shape.GROUPS, measures=(COUNT,), groups=(Group(column="when"),))
    sql = SqlWriter(TableCard("sales", len(names) + 1, (when,))).write(intent).sql("duckdb")

    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE data ("when" VARCHAR)')
        connection.executemany("INSERT INTO data VALUES (?)", [[name] for name in (None, *names)])
        keys = [row[0] for row in connection.sql(sql).fetchall()]

    assert keys == [*expected, None]


def test_everything_tied_at_the_cut_is_returned() -> None:
    rows = run(QueryIntent(shape=Shape.RANKING, measures=(COUNT,), groups=CITY, limit=1))

    assert rows == [("Bonn", 2), ("Köln", 2)]


def test_a_bucket_is_the_date_on_which_it_starts() -> None:
    months = run(
        QueryIntent(shape=Shape.GROUPS, measures=(COUNT,), groups=(Group(column="day", bucket="month"),))
    )
    decades = run(
        QueryIntent(shape=Shape.GROUPS, measures=(COUNT,), groups=(Group(column="day", bucket="decade"),))
    )

    assert [str(row[0]) for row in months] == ["2020-01-01", "2020-02-01", "2020-03-01", "2021-02-01"]
    assert [str(row[0]) for row in decades] == ["2020-01-01"]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (BONN, 2),
        (Membership(column="city", values=("Bonn",), negated=True), 3),
        (Membership(column="city", values=("o'Hara",)), 1),
        (Missing(column="price"), 1),
        (Comparison(column="odd name", operator=Operator.MORE, value=4), 2),
        (AgainstAverage(column="price", operator=Operator.MORE), 2),
        (every(BONN, AgainstAverage(column="price", operator=Operator.MORE)), 1),
    ],
)
def test_a_condition_keeps_the_rows_it_says(where: Condition, count: int) -> None:
    assert run(QueryIntent(shape=Shape.NUMBER, measures=(COUNT,), where=where)) == [(count,)]


def test_a_share_leaves_rows_without_a_value_out() -> None:
    share = Measure(aggregate=Aggregate.SHARE, where=BONN)

    assert run(QueryIntent(shape=Shape.NUMBER, measures=(share,))) == [(0.4,)]


def test_a_threshold_may_be_the_mean_of_all_rows() -> None:
    having = Having(operator=Operator.MORE, aggregate=Aggregate.MEAN)

    assert run(QueryIntent(shape=Shape.RANKING, measures=(MEAN,), groups=CITY, having=having)) == [
        ("o'Hara", 9.0)
    ]
    counted = QueryIntent(shape=Shape.RANKING, measures=(MEAN,), groups=CITY, having=having, count_only=True)
    assert run(counted) == [(1,)]


def test_sides_keep_the_order_named() -> None:
    sides = (
        Side(label="Köln", where=Membership(column="city", values=("Köln",))),
        Side(label="Bonn", where=BONN),
    )

    assert run(QueryIntent(shape=Shape.COMPARISON, measures=(MEAN,), sides=sides)) == [
        ("Köln", 4.0),
        ("Bonn", 5.0),
    ]
    assert run(QueryIntent(shape=Shape.DIFFERENCE, measures=(MEAN,), sides=sides)) == [(-1.0,)]
    assert run(QueryIntent(shape=Shape.RATIO, measures=(COUNT,), sides=sides)) == [(1.0,)]


def test_a_value_of_one_row_can_be_held_against_another() -> None:
    value = Measure(aggregate=Aggregate.VALUE, column="price")
    sides = tuple(
        Side(label=number, where=Comparison(column="odd name", operator=Operator.EQUAL, value=number))
        for number in (2, 1)
    )

    assert run(QueryIntent(shape=Shape.DIFFERENCE, measures=(value,), sides=sides)) == [(8.0,)]
