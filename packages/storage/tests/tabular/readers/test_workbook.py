import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput

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
    assert caught.value.hint == "name one by --sheet, or give its number from 1: One, Two"


PROSE = [["This workbook was made"], ["Contact: the office"]]


@pytest.mark.parametrize("first", [PROSE, [["Read me"]], []], ids=["prose", "one cell", "empty"])
def test_the_first_sheet_that_holds_a_table_is_read_and_it_is_said(
    ingest: Ingest, tmp_path: Path, first: list[list[Any]]
) -> None:
    path = workbook(tmp_path / "x.xlsx", About=first, Sales=TABLE, Staff=[["name"], ["Ann"], ["Bo"]])

    found = ingest(path)

    assert found.types == {"region": "text", "amount": "number"}
    assert "the sheet 'Sales' was read because About before it holds no table" in found.notes
    assert "the others are About, Staff; --sheet names one" in found.notes
    assert found.report.reader["other_sheets"] == ["About", "Staff"]


def test_a_sheet_of_prose_is_read_when_it_is_named_or_alone(ingest: Ingest, tmp_path: Path) -> None:
    named = ingest(workbook(tmp_path / "x.xlsx", About=PROSE, Sales=TABLE), sheet="About")
    alone = ingest(workbook(tmp_path / "y.xlsx", About=PROSE))

    assert named.report.reader["sheet"] == alone.report.reader["sheet"] == "About"
    assert "because" not in named.notes + alone.notes


def test_a_column_alone_is_a_table(ingest: Ingest, tmp_path: Path) -> None:
    found = ingest(workbook(tmp_path / "x.xlsx", Names=[["full name"], ["Ann Lee"], ["Bo Ray"]], Sales=TABLE))

    assert found.report.reader["sheet"] == "Names"


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
