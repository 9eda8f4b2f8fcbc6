import asyncio
import time
from dataclasses import replace

import pytest
from packages.agents.tests.analyst.house import WORKSPACE, House, counts, rows
from pydantic import ValidationError

from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.intent import QueryIntent
from sapwood_agents.analyst.ports import Dataset
from sapwood_shared.errors import Cancelled, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many rows", [[8]]),
        ("minimum and maximum price", [[2.0, 9.0]]),
        ("average price by city", [["Lima", 5.0], ["Oslo", 7.0], ["Rome", 4.0], [None, 9.0]]),
        ("top 1 note by number of rows", [["fine", 3]]),
        ("which cities are there", [["Lima"], ["Oslo"], ["Rome"]]),
        ("compare Rome and Oslo average price", [["Rome", 4.0], ["Oslo", 7.0]]),
        ("difference in average price between Rome and Oslo", [[-3.0]]),
        ("ratio of average price in Rome to Oslo", [[4.0 / 7.0]]),
        ("price of order id 4", [[7.0]]),
        (
            "number of rows by month",
            [["2024-01-01", 2], ["2024-02-01", 2], ["2024-03-01", 1], ["2025-03-01", 2], ["2025-05-01", 1]],
        ),
    ],
)
async def test_each_shape_of_answer_holds_what_the_contract_says(
    house: House, shop: Dataset, question: str, expected: list[list[object]]
) -> None:
    assert rows(await house.ask(shop, question)) == expected


async def test_an_answer_carries_all_that_it_stands_on(house: House, shop: Dataset) -> None:
    question = Question(text="average price by city")
    answer = await house.without_cache().ask(WORKSPACE, shop, question, DetachedWork())

    assert answer.columns == ("City", 'mean_the_"price"')
    assert answer.sql is not None
    assert 'AVG("the ""price""")' in answer.sql
    assert "~" not in answer.sql, "counters are no part of the answer's SQL"
    assert answer.reading
    assert answer.answer
    assert answer.chart is not None
    assert (answer.engine, answer.reason, answer.cached) == ("instant", None, False)
    assert (answer.dataset.version, answer.dataset.title, answer.dataset.rows) == (shop.version, "shop", 8)
    assert set(answer.timings_ms) == {"survey", "read", "query"}


async def test_a_word_without_a_place_is_named_and_other_questions_offered(
    house: House, shop: Dataset
) -> None:
    answer = await house.ask(shop, "average warranty by city")

    assert answer.reason is not None
    assert (answer.answer, answer.sql, answer.reading, answer.rows) == (None, None, None, ())
    assert answer.reason.code == "unplaced"
    assert "warranty" in answer.reason.words
    assert "warranty" in answer.reason.text
    for offered in answer.reason.can_answer:
        assert (await house.ask(shop, offered)).answer is not None, offered


async def test_a_word_without_a_place_in_one_sheet_names_the_others(house: House, shop: Dataset) -> None:
    sheet = replace(shop, title="shop of sheets", sheet="Sales", other_sheets=("Staff", "Stores"))
    answer = await house.ask(sheet, "average warranty by city")

    assert answer.reason is not None
    assert answer.reason.text.endswith(
        "; this is the sheet 'Sales', the others are Staff, Stores: --sheet asks one of them"
    )


async def test_two_readings_are_both_shown_and_neither_is_answered(house: House, flights: Dataset) -> None:
    answer = await house.ask(flights, "mean delay")

    assert answer.reason is not None
    assert (answer.reason.code, answer.answer, answer.rows) == ("ambiguous", None, ())
    assert len({reading.reading for reading in answer.reason.readings}) == 2
    sql = " ".join(reading.sql for reading in answer.reason.readings)
    assert "dep_delay" in sql
    assert "arr_delay" in sql


async def test_a_value_that_several_rows_have_is_not_picked_from(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "price in Rome")

    assert answer.reason is not None
    assert answer.reason.code in ("unsupported", "ambiguous")


async def test_a_number_that_stands_on_no_row_is_not_given(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "average price where größe is over 100")

    assert answer.reason is not None
    assert answer.reason.code == "unsupported"
    assert "no row" in answer.reason.text


async def test_a_count_of_no_rows_is_zero(house: House, shop: Dataset) -> None:
    assert rows(await house.ask(shop, "how many rows where größe is over 100")) == [[0]]


@pytest.mark.parametrize("text", ["😀", "?!", "..."])
async def test_signs_without_a_word_are_no_question(house: House, shop: Dataset, text: str) -> None:
    answer = await house.ask(shop, text)

    assert answer.reason is not None
    assert (answer.reason.code, answer.reason.words) == ("unplaced", (text,))


async def test_an_empty_question_and_one_without_end_are_refused() -> None:
    for text in ("", "x" * 2_001):
        with pytest.raises(ValidationError):
            Question(text=text)


async def test_the_longest_question_comes_to_an_end(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, ("average warranty by city and " * 100)[:2_000])

    assert answer.reason is not None


async def test_a_second_asking_comes_from_the_cache(house: House, shop: Dataset) -> None:
    analyst, question = house.without_cache(), Question(text="median price")
    first = await analyst.ask(WORKSPACE, shop, question, DetachedWork())
    asked = len(house.tables.asked)

    second = await analyst.ask(WORKSPACE, shop, question, DetachedWork())

    assert (first.cached, second.cached) == (False, True)
    assert second == first.model_copy(update={"cached": True, "timings_ms": second.timings_ms})
    assert len(house.tables.asked) == asked


async def test_a_cached_answer_says_how_long_this_call_took(house: House, shop: Dataset) -> None:
    analyst, question = house.without_cache(), Question(text="median price")
    first = await analyst.ask(WORKSPACE, shop, question, DetachedWork())

    started = time.perf_counter()
    second = await analyst.ask(WORKSPACE, shop, question, DetachedWork())
    took_ms = 1000 * (time.perf_counter() - started)

    assert set(second.timings_ms) == {"cache"}
    assert 0 < second.timings_ms["cache"] <= took_ms
    assert set(first.timings_ms) == {"survey", "read", "query"}


async def test_a_refusal_is_cached_too(house: House, shop: Dataset) -> None:
    analyst, question = house.without_cache(), Question(text="average warranty")
    first = await analyst.ask(WORKSPACE, shop, question, DetachedWork())

    second = await analyst.ask(WORKSPACE, shop, question, DetachedWork())

    assert second == first.model_copy(update={"cached": True, "timings_ms": second.timings_ms})


async def test_the_same_question_asked_ten_times_at_once_is_computed_once(
    house: House, shop: Dataset
) -> None:
    analyst, question = house.without_cache(), Question(text="total price by select")
    before = len(house.tables.asked)

    answers = await asyncio.gather(
        *(analyst.ask(WORKSPACE, shop, question, DetachedWork()) for _ in range(10))
    )

    # Two looks at the table, for its card, and one for the answer.
    assert len(house.tables.asked) - before == 3
    assert [answer.cached for answer in answers].count(False) == 1
    assert len({answer.rows for answer in answers}) == 1


async def test_another_name_for_the_same_bytes_is_another_card(house: House, shop: Dataset) -> None:
    renamed = Dataset(shop.version, "bargains", shop.columns, shop.rows)

    assert rows(await house.ask(renamed, "how many bargains")) == [[8]]
    assert (await house.ask(shop, "how many bargains")).answer is None


async def test_a_workspace_does_not_see_the_answers_of_another(house: House, shop: Dataset) -> None:
    await house.ask(shop, "how many rows")

    with pytest.raises(NotFound):  # nothing is there to bind a worker to
        await house.analyst.ask(WorkspaceId("other"), shop, Question(text="how many rows"), DetachedWork())


async def test_cancelled_work_ends_with_cancelled_and_the_next_one_answers(
    house: House, shop: Dataset
) -> None:
    analyst, question = house.without_cache(), Question(text="largest price by select")
    work = DetachedWork()
    work.cancel()

    with pytest.raises(Cancelled):
        await analyst.ask(WORKSPACE, shop, question, work)

    assert rows(await analyst.ask(WORKSPACE, shop, question, DetachedWork()))


async def test_a_caller_who_leaves_takes_the_answer_from_nobody(house: House, shop: Dataset) -> None:
    analyst, question = house.without_cache(), Question(text="smallest price by select")
    leaving = asyncio.create_task(analyst.ask(WORKSPACE, shop, question, DetachedWork()))
    staying = asyncio.create_task(analyst.ask(WORKSPACE, shop, question, DetachedWork()))
    await asyncio.sleep(0)
    leaving.cancel()

    assert rows(await staying)
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_many_quarantined_records_refuse_an_answer_until_allowed(house: House) -> None:
    # One field too many in 30 of 1,030 records: 2.9 % of them.
    text = "a,b\n" + "1,x\n" * 1_000 + "1,x,stray\n" * 30
    broken = await house.read("broken.csv", text)
    assert broken.quarantined == 30

    refused = await house.ask(broken, "how many rows")
    allowed = await house.ask(broken, "how many rows", allow_quarantined=True)

    assert refused.reason is not None
    assert refused.reason.code == "unsupported"
    assert "30 of 1,030" in refused.reason.text
    assert "--allow-quarantined" in refused.reason.text
    assert rows(allowed) == [[1_000]]
    assert counts(allowed)["quarantined"] == 30


async def test_few_quarantined_records_are_named_in_the_checks(house: House) -> None:
    text = "a,b\n" + "1,x\n" * 2_000 + "1,x,stray\n"
    broken = await house.read("hardly_broken.csv", text)

    answer = await house.ask(broken, "how many rows")

    assert rows(answer) == [[2_000]]
    assert counts(answer)["quarantined"] == 1


async def test_no_quarantined_record_is_no_check(house: House, shop: Dataset) -> None:
    assert "quarantined" not in counts(await house.ask(shop, "how many rows"))


async def test_what_is_not_finite_becomes_null_and_is_counted(house: House) -> None:
    table = await house.read("odd.csv", "name,x\nup,1.7e308\nup,1.7e308\ndown,2\ndown,4\n")

    grouped = await house.ask(table, "total x by name")
    whole = await house.ask(table, "total x")

    assert rows(grouped) == [["down", 6.0], ["up", None]]
    assert counts(grouped)["nonfinite"] == 1
    assert whole.reason is not None
    assert "no finite number" in whole.reason.text


async def test_names_of_every_script_and_with_every_sign_can_be_asked_about(house: House) -> None:
    table = await house.read(
        "names.csv",
        'select,"it\'s; --",naïve café,価格,"a ""b"" c"\nx,1,2,3,4\ny,5,6,7,8\ny,0,8,1,0\n',
    )
    asked = {
        "average naïve café by select": [["x", 2.0], ["y", 7.0]],
        "total 価格": [[11]],
        "sum of a b c": [[12]],
        "sum of it's": [[6]],
    }

    for question, expected in asked.items():
        assert rows(await house.ask(table, question)) == expected, question


async def test_a_value_with_a_quote_is_asked_for_as_it_is(house: House, shop: Dataset) -> None:
    assert rows(await house.ask(shop, "how many rows where note is it's broken")) == [[1]]


async def test_a_question_that_looks_like_sql_is_only_words(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "how many rows'; DROP TABLE data; --")

    assert answer.reason is not None
    assert rows(await house.ask(shop, "how many rows")) == [[8]]


async def test_a_table_without_rows_counts_none(house: House) -> None:
    empty = Dataset("dv_" + "0" * 40, "nothing", (), 0)

    answer = await house.ask(empty, "average price")

    assert answer.reason is not None


async def test_a_follow_up_edits_the_reading_before_it(house: House, shop: Dataset) -> None:
    first = await house.ask(shop, "average price by city")
    previous = QueryIntent.model_validate(first.intent)

    answer = await house.ask(shop, "and by select?", previous=previous)

    assert [row[0] for row in rows(answer)] == ["a", "b", "c"]


async def test_a_follow_up_on_nothing_is_not_answered(house: House, shop: Dataset) -> None:
    answer = await house.ask(shop, "and by select?")

    assert answer.answer is None
