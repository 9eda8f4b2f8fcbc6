"""Fragments that edit the last question, against the question said in full."""

import pytest
from packages.agents.tests.analyst.language.tables import Asked


@pytest.mark.parametrize(
    ("first", "fragment", "whole"),
    [
        ("average price", "and by country?", "average price by country"),
        ("average price by country", "same by rig", "average price by rig"),
        ("average price by country", "split that by rig too", "average price by country and rig"),
        ("average price by country", "what about the median?", "median price by country"),
        ("average price by country", "and the length?", "average length by country"),
        ("average price by country", "only boats built after 2000",
         "average price by country for boats built after 2000"),
        ("how many boats are from Sweden", "and from Italy?", "how many boats are from Italy"),
        ("how many boats are from Sweden", "and how many of these have an engine?",
         "how many boats from Sweden have an engine"),
        ("how many boats are longer than 12 m", "and over 20?", "how many boats are longer than 20 m"),
        ("how many boats are from Sweden", "what about the sloops", "how many sloops are from Sweden"),
        ("how many boats are from Sweden", "by rig", "how many boats are from Sweden by rig"),
        ("3 cheapest boats", "top 5 instead", "5 most expensive boats"),
        ("which rig has the most boats", "and the fewest?", "which rig has the fewest boats"),
        ("how many boats with an engine by country", "as a percentage of all boats in each country?",
         "share of boats with an engine by country"),
        ("price of Brise I1", "and Esprit I4?", "price of Esprit I4"),
        ("price of Brise I1", "and its length?", "length of Brise I1"),
    ],
)  # fmt: skip
def test_a_fragment_edits_the_last_question(boats: Asked, first: str, fragment: str, whole: str) -> None:
    previous = boats.intent(first)

    assert previous is not None
    assert boats.answer(whole) is not None
    assert boats.answer(fragment, previous) == boats.answer(whole)


def test_a_whole_question_starts_afresh(boats: Asked) -> None:
    previous = boats.intent("average price of boats from Sweden")

    assert boats.intent("how many boats are there", previous) == boats.intent("how many boats are there")


def test_which_of_them_lists_what_was_counted(boats: Asked) -> None:
    previous = boats.intent("how many boats cost more than 800000")

    assert boats.answer("which ones are they?", previous) == boats.sql(
        "SELECT name, price_usd FROM data WHERE price_usd > 800000 ORDER BY price_usd DESC"
    )


def test_a_month_takes_the_place_of_a_month(visits: Asked) -> None:
    previous = visits.intent("how many visits in March 2021")

    assert visits.answer("and April 2021?", previous) == visits.answer("how many visits in April 2021")


@pytest.mark.parametrize("fragment", ["and the colour?", "same for zzz", "and?", "what about it"])
def test_a_fragment_that_says_nothing_of_the_table_is_declined(boats: Asked, fragment: str) -> None:
    previous = boats.intent("average price by country")

    assert boats.intent(fragment, previous) is None


@pytest.mark.parametrize(
    ("first", "fragment", "whole"),
    [
        ("what share of the crossings are at night", "and at dusk?", "what share of the crossings are at dusk"),
        ("what share of the crossings are foggy", "and rainy?", "what share of the crossings are rainy"),
        ("share of foggy crossings by route", "and rainy?", "share of rainy crossings by route"),
        ("what percentage of crossings are at noon", "and by route?", "what percentage of crossings are at noon by route"),
    ],
)  # fmt: skip
def test_another_part_takes_the_place_of_the_part_of_a_share(
    crossings: Asked, first: str, fragment: str, whole: str
) -> None:
    assert crossings.answer(whole) is not None
    assert crossings.answer(fragment, crossings.intent(first)) == crossings.answer(whole)


def test_another_column_narrows_the_rows_that_a_share_is_of(crossings: Asked) -> None:
    previous = crossings.intent("what share of the crossings are foggy")

    assert crossings.answer("and on the north route?", previous) == crossings.sql(
        "SELECT count(*) FILTER (weather='fog')::DOUBLE/count(*) FROM data WHERE route='North'"
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "delete them", "plot that", "export it", "draw a chart", "explain it", "round it", "sort that", "rename it",
        "show it as a line", "compare them", "reverse the order", "add a total", "remove Italy", "make it blue",
        "sort them by price", "sort that by length", "add the average price", "translate that", "list those",
    ],
)  # fmt: skip
def test_an_order_that_edits_no_question_is_declined(boats: Asked, fragment: str) -> None:
    previous = boats.intent("boats by country")

    assert previous is not None
    assert boats.intent(fragment, previous) is None
