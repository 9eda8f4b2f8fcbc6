import pytest
import pytest_asyncio
from packages.agents.tests.analyst.house import House, rows

from sapwood_agents.analyst.card import ENUMERATED_VALUES
from sapwood_agents.analyst.lookup import _spans
from sapwood_agents.analyst.ports import Dataset

pytestmark = pytest.mark.asyncio(loop_scope="session")

PEOPLE = ENUMERATED_VALUES + 1


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def people(house: House) -> Dataset:
    """More names than are listed on a card, two of them the same."""
    lines = [
        f"Person {number},{number % 90},{'north' if number % 2 else 'south'}" for number in range(PEOPLE)
    ]
    lines += ["Ada Lovelace,36,north", "O'Brien & Sons,41,south", "Zoë Twin,20,north", "Zoë Twin,30,south"]
    return await house.read("people.csv", "full name,age,region\n" + "\n".join(lines) + "\n")


async def test_a_name_among_too_many_to_list_is_found(house: House, people: Dataset) -> None:
    assert rows(await house.ask(people, "age of Ada Lovelace")) == [[36]]


async def test_letters_may_be_small_or_large(house: House, people: Dataset) -> None:
    assert rows(await house.ask(people, "how many rows where full name is ada lovelace")) == [[1]]


async def test_a_name_with_signs_is_found_in_quotes(house: House, people: Dataset) -> None:
    assert rows(await house.ask(people, 'age of "O\'Brien & Sons"')) == [[41]]


async def test_a_name_that_two_rows_have_is_not_looked_up_but_can_be_averaged(
    house: House, people: Dataset
) -> None:
    looked_up = await house.ask(people, "age of Zoë Twin")
    averaged = await house.ask(people, "average age of Zoë Twin")

    assert looked_up.reason is not None
    assert looked_up.reason.code == "unsupported"
    assert "2 rows fit" in looked_up.reason.text
    assert rows(averaged) == [[25.0]]


async def test_a_name_that_nobody_has_is_named_in_the_refusal(house: House, people: Dataset) -> None:
    answer = await house.ask(people, "age of Grace Hopper")

    assert answer.reason is not None
    assert answer.reason.code == "unplaced"


async def test_a_question_without_names_reads_nothing_more(house: House, people: Dataset) -> None:
    await house.ask(people, "how many rows")
    before = len(house.tables.asked)

    await house.ask(people, "average age by region")

    assert len(house.tables.asked) - before == 1


async def test_spans_are_runs_of_words_without_those_of_grammar_alone() -> None:
    spans = _spans("average age of Ada Lovelace")

    assert "ada lovelace" in spans
    assert "average" not in spans
    assert all(text == text.casefold() and text for text in spans)
