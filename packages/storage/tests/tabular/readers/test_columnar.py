import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import _duckdb
import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType

Ingest = Callable[..., Any]


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
