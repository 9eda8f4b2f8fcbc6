"""An answer is given whether or not there is something to write to the files that were asked for."""

from pathlib import Path

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import FLIGHTS

import sapwood_cli.answer_files
from sapwood_shared.errors import StorageFull


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("how many flights", "a single number has no chart"),
        ("when was the last flight", "a single value has no chart"),
        ("which carrier has the highest average arr_delay", "a single row has no chart"),
        ("which carriers are there", "a list without numbers has no chart"),
    ],
)
def test_an_answer_without_a_chart_is_given_with_a_warning(
    sapwood: Sapwood, tmp_path: Path, question: str, why: str
) -> None:
    chart = tmp_path / "out.png"

    said = sapwood("ask", FLIGHTS, question, "--chart", str(chart))
    as_json = sapwood("ask", FLIGHTS, question, "--chart", str(chart), "--json")

    assert (said.code, as_json.code) == (0, 0)
    assert "SELECT" in said.out
    assert as_json.json("answer")["chart"] is None
    for err in (said.err, as_json.err):
        assert err.startswith(f"sapwood: {why}: {chart} is not written")
    assert list(tmp_path.iterdir()) == []


def test_the_rows_are_written_where_the_chart_cannot_be(sapwood: Sapwood, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"

    said = sapwood("ask", FLIGHTS, "how many flights", "--chart", str(tmp_path / "x.svg"), "--out", str(out))

    assert said.code == 0
    assert out.read_text().splitlines() == ["count", "6099"]


def test_rows_that_make_no_file_are_warned_of_like_a_chart(sapwood: Sapwood, tmp_path: Path) -> None:
    file, out, chart = tmp_path / "sails.csv", tmp_path / "none.parquet", tmp_path / "none.png"
    file.write_text("loft,price\nArdley,3\nBexhill,4\nArdley,5\n")
    asked = ("ask", str(file), "lofts with a price of more than 100")

    said = sapwood(*asked, "--out", str(out), "--chart", str(chart), "--json")

    assert (said.code, said.json("answer")["rows"]) == (0, [])
    assert f"there are no rows to write as Parquet: {out} is not written" in said.err
    assert f"a table without rows has no chart: {chart} is not written" in said.err
    assert list(tmp_path.iterdir()) == [file]


def test_no_answer_says_which_files_are_not_written(sapwood: Sapwood, tmp_path: Path) -> None:
    chart, out = tmp_path / "x.png", tmp_path / "x.csv"

    said = sapwood("ask", FLIGHTS, "average warranty", "--chart", str(chart), "--out", str(out))

    assert said.code == 3
    assert f"there is no answer: {chart} is not written" in said.err
    assert f"there is no answer: {out} is not written" in said.err


def test_a_chart_of_an_unknown_kind_is_refused_before_the_file_is_read(
    sapwood: Sapwood, tmp_path: Path
) -> None:
    said = sapwood("ask", FLIGHTS, "how many flights", "--chart", "out.bmp", home=tmp_path / "home")

    assert (said.code, said.out) == (2, "")
    assert "--chart cannot write .bmp" in said.err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("question", ["how many flights", "average dep_delay by origin"])
def test_words_are_there_before_a_file_fails(
    sapwood: Sapwood, tmp_path: Path, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFull("the disk is full")

    monkeypatch.setattr(sapwood_cli.answer_files, "write_rows", full)

    said = sapwood("ask", FLIGHTS, question, "--out", str(tmp_path / "x.csv"))

    assert said.code == 4
    assert "SELECT" in said.out
    assert "the disk is full" in said.err
