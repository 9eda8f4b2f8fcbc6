import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType

Ingest = Callable[..., Any]


def lines(*objects: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


def test_objects_one_a_line_give_a_column_for_each_key(ingest: Ingest) -> None:
    found = ingest(
        lines(
            {"id": 1, "name": "x", "tags": ["a"], "born": "2024-01-02"},
            {"id": 2, "score": 1.5, "name": None, "ok": True, "born": "2024-02-03"},
        )
    )

    assert found.types == {
        "id": "integer", "name": "text", "tags": "text", "born": "date", "score": "number", "ok": "boolean",
    }  # fmt: skip
    assert found.rows[1] == (2, None, None, dt.date(2024, 2, 3), 1.5, True)
    assert found.rows[0][2] == '["a"]'


def test_an_array_and_objects_over_several_lines_are_read(ingest: Ingest) -> None:
    objects = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]

    assert ingest(json.dumps(objects)).rows == [(1, "x"), (2, "y")]
    assert ingest(json.dumps(objects, indent=2)).rows == [(1, "x"), (2, "y")]
    assert ingest("\n".join(json.dumps(one, indent=2) for one in objects)).rows == [(1, "x"), (2, "y")]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("before", "after", "left_out"),
    [
        ({}, {}, ""),
        ({"status": "ok", "paging": {"page": 1, "of": 2}}, {}, "; left out: status, paging"),
        ({"errors": []}, {"total": 2, "next": None}, "; left out: errors, total, next"),
    ],
    ids=["alone", "behind others", "between others"],
)
def test_an_array_that_an_object_holds_is_the_table(
    ingest: Ingest, indent: int | None, before: dict[str, Any], after: dict[str, Any], left_out: str
) -> None:
    records = [{"a": 1, "b": "x ] }"}, {"a": 2, "b": '"]'}]

    found = ingest(json.dumps({**before, "the data": records, **after}, indent=indent))

    assert found.rows == [(1, "x ] }"), (2, '"]')]
    assert found.report.reader["notes"] == [f"the records under 'the data' were read{left_out}"]


@pytest.mark.parametrize("indent", [None, 2])
def test_objects_that_each_hold_an_array_stay_rows(ingest: Ingest, indent: int | None) -> None:
    objects = [{"id": at, "lines": [{"n": at}, {"n": 0}]} for at in (1, 2)]

    found = ingest("\n".join(json.dumps(one, indent=indent) for one in objects))

    assert [row[0] for row in found.rows] == [1, 2]


def test_a_wrapped_array_that_is_cut_off_is_refused(ingest: Ingest) -> None:
    whole = json.dumps({"data": [{"a": 1}, {"a": 2}]})

    with pytest.raises(InvalidInput):
        ingest(whole[:-5])


def test_a_long_wrapped_array_is_read_from_its_ends(ingest: Ingest) -> None:
    records = [{"a": at, "b": "x" * 90} for at in range(20_000)]

    found = ingest(json.dumps({"data": records, "total": 20_000}))

    assert found.report.rows == 20_000


def test_text_in_json_stays_what_it_is(ingest: Ingest) -> None:
    found = ingest(lines({"zip": "01234", "n": "5", "x": " y "}, {"zip": "90210", "n": "6", "x": "na na"}))

    assert found.types == {"zip": "text", "n": "text", "x": "text"}
    assert found.rows == [("01234", "5", " y "), ("90210", "6", "na na")]


def test_null_tokens_in_json_are_nulls_and_counted(ingest: Ingest) -> None:
    found = ingest(
        lines(
            {"text": "NA", "number": 1, "day": "2024-01-02", "nested": {"a": "NA"}},
            {"text": "x", "number": "n/a", "day": "", "nested": ["nil"]},
            {"text": None, "number": 2.5, "day": "nil"},
            {"text": "NA", "number": 3},
        )
    )

    assert found.types == {"text": "text", "number": "number", "day": "date", "nested": "text"}
    assert found.rows == [
        (None, 1.0, dt.date(2024, 1, 2), '{"a":"NA"}'),
        ("x", None, None, '["nil"]'),
        (None, 2.5, None, None),
        (None, 3.0, None, None),
    ]
    assert found.report.null_tokens == {"text": {"NA": 2}, "number": {"n/a": 1}, "day": {"": 1, "nil": 1}}


def test_null_tokens_in_json_can_be_kept(ingest: Ingest) -> None:
    found = ingest(lines({"a": "NA", "b": ""}, {"a": "x", "b": "NA"}), null_tokens=())

    assert found.rows == [("NA", ""), ("x", "NA")]
    assert found.report.null_tokens == {}


@pytest.mark.parametrize("tokens", [(), ("", "NA")])
def test_an_empty_text_in_json_fits_a_column_that_was_named_text(
    ingest: Ingest, tokens: tuple[str, ...]
) -> None:
    found = ingest(
        lines({"a": "", "b": 1}, {"a": "x", "b": 2}),
        types={"a": ColumnType.TEXT, "b": ColumnType.TEXT},
        null_tokens=tokens,
    )

    assert found.types == {"a": "text", "b": "text"}
    assert found.rows == [(None if tokens else "", "1"), ("x", "2")]


def test_a_key_with_values_of_several_types_is_text_and_it_is_said(ingest: Ingest) -> None:
    found = ingest(lines({"a": 1}, {"a": "x"}, {"a": 2.5}))

    assert found.rows == [("1",), ("x",), ("2.5",)]
    assert "became text" in found.notes


def test_integers_beyond_64_bits_are_not_rounded(ingest: Ingest) -> None:
    found = ingest('{"a":18446744073709551615}\n{"a":1}\n')

    assert found.rows == [("18446744073709551615",), ("1",)]


def test_keys_may_hold_anything_and_are_made_unique(ingest: Ingest) -> None:
    found = ingest('{"a/b~c":1,"":2,"A":3,"a":4,"x\'y":5}\n')

    assert found.types == dict.fromkeys(["a/b~c", "column1", "A", "a_2", "x'y"], "integer")
    assert found.rows == [(1, 2, 3, 4, 5)]


def test_lines_that_are_no_objects_are_quarantined(ingest: Ingest) -> None:
    found = ingest('{"a":1}\n\n{"a":\n[2]\n{"a":3}\n{"a":4}\n')

    assert found.rows == [(1,), (3,), (4,)]
    assert [(one["line"], one["reason"], one["raw"]) for one in found.quarantine] == [
        (3, "not valid JSON", '{"a":'),
        (4, "not a JSON object", "[2]"),
    ]
    assert found.report.records == 5


@pytest.mark.parametrize("content", ["[]", "[1,2]", '[{"a":1},', "{", '{"a":1}\nx\ny\nz\n'])
def test_json_without_a_table_is_refused(ingest: Ingest, content: str) -> None:
    with pytest.raises(InvalidInput):
        ingest(content, format="json")


@pytest.mark.parametrize("content", ["[1,2,3]", '["a", "b"]\n', "[\n  1.5,\n  null\n]", "[true]"])
def test_an_array_of_plain_values_is_json_and_no_table(ingest: Ingest, content: str) -> None:
    with pytest.raises(InvalidInput, match="no JSON objects") as refused:
        ingest(content)

    assert refused.value.hint == "an array of objects, or one object a line, is read"


def test_a_large_array_is_told_apart_by_its_ends(ingest: Ingest) -> None:
    numbers = ",".join(str(n) for n in range(1_300_000))
    assert len(numbers) > 8 << 20

    with pytest.raises(InvalidInput, match="no JSON objects"):
        ingest(f"[{numbers}]\n")
    assert ingest("[low,high]\n" + "[10,20]\n" * 1_100_000).report.reader["format"] == "csv"


@pytest.mark.parametrize(
    "value", ['"a town, a river"', f'"{"field, barn, " * 400}"', f'"{"orchard " * 600}"']
)
def test_a_large_array_of_texts_is_no_table_however_long_they_are(ingest: Ingest, value: str) -> None:
    texts = ",".join([value] * ((9 << 20) // len(value)))

    with pytest.raises(InvalidInput, match="no JSON objects"):
        ingest(f"[{texts}]")


def test_a_large_array_of_objects_is_read_whatever_stands_before_them(ingest: Ingest) -> None:
    towns = ", ".join(['{"town": "Ardley, by the mill", "people": 410}'] * 200_000)

    found = ingest(f'["a list of towns", {towns}]').report

    assert found.reader["format"] == "json"
    assert (found.rows, found.quarantined) == (200_000, 1)


@pytest.mark.parametrize("line", ["[10,20]", '[1,{"a"}]'])
def test_large_lines_that_begin_with_a_bracket_are_still_csv(ingest: Ingest, line: str) -> None:
    lines = f"{line}\n" * ((9 << 20) // len(line))

    assert ingest(lines, delimiter=",", quote="").report.reader["format"] == "csv"


def test_lines_that_begin_with_a_bracket_are_still_csv(ingest: Ingest) -> None:
    found = ingest("[low,high]\n[1,2]\n[3,4]\n")

    assert found.report.reader["format"] == "csv"
    assert found.report.rows == 2


@pytest.mark.parametrize("content", ['{"a":1', '{"a":1,\n"b":'])
def test_an_object_that_does_not_end_is_said_to_be_cut_off(ingest: Ingest, content: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ingest(content)

    assert "cut off" in (refused.value.hint or "")
