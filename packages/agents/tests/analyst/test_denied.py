"""Rows of which nobody knows whether they are not so are left out of what is denied, and counted."""

import pytest
from packages.agents.tests.analyst.house import House, counts, rows

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
