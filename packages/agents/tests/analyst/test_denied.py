"""Rows of which nobody knows whether they are not so are left out of what is denied, and counted."""

import pytest
from packages.agents.tests.analyst.house import House, counts, rows

from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ports import Dataset

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    "question",
    [
        "how many rows where note is not fine",
        "average größe where note is not fine",
        "total größe by city where note is not fine",
        "which city has the highest average größe where note is not fine",
        "how many rows have a note that does not contain fine",
    ],
)
async def test_rows_without_a_value_in_what_is_denied_are_counted(
    house: House, shop: Dataset, question: str
) -> None:
    assert counts(await house.ask(shop, question))["nulls_left_out"] == 2


async def test_only_those_that_meet_the_other_conditions_are(house: House, shop: Dataset) -> None:
    every = await house.ask(shop, "how many rows where note is not fine")
    some = await house.ask(shop, "how many rows where note is not fine and select is b")

    assert rows(every) == [[3]]
    assert counts(every)["nulls_left_out"] == 2
    assert counts(some).get("nulls_left_out") != 2


@pytest.mark.parametrize(
    "question",
    ["how many rows where note is fine", "how many rows where select is not b", "how many rows have no note"],
)
async def test_where_nothing_is_denied_or_missing_nothing_is_said(
    house: House, shop: Dataset, question: str
) -> None:
    assert "nulls_left_out" not in counts(await house.ask(shop, question))


PLOTS = """\
plot,kind,soil,height
1,oak,clay,4
2,oak,,8
3,,sand,12
4,,,50
5,elm,clay,2
6,elm,,10
7,ash,loam,6
8,ash,sand,
"""


@pytest.mark.parametrize(
    ("question", "left_out"),
    [
        ("how many rows where kind is not oak", {"kind": 2}),
        ("how many rows where kind is not oak and soil is not clay", {"kind": 2, "soil": 2}),
        ("how many rows where kind is not oak or soil is not clay", {"kind": 1, "soil": 2}),
        ("how many rows where kind is oak or soil is not clay", {"soil": 2}),
        ("how many rows with height above average where soil is not clay", {"soil": 2}),
        ("compare number of rows of elm and ash where soil is not clay", {"soil": 1}),
    ],
)
async def test_rows_are_left_out_for_a_value_that_alone_would_have_kept_them(
    house: House, question: str, left_out: dict[str, int]
) -> None:
    plots = await house.read("plots.csv", PLOTS)

    answer = await house.ask(plots, question)

    assert without_value(answer) == left_out


def without_value(answer: Answer) -> dict[str, int | None]:
    """The rows left out for want of a value, by column."""
    assert answer.answer is not None, answer.reason
    found = (check for check in answer.checks if check.code == "nulls_left_out")
    return {check.text.split(" in ")[1].removesuffix(" left out"): check.count for check in found}
