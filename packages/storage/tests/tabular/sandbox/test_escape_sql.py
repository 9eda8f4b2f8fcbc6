"""SQL from an attacker that reads, writes or changes: done in bare DuckDB, refused in the sandbox."""

import functools
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import DependencyFailed, Forbidden, InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import ResultTable
from sapwood_storage.tabular.sandbox import launcher
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]

HOSTILE = Path(__file__).parent / "hostile"
Ask = Callable[..., Awaitable[ResultTable]]
REFUSED = (Forbidden, InvalidInput)
TEN = "SELECT count(*) FROM data"

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
    "PIVOT (SELECT content FROM read_text('{secret}')) ON content",
    "SELECT * FROM parquet_metadata('{parquet}')",
    "SELECT * FROM read_parquet('{parquet}')",
    "SELECT * FROM parquet_scan('{directory}/*.parquet')",
    "ATTACH '{database}' AS other; SELECT * FROM other.secrets",
    "SELECT * FROM read_ndjson_objects('{json}')",
    "SELECT * FROM read_single_csv_file('{secret}', header = false)",
    "SELECT * FROM read_single_json_file('{json}')",
    "SELECT * FROM read_single_parquet_file('{parquet}')",
    "SELECT * FROM parquet_schema('{parquet}')",
    "SELECT * FROM parquet_file_metadata('{parquet}')",
    "SELECT * FROM parquet_full_metadata('{parquet}')",
    "SELECT * FROM parquet_bloom_probe('{parquet}', 'word', 'swordfish')",
    "SELECT * FROM read_duckdb('{database}', table_name = 'secrets')",
    "SELECT * FROM read_csv('{directory}/*.csv', header = false)",
    "SELECT * FROM read_csv(['{secret}'], header = false)",
    "SELECT content FROM read_text('{directory}/../outside/secret.csv')",
    "SELECT content FROM read_text('file://{secret}')",
    "SELECT content FROM read_text('/proc/self/environ')",
]  # fmt: skip

# What `stat` tells, which no layer of the kernel takes away; docs/sandbox.md names it.
KNOWS_OF_A_FILE = [
    "DESCRIBE SELECT content FROM read_text('{secret}')",
    "(SELECT 1) UNION ALL (SELECT size FROM read_blob('{secret}'))",
]

WRITES_A_FILE = [
    "COPY (SELECT 1) TO '{created}'",
    "COPY (SELECT 'x'::BLOB) TO '{created}' (FORMAT blob)",
    "EXPORT DATABASE '{created}'",
    "ATTACH '{created}' AS other",
    "ATTACH '{database}' AS other; CREATE TABLE other.more AS SELECT 1",
    "SELECT * FROM enable_logging(storage := 'file', storage_config := {{'path': '{created}'}})",
    "CREATE PERSISTENT SECRET written (TYPE http)",
    "SET log_query_path = '{created}'",
]  # fmt: skip

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
    "SET python_enable_replacements = true",
    "SET VARIABLE x = 1",
    "CALL enable_logging()",
    "CREATE SECRET (TYPE http)",
    "CREATE TYPE t AS ENUM ('a')",
    "COPY FROM DATABASE memory TO memory2",
]  # fmt: skip

IMPORTS = "IMPORT DATABASE '{exported}'"


@pytest.fixture(scope="module")
def other_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database and what it exports, written by another process, for one may open it but once."""
    directory = tmp_path_factory.mktemp("database")
    script = (
        "import _duckdb, sys; c = _duckdb.connect(sys.argv[1] + '/other.db');"
        "c.execute(\"CREATE TABLE secrets AS SELECT 'swordfish' AS word\");"
        "c.execute(f\"EXPORT DATABASE '{sys.argv[1]}/exported'\")"
    )
    subprocess.run([sys.executable, "-c", script, str(directory)], check=True)
    return directory


@pytest.fixture
def outside(open_directory: Path, write_parquet: Any, other_database: Path) -> Generator[dict[str, str]]:
    """Files that every user may read and write, so that their mode is not what keeps a worker away."""
    directory = open_directory / "outside"
    directory.mkdir()
    (directory / "secret.csv").write_text("swordfish,1\n")
    (directory / "secret.json").write_text('{"word": "swordfish"}\n')
    write_parquet(directory / "other.parquet", "SELECT 'swordfish' AS word")
    shutil.copytree(other_database, directory, dirs_exist_ok=True)
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    yield {
        "directory": str(directory),
        "secret": str(directory / "secret.csv"),
        "json": str(directory / "secret.json"),
        "parquet": str(directory / "other.parquet"),
        "database": str(directory / "other.db"),
        "exported": str(directory / "exported"),
        "created": str(directory / "created"),
    }
    shutil.rmtree(directory)


def _stamps(directory: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in directory.rglob("*")}


async def _got(ask: Ask, sql: str) -> str:
    """Return what came of it: nothing, unless an attack had its way."""
    try:
        result = await ask(sql)
    except (*REFUSED, DependencyFailed) as refusal:
        return "swordfish" if "swordfish" in refusal.message else ""
    return "".join(str(value) for row in result.rows for value in row if value != "[]")


@pytest.mark.parametrize("sql", READS_A_FILE + KNOWS_OF_A_FILE)
async def test_a_file_that_bare_duckdb_reads_is_refused(
    sql: str, bare: Any, ask_again: Ask, outside: dict[str, str]
) -> None:
    sql = sql.format(**outside)
    found = bare.run(sql)
    assert found["rows"], found["error"]

    with pytest.raises(REFUSED) as refusal:
        await ask_again(sql)

    assert "swordfish" not in refusal.value.message
    assert (await ask_again(TEN)).rows == [[10]]


@pytest.mark.parametrize("sql", READS_A_FILE)
async def test_a_file_stays_out_of_reach_without_the_gate_and_without_duckdbs_locks(
    sql: str, ask_within: Ask, outside: dict[str, str]
) -> None:
    assert await _got(ask_within, sql.format(**outside)) == ""
    assert await _got(ask_within, TEN) == "[(10,)]"


@pytest.mark.parametrize("sql", KNOWS_OF_A_FILE)
async def test_no_more_than_that_it_is_there_comes_out_of_a_file(
    sql: str, ask_within: Ask, outside: dict[str, str]
) -> None:
    assert "swordfish" not in await _got(ask_within, sql.format(**outside))


@pytest.mark.parametrize("sql", WRITES_A_FILE)
async def test_a_file_that_bare_duckdb_writes_is_not_written(
    sql: str, bare: Any, ask_again: Ask, outside: dict[str, str], tmp_path: Path
) -> None:
    sql, copy = sql.format(**outside), tmp_path / "copy"
    shutil.copytree(outside["directory"], copy)
    before = _stamps(tmp_path)
    bare.run(sql.replace(outside["directory"], str(copy)), "SELECT 1")  # some write with what comes next
    assert _stamps(tmp_path) != before
    after = _stamps(tmp_path), _stamps(Path(outside["directory"]))

    with pytest.raises(REFUSED):
        await ask_again(sql)

    assert (await ask_again(TEN)).rows == [[10]]
    assert (_stamps(tmp_path), _stamps(Path(outside["directory"]))) == after


@pytest.mark.parametrize("module", ["raw_sql_worker", "kernel_only_worker"])
@pytest.mark.parametrize("sql", WRITES_A_FILE)
async def test_no_file_is_written_without_the_gate_and_without_duckdbs_locks(
    sql: str, module: str, ten_rows: Path, outside: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(HOSTILE))
    before = _stamps(Path(outside["directory"]))
    start = functools.partial(launcher.start, module=module)
    # A worker of its own: a log that cannot be written spoils what comes next.
    async with SandboxPool(settings=SandboxSettings(spares=0, bound=1), start=start) as pool:
        ask = functools.partial(pool.query, WorkspaceId("ws_test"), "dv_1", ten_rows)
        assert await _got(ask, TEN) == "[(10,)]"

        for statement in (sql.format(**outside), "SELECT 1"):
            await _got(ask, statement)

    assert _stamps(Path(outside["directory"])) == before


@pytest.mark.parametrize("sql", CHANGES_SOMETHING)
async def test_a_change_that_bare_duckdb_makes_is_refused(
    sql: str, bare: Any, ask_again: Ask, outside: dict[str, str]
) -> None:
    found = bare.run("ATTACH ':memory:' AS memory2", sql)
    assert found["error"] is None

    with pytest.raises(REFUSED):
        await ask_again(sql)

    assert (await ask_again(TEN)).rows == [[10]]


async def test_a_database_that_bare_duckdb_imports_is_refused(
    bare: Any, ask_again: Ask, outside: dict[str, str]
) -> None:
    sql = IMPORTS.format(**outside)
    assert bare.run(sql, "SELECT word FROM secrets")["rows"] == [["swordfish"]]

    with pytest.raises(REFUSED):
        await ask_again(sql)

    with pytest.raises(InvalidInput, match="secrets"):
        await ask_again("SELECT word FROM secrets")


async def test_no_database_is_imported_without_the_gate_and_without_duckdbs_locks(
    ask_within: Ask, outside: dict[str, str]
) -> None:
    await _got(ask_within, IMPORTS.format(**outside))

    assert await _got(ask_within, "SELECT word FROM secrets") == ""


@pytest.mark.parametrize("sql", ["", ";", "-- nothing"])
async def test_no_statement_is_no_query(sql: str, ask_again: Ask) -> None:
    with pytest.raises(REFUSED):
        await ask_again(sql)
