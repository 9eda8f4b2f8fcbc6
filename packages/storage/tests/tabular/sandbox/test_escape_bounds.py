"""Queries without end and for more than fits: bare DuckDB passes each bound, in the sandbox it holds."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import DependencyFailed, InvalidInput, LimitExceeded
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import QueryLimits
from sapwood_storage.tabular.sandbox.pool import SandboxPool

pytestmark = pytest.mark.integration

WORKSPACE = WorkspaceId("ws_test")
TEN = "SELECT count(*) FROM data"
WALL_S = 0.5
MEMORY_MB, HEADROOM_MB, TEMP_MB = 128, 256, 64
ROWS, RESULT_BYTES = 1000, 1 << 20
# Enough to pass every bound above, and little enough to leave the machine to others.
BARE = {"memory_limit": "4GB"}
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PATIENCE_S = 60

WITHOUT_END = [
    "SELECT count(*) FROM range(1000000000000) a, range(1000000) b",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r) SELECT count(*) FROM r",
    "SELECT sum(hash(a.n, b.n)) FROM range(10000000) a(n), range(10000000) b(n)",
    "SELECT count(*) FROM data a, data b, data c, data d, data e, data f, data g, data h, data i, data j",
    "SELECT sleep_ms(1000000)",
    "SELECT count(*) FROM range(100000000) t(n) WHERE regexp_matches(repeat('a', 5000) || n, '(a*)*(a*)*b')",
    "SELECT count(*) FROM range(1000000000) t(n) WHERE n::VARCHAR SIMILAR TO '(1|2|3)*4(5|6)*7'",
    "SELECT sum(list_reduce(range(1000), lambda x, y: x + y + n)) FROM range(100000000) t(n)",
    "WITH RECURSIVE r(n) USING KEY (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
]

TOO_MUCH_MEMORY = [
    "SELECT repeat('x', 4000000000)",
    "SELECT length(repeat('x', 2000000000) || repeat('y', 2000000000))",
    "SELECT list(n) FROM range(10000000000) t(n)",
    "SELECT string_agg(repeat('x', 1000), '') FROM range(100000000)",
    "SELECT range(1000000000)",
    "SELECT array_agg(a.n) FROM range(100000) a(n), range(100000) b(n) GROUP BY b.n",
    "SELECT array_agg(repeat('x', 1000000) || n) FROM range(1000000) t(n)",
    "WITH RECURSIVE r(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM r) SELECT max(length(s)) FROM r",
    "SELECT json_group_array(repeat('x', 1000) || n) FROM range(100000000) t(n)",
    "SELECT (repeat('[', 500000000) || repeat(']', 500000000))::JSON",
    "SELECT map(list(n), list(n)) FROM range(1000000000) t(n)",
    "SELECT histogram(n) FROM range(1000000000) t(n)",
]

TOO_MANY_ROWS = [
    "SELECT * FROM range(1000000000)",
    "SELECT unnest(range(1000000)) FROM range(1000)",
    "SELECT 1 FROM data a, data b, data c, data d, data e, data f, data g, data h, data i",
]

TOO_LARGE_RESULTS = [
    "SELECT repeat('x', 100000) FROM range(1000)",
    "SELECT repeat('x', 10000000)",
    "SELECT range(300000)",
]

CRASHES = ["SELECT (repeat('[', 100000) || repeat(']', 100000))::JSON::VARIANT"]

SPILLS = "SELECT n FROM range(20000000) t(n) ORDER BY hash(n) OFFSET 19999999"


@contextlib.contextmanager
def started(bare: Any, sql: str, **config: str) -> Generator[subprocess.Popen[str]]:
    """Begin it in bare DuckDB, and end that process whatever becomes of it."""
    with bare.start(sql, **{**BARE, **config}) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: subprocess.Popen[str], passed: Callable[[], bool]) -> bool:
    """Say whether a bound was passed while the process lived."""
    deadline = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        if passed():
            return True
        time.sleep(0.01)
    return False


def resident_mb(process: subprocess.Popen[str]) -> int:
    try:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * _PAGE >> 20


def spilled_mb(directory: Path) -> int:
    with contextlib.suppress(OSError):  # files come and go while we look
        return sum(path.stat().st_size for path in directory.rglob("*")) >> 20
    return 0


def result_passes(process: subprocess.Popen[str], *, rows: int, characters: int) -> bool:
    """Read what it tells of its result until there is more than that, or it ends."""
    assert process.stdout is not None
    told = (line.split() for line in process.stdout if not line.startswith("{"))
    return any(int(seen) > rows and int(size) > characters for seen, size in told)


async def still_answers(pool: SandboxPool, dataset: Path) -> bool:
    return (await pool.query(WORKSPACE, "dv_1", dataset, TEN)).rows == [[10]]


@pytest.mark.parametrize("sql", WITHOUT_END)
async def test_a_query_that_runs_on_in_bare_duckdb_is_stopped(
    sql: str, bare: Any, pool: SandboxPool, dataset: Path
) -> None:
    with started(bare, sql) as process, pytest.raises(subprocess.TimeoutExpired):
        process.wait(3 * WALL_S)

    with pytest.raises(LimitExceeded, match=rf"{WALL_S} s") as stopped:
        await pool.query(WORKSPACE, "dv_1", dataset, sql, limits=QueryLimits(wall_s=WALL_S))

    assert stopped.value.hint == "ask for less, or of fewer rows; this limit cannot be raised"
    assert await still_answers(pool, dataset)


@pytest.mark.parametrize("sql", TOO_MUCH_MEMORY)
async def test_a_query_that_fills_the_memory_in_bare_duckdb_is_stopped(
    sql: str, bare: Any, make_pool: Any, dataset: Path
) -> None:
    with started(bare, sql) as process:
        assert until(process, lambda: resident_mb(process) > MEMORY_MB + HEADROOM_MB)
    pool: SandboxPool = make_pool(memory_mb=MEMORY_MB, headroom_mb=HEADROOM_MB, temp_mb=TEMP_MB)

    with pytest.raises((LimitExceeded, InvalidInput)) as stopped:
        await pool.query(WORKSPACE, "dv_1", dataset, sql, limits=QueryLimits(result_bytes=RESULT_BYTES))

    assert stopped.value.message
    assert await still_answers(pool, dataset)


async def test_a_sort_that_fills_the_disk_in_bare_duckdb_is_stopped(
    bare: Any, make_pool: Any, dataset: Path, tmp_path: Path
) -> None:
    spill = tmp_path / "spill"
    with started(bare, SPILLS, memory_limit=f"{TEMP_MB}MB", temp_directory=str(spill)) as process:
        assert until(process, lambda: spilled_mb(spill) > TEMP_MB)
    pool: SandboxPool = make_pool(memory_mb=TEMP_MB, temp_mb=TEMP_MB // 4)

    with pytest.raises(LimitExceeded):
        await pool.query(WORKSPACE, "dv_1", dataset, SPILLS)

    assert await still_answers(pool, dataset)


@pytest.mark.parametrize("sql", TOO_MANY_ROWS)
async def test_a_result_that_goes_on_in_bare_duckdb_is_cut(
    sql: str, bare: Any, pool: SandboxPool, dataset: Path
) -> None:
    with started(bare, sql) as process:
        assert result_passes(process, rows=100 * ROWS, characters=0)

    result = await pool.query(WORKSPACE, "dv_1", dataset, sql, limits=QueryLimits(rows=ROWS))

    assert len(result.rows) == ROWS
    assert result.truncated


@pytest.mark.parametrize("sql", TOO_LARGE_RESULTS)
async def test_a_result_that_bare_duckdb_hands_over_whole_is_refused(
    sql: str, bare: Any, pool: SandboxPool, dataset: Path
) -> None:
    with started(bare, sql) as process:
        assert result_passes(process, rows=0, characters=RESULT_BYTES)

    with pytest.raises(LimitExceeded, match=r"result is larger|row of the result"):
        await pool.query(WORKSPACE, "dv_1", dataset, sql, limits=QueryLimits(result_bytes=RESULT_BYTES))

    assert await still_answers(pool, dataset)


@pytest.mark.parametrize("sql", CRASHES)
async def test_a_query_that_ends_the_process_of_bare_duckdb_ends_a_worker_and_no_more(
    sql: str, bare: Any, pool: SandboxPool, dataset: Path
) -> None:
    with started(bare, sql) as process:
        assert process.wait(_PATIENCE_S) < 0

    with pytest.raises(DependencyFailed, match="SIG"):
        await pool.query(WORKSPACE, "dv_1", dataset, sql)

    assert await still_answers(pool, dataset)
