from collections.abc import Callable
from typing import Any

import pytest

from sapwood_storage.tabular.model import ColumnType
from sapwood_storage.tabular.readers import delimited

Ingest = Callable[..., Any]

PADDING = "some words that make the file larger than what is read as its own sample"


def table(rows: int, bad: dict[int, str]) -> str:
    """Return a CSV with an id, a value and words; `bad` maps rows to values."""
    lines = [f"{n},{bad.get(n, n * 2)},{PADDING}" for n in range(rows)]
    return "id,value,words\n" + "\n".join(lines) + "\n"


def test_null_tokens_become_null_and_are_counted_by_column_and_token(ingest: Ingest) -> None:
    found = ingest("a,b,c\n1,NA,x\n,n/a,None\n-,2.5,NA\n4,null,\n")

    assert found.types == {"a": "integer", "b": "number", "c": "text"}
    assert found.rows == [(1, None, "x"), (None, None, None), (None, 2.5, None), (4, None, None)]
    assert found.report.null_tokens == {
        "a": {"": 1, "-": 1},
        "b": {"NA": 1, "n/a": 1, "null": 1},
        "c": {"None": 1, "NA": 1, "": 1},
    }


@pytest.mark.parametrize(
    "token", ["nil", "NIL", "<NA>", "(null)", "\\N", "#DIV/0!", "NaT", "n.a.", "--", "Null"]
)
def test_what_programs_write_for_no_value_is_a_null(ingest: Ingest, token: str) -> None:
    found = ingest(f"a,b\n1,{token}\n{token},x\n3,y\n")

    assert found.types == {"a": "integer", "b": "text"}
    assert found.rows == [(1, None), (None, "x"), (3, "y")]
    assert found.report.null_tokens == {"a": {token: 1}, "b": {token: 1}}


def test_null_tokens_between_blanks_are_found_in_typed_columns(ingest: Ingest) -> None:
    found = ingest("a,b\n 1 , NA \n 2,3\n ,4\n")

    assert found.rows == [(1, None), (2, 3), (None, 4)]
    assert found.report.null_tokens == {"a": {"": 1}, "b": {"NA": 1}}


def test_null_tokens_can_be_named(ingest: Ingest) -> None:
    found = ingest("a,b\n-999,NA\n5,x\n", null_tokens=("-999",))

    assert found.rows == [(None, "NA"), (5, "x")]
    assert found.report.null_tokens == {"a": {"-999": 1}}


def test_without_null_tokens_an_empty_text_stays_empty(ingest: Ingest) -> None:
    found = ingest("a,b\n1,\n,x\n", null_tokens=())

    assert found.rows == [(1, ""), (None, "x")]


def test_a_null_token_far_behind_the_sample_is_a_null(ingest: Ingest) -> None:
    found = ingest(table(100_000, {25_000: "n/a", 99_999: "NA"}))

    assert found.types["value"] == "integer"
    assert found.report.rows == 100_000
    assert found.column("value")[25_000] is None
    assert found.report.null_tokens == {"value": {"n/a": 1, "NA": 1}}


def test_a_null_token_far_behind_the_sample_is_a_null_in_text_as_well(ingest: Ingest) -> None:
    lines = [f"{n},{'N/A' if n == 90_000 else f'name {n % 50}'},{PADDING}" for n in range(100_000)]

    found = ingest("id,name,words\n" + "\n".join(lines) + "\n")

    assert found.column("name")[90_000] is None
    assert found.report.null_tokens == {"name": {"N/A": 1}}


def test_a_null_token_far_behind_the_sample_is_a_null_in_a_wide_table_as_well(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_SMALL", 1000)
    monkeypatch.setattr(delimited, "_CELLS", 21_000)
    width = 210
    row = ",".join(["x", "y"] * (width // 2)) + "\n"
    last = ",".join(["x", "nil"] * (width // 2)) + "\n"

    found = ingest(",".join(f"t{n}" for n in range(width)) + "\n" + row * 500 + last)

    assert found.rows[-1] == ("x", None) * (width // 2)
    assert found.report.null_tokens == {f"t{n}": {"nil": 1} for n in range(1, width, 2)}


def test_a_few_values_that_do_not_fit_are_quarantined_with_line_column_and_text(ingest: Ingest) -> None:
    found = ingest(table(100_000, {30_000: "many", 60_000: "1.5"}))

    assert found.types["value"] == "integer"
    assert (found.report.records, found.report.rows) == (100_000, 99_998)
    assert found.quarantine == [
        {"line": 30_002, "columns": ["value"], "reason": "not integer", "raw": f"30000,many,{PADDING}"},
        {"line": 60_002, "columns": ["value"], "reason": "not integer", "raw": f"60000,1.5,{PADDING}"},
    ]


def test_a_spelling_that_only_programs_take_for_a_number_is_none(ingest: Ingest) -> None:
    spellings = ["1_000", "1_0.5", "-1_0", "0x1F", "1e1_0"]
    odd = dict(zip([5, 6, 7, 8, 9, *range(50_000, 50_005)], spellings * 2, strict=True))
    lines = [f"{n},{odd.get(n, f'{n}.25')},{PADDING}" for n in range(60_000)]

    found = ingest("id,value,words\n" + "\n".join(lines) + "\n")

    assert found.types["value"] == "number"
    assert [(one["line"], one["columns"]) for one in found.quarantine] == [(n + 2, ["value"]) for n in odd]


def test_many_numbers_with_underscores_behind_the_sample_make_the_column_text(ingest: Ingest) -> None:
    lines = [f"{n},{'1_000' if n > 50_000 else f'{n}.25'},{PADDING}" for n in range(60_000)]

    found = ingest("id,value,words\n" + "\n".join(lines) + "\n")

    assert found.types["value"] == "text"
    assert found.column("value")[-1] == "1_000"


def test_a_record_with_two_misfits_is_one_quarantined_record(ingest: Ingest) -> None:
    lines = [f"{n},{n},{PADDING}" for n in range(100_000)]
    lines[70_000] = f"x,y,{PADDING}"

    found = ingest("a,b,words\n" + "\n".join(lines) + "\n")

    assert [(one["columns"], one["reason"]) for one in found.quarantine] == [
        (["a", "b"], "not integer; not integer")
    ]


def test_too_many_misfits_widen_an_integer_to_a_number(ingest: Ingest) -> None:
    found = ingest(table(100_000, {n: f"{n}.5" for n in range(50_000, 60_000)}))

    assert found.types["value"] == "number"
    assert found.report.quarantined == 0
    assert found.column("value")[50_001] == 50_001.5
    assert found.report.widened == {"value": "integer to number: 10000 of 100000 values are not integer"}


def test_too_many_misfits_widen_a_number_to_text(ingest: Ingest) -> None:
    found = ingest(table(100_000, {n: f"lot {n}" for n in range(50_000, 60_000)}))

    assert found.types["value"] == "text"
    assert found.column("value")[50_000] == "lot 50000"
    assert found.report.widened["value"].startswith("integer to text")


def test_too_many_misfits_widen_a_date_to_a_timestamp(ingest: Ingest) -> None:
    days = [f"{n},2024-01-{n % 28 + 1:02},{PADDING}" for n in range(60_000)]
    times = [f"{n},2024-02-01 10:00:00,{PADDING}" for n in range(1_000)]

    found = ingest("id,at,words\n" + "\n".join(days + times) + "\n")

    assert found.types["at"] == "timestamp"
    assert "date to timestamp" in found.report.widened["at"]


def test_leading_zeros_far_behind_the_sample_keep_the_column_text(ingest: Ingest) -> None:
    found = ingest(table(100_000, {n: f"{n % 100_000:06}" for n in range(50_000, 60_000)}))

    assert found.types["value"] == "text"
    assert found.column("value")[50_000] == "050000"


def test_one_leading_zero_far_behind_the_sample_keeps_the_column_text(ingest: Ingest) -> None:
    found = ingest(table(100_000, {50_000: "007"}))

    assert found.types["value"] == "text"
    assert found.report.quarantined == 0


def test_in_a_file_that_was_seen_whole_the_type_that_loses_nothing_is_taken(ingest: Ingest) -> None:
    found = ingest("a,b\n" + "1,x\n" * 2_000 + "1.5,x\n")

    assert found.types["a"] == "number"
    assert found.report.quarantined == 0


def test_ragged_records_and_misfits_are_told_apart_and_found_on_their_lines(ingest: Ingest) -> None:
    lines = [f"{n},{n},{PADDING}" for n in range(100_000)]
    lines[20] = '20,20,"two\nlines"'
    lines[40_000] = "40000,40000"
    lines[50_000] = f"50000,fifty,{PADDING}"
    lines[60_000] = "\n" + lines[60_000]
    lines[70_000] = f"70000,seventy,{PADDING}"

    found = ingest("a,b,words\n" + "\n".join(lines) + "\n")

    assert found.report.records == 100_000
    assert [(one["line"], one["columns"]) for one in found.quarantine] == [
        (40_003, []),
        (50_003, ["b"]),
        (70_004, ["b"]),
    ]


def test_null_tokens_of_quarantined_records_are_not_counted(ingest: Ingest) -> None:
    lines = [f"{n},{n},{PADDING}" for n in range(100_000)]
    lines[10] = f"10,NA,{PADDING}"
    lines[50_000] = f"fifty,NA,{PADDING}"

    found = ingest("a,b,words\n" + "\n".join(lines) + "\n")

    assert found.report.quarantined == 1
    assert found.report.null_tokens == {"b": {"NA": 1}}


def test_misfits_of_a_named_type_are_quarantined_however_many(ingest: Ingest) -> None:
    found = ingest(table(1_000, dict.fromkeys(range(400), "none")), types={"value": ColumnType.INTEGER})

    assert (found.report.rows, found.report.quarantined) == (600, 400)
