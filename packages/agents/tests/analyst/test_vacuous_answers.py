"""Through the real path: an answer that says nothing is declined, the one beside it is given."""

import pytest
from packages.agents.tests.analyst.house import House, rows

from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ports import Dataset

pytestmark = pytest.mark.asyncio(loop_scope="session")


def declined(answer: Answer) -> str:
    """Why there is no answer, of a question that was understood."""
    assert answer.reason is not None, answer.rows
    assert (answer.reason.code, answer.answer, answer.rows) == ("unsupported", None, ())
    return answer.reason.text


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("number of rows by orchard", 4),
        ("number of rows by year", 6),
        ("number of rows by crop", 8),
        ("number of rows by crop in 2020", 2),
    ],
)
async def test_the_same_count_for_every_group_is_declined_with_the_count(
    house: House, orchards: Dataset, question: str, number: int
) -> None:
    reason = declined(await house.ask(orchards, question))

    assert reason.endswith(f"each of them has the same number of rows, {number}")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("number of rows by region", [["Coast", 4], ["Hill", 8], ["Valley", 12]]),
        ("number of rows by region in 2023", [["Coast", 1], ["Hill", 2], ["Valley", 3]]),
        ("number of rows by irrigated", [["no", 12], ["yes", 12]]),
        ("number of rows by orchard where region is Hill", [["Dunmore", 4], ["Elston", 4]]),
        ("number of orchards per crop", [["apple", 2], ["pear", 2], ["plum", 2]]),
    ],
)
async def test_different_counts_those_of_two_groups_and_other_measures_are_given(
    house: House, orchards: Dataset, question: str, expected: list[list[object]]
) -> None:
    assert rows(await house.ask(orchards, question)) == expected


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("top 3 orchards by number of rows", 4),
        ("orchard with the most rows", 4),
        ("least common orchard", 4),
        ("which year has the most rows", 6),
        ("bottom 2 crops by number of rows", 8),
        ("month with the most rows", 2),
    ],
)
async def test_a_ranking_by_rows_in_which_all_tie_is_declined(
    house: House, orchards: Dataset, question: str, number: int
) -> None:
    reason = declined(await house.ask(orchards, question))

    assert reason.endswith(f"they have the same number of rows, {number}")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("most common region", [["Valley", 12]]),
        ("rarest region", [["Coast", 4]]),
        (
            "top 1 orchard by number of rows where yield is over 11",
            [["Bexhill", 4], ["Dunmore", 4]],
        ),
        (
            "top 1 orchard by number of rows where yield is over 5",
            [["Ardley", 4], ["Bexhill", 4], ["Dunmore", 4]],
        ),
        ("how many orchards have more than 3 rows", [[6]]),
    ],
)
async def test_a_ranking_with_a_first_place_is_given_and_so_is_one_with_a_tie_there(
    house: House, orchards: Dataset, question: str, expected: list[list[object]]
) -> None:
    assert rows(await house.ask(orchards, question)) == expected


async def test_groups_picked_by_their_number_of_rows_may_all_have_it(house: House, orchards: Dataset) -> None:
    answer = await house.ask(orchards, "orchards with more than 3 rows")

    assert [count for _, count in rows(answer)] == [4] * 6


@pytest.mark.parametrize(
    "question",
    [
        "difference in number of rows between Ardley and Bexhill",
        "difference in number of rows between apple and pear",
        "ratio of number of rows in apple to pear",
    ],
)
async def test_a_difference_of_none_between_counts_is_declined(
    house: House, orchards: Dataset, question: str
) -> None:
    assert declined(await house.ask(orchards, question)).endswith("both have the same number of rows")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("difference in number of rows between Valley and Coast", 8),
        ("ratio of number of rows in Valley to Coast", 3.0),
        ("difference in total pickers between Farnham and Corby in 2020", 0),
        ("ratio of total pickers in Farnham to Corby in 2020", 1.0),
    ],
)
async def test_other_differences_of_counts_and_any_of_other_measures_are_given(
    house: House, orchards: Dataset, question: str, expected: float
) -> None:
    assert rows(await house.ask(orchards, question)) == [[expected]]


@pytest.mark.parametrize(
    "question",
    [
        "number of rows by orchard where yield is over 100",
        "average yield by orchard where yield is over 100",
        "which crops are there in Coast where irrigated is yes",
    ],
)
async def test_groups_and_values_of_which_there_are_none_are_declined(
    house: House, orchards: Dataset, question: str
) -> None:
    assert declined(await house.ask(orchards, question)).endswith("nothing in the table is so")


@pytest.mark.parametrize(
    "question", ["how many rows where yield is over 100", "how many orchards where yield is over 100"]
)
async def test_a_count_of_none_is_zero(house: House, orchards: Dataset, question: str) -> None:
    assert rows(await house.ask(orchards, question)) == [[0]]


@pytest.mark.parametrize("word", ["average", "median", "standard deviation of", "variance of"])
async def test_a_mean_per_group_of_one_row_each_is_taken_over_all_rows(
    house: House, orchards: Dataset, word: str
) -> None:
    each = await house.ask(orchards, f"{word} yield per orchard in 2021")
    whole = await house.ask(orchards, f"{word} yield in 2021")

    assert rows(each) == rows(whole)
    assert each.sql is not None
    assert "GROUP BY" not in each.sql
    assert each.reading is not None
    assert "orchard" not in each.reading
    assert (each.sql, each.reading, each.answer, each.columns) == (
        whole.sql,
        whole.reading,
        whole.answer,
        whole.columns,
    )


async def test_what_was_taken_over_all_rows_is_checked_as_one_number(house: House, orchards: Dataset) -> None:
    answer = await house.ask(orchards, "average yield per orchard in 2021")

    assert rows(answer) == [[18.0]], "five of the six orchards have a yield"
    assert {check.code: check.count for check in answer.checks} == {"rows_used": 6, "nulls_left_out": 1}
    assert answer.intent is not None
    assert not answer.intent["groups"]


@pytest.mark.parametrize("groups", ["orchard and year", "year and orchard"])
async def test_of_two_groups_the_one_of_time_stays(house: House, orchards: Dataset, groups: str) -> None:
    answer = await house.ask(orchards, f"average pickers per {groups}")

    assert [year for year, _ in rows(answer)] == [2020, 2021, 2022, 2023]
    assert rows(answer) == rows(await house.ask(orchards, "average pickers by year"))
    assert answer.reading == "mean of pickers by year"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("average yield by region in 2021", [["Coast", 3.0], ["Hill", 25.5], ["Valley", 18.0]]),
        (
            "average yield by orchard where region is not Valley",
            [["Dunmore", 16.5], ["Elston", 33.0], ["Farnham", 4.0]],
        ),
        (
            "highest yield per orchard in 2021 where region is Hill",
            [["Dunmore", 18], ["Elston", 33]],
        ),
    ],
)
async def test_groups_of_several_rows_and_other_measures_stay_groups(
    house: House, orchards: Dataset, question: str, expected: list[list[object]]
) -> None:
    answer = await house.ask(orchards, question)

    assert rows(answer) == expected
    assert answer.sql is not None
    assert "GROUP BY" in answer.sql


@pytest.mark.parametrize(
    "question",
    [
        "average pickers by region in 2023",
        "highest pickers by region in 2023",
        "total pickers by orchard in 2023",
        "compare Ardley and Bexhill average pickers in 2023",
    ],
)
async def test_groups_and_sides_without_any_value_are_declined(
    house: House, orchards: Dataset, question: str
) -> None:
    assert declined(await house.ask(orchards, question)).endswith("none of them has a value")


async def test_one_row_each_and_no_value_at_all_is_declined(house: House, orchards: Dataset) -> None:
    reason = declined(await house.ask(orchards, "average pickers per orchard in 2023"))

    assert reason.endswith("no row with a value fits")


async def test_a_group_without_a_value_beside_others_is_given(house: House, orchards: Dataset) -> None:
    assert rows(await house.ask(orchards, "average pickers by year"))[-1] == [2023, None]


async def test_the_same_row_again_and_again_is_no_list(house: House, pickings: Dataset) -> None:
    reason = declined(await house.ask(pickings, "which pickers have more than 30 baskets"))

    assert "the same ones again and again" in reason


async def test_a_list_that_has_few_rows_twice_is_given(house: House, pickings: Dataset) -> None:
    long = rows(await house.ask(pickings, "which pickers have more than 20 baskets"))
    short = rows(await house.ask(pickings, "which pickers have less than 20 baskets"))

    assert long[:5] == [["Abel", 40]] * 4 + [["Bruno", 31]]
    assert short == [["Franz", 18], ["Gerda", 12]]


async def test_by_lists_the_groups_though_each_is_one_row(house: House, orchards: Dataset) -> None:
    found = rows(await house.ask(orchards, "average yield by orchard in 2021"))

    assert len(found) == 6
    assert len({orchard for orchard, _ in found}) == 6
