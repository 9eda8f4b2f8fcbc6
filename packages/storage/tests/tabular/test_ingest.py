"""A file becomes a version, in a real sandbox."""

import gzip
import io
import json
from pathlib import Path

import _duckdb
import pytest
from packages.storage.tests.tabular.house import SALES, left_behind, put, restrict, work

from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ColumnType, ReaderOptions
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings
from sapwood_storage.tabular.shelf import version_id

LOCAL = WorkspaceId("local")


PLAIN = ReaderOptions()


class Watched(DetachedWork):
    def __init__(self) -> None:
        super().__init__(timeout_s=120)
        self.shares: list[float] = []

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        assert not metrics
        self.shares.append(done / (total or 1))


@pytest.mark.parametrize("rows_in_group", [20_000, 4_096])
async def test_a_parquet_file_of_long_texts_needs_no_more_than_the_memory_it_is_given(
    tmp_path: Path, rows_in_group: int
) -> None:
    source = tmp_path / "long.parquet"
    texts = ", ".join(f"repeat(md5((n * 20 + {column})::VARCHAR), 4) AS t{column}" for column in range(20))
    with _duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {texts} FROM range(20_000) t(n)) TO '{source}'"
            f" (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {rows_in_group})"
        )
        expected = connection.execute(f"SELECT sum(hash(t0, t7, t19)) FROM '{source}'").fetchone()
    settings = SandboxSettings(spares=0, bound=1, threads=2, memory_mb=64)

    async with SandboxPool(settings=settings) as pool:
        datasets = Datasets(tmp_path / "home", pool)
        version = await datasets.ingest(LOCAL, source, PLAIN, work())

    assert version.report.rows == 20_000
    with _duckdb.connect() as connection:
        written = datasets.directory(LOCAL, version.id) / "data.parquet"
        assert connection.execute(f"SELECT sum(hash(t0, t7, t19)) FROM '{written}'").fetchone() == expected
        groups = connection.execute(
            f"SELECT max(row_group_bytes) FROM parquet_metadata('{written}')"
        ).fetchone()
    assert groups is not None
    assert groups[0] <= 8 << 20


async def test_progress_moves_while_a_file_is_read(pool: SandboxPool, tmp_path: Path) -> None:
    source = tmp_path / "long.csv"
    put(source, "id,amount,words\n" + "".join(f"{n},{n}.5,some words {n}\n" for n in range(2_100_000)))
    watched = Watched()

    await Datasets(tmp_path / "home", pool).ingest(LOCAL, source, PLAIN, watched)

    between = sorted({share for share in watched.shares if 0 < share < 1})
    assert len(between) >= 3
    assert watched.shares == sorted(watched.shares)
    assert watched.shares[-1] == 1


async def test_a_file_becomes_a_version_that_sql_can_read(
    pool: SandboxPool, source: Path, tmp_path: Path
) -> None:
    datasets = Datasets(tmp_path / "home", pool)

    version = await datasets.ingest(LOCAL, source, PLAIN, work())
    directory = datasets.directory(LOCAL, version.id)
    found = await pool.query(
        LOCAL, version.id, directory, "SELECT region, amount FROM data ORDER BY amount DESC"
    )

    assert found.rows == [["south", 2.5], ["north", 1.0]]
    assert version.report.records == version.report.rows == 2
    assert [column.type for column in version.report.columns] == [ColumnType.TEXT, ColumnType.NUMBER]
    assert (version.source_name, version.source_bytes) == ("sales.csv", len(SALES))
    assert sorted(file.name for file in directory.iterdir()) == [
        "data.parquet",
        "quarantine.ndjson",
        "version.json",
    ]
    assert json.loads((directory / "version.json").read_text())["schema_version"] == 1
    assert version.id == version_id(version.source_sha256, PLAIN)
    assert datasets.get(LOCAL, version.id) == version


async def test_what_only_we_may_read_and_what_is_piped_in_is_read_too(
    pool: SandboxPool, source: Path, tmp_path: Path
) -> None:
    datasets = Datasets(tmp_path / "home", pool)
    restrict(source, 0o600)

    private = await datasets.ingest(LOCAL, source, PLAIN, work())
    piped = await datasets.ingest(LOCAL, io.BytesIO(SALES + b"east,3\n"), PLAIN, work())

    assert (private.report.rows, private.source_name) == (2, "sales.csv")
    assert (piped.report.rows, piped.source_name) == (3, "stdin")
    assert left_behind(tmp_path / "home") == sorted([".hashes.json", ".staging", private.id, piped.id])


async def test_the_worker_s_refusal_reaches_the_caller_and_leaves_nothing(
    pool: SandboxPool, tmp_path: Path
) -> None:
    datasets = Datasets(tmp_path / "home", pool)
    junk = tmp_path / "junk.csv"
    junk.write_bytes(b"MZ\x90\x00" * 100)

    with pytest.raises(InvalidInput, match="not text") as caught:
        await datasets.ingest(LOCAL, junk, PLAIN, work())

    assert caught.value.hint
    assert left_behind(tmp_path / "home") == [".staging"]


async def test_every_reader_works_where_no_module_can_be_loaded(pool: SandboxPool, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", pool)
    shift_jis = "名前,n\nたなか,1\nスズキ,x\n".encode("shift_jis")
    texts = {
        "a.csv": shift_jis,
        "b.json": b'{"a":1}\n{"a":\n{"a":2}\n',
        "c.csv": b'Report\n\na,b\r\n1,"x"\n2,13/02/2024\n',
        "d.csv.gz": gzip.compress(b"a;b\n1,5;13/02/2024 10:00\n2,5;14/02/2024 11:00\n"),
    }
    rows: dict[str, int] = {}
    for name, content in texts.items():
        path = tmp_path / name
        path.write_bytes(content)
        rows[name] = (await datasets.ingest(LOCAL, path, PLAIN, work())).report.records

    assert rows == {"a.csv": 2, "b.json": 3, "c.csv": 2, "d.csv.gz": 2}
