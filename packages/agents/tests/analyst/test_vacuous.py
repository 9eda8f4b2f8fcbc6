"""Rows that tell nothing have a reason, those beside them none; groups of a row each become one number."""

import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.instrument import Tally
from sapwood_agents.analyst.intent import (
    Aggregate,
    Group,
    Having,
    Measure,
    Membership,
    Operator,
    QueryIntent,
    Shape,
    Side,
)
from sapwood_agents.analyst.vacuous import pooled, vacuous
from sapwood_storage.tabular.model import Cell, ColumnType

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = TableCard(
    "panel",
    24,
    (
        ColumnCard("orchard", ColumnType.TEXT, distinct=6),
        ColumnCard("crop", ColumnType.TEXT, distinct=3),
        ColumnCard("year", ColumnType.INTEGER, distinct=4),
        ColumnCard("day", ColumnType.DATE, distinct=24),
        ColumnCard("yield", ColumnType.NUMBER, distinct=20),
    ),
)
COUNT = Measure(aggregate=Aggregate.COUNT)
MEAN = Measure(aggregate=Aggregate.MEAN, column="yield")
VALUE = Measure(aggregate=Aggregate.VALUE, column="yield")
SIDES = tuple(Side(label=x, where=Membership(column="crop", values=(x,))) for x in ("apple", "pear"))
ORCHARD, CROP, YEAR = (Group(column=name) for name in ("orchard", "crop", "year"))
MONTH = Group(column="day", bucket="month")
LISTED = QueryIntent(shape=Shape.ROWS, measures=(VALUE,), key="orchard")


def of(shape: Shape, measure: Measure = COUNT, **parts: object) -> QueryIntent:
    """An intent of one measure, over its groups or its two sides."""
    place = {"groups": (CROP,)} if shape in (Shape.GROUPS, Shape.RANKING) else {"sides": SIDES}
    return QueryIntent(**{"shape": shape, "measures": (measure,), **place, **parts})  # type: ignore[arg-type]  # pydantic checks them


def alike(number: int, value: Cell = 5) -> list[list[Cell]]:
    """So many groups with the same value."""
    return [[f"group {place}", value] for place in range(number)]


@pytest.mark.parametrize(
    ("intent", "found", "reason"),
    [
        (of(Shape.GROUPS), [], "nothing in the table is so"),
        (of(Shape.RANKING), [], "nothing in the table is so"),
        (QueryIntent(shape=Shape.VALUES, groups=(CROP,)), [], "nothing in the table is so"),
        (of(Shape.GROUPS, MEAN), alike(2, None), "none of them has a value"),
        (of(Shape.COMPARISON, MEAN), alike(2, None), "none of them has a value"),
        (of(Shape.GROUPS), alike(3), "each of them has the same number of rows, 5"),
        (of(Shape.RANKING, limit=1), alike(3), "they have the same number of rows, 5"),
        (
            of(Shape.RANKING, groups=(ORCHARD,), limit=1),
            alike(8),
            "they have the same number of rows, 5",
        ),
        (of(Shape.RANKING, groups=(MONTH,), limit=4), alike(8), "they have the same number of rows, 5"),
        (
            LISTED,
            alike(1) * 4,
            "the same ones again and again: what is listed is no single row",
        ),
        (of(Shape.DIFFERENCE), [[0]], "both have the same number of rows"),
        (of(Shape.RATIO), [[1.0]], "both have the same number of rows"),
    ],
)
async def test_rows_that_tell_nothing_have_a_reason(
    intent: QueryIntent, found: list[list[Cell]], reason: str
) -> None:
    assert vacuous(intent, found, CARD) == reason


@pytest.mark.parametrize(
    ("intent", "found"),
    [
        (of(Shape.GROUPS), alike(2)),
        (of(Shape.GROUPS), [*alike(2), ["other", 6]]),
        (of(Shape.GROUPS, MEAN), alike(3)),
        (of(Shape.GROUPS, MEAN), [*alike(2, None), ["other", 6.0]]),
        (of(Shape.GROUPS, measures=(COUNT, COUNT)), alike(3)),
        (of(Shape.COMPARISON), alike(2)),
        (of(Shape.COMPARISON, MEAN), [["apple", None], ["pear", 6.0]]),
        (QueryIntent(shape=Shape.VALUES, groups=(CROP,)), [["apple"]]),
        (of(Shape.RANKING, limit=1), alike(2)),
        (of(Shape.RANKING, limit=3), [*alike(2), ["other", 4]]),
        (of(Shape.RANKING, MEAN, limit=1), alike(3)),
        (of(Shape.RANKING, having=Having(operator=Operator.MORE, value=4)), alike(3)),
        (of(Shape.RANKING, count_only=True), [[3]]),
        (of(Shape.RANKING, groups=(ORCHARD,), limit=1), alike(5)),
        (of(Shape.RANKING, groups=(MONTH,), limit=1), alike(7)),
        (of(Shape.RANKING, groups=(MONTH,), limit=5), alike(8)),
        (of(Shape.RANKING, groups=(Group(column="day", cycle="quarter"),), limit=1), alike(4)),
        (LISTED, []),
        (LISTED, alike(1) * 3),
        (LISTED, alike(2) * 2),
        (of(Shape.DIFFERENCE), [[1]]),
        (of(Shape.DIFFERENCE, MEAN), [[0]]),
        (of(Shape.RATIO), [[0.5]]),
        (of(Shape.RATIO, MEAN), [[1.0]]),
        (QueryIntent(shape=Shape.NUMBER, measures=(COUNT,)), [[0]]),
        (QueryIntent(shape=Shape.LOOKUP, measures=(VALUE,)), [[None]]),
    ],
)
async def test_rows_that_tell_something_have_none(intent: QueryIntent, found: list[list[Cell]]) -> None:
    assert vacuous(intent, found, CARD) is None


ONE_EACH = [(Tally(1),), (Tally(1, {"yield": 1}),), (Tally(0),)]


@pytest.mark.parametrize(
    "aggregate", [Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.DEVIATION, Aggregate.VARIANCE]
)
async def test_groups_of_a_row_each_become_one_number(aggregate: Aggregate) -> None:
    measure = Measure(aggregate=aggregate, column="yield")
    where = Membership(column="year", values=(2021,))
    intent = of(Shape.GROUPS, measure, groups=(ORCHARD,), where=where)

    over_all = QueryIntent(shape=Shape.NUMBER, measures=(measure,), where=where)

    assert pooled(intent, ONE_EACH, CARD) == over_all


@pytest.mark.parametrize("time", [YEAR, MONTH, Group(column="day", cycle="weekday")])
async def test_a_group_of_time_stays_and_the_other_goes(time: Group) -> None:
    over_time = of(Shape.GROUPS, MEAN, groups=(time,))

    assert pooled(of(Shape.GROUPS, MEAN, groups=(ORCHARD, time)), ONE_EACH, CARD) == over_time
    assert pooled(of(Shape.GROUPS, MEAN, groups=(time, ORCHARD)), ONE_EACH, CARD) == over_time


async def test_two_groups_that_are_no_time_both_go() -> None:
    over_all = pooled(of(Shape.GROUPS, MEAN, groups=(ORCHARD, CROP)), ONE_EACH, CARD)

    assert over_all == QueryIntent(shape=Shape.NUMBER, measures=(MEAN,))


@pytest.mark.parametrize(
    ("intent", "tallies"),
    [
        (of(Shape.GROUPS, MEAN), [(Tally(1),), (Tally(2, {"yield": 1}),)]),
        (of(Shape.GROUPS, MEAN), [(Tally(1),)]),
        (of(Shape.GROUPS, MEAN), []),
        (of(Shape.GROUPS, Measure(aggregate=Aggregate.SUM, column="yield")), ONE_EACH),
        (of(Shape.GROUPS, measures=(MEAN, COUNT)), ONE_EACH),
        (of(Shape.RANKING, MEAN, limit=1), ONE_EACH),
        (of(Shape.COMPARISON, MEAN), ONE_EACH),
    ],
)
async def test_groups_of_several_rows_other_measures_and_other_shapes_are_not_pooled(
    intent: QueryIntent, tallies: list[tuple[Tally, ...]]
) -> None:
    assert pooled(intent, tallies, CARD) is None
