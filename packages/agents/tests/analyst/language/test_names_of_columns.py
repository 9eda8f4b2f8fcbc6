"""Columns and values that are called short, by a code, or with a number beside them."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.language.names import likeness
from sapwood_agents.analyst.language.spelling import expansion


@pytest.fixture(scope="module")
def assays() -> Iterator[Asked]:
    """One row an assay; names and values are written as clerks write them."""
    rows: list[list[Value]] = [
        [f"A{number:02}", f"LN-{number:04}", ["3_Poor", "2_Fair", "1_Good"][number * 5 % 7 % 3],
         ["Not in the Guild", "Guild Apprentice", "Retired"][number * 7 % 11 % 3], number * 13 % 31 + 1,
         ["Granite Quarry", "Slate Quarry", "Marble Works"][number * 11 % 13 % 3], number % 9, 20 + number * 3 % 50]
        for number in range(50)
    ]  # fmt: skip
    columns = ["assay", "license_number", "cond", "guild_status", "bal", "site_name", "crack_count", "age"]
    with closing(asked("stone_assays", columns, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("short", "word"),
    [("bal", "balance"), ("cond", "condition"), ("nbhd", "neighborhood"), ("trt", "treatment")],
)
def test_a_short_name_is_known_by_its_word(short: str, word: str) -> None:
    assert expansion(short) == word
    assert likeness(word, short) > 0.9


def test_a_short_name_is_not_known_by_another_word_that_begins_so() -> None:
    assert likeness("balcony", "bal") == 0


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average balance", "SELECT avg(bal) FROM data"),
        ("assays by condition", "SELECT cond, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many poor assays", "SELECT count(*) FROM data WHERE cond='3_Poor'"),
        ("how many granite assays", "SELECT count(*) FROM data WHERE site_name='Granite Quarry'"),
        ("how many assays are from the granite quarry", "SELECT count(*) FROM data WHERE site_name='Granite Quarry'"),
        ("how many assays are not in the guild", "SELECT count(*) FROM data WHERE guild_status='Not in the Guild'"),
        ("how many cracks", "SELECT sum(crack_count) FROM data"),
        ("how many assays with more than 5 cracks", "SELECT count(*) FROM data WHERE crack_count>5"),
    ],
)  # fmt: skip
def test_names_and_values_are_found_as_people_say_them(assays: Asked, question: str, statement: str) -> None:
    assert assays.agrees(question, statement)


@pytest.mark.parametrize(
    "question", ["how many assays by age group", "average balance by age band", "how many apprenticed assays"]
)
def test_a_band_is_not_the_number_that_it_is_made_of(assays: Asked, question: str) -> None:
    assert assays.intent(question) is None


def test_rows_are_shown_by_their_name_and_not_by_a_licence_number(assays: Asked) -> None:
    assert assays.agrees(
        "which assays have a balance above 28", "SELECT assay, bal FROM data WHERE bal>28 ORDER BY 2 DESC, 1"
    )


def test_a_code_names_no_row() -> None:
    rows: list[list[Value]] = [[f"LN-{number:04}", number * 13 % 31] for number in range(40)]
    with closing(asked("dosing_book", ["usubjid", "dose_mg"], rows)) as doses:
        assert doses.intent("which have a dose above 28") is None
    with closing(asked("dosing_book", ["keeper", "dose_mg"], rows)) as doses:
        assert doses.intent("which have a dose above 28") is not None


def test_a_capital_at_the_end_is_no_unit() -> None:
    rows: list[list[Value]] = [[number, number * 13 % 31, number * 7 % 31] for number in range(40)]
    with closing(asked("rescue_calls", ["call_id", "search_S", "wait_s"], rows)) as calls:
        assert calls.reader.linker.declared_units("search_S") == ()
        assert calls.reader.linker.declared_units("wait_s") == ("s",)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many moorings", "SELECT sum(moorings) FROM data"),
        ("how many moorings by quay", "SELECT quay, sum(moorings) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many rows", "SELECT count(*) FROM data"),
    ],
)
def test_what_a_column_counts_in_each_row_is_no_row(question: str, statement: str) -> None:
    rows: list[list[Value]] = [[["East", "West"][number % 3 // 2], number * 13 % 31] for number in range(40)]
    with closing(asked("harbour_moorings", ["quay", "moorings"], rows)) as harbour:
        assert harbour.agrees(question, statement)
