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
        ColumnCard("sale month", ColumnType.TEXT, distinct=2, values=("Apr", "Jan"), enumerated=True),
        ColumnCard("paid", ColumnType.TEXT, values=("Apr 2024", "Jan 2024"), enumerated=True, dated="%b %Y"),
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


def test_months_that_are_texts_are_a_line_in_their_own_order() -> None:
    rows: list[list[Cell]] = [["Jan 2024", 3], ["Apr 2024", 1]]

    spec = shown(rows, Group(column="paid"))
    by_year = shown([["2023-01-01", 3], ["2024-01-01", 1]], Group(column="paid", bucket="year"))

    assert spec["mark"] == {"type": "line", "point": True}
    assert spec["encoding"]["x"] == {"field": "c0", "type": "ordinal", "title": "paid", "sort": None}
    assert by_year["encoding"]["x"]["type"] == "temporal"


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


def test_time_is_the_axis_though_it_was_named_second() -> None:
    rows: list[list[Cell]] = [
        [f"city {city}", f"2024-{month:02}-01", 1] for city in range(9) for month in range(1, 13)
    ]

    spec = shown(rows, Group(column="city"), Group(column="sold", bucket="month"))

    assert spec["mark"]["type"] == "line"
    assert spec["encoding"]["x"]["field"] == "c1"
    assert spec["encoding"]["x"]["type"] == "temporal"
    assert spec["encoding"]["color"]["field"] == "c0"


def test_more_pairs_than_bars_fit_are_a_grid_that_shows_both_keys() -> None:
    rows: list[list[Cell]] = [[f"city {city}", hour, 1] for city in range(9) for hour in range(8)]

    encoding = shown(rows, Group(column="city"), Group(column="hour"))["encoding"]

    assert (encoding["y"]["field"], encoding["x"]["field"], encoding["color"]["field"]) == ("c0", "c1", "c2")


@pytest.mark.parametrize("keys", [[2021, 2022], ["Jan", "Apr"]])
def test_keys_that_have_an_order_keep_it(keys: list[Cell]) -> None:
    column = "hour" if isinstance(keys[0], int) else "sale month"

    spec = shown([[keys[0], 3], [keys[1], 5]], Group(column=column))

    assert spec["mark"] == "bar"
    assert spec["encoding"]["y"]["sort"] is None


def test_whole_numbers_on_the_axis_are_written_plainly() -> None:
    many: list[list[Cell]] = [[2000 + place, place] for place in range(20)]

    assert shown(many, Group(column="hour"))["encoding"]["x"]["axis"] == {"format": "d"}


def several(*measures: Measure) -> dict[str, Any]:
    intent = QueryIntent(shape=Shape.GROUPS, measures=measures, groups=(Group(column="city"),))
    spec = chart(intent, ["city", "first", "second"], [["Oslo", 1, 2], ["Rome", 3, 4]], CARD, "both")
    assert spec is not None
    assert spec["data"]["values"] == [
        {"c0": "Oslo", "measure": "first", "value": 1},
        {"c0": "Oslo", "measure": "second", "value": 2},
        {"c0": "Rome", "measure": "first", "value": 3},
        {"c0": "Rome", "measure": "second", "value": 4},
    ]
    return spec


def test_numbers_of_one_range_are_drawn_side_by_side() -> None:
    low = Measure(aggregate=Aggregate.MIN, column="price")
    high = Measure(aggregate=Aggregate.MAX, column="price")

    encoding = several(low, high)["encoding"]

    assert encoding["color"]["field"] == encoding["yOffset"]["field"] == "measure"
    assert encoding["x"]["field"] == "value"


def test_numbers_of_different_ranges_have_a_scale_each() -> None:
    spec = several(*COUNT, Measure(aggregate=Aggregate.MEAN, column="price"))

    assert spec["encoding"]["row"]["field"] == "measure"
    assert spec["resolve"] == {"scale": {"x": "independent"}}


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
