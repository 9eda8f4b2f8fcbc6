"""SQL from an attacker: nothing outside is read, nothing is written, nothing runs without end."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sapwood_shared.errors import (
    DependencyFailed,
    Forbidden,
    InvalidInput,
    LimitExceeded,
    NotFound,
    SapwoodError,
)
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import QueryLimits, ResultTable
from sapwood_storage.tabular.sandbox import launcher
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

Ask = Callable[..., Awaitable[ResultTable]]
SHORT = QueryLimits(wall_s=0.5, rows=1000, result_bytes=1 << 20)

READS_A_FILE = [
    "SELECT * FROM read_csv('{secret}', header = false)",
    "SELECT content FROM read_text('{secret}')",
    "SELECT content FROM read_blob('{secret}')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM glob('{directory}/*')",
    "SELECT * FROM '{secret}'",
    "SELECT * FROM \"{secret}\"",
    "SELECT * FROM query('SELECT content FROM read_text(''{secret}'')')",
    "SELECT * FROM query_table('{secret}')",
    "WITH t AS (SELECT content FROM read_text('{secret}')) SELECT * FROM t",
    "SELECT (SELECT content FROM read_text('{secret}'))",
    "SELECT n, l.content FROM range(2) r(n), LATERAL (SELECT content FROM read_text('{secret}')) l",
    "SELECT * FROM json_execute_serialized_sql("
    "json_serialize_sql('SELECT content FROM read_text(''{secret}'')'))",
    "FROM read_text('{secret}') SELECT content",
    "SUMMARIZE SELECT content FROM read_text('{secret}')",
    "DESCRIBE SELECT content FROM read_text('{secret}')",
    "PIVOT (SELECT content FROM read_text('{secret}')) ON content",
    "(SELECT 1) UNION ALL (SELECT size FROM read_blob('{secret}'))",
    "SELECT * FROM parquet_metadata('{parquet}')",
    "SELECT * FROM read_parquet('{parquet}')",
    "SELECT * FROM parquet_scan('{directory}/*.parquet')",
    "ATTACH '{database}' AS other; SELECT * FROM other.secrets",
]  # fmt: skip

WRITES_A_FILE = [
    "COPY (SELECT 1) TO '{created}'",
    "EXPORT DATABASE '{created}'",
    "ATTACH '{created}' AS other",
]

CHANGES_SOMETHING = [
    "CREATE TABLE t AS SELECT 1",
    "CREATE MACRO f() AS TABLE SELECT 1",
    "SET memory_limit = '100GB'",
    "RESET memory_limit",
    "PRAGMA threads = 100",
    "INSERT INTO data VALUES (1, 2, '3')",
    "UPDATE data SET n = 0",
    "DELETE FROM data",
    "DROP TABLE data",
    "TRUNCATE data",
    "WITH gone AS (DELETE FROM data RETURNING *) SELECT * FROM gone",
    "SELECT 1; DROP TABLE data",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE SELECT 1",
    "PREPARE p AS SELECT 1",
    "BEGIN",
    "VACUUM",
    "CHECKPOINT",
    "USE memory",
]  # fmt: skip

NEVER_IN_A_BOUND_WORKER = [
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{created}'",
    "SELECT * FROM pandas_scan(1::POINTER)",
    "SELECT * FROM arrow_scan(1::POINTER, 2::POINTER, 3::POINTER)",
    "SELECT * FROM enable_logging()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM secret_of_python",
    "SELECT * FROM sys",
    "SET python_enable_replacements = true",
    "IMPORT DATABASE '{directory}'",
    "",
    ";",
    "-- nothing",
]

WITHOUT_END = [
    "SELECT count(*) FROM range(1000000000000) a, range(1000000) b",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r) SELECT count(*) FROM r",
    "SELECT sum(hash(a.n, b.n)) FROM range(10000000) a(n), range(10000000) b(n)",
    "SELECT count(*) FROM data a, data b, data c, data d, data e, data f, data g, data h, data i, data j",
    "SELECT sleep_ms(1000000)",
    "SELECT count(*) FROM range(100000000) t(n) WHERE regexp_matches(repeat('a', 5000) || n, '(a*)*(a*)*b')",
]

TOO_MUCH = [
    "SELECT repeat('x', 1000000000000)",
    "SELECT repeat('x', 2000000000)",
    "SELECT list(n) FROM range(10000000000) t(n)",
    "SELECT string_agg(repeat('x', 1000), '') FROM range(100000000)",
    "SELECT range(1000000000000)",
    "SELECT repeat('x', 100000) FROM range(1000)",
    "SELECT array_agg(a.n) FROM range(100000) a(n), range(100000) b(n) GROUP BY b.n",
]


@pytest.fixture(scope="module")
def other_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "other.db"
    script = (
        "import _duckdb, sys; c = _duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE secrets AS SELECT 1')"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    return path


@pytest.fixture
def outside(tmp_path: Path, write_parquet: Any, other_database: Path) -> dict[str, str]:
    """Files beside the dataset that this test's own process may read and write."""
    directory = tmp_path / "outside"
    directory.mkdir()
    (directory / "secret.csv").write_text("swordfish,1\n")
    write_parquet(directory / "other.parquet", "SELECT 'swordfish' AS word")
    shutil.copy(other_database, directory / "other.db")
    return {
        "directory": str(directory),
        "secret": str(directory / "secret.csv"),
        "parquet": str(directory / "other.parquet"),
        "database": str(directory / "other.db"),
        "created": str(directory / "created"),
    }


@pytest.fixture(scope="module")
def ten_rows(tmp_path_factory: pytest.TempPathFactory, write_parquet: Any) -> Path:
    directory = tmp_path_factory.mktemp("dataset")
    write_parquet(directory / "data.parquet", "SELECT n, n / 2 AS half, 'row' AS name FROM range(10) t(n)")
    return directory


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask_again(ten_rows: Path) -> AsyncGenerator[Ask]:
    """Ask one worker that has met all the attacks before, and has to stand them too."""
    async with SandboxPool(settings=SandboxSettings(spares=0, bound=1)) as pool:
        yield functools.partial(pool.query, WorkspaceId("ws_test"), "dv_1", ten_rows)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask_without_gate(ten_rows: Path) -> AsyncGenerator[Ask]:
    """The same without its gate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent / "hostile"))
        start = functools.partial(launcher.start, module="raw_sql_worker")
        async with SandboxPool(settings=SandboxSettings(spares=0, bound=1), start=start) as pool:
            yield functools.partial(pool.query, WorkspaceId("ws_test"), "dv_1", ten_rows)


def _stamps(outside: dict[str, str]) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in Path(outside["directory"]).rglob("*")}


def unsandboxed(sql: str) -> None:
    """Run it in DuckDB as it comes, on a table of the same name."""
    script = "import _duckdb, sys; c = _duckdb.connect(); [c.execute(sql).fetchall() for sql in sys.argv[1:]]"
    table = "CREATE TABLE data AS SELECT 1 AS n, 0.5 AS half, 'x' AS name"
    subprocess.run([sys.executable, "-c", script, table, sql], check=True, capture_output=True)


@pytest.mark.integration
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("sql", READS_A_FILE + WRITES_A_FILE + CHANGES_SOMETHING)
async def test_what_bare_duckdb_does_is_refused_in_the_sandbox(
    sql: str, ask_again: Ask, outside: dict[str, str]
) -> None:
    sql = sql.format(**outside)
    unsandboxed(sql)
    before = _stamps(outside)

    with pytest.raises((Forbidden, InvalidInput)) as refusal:
        await ask_again(sql)

    assert "swordfish" not in refusal.value.message
    assert _stamps(outside) == before
    assert (await ask_again("SELECT count(*) FROM data")).rows == [[10]]


@pytest.mark.integration
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("sql", READS_A_FILE + WRITES_A_FILE)
async def test_files_stay_out_of_reach_without_the_gate(
    sql: str, ask_without_gate: Ask, outside: dict[str, str]
) -> None:
    before = _stamps(outside)

    with pytest.raises((Forbidden, InvalidInput)) as refusal:
        await ask_without_gate(sql.format(**outside))

    assert "swordfish" not in refusal.value.message
    assert _stamps(outside) == before


async def test_other_sql_than_one_select_never_runs(ask: Any, outside: dict[str, str]) -> None:
    for sql in NEVER_IN_A_BOUND_WORKER:
        with pytest.raises((Forbidden, InvalidInput)):
            await ask(sql.format(**outside))

    assert (await ask("SELECT count(*) FROM data")).rows == [[10]]


@pytest.mark.integration
@pytest.mark.parametrize("sql", WITHOUT_END)
async def test_a_query_without_end_is_stopped(sql: str, ask: Any) -> None:
    with pytest.raises(LimitExceeded) as stopped:
        await ask(sql, limits=SHORT)

    assert "0.5 s" in stopped.value.message
    assert stopped.value.hint
    assert (await ask("SELECT count(*) FROM data")).rows == [[10]]


@pytest.mark.integration
@pytest.mark.parametrize("sql", TOO_MUCH)
async def test_a_query_for_more_than_fits_is_stopped(sql: str, make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(memory_mb=128, headroom_mb=256, temp_mb=64)

    with pytest.raises((LimitExceeded, InvalidInput)) as stopped:
        await pool.query(
            WorkspaceId("ws_test"), "dv_1", dataset, sql, limits=QueryLimits(result_bytes=1 << 20)
        )

    assert stopped.value.message
    again = await pool.query(WorkspaceId("ws_test"), "dv_1", dataset, "SELECT count(*) FROM data")
    assert again.rows == [[10]]


async def test_a_result_of_a_billion_rows_is_cut(ask: Any) -> None:
    result = await ask("SELECT * FROM range(1000000000)", limits=QueryLimits(rows=1000))

    assert len(result.rows) == 1000
    assert result.truncated


async def test_sorting_more_than_fits_the_disk_is_stopped(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(memory_mb=64, temp_mb=16)
    sql = "SELECT n FROM range(20000000) t(n) ORDER BY hash(n) OFFSET 19999999"

    with pytest.raises(LimitExceeded):
        await pool.query(WorkspaceId("ws_test"), "dv_1", dataset, sql)


async def test_a_dataset_that_is_a_symlink_is_not_followed(
    pool: SandboxPool, tmp_path: Path, dataset: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "data.parquet").symlink_to(dataset / "data.parquet")

    with pytest.raises(SapwoodError):
        await pool.query(WorkspaceId("ws_test"), "dv_2", elsewhere, "SELECT * FROM data")


async def test_a_symlink_beside_the_data_leads_nowhere(ask: Any, dataset: Path) -> None:
    (dataset / "link.csv").symlink_to("/etc/passwd")

    for sql in (f"SELECT * FROM read_csv('{dataset}/link.csv')", f"SELECT * FROM '{dataset}/link.csv'"):
        with pytest.raises((Forbidden, InvalidInput)):
            await ask(sql)


async def test_a_fifo_in_place_of_the_data_does_not_hang(pool: SandboxPool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "data.parquet")

    with pytest.raises(InvalidInput, match="regular file"):
        await pool.query(WorkspaceId("ws_test"), "dv_2", tmp_path, "SELECT * FROM data")


async def test_a_missing_dataset_is_not_found(pool: SandboxPool, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await pool.query(WorkspaceId("ws_test"), "dv_2", tmp_path, "SELECT * FROM data")


async def test_one_dataset_cannot_see_another(
    pool: SandboxPool, dataset: Path, tmp_path: Path, write_parquet: Any
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_parquet(other / "data.parquet", "SELECT 'theirs' AS owner")
    await pool.query(WorkspaceId("ws_other"), "dv_2", other, "SELECT * FROM data")

    with pytest.raises((Forbidden, InvalidInput)):
        await pool.query(WorkspaceId("ws_test"), "dv_1", dataset, "SELECT owner FROM data")


def _damaged(whole: bytes) -> dict[str, bytes]:
    middle = len(whole) // 2
    return {
        "empty": b"",
        "text": b"a,b\n1,2\n",
        "cut": whole[:middle],
        "magic only": b"PAR1PAR1",
        "huge footer": whole[:-8] + b"\xff\xff\xff\x7fPAR1",
        "negative footer": whole[:-8] + b"\xff\xff\xff\xffPAR1",
        "zeroed pages": whole[:4] + bytes(middle) + whole[4 + middle :],
        "flipped pages": whole[:4] + bytes(byte ^ 0xFF for byte in whole[4:middle]) + whole[middle:],
        "flipped footer": whole[:middle] + bytes(byte ^ 0x11 for byte in whole[middle:-8]) + whole[-8:],
    }


@pytest.mark.integration
async def test_a_damaged_file_is_an_error_and_no_more(
    pool: SandboxPool, tmp_path: Path, dataset: Path
) -> None:
    variants = _damaged((dataset / "data.parquet").read_bytes())

    for number, content in enumerate(variants.values()):
        directory = tmp_path / f"damaged{number}"
        directory.mkdir()
        (directory / "data.parquet").write_bytes(content)
        with pytest.raises((InvalidInput, DependencyFailed, LimitExceeded)):
            await pool.query(
                WorkspaceId("ws_test"), f"dv_damaged{number}", directory, "SELECT sum(n), max(name) FROM data"
            )

    healthy = await pool.query(WorkspaceId("ws_test"), "dv_1", dataset, "SELECT sum(n) FROM data")
    assert healthy.rows == [[45]]
