import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import Aggregate, Group, Measure, QueryIntent, Shape, Side
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.sentences import sentence
from sapwood_storage.tabular.model import Cell, ColumnType

LINKER = Linker(
    TableCard(
        "walks",
        10,
        (
            ColumnCard("city", ColumnType.TEXT),
            ColumnCard("length (km)", ColumnType.NUMBER, low=0.0, high=9.0),
            ColumnCard("price", ColumnType.NUMBER, low=0.0, high=9.0),
            ColumnCard("toll", ColumnType.NUMBER, low=0.0, high=9.0, unit="$"),
        ),
    )
)
MEAN_LENGTH = Measure(aggregate=Aggregate.MEAN, column="length (km)")
COUNT = Measure(aggregate=Aggregate.COUNT)
BY_CITY = (Group(column="city"),)


def said(intent: QueryIntent, *rows: list[Cell]) -> str:
    return sentence(intent, "the reading", list(rows), LINKER)


def number(measure: Measure, value: Cell) -> str:
    return said(QueryIntent(shape=Shape.NUMBER, measures=(measure,)), [value])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (12_345, "12,345"),
        (2013, "2013"),
        (1.5, "1.500"),
        (0.1234567, "0.1235"),
        (0.0000123, "1.23e-05"),
        (1234.5678, "1,234.57"),
        (20_000.0, "20,000"),
        (True, "yes"),
        ("2024-01-05T00:00:00", "2024-01-05"),
        ("Rome", "Rome"),
    ],
)
def test_values_are_written_for_people(value: Cell, text: str) -> None:
    assert number(COUNT, value) == f"The reading: {text}."


def test_a_mean_has_the_unit_of_its_column_and_a_count_has_none() -> None:
    assert number(MEAN_LENGTH, 2.5) == "The reading: 2.500 km."
    assert number(Measure(aggregate=Aggregate.DISTINCT, column="length (km)"), 4) == "The reading: 4."
    assert number(Measure(aggregate=Aggregate.VARIANCE, column="length (km)"), 4.5) == "The reading: 4.500."


def test_the_unit_that_values_were_written_with_is_said_though_the_name_says_none() -> None:
    toll = Measure(aggregate=Aggregate.MEAN, column="toll")
    sides = (Side(label="Rome"), Side(label="Oslo"))

    assert number(toll, 2.5) == "The reading: $2.500."
    assert number(Measure(aggregate=Aggregate.DISTINCT, column="toll"), 4) == "The reading: 4."
    assert said(QueryIntent(shape=Shape.DIFFERENCE, measures=(toll,), sides=sides), [-2.5]) == (
        "The reading: -$2.500."
    )
    assert said(QueryIntent(shape=Shape.RANKING, measures=(toll,), groups=BY_CITY), ["Rome", 3]) == (
        "The reading: Rome ($3)."
    )


def test_a_table_of_groups_says_what_its_values_are_in_where_the_name_does_not() -> None:
    def groups(*measures: Measure) -> str:
        return said(QueryIntent(shape=Shape.GROUPS, measures=measures, groups=BY_CITY), ["Rome", 3])

    toll = Measure(aggregate=Aggregate.MEAN, column="toll")

    assert groups(toll) == "The reading: 1 group, in $."
    assert groups(MEAN_LENGTH) == "The reading: 1 group."
    assert groups(Measure(aggregate=Aggregate.DISTINCT, column="toll")) == "The reading: 1 group."
    assert groups(toll, MEAN_LENGTH) == "The reading: 1 group."


def test_a_share_is_a_fraction_and_a_percentage() -> None:
    assert number(Measure(aggregate=Aggregate.SHARE), 0.125) == "The reading: 0.1250 (12.5 %)."


def test_several_numbers_stand_in_the_order_asked() -> None:
    intent = QueryIntent(shape=Shape.NUMBER, measures=(MEAN_LENGTH, COUNT))

    assert said(intent, [2.5, None]) == "The reading: 2.500 km, no value."


def test_a_ranking_names_its_first_and_counts_the_rest() -> None:
    intent = QueryIntent(shape=Shape.RANKING, measures=(MEAN_LENGTH,), groups=BY_CITY)
    rows: list[list[Cell]] = [[f"city {place}", place] for place in range(7)]

    text = said(intent, *rows)

    assert text.startswith("The reading: city 0 (0 km), ")
    assert text.endswith(" and 2 more.")


def test_the_number_of_groups_is_one_number() -> None:
    intent = QueryIntent(shape=Shape.RANKING, measures=(COUNT,), groups=BY_CITY, count_only=True)

    assert said(intent, [4]) == "The reading: 4."


def test_a_list_is_listed_and_a_long_one_cut() -> None:
    intent = QueryIntent(shape=Shape.VALUES, groups=BY_CITY)
    rows: list[list[Cell]] = [[f"c{place}"] for place in range(12)]

    assert said(intent, *rows[:2]) == "The reading: c0, c1."
    assert said(intent, *rows).endswith("c9 and 2 more.")
    assert said(intent) == "The reading: none."


def test_groups_are_counted_since_the_table_follows() -> None:
    intent = QueryIntent(shape=Shape.GROUPS, measures=(COUNT,), groups=BY_CITY)

    assert said(intent, ["Rome", 1]) == "The reading: 1 group."
    assert said(intent, ["Rome", 1], ["Oslo", 2]) == "The reading: 2 groups."
    assert said(intent) == "The reading: none."


def test_a_difference_has_a_unit_and_a_ratio_has_none() -> None:
    sides = (Side(label="a", measure=MEAN_LENGTH), Side(label="b", measure=MEAN_LENGTH))

    assert said(QueryIntent(shape=Shape.DIFFERENCE, sides=sides), [1.5]) == "The reading: 1.500 km."
    assert said(QueryIntent(shape=Shape.RATIO, sides=sides), [1.5]) == "The reading: 1.500."


def test_a_comparison_names_its_sides() -> None:
    sides = (Side(label="Rome"), Side(label="Oslo"))
    intent = QueryIntent(shape=Shape.COMPARISON, measures=(MEAN_LENGTH,), sides=sides)

    assert said(intent, ["Rome", 1.5], ["Oslo", None]) == "The reading: Rome (1.500 km), Oslo (no value)."
