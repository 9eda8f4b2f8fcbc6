"""What steps would do, shown without doing it: by row, by value and in a part of the table."""

from typing import Any

import _duckdb
import pytest

from sapwood_storage.tabular.cleaning.preview import Preview
from sapwood_storage.tabular.model import Column, ColumnType

COLUMNS = (Column("w", ColumnType.TEXT), Column("n", ColumnType.INTEGER))
CAST: Any = {
    "kind": "cast", "reason": "", "columns": ["w"], "to": "integer", "thousands": None, "decimal": ".",
    "affixes": ["$"], "lossy": False, "on_failure": "fail",
}  # fmt: skip


@pytest.fixture
def connection() -> _duckdb.DuckDBPyConnection:
    connection = _duckdb.connect(":memory:")
    connection.execute(
        "CREATE TABLE data AS SELECT if(i % 10 = 0, 'x', '$' || i % 4) AS w, i AS n FROM range(1000) AS t(i)"
    )
    return connection


@pytest.mark.parametrize("values_of", [None, "w"])
def test_counts_and_samples_are_of_rows(
    connection: _duckdb.DuckDBPyConnection, values_of: str | None
) -> None:
    preview = Preview(COLUMNS, [CAST], values_of=values_of)
    (mark,) = preview.marks

    assert connection.execute(preview.counts()).fetchall() == [(900, 100)]
    assert connection.execute(preview.samples(mark, 2)).fetchall() == [("$1", "1", 250), ("$3", "3", 250)]
    assert connection.execute(preview.samples(mark, 2, failing=True)).fetchall() == [("x", None, 100)]
    assert connection.execute(preview.samples(mark, 2, among=["$2"])).fetchall() == [("$2", "2", 200)]


def test_a_part_of_a_table_is_the_same_part_each_time(connection: _duckdb.DuckDBPyConnection) -> None:
    preview = Preview(COLUMNS, [CAST], share=0.5)

    counts = {connection.execute(preview.counts()).fetchone() for _ in range(3)}

    ((changed, failed),) = [one for one in counts if one is not None]
    assert 400 < changed + failed < 600


def test_duplicates_are_rows_beyond_the_first(connection: _duckdb.DuckDBPyConnection) -> None:
    connection.execute("INSERT INTO data FROM data LIMIT 7")

    assert connection.execute(Preview(COLUMNS, []).duplicates()).fetchall() == [(7,)]
