"""Each check is caught by a question here, and stays away from a question beside it."""

import pytest
from packages.agents.tests.analyst.house import House, counts, rows

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.instrument import Instrumented, Tally, instrument, judge
from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Condition,
    Group,
    Measure,
    Membership,
    Missing,
    Operator,
    QueryIntent,
    Shape,
    Side,
)
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.sql import SqlWriter
from sapwood_storage.tabular.model import Cell, Column, ColumnType, ResultTable

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_rows_used_counts_the_rows_that_met_the_conditions(house: House, shop: Dataset) -> None:
    assert counts(await house.ask(shop, "average price"))["rows_used"] == 8
    assert counts(await house.ask(shop, "average price where select is b"))["rows_used"] == 3


async def test_rows_used_by_a_ranking_are_those_of_the_groups_shown(house: House, shop: Dataset) -> None:
    assert counts(await house.ask(shop, "most common note"))["rows_used"] == 3


@pytest.mark.parametrize(
    "question",
    [
        "average price",
        "median price",
        "total price by select",
        "minimum and maximum price",
        "compare Rome and Oslo average price",
        "difference in average price between Rome and Oslo",
        "ratio of average price in Rome to Oslo",
        "correlation between price and größe",
    ],
)
async def test_rows_without_a_value_are_counted(house: House, shop: Dataset, question: str) -> None:
    assert counts(await house.ask(shop, question))["nulls_left_out"] == 1


@pytest.mark.parametrize("question", ["how many rows", "average größe", "average price where select is b"])
async def test_where_no_value_is_missing_nothing_is_said(house: House, shop: Dataset, question: str) -> None:
    assert "nulls_left_out" not in counts(await house.ask(shop, question))


async def test_values_missing_from_a_count_of_kinds_are_counted(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "number of different cities")

    assert rows(answer) == [[3]]
    assert counts(answer)["nulls_left_out"] == 1


async def test_rows_that_a_share_cannot_judge_are_counted(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "share of rows where note is fine")

    assert rows(answer) == [[0.5]], "three of the six rows that have a note"
    assert counts(answer)["nulls_left_out"] == 2


@pytest.mark.parametrize(
    ("question", "used", "missing"),
    [
        ("difference between average größe and average price", 8, 1),
        ("ratio of average price to average größe", 8, 1),
        ("compare average größe and average price", 8, 1),
        ("difference between maximum price and minimum price", 8, 1),
        ("difference in average price between Rome and Oslo", 5, 1),
    ],
)
async def test_a_row_on_both_sides_is_counted_once(
    house: House, shop: Dataset, question: str, used: int, missing: int
) -> None:
    found = counts(await house.ask(shop, question))

    assert (found["rows_used"], found["nulls_left_out"]) == (used, missing)


async def test_what_is_one_is_said_in_the_singular(house: House, shop: Dataset) -> None:
    grouped = await house.ask(shop, "average price by city")
    ranked = await house.ask(shop, "most common note")

    said = {check.code: check.text for check in (*grouped.checks, *ranked.checks)}
    assert said["null_group"] == "1 row without a value in City stands last"
    assert said["rows_used"] == "the group shown stands on 3 rows"


async def test_rows_without_a_key_stand_last_and_are_counted(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "average price by city")

    assert rows(answer)[-1] == [None, 9.0]
    assert counts(answer)["null_group"] == 1
    assert "null_group" not in counts(await house.ask(shop, "average price by select"))


async def test_a_ranking_and_a_list_leave_rows_without_a_key_out(house: House, shop: Dataset) -> None:
    ranking = await house.ask(shop, "top 2 cities by number of rows")
    listed = await house.ask(shop, "which cities are there")

    assert None not in [key for key, _ in rows(ranking)]
    assert counts(ranking)["null_key_left_out"] == 1
    assert counts(listed)["null_key_left_out"] == 1


async def test_rows_without_a_key_are_counted_among_those_asked_about(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "top 2 cities by number of rows in 2024")

    assert "null_key_left_out" not in counts(answer), "the row without a city is of 2025"


async def test_a_tie_at_the_cut_is_told_and_all_of_it_returned(house: House, shop: Dataset) -> None:
    tied = await house.ask(shop, "top 2 cities by number of rows")
    clear = await house.ask(shop, "top 1 city by number of rows")

    assert rows(tied) == [["Rome", 3], ["Lima", 2], ["Oslo", 2]]
    assert counts(tied)["ties"] == 3
    assert "ties" not in counts(clear)


async def test_few_values_are_told(house: House, shop: Dataset, flights: Dataset) -> None:
    assert counts(await house.ask(shop, "average price by select"))["small_sample"] == 3
    assert (
        counts(await house.ask(shop, "difference in average price between Rome and Oslo"))["small_sample"]
        == 2
    )
    assert "small_sample" not in counts(await house.ask(flights, "average dep_delay by origin"))


async def test_a_total_of_few_values_is_as_good_as_any(house: House, shop: Dataset) -> None:
    assert "small_sample" not in counts(await house.ask(shop, "total price by select"))


PRICES = TableCard(
    "prices",
    10,
    (
        ColumnCard("price", ColumnType.NUMBER, nulls=2, distinct=8),
        ColumnCard("cost", ColumnType.NUMBER, nulls=1, distinct=8),
        ColumnCard("city", ColumnType.TEXT, nulls=0, distinct=3, values=("A", "B", "C"), enumerated=True),
        ColumnCard("id", ColumnType.INTEGER, nulls=0, distinct=10),
    ),
)
WRITER = SqlWriter(PRICES)
CHEAP = Comparison(column="price", operator=Operator.LESS, value=5)


def plan(intent: QueryIntent) -> Instrumented:
    return instrument(intent, WRITER.write(intent), WRITER)


def table(*cells: list[object]) -> ResultTable:
    columns = tuple(Column(str(place), ColumnType.NUMBER) for place in range(len(cells[0])))
    return ResultTable(columns, [list(row) for row in cells])  # type: ignore[arg-type]  # cells of a test


async def test_the_counters_of_each_side_are_its_own() -> None:
    mean = Measure(aggregate=Aggregate.MEAN, column="price")
    sides = (Side(label="cheap", where=CHEAP), Side(label="all"))
    intent = QueryIntent(shape=Shape.RATIO, measures=(mean,), sides=sides)

    found = plan(intent).split(table([0.5, 4, 4, 10, 8, 10, 2]))

    assert found.rows == [[0.5]]
    assert found.tallies == [(Tally(4, {"price": 0}), Tally(10, {"price": 2}))]
    assert found.together == Tally(10, {"price": 2}), "the cheap ones are among all"


async def test_sides_that_measure_different_columns_count_both_missing() -> None:
    sides = tuple(
        Side(label=name, measure=Measure(aggregate=Aggregate.SUM, column=name)) for name in ("price", "cost")
    )
    intent = QueryIntent(shape=Shape.COMPARISON, sides=sides)

    planned = plan(intent)

    assert planned.layout == (("price", "cost"),)
    assert planned.together == ("price", "cost")
    assert planned.width == 2


async def test_a_condition_on_missing_values_leaves_none_out() -> None:
    share = Measure(aggregate=Aggregate.SHARE, where=Missing(column="price"))

    assert plan(QueryIntent(shape=Shape.NUMBER, measures=(share,))).layout == ((),)


async def test_a_measure_with_its_own_condition_counts_its_own_rows() -> None:
    count = Measure(aggregate=Aggregate.SUM, column="cost", where=CHEAP)

    planned = plan(QueryIntent(shape=Shape.NUMBER, measures=(count,)))

    sql = planned.statement.sql("duckdb")
    assert sql.count("FILTER") == 3
    assert planned.layout == (("cost",),)


async def test_a_ranking_of_rows_counts_those_without_the_value() -> None:
    value = Measure(aggregate=Aggregate.VALUE, column="price")
    intent = QueryIntent(shape=Shape.RANKING, measures=(value,), key="id", limit=3)

    found = plan(intent).split(table([1, 9.0, 2], [2, 8.0, 2], [3, 8.0, 2]))
    codes = {check.code: check.count for check in judge(intent, found, PRICES)}

    assert codes == {"nulls_left_out": 2}


async def test_the_number_of_groups_is_counted_without_counters() -> None:
    count = Measure(aggregate=Aggregate.COUNT)
    groups = (Group(column="city"),)
    intent = QueryIntent(shape=Shape.RANKING, measures=(count,), groups=groups, count_only=True)

    planned = plan(intent)

    assert (planned.layout, planned.keys) == ((), ())


async def test_no_rows_give_no_counters() -> None:
    intent = QueryIntent(shape=Shape.VALUES, groups=(Group(column="price"),))
    empty = ResultTable((Column("price", ColumnType.NUMBER), Column("~0", ColumnType.INTEGER)), [])

    found = plan(intent).split(empty)

    assert judge(intent, found, PRICES) == []


@pytest.mark.parametrize("shape", [Shape.DIFFERENCE, Shape.RATIO, Shape.COMPARISON])
async def test_sides_that_share_no_row_are_added_up_and_not_counted_again(shape: Shape) -> None:
    card = TableCard(
        "sales", 9, (ColumnCard("city", ColumnType.TEXT), ColumnCard("price", ColumnType.NUMBER, 2))
    )
    sides = tuple(
        Side(label=city, where=Membership(column="city", values=(city,))) for city in ("Rome", "Oslo")
    )
    intent = QueryIntent(
        shape=shape, measures=(Measure(aggregate=Aggregate.MEAN, column="price"),), sides=sides
    )
    writer = SqlWriter(card)

    planned = instrument(intent, writer.write(intent), writer)

    assert planned.apart
    assert " OR " not in planned.statement.sql("duckdb")
    whole = planned.split(ResultTable((), _RESULTS[shape])).together
    assert whole == Tally(9, {"price": 2})


_RESULTS: dict[Shape, list[list[Cell]]] = {
    Shape.DIFFERENCE: [[1.5, 4, 3, 5, 4]],
    Shape.RATIO: [[1.5, 4, 3, 5, 4]],
    Shape.COMPARISON: [["Rome", 2.0, 4, 3], ["Oslo", 1.0, 5, 4]],
}
"""The answer, then for each side its rows and those of them with a price."""


@pytest.mark.parametrize(
    "second",
    [
        Membership(column="city", values=("oslo", "Rome")),
        Membership(column="city", values=("Oslo",), negated=True),
        Membership(column="street", values=("Oslo",)),
        Missing(column="city"),
    ],
)
async def test_rows_that_may_stand_on_two_sides_are_counted_once(second: Condition) -> None:
    columns = (ColumnCard("city", ColumnType.TEXT), ColumnCard("street", ColumnType.TEXT))
    card = TableCard("sales", 9, (*columns, ColumnCard("price", ColumnType.NUMBER, 2)))
    sides = (
        Side(label="Rome", where=Membership(column="city", values=("Rome",))),
        Side(label="other", where=second),
    )
    mean = Measure(aggregate=Aggregate.MEAN, column="price")
    intent = QueryIntent(shape=Shape.DIFFERENCE, measures=(mean,), sides=sides)
    writer = SqlWriter(card)

    assert not instrument(intent, writer.write(intent), writer).apart


async def test_what_a_side_or_a_measure_denies_is_counted_and_what_a_share_counts_is_not() -> None:
    dear = Membership(column="price", values=(4,), negated=True)
    count, mean = Measure(aggregate=Aggregate.COUNT), Measure(aggregate=Aggregate.MEAN, column="cost")
    sides = (Side(label="cheap", where=CHEAP), Side(label="others", where=dear))

    of_sides = plan(QueryIntent(shape=Shape.DIFFERENCE, measures=(count,), sides=sides))
    of_measure = plan(QueryIntent(shape=Shape.NUMBER, measures=(mean.model_copy(update={"where": dear}),)))
    share = Measure(aggregate=Aggregate.SHARE, where=dear)
    of_share = plan(QueryIntent(shape=Shape.NUMBER, measures=(share,)))

    assert (of_sides.denied, of_measure.denied, of_share.denied) == (("price",), ("price",), ())
    assert of_share.layout == (("price",),)


async def test_sides_of_measures_with_conditions_of_their_own_are_counted_again() -> None:
    card = TableCard(
        "sales", 9, (ColumnCard("city", ColumnType.TEXT), ColumnCard("price", ColumnType.NUMBER, 2))
    )
    cheap = Comparison(column="price", operator=Operator.LESS, value=3)
    measures = (
        Measure(aggregate=Aggregate.MEAN, column="price"),
        Measure(aggregate=Aggregate.COUNT, where=cheap),
    )
    sides = tuple(Side(label=c, where=Membership(column="city", values=(c,))) for c in ("Rome", "Oslo"))
    intent = QueryIntent(shape=Shape.COMPARISON, measures=measures, sides=sides)
    writer = SqlWriter(card)

    assert not instrument(intent, writer.write(intent), writer).apart
