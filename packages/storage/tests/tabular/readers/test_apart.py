from collections.abc import Callable, Iterator
from pathlib import Path

import _duckdb
import pytest

from sapwood_shared.errors import DependencyFailed
from sapwood_storage.tabular.readers import apart, sql
from sapwood_storage.tabular.readers.apart import Field
from sapwood_storage.tabular.readers.outcome import parquet

FIELDS = [Field(f"upper(t{column})", f"T {column}") for column in range(20)]
Write = Callable[[str], str]


@pytest.fixture
def connection() -> Iterator[sql.Connection]:
    with _duckdb.connect(config={"threads": 2, "memory_limit": "64MB"}) as connection:
        connection.execute("SET disable_parquet_prefetching = true")
        yield connection


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write one row group of the columns of a query; return the SQL that reads it."""

    def write(query: str) -> str:
        path = tmp_path / "source.parquet"
        with _duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 100_000)")
        return f"read_parquet('{path}')"

    return write


def texts(length: int) -> str:
    columns = ", ".join(f"repeat(md5((n + {at})::VARCHAR), {length}) AS t{at}" for at in range(20))
    return f"SELECT {columns} FROM range(20_000) t(n)"


@pytest.mark.parametrize("length", [1, 4])
def test_columns_that_do_not_fit_the_memory_together_are_written_all_the_same(
    connection: sql.Connection, write: Write, tmp_path: Path, length: int
) -> None:
    relation = write(texts(length))
    target, work = tmp_path / "data.parquet", tmp_path / "work"
    work.mkdir()

    rows = apart.copy(
        connection, FIELDS, relation, target, form=parquet(connection, 640.0 * length), work=work
    )

    assert rows == 20_000
    assert not list(work.iterdir())
    wanted = sql.select([f"{field.value} AS {sql.name(field.name)}" for field in FIELDS], relation)
    with _duckdb.connect() as judge:
        assert judge.execute(f"FROM {wanted} EXCEPT ALL FROM '{target}'").fetchall() == []
        names = [name for name, *_ in judge.execute(f"DESCRIBE FROM '{target}'").fetchall()]
    assert names == [field.name for field in FIELDS]


def test_a_column_that_does_not_fit_the_memory_alone_is_told(
    connection: sql.Connection, write: Write, tmp_path: Path
) -> None:
    relation = write("SELECT 'x' || n AS t0, repeat(md5(n::VARCHAR), 400) AS t1 FROM range(10_000) t(n)")

    with pytest.raises(_duckdb.OutOfMemoryException):
        apart.copy(
            connection, FIELDS[:2], relation, tmp_path / "data.parquet", form=parquet(connection, 12_800.0),
            work=tmp_path,
        )  # fmt: skip


def test_columns_of_different_length_are_not_put_side_by_side(
    connection: sql.Connection, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = iter([_duckdb.OutOfMemoryException("full"), 3, 4])

    def copy(*_: object) -> int:
        if isinstance(length := next(lengths), Exception):
            raise length
        return length

    monkeypatch.setattr(apart, "_copy", copy)

    with pytest.raises(DependencyFailed, match="same number of rows"):
        apart.copy(connection, FIELDS[:2], "t", tmp_path / "data.parquet", form="", work=tmp_path)


@pytest.mark.parametrize(
    ("limit", "row_bytes", "rows"),
    [("512MiB", 100, 122_880), ("512MiB", 2_000, 16_384), ("64MiB", 2_000, 2_048), ("2GiB", 1e9, 2_048)],
)
def test_a_row_group_takes_a_sixteenth_of_the_memory_at_most(limit: str, row_bytes: float, rows: int) -> None:
    with _duckdb.connect(config={"memory_limit": limit}) as connection:
        assert parquet(connection, row_bytes).endswith(f"ROW_GROUP_SIZE {rows}")
