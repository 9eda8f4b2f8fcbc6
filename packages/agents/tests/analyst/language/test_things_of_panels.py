"""The noun of a thing that has a row for each year, and kinds, sides and few tops of rows that are told apart."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.intent import Aggregate, Comparison, Membership, Shape

TOWNS = ["Ebb", "Fenwick", "Grole", "Hythe", "Ivel", "Jarrow"]
COLUMNS = ["town", "year", "coast", "rent"]
RENTS: list[list[Value]] = [
    [town, year, ("Northern", "Southern")[place % 2], 300.5 + (place * 131 + year * 67) % 401]
    for place, town in enumerate(TOWNS)
    for year in range(1998, 2008)
]


@pytest.fixture(scope="module")
def rents() -> Iterator[Asked]:
    """One row a town and year."""
    with closing(asked("town_rents", COLUMNS, RENTS)) as made:
        yield made


@pytest.fixture(scope="module")
def bills() -> Iterator[Asked]:
    """One row a bill, of three meals."""
    rows: list[list[Value]] = [
        [f"B{n:03}", ("Thu", "Fri", "Sat", "Sun")[n * 7 % 11 % 4], ("lunch", "dinner", "supper")[n * 5 % 13 % 3]]
        for n in range(100)
    ]  # fmt: skip
    with closing(asked("bills", ["bill_ref", "day", "meal"], rows)) as made:
        yield made


def test_the_rows_of_these_tables_are_told_apart_by_town_and_year(rents: Asked) -> None:
    assert rents.reader.card.keys == (("town", "year"),)


@pytest.mark.parametrize("words", ["share of towns with", "what share of towns had"])
def test_a_share_of_towns_in_a_year_is_one_of_the_rows_of_it(rents: Asked, words: str) -> None:
    intent = rents.intent(f"{words} a rent above 500 in 2003")

    assert intent is not None
    assert intent.shape is Shape.NUMBER
    assert [measure.aggregate for measure in intent.measures] == [Aggregate.SHARE]
    assert isinstance(intent.where, Comparison)
    assert intent.where.column == "year"
    assert rents.run(intent) == rents.sql(
        "SELECT count(*) FILTER (rent > 500)::DOUBLE / count(*) FROM data WHERE year = 2003"
    )


@pytest.mark.parametrize("question", ["share of towns with a rent above 500", "average rent of the towns"])
def test_towns_of_all_years_are_not_their_rows(rents: Asked, question: str) -> None:
    assert rents.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("mean rent of northern towns in 2003",
         "SELECT avg(rent) FROM data WHERE coast = 'Northern' AND year = 2003"),
        ("total rent of all southern towns", "SELECT sum(rent) FROM data WHERE coast = 'Southern'"),
        ("average rent of the towns in 2003", "SELECT avg(rent) FROM data WHERE year = 2003"),
    ],
)  # fmt: skip
def test_a_number_of_described_towns_is_one_of_their_rows(
    rents: Asked, question: str, statement: str
) -> None:
    intent = rents.intent(question)

    assert intent is not None
    assert (intent.shape, intent.groups) == (Shape.NUMBER, ())
    assert rents.agrees(question, statement)


def test_described_towns_are_counted_once_each(rents: Asked) -> None:
    intent = rents.intent("how many northern towns had a rent under 500")

    assert intent is not None
    assert [(m.aggregate, m.column) for m in intent.measures] == [(Aggregate.DISTINCT, "town")]
    assert rents.agrees(
        "how many northern towns had a rent under 500 in 2003",
        "SELECT count(DISTINCT town) FROM data WHERE coast = 'Northern' AND rent < 500 AND year = 2003",
    )


@pytest.mark.parametrize(
    "question",
    ["how many northern towns had a rent under 500 in 2003", "share of towns with a rent above 500 in 2003",
     "mean rent of northern towns in 2003"],
)  # fmt: skip
def test_towns_that_tell_no_rows_apart_are_neither_counted_nor_rows(question: str) -> None:
    with closing(asked("town_rents", COLUMNS, [*RENTS, *RENTS[:30]])) as made:
        assert made.reader.card.keys == ()
        assert made.intent(question) is None


@pytest.mark.parametrize("words", ["split by", "broken down by"])
def test_bills_split_by_two_meals_are_grouped_by_meal_and_only_these(bills: Asked, words: str) -> None:
    intent = bills.intent(f"number of bills per day, {words} lunch and dinner")

    assert intent is not None
    assert intent.shape is Shape.GROUPS
    assert [measure.aggregate for measure in intent.measures] == [Aggregate.COUNT]
    assert [group.column for group in intent.groups] == ["day", "meal"]
    assert intent.where == Membership(column="meal", values=("lunch", "dinner"))


def test_by_alone_groups_by_no_values_that_follow(bills: Asked) -> None:
    intent = bills.intent("number of bills per day by lunch and dinner")

    assert intent is not None
    assert [group.column for group in intent.groups] == ["day"]
    assert intent.where == Membership(column="meal", values=("lunch", "dinner"))


@pytest.mark.parametrize("words", ["among drays only", "among drays", "for drays"])
def test_of_those_named_first_each_kind_has_its_share(words: str) -> None:
    rows: list[list[Value]] = [
        [f"K{n:03}", ("Wain", "Dray", "Gig")[n * 7 % 11 % 3], ("iron", "oak", "elm")[n * 5 % 13 % 3]]
        for n in range(100)
    ]
    with closing(asked("carts", ["cart_ref", "build", "wheel"], rows)) as carts:
        intent = carts.intent(f"{words}, share of each wheel")

    assert intent is not None
    assert [(m.aggregate, m.where) for m in intent.measures] == [(Aggregate.SHARE, None)]
    assert [group.column for group in intent.groups] == ["wheel"]
    assert intent.where == Membership(column="build", values=("Dray",))


@pytest.mark.parametrize(
    ("question", "limit"),
    [("3 days with the highest mean wind", 3), ("days with the highest mean wind", 1),
     ("3 months with the highest mean wind", 3)],
)  # fmt: skip
def test_so_many_days_or_months_are_as_many_at_the_top(question: str, limit: int) -> None:
    rows: list[list[Value]] = [
        [dt.date(2023, 1, 1) + dt.timedelta(days=n // 2), 1.5 + n * 37 % 211] for n in range(200)
    ]
    with closing(asked("wind_log", ["day", "wind"], rows)) as winds:
        intent = winds.intent(question)

    assert intent is not None
    assert [(m.aggregate, m.column) for m in intent.measures] == [(Aggregate.MEAN, "wind")]
    assert (intent.shape, intent.descending, intent.limit) == (Shape.RANKING, True, limit)


@pytest.mark.parametrize("number", ["three", "3"])
def test_so_many_of_a_maker_are_as_many_at_the_top(number: str) -> None:
    rows: list[list[Value]] = [
        [f"Plank {n:03}", ("Tern", "Gull", "Auk")[n * 7 % 11 % 3], 10.5 + n * 37 % 211] for n in range(100)
    ]
    with closing(asked("boards", ["board", "maker", "load"], rows)) as boards:
        intent = boards.intent(f"{number} Tern boards with the highest load")

    assert intent is not None
    assert (intent.shape, intent.limit, intent.key) == (Shape.RANKING, 3, "board")
    assert intent.where == Membership(column="maker", values=("Tern",))
