from typing import Any

import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.charts import MOST_BARS, MOST_POINTS, chart
from sapwood_agents.analyst.intent import Aggregate, Group, Measure, QueryIntent, Shape, Side
from sapwood_storage.tabular.model import Cell, ColumnType

CARD = TableCard(
    "sales",
    100,
    (
        ColumnCard("city", ColumnType.TEXT),
        ColumnCard("sold", ColumnType.DATE),
        ColumnCard("hour", ColumnType.INTEGER),
        ColumnCard("price", ColumnType.NUMBER),
    ),
)
COUNT = (Measure(aggregate=Aggregate.COUNT),)


def drawn(rows: list[list[Cell]], *groups: Group, shape: Shape = Shape.GROUPS) -> dict[str, Any] | None:
    intent = QueryIntent(shape=shape, measures=COUNT, groups=groups)
    names = [group.column for group in groups] or ["key"]
    return chart(intent, [*names, "count"], rows, CARD, "count of rows")


def shown(rows: list[list[Cell]], *groups: Group, shape: Shape = Shape.GROUPS) -> dict[str, Any]:
    spec = drawn(rows, *groups, shape=shape)
    assert spec is not None
    return spec


def test_groups_are_bars_in_the_order_of_their_value() -> None:
    spec = shown([["Rome", 3], ["Oslo", 1], [None, 2]], Group(column="city"))

    assert spec["mark"] == "bar"
    assert spec["encoding"]["y"]["sort"] == "-x"
    assert spec["data"]["values"][2] == {"c0": None, "c1": 2}
    assert spec["title"] == "count of rows"


def test_time_is_a_line_from_left_to_right() -> None:
    spec = shown([["2024-01-01", 3], ["2024-02-01", 1]], Group(column="sold", bucket="month"))

    assert spec["mark"] == {"type": "line", "point": True}
    assert spec["encoding"]["x"]["type"] == "temporal"


def test_months_of_the_year_are_bars_in_their_own_order() -> None:
    spec = shown([[1, 3], [2, 1]], Group(column="sold", cycle="month"))

    assert spec["mark"] == "bar"
    assert spec["encoding"]["y"]["sort"] is None


def test_many_numbers_are_a_line_and_few_are_bars() -> None:
    many: list[list[Cell]] = [[hour, hour * 2] for hour in range(24)]

    assert shown(many, Group(column="hour"))["encoding"]["x"]["type"] == "quantitative"
    assert shown(many[:6], Group(column="hour"))["mark"] == "bar"


def test_a_second_group_is_a_colour() -> None:
    bars = shown([["Rome", 1, 3], ["Rome", 2, 4]], Group(column="city"), Group(column="hour"))
    lines = shown(
        [["2024-01-01", "Rome", 3], ["2024-02-01", "Rome", 4]],
        Group(column="sold", bucket="month"),
        Group(column="city"),
    )

    assert bars["encoding"]["color"]["field"] == bars["encoding"]["yOffset"]["field"] == "c1"
    assert bars["encoding"]["x"]["field"] == "c2"
    assert lines["encoding"]["color"]["field"] == "c1"


def test_more_groups_than_bars_fit_are_ticks() -> None:
    crowd: list[list[Cell]] = [[f"city {number}", number] for number in range(MOST_BARS + 1)]

    assert shown(crowd, Group(column="city"))["mark"] == "tick"


SIDES = (Side(label="Rome"), Side(label="Oslo"))


@pytest.mark.parametrize(
    "intent",
    [
        QueryIntent(shape=Shape.RANKING, measures=COUNT, groups=(Group(column="city"),)),
        QueryIntent(shape=Shape.COMPARISON, measures=COUNT, sides=SIDES),
        QueryIntent(shape=Shape.ROWS, measures=(Measure(aggregate=Aggregate.VALUE, column="n"),), key="city"),
    ],
    ids=lambda intent: intent.shape.value,
)
def test_rows_that_have_an_order_keep_it(intent: QueryIntent) -> None:
    spec = chart(intent, ["city", "count"], [["Rome", 3], ["Oslo", 1]], CARD, "count of rows")

    assert spec is not None
    assert spec["mark"] == "bar"
    assert spec["encoding"]["y"]["sort"] is None


@pytest.mark.parametrize(
    "rows",
    [
        [["Rome", 3]],
        [["Rome"], ["Oslo"]],
        [["Rome", "north"], ["Oslo", "south"]],
        [["Rome", True], ["Oslo", False]],
        [[f"city {number}", number] for number in range(MOST_POINTS + 1)],
    ],
    ids=["one row", "one column", "no number", "yes and no", "too many"],
)
def test_where_a_picture_says_nothing_there_is_none(rows: list[list[Cell]]) -> None:
    names = ["city", "count"][: len(rows[0])]
    intent = QueryIntent(shape=Shape.GROUPS, measures=COUNT, groups=(Group(column="city"),))

    assert chart(intent, names, rows, CARD, "title") is None


def test_three_groups_and_long_rankings_are_not_drawn() -> None:
    three = (Group(column="city"), Group(column="hour"), Group(column="sold"))
    rows: list[list[Cell]] = [["Rome", 1, "2024-01-01", 3], ["Oslo", 1, "2024-01-01", 3]]
    long: list[list[Cell]] = [[f"city {number}", number] for number in range(MOST_BARS + 1)]

    assert drawn(rows, *three) is None
    assert drawn(long, Group(column="city"), shape=Shape.RANKING) is None


def test_the_data_stands_in_the_specification_and_nothing_is_fetched() -> None:
    spec = shown([["Rome", 3], ["Oslo", 1]], Group(column="city"))

    assert "url" not in spec["data"]
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
