"""What tells the rows of a table apart, found by asking the table."""

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from itertools import product

import duckdb
import pytest
from packages.agents.tests.analyst.language.tables import Value, asked, with_keys

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_storage.tabular.model import ColumnType

BAKERIES = ["Crumb", "Kneadery", "Proofed"]
LOAVES = ["bun", "rye", "spelt", "stollen"]
GRID = (("bakery", "week"),)
UNEVEN = [number * 7 % 997 for number in range(120)]


def keys(names: Sequence[str], rows: Sequence[Sequence[Value]]) -> tuple[tuple[str, ...], ...]:
    """What is found in these rows."""
    with closing(asked("bake_log", names, rows)) as made:
        return made.reader.card.keys


def baked(*, twice: int = 0) -> list[list[Value]]:
    """One row a bakery and week, `twice` of them a second time; the weight is whole and goes up and down."""
    rows: list[list[Value]] = [
        [name, week, 100 + (place * 37 + week * 91) % 211]
        for place, name in enumerate(BAKERIES)
        for week in range(1, 41)
    ]
    return rows + [[*row[:2], 7] for row in rows[:twice]]


def test_two_columns_that_make_a_grid_are_found() -> None:
    assert keys(["bakery", "week", "flour_kg"], baked()) == GRID


def test_three_columns_that_make_a_grid_are_found_in_the_order_of_the_table() -> None:
    rows: list[list[Value]] = [
        [week, loaf, name, 5 + (week * 31 + place * 17) % 190]
        for week in range(1, 31)
        for place, name in enumerate(BAKERIES)
        for loaf in LOAVES
    ]

    assert keys(["week", "loaf", "bakery", "flour_kg"], rows) == (("week", "loaf", "bakery"),)


@pytest.mark.parametrize(("twice", "found"), [(2, GRID), (4, ())])
def test_two_rows_in_a_hundred_may_be_repeated_and_no_more(
    twice: int, found: tuple[tuple[str, ...], ...]
) -> None:
    assert keys(["bakery", "week", "flour_kg"], baked(twice=twice)) == found


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("tray", [f"T{number:03}" for number in UNEVEN]),
        ("tray", range(400, 520)),
        ("tray_no", UNEVEN),
    ],
    ids=["text", "counting up", "called a number"],
)
def test_nothing_is_found_where_one_column_names_each_row(column: str, values: Sequence[Value]) -> None:
    rows = [[value, *row] for value, row in zip(values, baked(), strict=True)]

    assert keys([column, "bakery", "week", "flour_kg"], rows) == ()


@pytest.mark.parametrize(
    "values",
    [
        UNEVEN,
        [0.25 + number for number in UNEVEN],
        [dt.date(2020, 1, 1) + dt.timedelta(days=number) for number in range(120)],
        [dt.datetime(2020, 1, 1, 6) + dt.timedelta(minutes=number) for number in UNEVEN],
    ],
    ids=["whole amounts", "amounts", "dates", "moments"],
)
def test_what_differs_in_each_row_by_chance_does_not_stop_the_search(values: Sequence[Value]) -> None:
    rows = [[*row, value] for value, row in zip(values, baked(), strict=True)]

    assert keys(["bakery", "week", "flour_kg", "oven_reading"], rows) == GRID


def test_a_name_that_one_row_lacks_does_not_stop_the_search() -> None:
    rows = [[*row, f"T{number:03}" if number else None] for number, row in enumerate(baked())]

    assert keys(["bakery", "week", "flour_kg", "tray"], rows) == GRID


def test_a_measure_in_whole_numbers_is_no_part_of_what_tells_rows_apart() -> None:
    rows: list[list[Value]] = [
        [BAKERIES[number % 3], 1 + number // 3 % 20, 100 + number * 37 % 90] for number in range(120)
    ]

    assert keys(["bakery", "week", "flour_kg"], rows) == ()
    assert len(keys(["bakery", "week", "batch_no"], rows)) > 0


@pytest.mark.parametrize(("columns", "found"), [(4, 1), (5, 0)])
def test_more_than_four_columns_together_are_no_description_of_a_row(columns: int, found: int) -> None:
    rows = [list(row) for row in product(["low", "mid", "high"], repeat=columns)]

    assert len(keys([f"shelf_{letter}" for letter in "abcde"[:columns]], rows)) == found


def test_a_missing_value_tells_its_rows_apart_from_the_others() -> None:
    rows = [[None if row[0] == "Crumb" else row[0], *row[1:]] for row in baked()]

    assert keys(["bakery", "week", "flour_kg"], rows) == GRID


def test_missing_values_are_alike() -> None:
    rows = [[row[0], None if number % 8 == 0 else row[1], row[2]] for number, row in enumerate(baked())]

    assert keys(["bakery", "week", "flour_kg"], rows) == ()


def test_at_most_two_are_found_one_of_columns_with_few_values_and_one_of_few_columns() -> None:
    rows: list[list[Value]] = [
        [name, week, f"W{week:02}", 2000 + week // 13, week % 13, loaf]
        for name in BAKERIES
        for week in range(1, 41)
        for loaf in LOAVES
    ]

    found = keys(["bakery", "week", "week_label", "year", "month", "loaf"], rows)

    assert found == (("bakery", "year", "month", "loaf"), ("bakery", "week_label", "loaf"))


@pytest.mark.parametrize(("different", "found"), [(60_000, (("stall", "week"),)), (50_000, ())])
def test_what_tells_the_first_rows_apart_has_to_tell_all_of_them_apart(
    different: int, found: tuple[tuple[str, ...], ...]
) -> None:
    """60,000 rows of 400 stalls in some of 200 weeks; the last ones may repeat the first."""
    rows, weeks = 60_000, different // 400
    card = TableCard(
        "fair_visits",
        rows,
        (
            ColumnCard("stall", ColumnType.TEXT, distinct=400, low="S0", high="S99"),
            ColumnCard("week", ColumnType.INTEGER, distinct=200, low=0, high=199),
            ColumnCard("crumbs_g", ColumnType.NUMBER, distinct=rows, low=0.0, high=1.0),
        ),
    )
    with closing(duckdb.connect()) as connection:
        connection.execute(
            f"CREATE TABLE data AS SELECT 'S' || place AS stall,"
            f" n % {weeks} + place % 2 * (200 - {weeks}) AS week, i / {rows} AS crumbs_g"
            f" FROM (SELECT i, i % {different} AS n, n // {weeks} AS place"
            f" FROM range({rows}) AS numbers(i)) ORDER BY i"
        )
        assert with_keys(card, connection).keys == found


@pytest.mark.parametrize("name", ["column0", "Unnamed: 0", "rownames", "index", "X"])
def test_the_numbers_of_the_lines_tell_no_rows_apart(name: str) -> None:
    numbered = [[place, *row] for place, row in enumerate(baked(), start=1)]

    assert keys([name, "bakery", "week", "flour_kg"], numbered) == GRID
