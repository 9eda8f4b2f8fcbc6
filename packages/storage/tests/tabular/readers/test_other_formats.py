import datetime as dt
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import _duckdb
import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType

Ingest = Callable[..., Any]

WORKBOOK = {
    "[Content_Types].xml": """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/styles.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
</Types>""",
    "_rels/.rels": """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="xl/workbook.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>""",
    "xl/styles.xml": """<?xml version="1.0" encoding="UTF-8"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="3"><xf/><xf numFmtId="14" applyNumberFormat="1"/>
<xf numFmtId="22" applyNumberFormat="1"/></cellXfs>
</styleSheet>""",
}


def workbook(path: Path, *, merged: tuple[str, ...] = (), **sheets: list[list[Any]]) -> Path:
    """Write a small .xlsx of rows of cells, some `merged`; a date is (serial number, style)."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in WORKBOOK.items():
            archive.writestr(name, text)
        listed, linked = "", ""
        ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
        over = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
        for at, (name, rows) in enumerate(sheets.items(), 1):
            listed += f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>'
            linked += (
                f'<Relationship Id="rId{at}" Target="worksheets/sheet{at}.xml" Type='
                '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
            )
            body = ""
            for number, row in enumerate(rows, 1):
                cells = "".join(cell(f"{chr(65 + x)}{number}", value) for x, value in enumerate(row))
                body += f'<row r="{number}">{cells}</row>'
            archive.writestr(
                f"xl/worksheets/sheet{at}.xml",
                '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                f"<sheetData>{body}</sheetData>{over}</worksheet>",
            )
        archive.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<sheets>{listed}</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{linked}</Relationships>",
        )
    return path


def cell(place: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value}</v></c>'
        case (serial, style):
            return f'<c r="{place}" s="{style}"><v>{serial}</v></c>'
        case _:
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def test_a_sheet_gives_its_rows_and_types(ingest: Ingest, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "x.xlsx",
        Sales=[
            ["region", "zip", "amount", "when", "at", "ok", "n"],
            ["north", "01234", 1.5, (45000, 1), (45000.5, 2), True, 7],
            [None] * 7,
            ["south", "90210", 2, (45001, 1), (45001.25, 2), False, 8],
        ],
        Other=[["a"], [1]],
    )

    found = ingest(path)

    assert found.types == {
        "region": "text",
        "zip": "text",
        "amount": "number",
        "when": "date",
        "at": "timestamp",
        "ok": "boolean",
        "n": "integer",
    }
    assert found.rows[0] == (
        "north", "01234", 1.5, dt.date(2023, 3, 15), dt.datetime(2023, 3, 15, 12), True, 7,
    )  # fmt: skip
    assert found.report.rows == 2
    assert "'Sales' was read; the others are Other" in found.notes


def test_a_sheet_is_chosen_by_name_or_number(ingest: Ingest, tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", One=[["a"], [1]], Two=[["b"], [2]])

    assert ingest(path, sheet="Two").types == {"b": "integer"}
    assert ingest(path, sheet="2").types == {"b": "integer"}
    assert ingest(workbook(tmp_path / "y.xlsx", Blank=[], Full=[["c"], [3]])).types == {"c": "integer"}
    with pytest.raises(InvalidInput, match="no sheet 'Three'") as caught:
        ingest(path, sheet="Three")
    assert caught.value.hint == "by name or number from 1: One, Two"


TABLE = [["region", "amount"], ["north", 1.5], ["south", 2], ["east", 3]]


@pytest.mark.parametrize(
    "above",
    [
        [["Sales of 2024", None]],
        [["Sales of 2024", None], ["made by Ann", None], [None, None]],
        [[None, "Sales of 2024"]],
    ],
)
def test_titles_above_the_header_of_a_sheet_are_left_out_and_it_is_said(
    ingest: Ingest, tmp_path: Path, above: list[list[Any]]
) -> None:
    found = ingest(workbook(tmp_path / "x.xlsx", One=[*above, *TABLE]))

    assert found.types == {"region": "text", "amount": "number"}
    assert found.rows == [("north", 1.5), ("south", 2.0), ("east", 3.0)]
    assert "left out: Sales of 2024" in found.notes


def test_a_header_of_two_rows_names_columns_by_both(ingest: Ingest, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [],
        ["Sales", None, None, None, None],
        ["Region", "2023", None, "2024", None],
        [None, "Q1", "Q2", "Q1", "Q2"],
        ["north", 1, 2, 3, 4.5],
        ["south", 5, 6, 7, 8],
    ]
    merged = ("A2:E2", "A3:A4", "B3:C3", "D3:E3")

    found = ingest(workbook(tmp_path / "x.xlsx", merged=merged, One=rows))

    assert list(found.types) == ["Region", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"]
    assert found.rows == [("north", 1, 2, 3, 4.5), ("south", 5, 6, 7, 8)]
    assert "left out: Sales" in found.notes
    assert "two rows are the header" in found.notes


def test_a_title_merged_over_the_table_is_no_header(ingest: Ingest, tmp_path: Path) -> None:
    rows = [["Sales of 2024", None], *TABLE]

    found = ingest(workbook(tmp_path / "x.xlsx", merged=("A1:B1",), One=rows))

    assert found.types == {"region": "text", "amount": "number"}
    assert found.report.rows == 3


def test_merged_cells_among_the_records_are_no_header(ingest: Ingest, tmp_path: Path) -> None:
    rows = [["region", "old", "new"], ["north", 1, 2], ["south", 3, None], ["east", 4, 5], ["west", 6, None]]

    found = ingest(workbook(tmp_path / "x.xlsx", merged=("B3:C3", "B5:C5"), One=rows))

    assert found.types == {"region": "text", "old": "integer", "new": "integer"}
    assert found.report.rows == 4


def test_rows_of_a_sheet_that_are_less_filled_are_no_titles(ingest: Ingest, tmp_path: Path) -> None:
    rows = [["a", None, None], ["b", 1, 2], ["c", None, 3], ["d", 4, 5]]

    one = ingest(workbook(tmp_path / "x.xlsx", One=[["name", "x", "y"], *rows]))
    other = ingest(workbook(tmp_path / "y.xlsx", One=rows), header=False)

    assert one.column("name") == other.column("column0") == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("first", "doubted"),
    [
        (["price", "weight"], True),
        (["oak", 12], False),
        (["oak", None], False),
        ([2020, 2021], False),
    ],
)
def test_a_first_row_of_names_is_doubted_where_there_is_to_be_no_header(
    ingest: Ingest, tmp_path: Path, first: list[Any], *, doubted: bool
) -> None:
    rows = [first, ["elm", 10], ["ash", 20.5], ["fir", 30]]

    found = ingest(workbook(tmp_path / "x.xlsx", One=rows), header=False)
    texts = ingest(workbook(tmp_path / "y.xlsx", One=[["a", "b"], ["c", "d"], ["e", "f"]]), header=False)

    assert ("looks like a header" in str(found.report.reader.get("doubts"))) is doubted
    assert found.report.rows == 4
    assert "doubts" not in texts.report.reader


def test_what_is_no_workbook_is_refused(ingest: Ingest, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")

    with pytest.raises(InvalidInput, match="no workbook"):
        ingest(tmp_path / "x.zip")
    with pytest.raises(InvalidInput, match="is empty"):
        ingest(workbook(tmp_path / "e.xlsx", Empty=[]))


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


def test_parquet_types_become_ours_and_nested_values_text(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with _duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT 1::UTINYINT AS a, 2.50::DECIMAL(9, 2) AS b, 0.1::FLOAT AS c,
            DATE '2024-01-02' AS d,
            TIMESTAMPTZ '2024-01-02 10:00+02' AS e, [1, 2] AS f, {{'x': 1}} AS g, true AS h, 7::UBIGINT AS i,
            'x' AS j, 'ab'::BLOB AS k, TIME '10:00' AS l, NULL AS m) TO '{path}' (FORMAT parquet)"""
        )

    found = ingest(path)

    assert list(found.types.values()) == [
        "integer", "number", "number", "date", "timestamp", "text", "text", "boolean", "text", "text", "text",
        "text", "text",
    ]  # fmt: skip
    assert found.rows[0][:8] == (
        1, 2.5, 0.1, dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, 8), "[1,2]", '{"x":1}', True,
    )  # fmt: skip
    assert not isinstance(found.rows[0][1], Decimal)
    assert "f: integer[] became text" in found.notes


TOKENS = "SELECT unnest(['NA', 'x', '', 'nil', NULL, 'NA', ' NA ']) AS a, unnest(range(7)) AS b, 'y' AS c"


def test_null_tokens_in_parquet_texts_are_nulls_and_counted(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with _duckdb.connect() as connection:
        connection.execute(f"COPY ({TOKENS}) TO '{path}' (FORMAT parquet)")

    found = ingest(path)

    assert found.column("a") == [None, "x", None, None, None, None, " NA "]
    assert found.column("b") == list(range(7))
    assert found.report.null_tokens == {"a": {"": 1, "NA": 2, "nil": 1}}


def test_null_tokens_in_parquet_can_be_kept(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with _duckdb.connect() as connection:
        connection.execute(f"COPY ({TOKENS}) TO '{path}' (FORMAT parquet)")

    found = ingest(path, null_tokens=())

    assert found.column("a") == ["NA", "x", "", "nil", None, "NA", " NA "]
    assert found.report.null_tokens == {}


def test_a_parquet_column_can_be_read_as_text_only(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with _duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a) TO '{path}' (FORMAT parquet)")

    assert ingest(path, types={"a": ColumnType.TEXT}).rows == [("1",)]
    with pytest.raises(InvalidInput, match="is integer in the file"):
        ingest(path, types={"a": ColumnType.DATE})


def test_a_parquet_file_without_rows_is_refused_in_words(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with _duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a WHERE false) TO '{path}' (FORMAT parquet)")

    with pytest.raises(InvalidInput, match="no records"):
        ingest(path)


def test_a_broken_parquet_file_is_an_error_of_the_input(ingest: Ingest) -> None:
    with pytest.raises(InvalidInput):
        ingest(b"PAR1" + b"\0" * 100)


def test_a_format_that_does_not_exist_is_refused(ingest: Ingest) -> None:
    with pytest.raises(InvalidInput, match="no format 'xml'"):
        ingest("a,b\n1,2\n", format="xml")
