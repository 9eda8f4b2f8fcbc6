"""Whatever Python's `csv` writes is read back equal or stands in quarantine, and nothing is lost."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import _duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapwood_storage.tabular import wire
from sapwood_storage.tabular.model import ColumnType, IngestReport, ReaderOptions
from sapwood_storage.tabular.readers import records
from sapwood_storage.tabular.readers.operations import OPERATIONS

Rows = list[list[str]]

TEXT = st.text(
    st.one_of(
        st.sampled_from("ab ,;|\t\"'\n\\#-0"),
        st.characters(exclude_categories=("Cs", "Cc"), max_codepoint=0x2FFF),
    ),
    max_size=8,
)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    width = draw(st.integers(1, 4))
    cell = st.lists(TEXT, min_size=width, max_size=width)
    return draw(st.lists(cell, min_size=1, max_size=12))


def written(rows: Rows, **form: Any) -> str:
    out = io.StringIO()
    csv.writer(out, **form).writerows(rows)
    return out.getvalue()


def read(text: str, **options: Any) -> tuple[IngestReport, Rows]:
    with TemporaryDirectory() as place, _duckdb.connect(config={"threads": 1}) as connection:
        source, staging = Path(place, "source"), Path(place, "staging")
        source.write_bytes(text.encode())
        staging.mkdir()
        params = {
            "source": str(source),
            "staging": str(staging),
            "options": wire.options_to(ReaderOptions(**options)),
        }
        report = wire.report_from(OPERATIONS["ingest"](connection, params, lambda _: None))
        rows = connection.execute(f"FROM '{staging}/data.parquet'").fetchall()
        return report, [list(row) for row in rows]


@settings(max_examples=80, deadline=None)
@given(tables(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_text_comes_back_as_it_was_written(rows: Rows, delimiter: str, end: str, quoted: bool) -> None:
    names = [f"c{n}" for n in range(len(rows[0]))]
    form = {
        "delimiter": delimiter,
        "lineterminator": end,
        "quoting": csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
    }
    text = written([names, *rows], **form)

    report, found = read(
        text,
        delimiter=delimiter,
        header=True,
        encoding="utf-8",
        format="csv",
        null_tokens=(),
        types=dict.fromkeys(names, ColumnType.TEXT),
    )

    assert report.records == len(rows)
    if not report.quarantined:
        assert found == rows
    else:
        assert all(row in rows for row in found)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_with_everything_sniffed_no_record_is_lost(rows: Rows) -> None:
    names = [f"name {n}" for n in range(len(rows[0]))]
    text = written([names, *rows], lineterminator="\n")

    report, _ = read(text, header=True, delimiter=",", encoding="utf-8", format="csv")

    assert report.records == len(rows)


@settings(max_examples=300, deadline=None)
@given(tables(), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(1, 64))
def test_the_count_of_bytes_is_the_count_of_the_csv_module(
    rows: Rows, end: str, last: bool, block: int
) -> None:
    text = written(rows, lineterminator=end, quoting=csv.QUOTE_ALL)
    text = text if last else text.removesuffix(end)
    with TemporaryDirectory() as place:
        path = Path(place, "x")
        path.write_bytes(text.encode())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(records, "_BLOCK", block)
            lines = records.count_lines(path, '"')
            blank = records.count_blank(path, '"')

        assert (lines, blank) == (len(rows), 0)
        assert len(list(records.records(path, '"'))) == len(rows)
