"""Which column of a grid says of how many each row tells, and what tells its rows apart."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, card_of

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.rows.apart import repeated_over_time, told_apart
from sapwood_agents.analyst.language.rows.counted import count_column, counts_many
from sapwood_storage.tabular.model import ColumnType

BAKERIES = ["Crumb", "Kneadery", "Proofed"]
LOAVES = ["bun", "rye", "spelt", "stollen"]
GRID = ["bakery", "loaf", "week", "baked"]


def baked(place: int, loaf: int, week: int) -> int:
    """How many were baked; few numbers come twice."""
    return 3 + (place * 37 + week * 91 + loaf * 53) % 211


def log(value: Callable[[int, int, int], Value] = baked) -> list[list[Value]]:
    """One row a bakery, loaf and week."""
    return [
        [bakery, loaf, week, value(place, kind, week)]
        for place, bakery in enumerate(BAKERIES)
        for week in range(1, 21)
        for kind, loaf in enumerate(LOAVES)
    ]


@pytest.fixture(scope="module")
def ovens() -> Iterator[Asked]:
    """One row a bakery, loaf and week, and nothing but how many were baked."""
    with closing(asked("oven_log", GRID, log())) as made:
        yield made


@pytest.fixture(scope="module")
def isles() -> TableCard:
    """One row an isle and year."""
    isles = [
        ("Skerry", "SK", "North"),
        ("Holm", "HO", "North"),
        ("Ness", "NE", "South"),
        ("Voe", "VO", "South"),
    ]
    rows: list[list[Value]] = [
        [name, code, region, year, 0.5 + year % 7]
        for name, code, region in isles
        for year in range(1990, 2005)
    ]
    with closing(asked("isle_rain", ["isle", "isle_code", "region", "year", "rain_m"], rows)) as made:
        return made.reader.card


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (["isle", "year"], True),
        (["isle_code", "year"], True),
        (["isle", "region", "year"], True),
        (["region", "year"], False),
        (["isle"], False),
        ([], False),
    ],
    ids=["a key", "another name for it", "more than a key", "no key", "half a key", "nothing"],
)
def test_rows_are_told_apart_by_a_key_or_by_another_name_for_it(
    isles: TableCard, names: list[str], apart: bool
) -> None:
    card = replace(isles, keys=(("isle", "year"),))

    assert told_apart(card, names) is apart


def test_rows_are_told_apart_by_a_column_that_is_different_in_each() -> None:
    card = card_of("trays", ["tray", "loaf"], [[f"T{number}", LOAVES[number % 4]] for number in range(20)])

    assert told_apart(card, ["tray"])
    assert told_apart(card, ["loaf", "tray"])
    assert not told_apart(card, ["loaf"])


@pytest.mark.parametrize(
    ("rows", "apart"), [(1_900_000, True), (2_100_000, True), (1_500_000, False), (900_000, False)]
)
def test_in_a_table_too_long_to_be_surveyed_there_is_nearly_a_row_for_each_combination(
    rows: int, apart: bool
) -> None:
    columns = (
        ColumnCard("stall", ColumnType.TEXT, distinct=2_000),
        ColumnCard("day", ColumnType.INTEGER, distinct=1_000),
    )

    assert told_apart(TableCard("fair", rows, columns), ["stall", "day"]) is apart


@pytest.mark.parametrize(
    ("column", "again"), [("isle", True), ("isle_code", True), ("region", False)], ids=str
)
def test_what_has_one_row_a_year_comes_back_with_each_year(
    isles: TableCard, column: str, again: bool
) -> None:
    assert repeated_over_time(isles.by_name[column], isles, ["year"]) is again
    assert not repeated_over_time(isles.by_name[column], isles, [])


def test_what_most_rows_have_of_their_own_does_not_come_back() -> None:
    names = [f"Boat {number}" for number in range(40)]
    card = card_of(
        "races", ["boat", "year"], [[name, 2001 + number % 2] for number, name in enumerate(names)]
    )

    assert not repeated_over_time(card.by_name["boat"], card, ["year"])


@pytest.mark.parametrize(
    ("name", "values", "counts"),
    [
        ("count", range(30), True),
        ("freq", range(30), True),
        ("cases", [number * 7 % 31 for number in range(30)], True),
        ("count", [1, 2] * 15, False),
        ("case_count", range(30), False),
        ("count", [number + 0.5 for number in range(30)], False),
    ],
    ids=["count", "freq", "cases", "of two numbers", "of something", "no whole number"],
)
def test_a_column_called_count_says_of_how_many_a_row_tells(
    name: str, values: Sequence[Value], counts: bool
) -> None:
    rows: list[list[Value]] = [[LOAVES[n % 4], value, n * 3 % 17] for n, value in enumerate(values)]

    assert count_column(card_of("trays", ["loaf", name, "ovens"], rows)) == (name if counts else None)


def test_the_only_whole_number_of_a_grid_counts() -> None:
    assert count_column(card_of("oven_log", GRID, log())) == "baked"


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["bakery", "loaf", "week", "baker_age"], log()),
        (GRID, log(lambda place, kind, week: (place + kind + week) % 5)),
        (GRID, log(lambda place, kind, week: baked(place, kind, week) - 9)),
        (GRID, log(lambda place, kind, week: baked(place, kind, week) + 0.5)),
        ([*GRID, "sold"], [[*row, 7 + number * 3 % 200] for number, row in enumerate(log())]),
        ([*GRID, "salt_g"], [[*row, 0.5 + number % 9] for number, row in enumerate(log())]),
        ([*GRID, "festive"], [[*row, number % 5 == 0] for number, row in enumerate(log())]),
        (GRID, [row for number, row in enumerate(log()) if number * 7 % 11 < 2]),
    ],
    ids=["an age", "a mark of five", "below nought", "no whole number", "two of them", "beside an amount",
         "beside a flag", "few places taken"],
)  # fmt: skip
def test_whole_numbers_that_measure_something_else_do_not_count(
    names: list[str], rows: list[list[Value]]
) -> None:
    assert count_column(card_of("oven_log", names, rows)) is None


def sales(*more: str) -> TableCard:
    """One row a counter, with how many it sold."""
    rows: list[list[Value]] = [
        [
            f"R{number}",
            BAKERIES[number % 3],
            number * 37 % 211,
            number * 13 % 97,
            *[number * 0.5 for _ in more],
        ]
        for number in range(40)
    ]
    return card_of("loaf_sales", ["counter", "bakery", "sales", "visitors", *more], rows)


def test_the_column_called_as_the_file_is_counts() -> None:
    assert count_column(sales()) == "sales"
    assert count_column(sales("sales_per_1000")) == "sales"
    assert count_column(sales("sales_rate")) == "sales"


@pytest.mark.parametrize("other", ["sale_price", "sales_tax"])
def test_it_does_not_where_another_says_something_of_a_single_one(other: str) -> None:
    assert count_column(sales(other)) is None


@pytest.mark.parametrize(
    ("name", "noun", "many"),
    [
        ("sales", "sale", True),
        ("loaf_sales", "sale", True),
        ("sale_count", "count", True),
        ("sale", "sale", False),
        ("sales", "loaf", False),
    ],
)
def test_many_are_counted_by_a_plural_of_the_noun(name: str, noun: str, many: bool) -> None:
    card = card_of("loaf_sales", ["bakery", name], [[BAKERIES[n % 3], n * 37 % 211] for n in range(40)])

    assert counts_many(card.by_name[name], noun, card) is many


def test_many_are_not_counted_by_words() -> None:
    card = card_of("loaf_sales", ["bakery", "sales"], [[BAKERIES[n % 3], f"lot {n}"] for n in range(9)])

    assert not counts_many(card.by_name["sales"], "sale", card)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many", "SELECT sum(baked) FROM data"),
        ("how many rye", "SELECT sum(baked) FROM data WHERE loaf='rye'"),
        ("how many rye in Crumb", "SELECT sum(baked) FROM data WHERE loaf='rye' AND bakery='Crumb'"),
        ("share of rye", "SELECT sum(baked) FILTER (loaf='rye')::DOUBLE/sum(baked) FROM data"),
    ],
)
def test_how_many_adds_up_what_a_grid_holds(ovens: Asked, question: str, statement: str) -> None:
    assert ovens.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many rows", "SELECT 240"),
        ("how many rye rows", "SELECT 60"),
        ("how many records at Crumb", "SELECT 80"),
        ("how many bakeries", "SELECT 3"),
        ("how many bakeries appear more than once", "SELECT 3"),
        ("how many weeks appear more than once", "SELECT 20"),
    ],
)
def test_rows_and_how_often_something_appears_are_counted_in_a_grid(
    ovens: Asked, question: str, statement: str
) -> None:
    assert ovens.agrees(question, statement)


def test_a_large_number_in_one_row_is_no_second_appearance() -> None:
    """One bakery has a row a week, the others have one row with as many."""
    rows: list[list[Value]] = [
        [bakery, week, 20 + week]
        for bakery, last in zip(BAKERIES, (12, 1, 1), strict=True)
        for week in range(last)
    ]
    with closing(asked("oven_log", ["bakery", "week", "count"], rows)) as made:
        assert made.agrees("how many", 'SELECT sum("count") FROM data')
        assert made.agrees("how many bakeries appear more than once", "SELECT 1")


@pytest.mark.parametrize(
    ("more", "statement"),
    [
        ((), "SELECT sum(sales) FROM data WHERE bakery='Crumb'"),
        (("sales_per_1000",), "SELECT sum(sales) FROM data WHERE bakery='Crumb'"),
        (("sale_price",), "SELECT count(*) FROM data WHERE bakery='Crumb'"),
    ],
    ids=["of many", "of many, beside a rate", "of one"],
)
def test_how_many_sales_there_were_follows_what_a_row_is(more: tuple[str, ...], statement: str) -> None:
    rows: list[list[Value]] = [
        [f"R{n}", BAKERIES[n % 3], n * 37 % 211, *[n + 0.5 for _ in more]] for n in range(40)
    ]
    with closing(asked("loaf_sales", ["counter", "bakery", "sales", *more], rows)) as made:
        assert made.agrees("how many at Crumb", statement)
        assert made.agrees("how many rows at Crumb", "SELECT count(*) FROM data WHERE bakery='Crumb'")
