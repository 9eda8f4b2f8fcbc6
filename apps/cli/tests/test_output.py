"""Files that are written: read back by somebody else's reader."""

import csv
import json
from pathlib import Path

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import FLIGHTS
from python_calamine import CalamineWorkbook

from sapwood_cli.output import write_rows
from sapwood_runtime.settings import Settings
from sapwood_shared.errors import InvalidInput

QUESTION = "average dep_delay by origin"


def test_csv_holds_the_rows_in_full_precision(sapwood: Sapwood, tmp_path: Path) -> None:
    out = tmp_path / "delays.csv"
    answer = sapwood("ask", FLIGHTS, QUESTION, "--out", str(out), "--json").json("answer")

    with out.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == answer["columns"]
    assert [[key, float(value)] for key, value in rows] == answer["rows"]


def test_json_holds_a_record_a_row(sapwood: Sapwood, tmp_path: Path) -> None:
    out = tmp_path / "delays.json"
    answer = sapwood("ask", FLIGHTS, QUESTION, "--out", str(out), "--json").json("answer")

    records = json.loads(out.read_text())
    assert [list(record.values()) for record in records] == answer["rows"]
    assert list(records[0]) == answer["columns"]


def test_excel_holds_numbers_as_numbers(sapwood: Sapwood, tmp_path: Path) -> None:
    out = tmp_path / "delays.xlsx"
    answer = sapwood("ask", FLIGHTS, QUESTION, "--out", str(out), "--json").json("answer")

    head, *rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_name("answer").to_python()
    assert head == answer["columns"]
    assert rows == [[key, pytest.approx(value)] for key, value in answer["rows"]]


def test_parquet_holds_types(sapwood: Sapwood, tmp_path: Path) -> None:
    out = tmp_path / "mixed.parquet"
    statement = (
        "SELECT 7 AS whole, 1.5 AS half, '007' AS code, DATE '2024-01-05' AS day, true AS yes, NULL AS none, "
        "TIMESTAMP '2024-01-05 10:00:00' AS moment UNION ALL SELECT 8, NULL, 'x', NULL, NULL, NULL, NULL"
    )
    sapwood("sql", FLIGHTS, statement, "--out", str(out))

    found = sapwood("sql", str(out), "SELECT * FROM data", "--json").json("sql")
    assert [column["type"] for column in found["columns"]] == [
        "integer", "number", "text", "date", "boolean", "text", "timestamp",
    ]  # fmt: skip
    assert found["rows"] == [
        [7, 1.5, "007", "2024-01-05", True, None, "2024-01-05T10:00:00"],
        [8, None, "x", None, None, None, None],
    ]


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "parquet"])
def test_columns_of_the_same_name_are_told_apart(sapwood: Sapwood, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"twice.{ending}"

    said = sapwood("sql", FLIGHTS, 'SELECT 1 AS a, 2 AS "a"', "--out", str(out))

    assert said.code == 0
    if ending == "json":
        assert [list(record.values()) for record in json.loads(out.read_text())] == [[1, 2]]


def test_formulas_and_addresses_stay_text_in_excel(tmp_path: Path) -> None:
    out = tmp_path / "sly.xlsx"
    cells = ["=1+1", "http://example.org", "+cmd", "@x"]

    write_rows(str(out), ["cell"], [[cell] for cell in cells], Settings(tmp_path))

    sheet = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[1:]] == cells


def test_a_sheet_has_an_end(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a sheet holds"):
        write_rows(str(tmp_path / "long.xlsx"), ["n"], [[0]] * 1_048_576, Settings(tmp_path))


def test_no_rows_are_an_empty_table_and_no_parquet(sapwood: Sapwood, tmp_path: Path) -> None:
    nothing = "SELECT origin FROM data WHERE false"

    for ending in ("csv", "json", "xlsx"):
        assert sapwood("sql", FLIGHTS, nothing, "--out", str(tmp_path / f"none.{ending}")).code == 0
    said = sapwood("sql", FLIGHTS, nothing, "--out", str(tmp_path / "none.parquet"))

    assert said.code == 2
    assert "no rows" in said.err
    assert (tmp_path / "none.csv").read_text().splitlines() == ["origin"]


def test_an_abstention_writes_no_file(sapwood: Sapwood, tmp_path: Path) -> None:
    said = sapwood("ask", FLIGHTS, "average warranty", "--out", str(tmp_path / "none.csv"))

    assert said.code == 3
    assert list(tmp_path.iterdir()) == []


def test_a_written_file_is_the_persons_own(sapwood: Sapwood, tmp_path: Path) -> None:
    made = tmp_path / "made.csv"
    (tmp_path / "plain").write_text("")

    sapwood("sql", FLIGHTS, "SELECT 1 AS one", "--out", str(made))

    assert made.stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(
    ("ending", "start"),
    [("png", b"\x89PNG"), ("svg", b"<svg"), ("html", b"<!DOCTYPE html>")],
)
@pytest.mark.parametrize(
    "question", ["flights by weekday", "number of flights by day of time_hour"], ids=["bars", "line"]
)
def test_a_chart_is_drawn(sapwood: Sapwood, tmp_path: Path, ending: str, start: bytes, question: str) -> None:
    chart = tmp_path / f"chart.{ending}"

    said = sapwood("ask", FLIGHTS, question, "--chart", str(chart))

    assert said.code == 0
    assert chart.read_bytes().lstrip()[: len(start)].lower() == start.lower()
    if ending == "html":
        assert b"cdn" not in chart.read_bytes()[:5_000], "a page that needs no network"
