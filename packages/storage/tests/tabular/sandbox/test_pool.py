import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import DependencyFailed, LimitExceeded
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import Column, ColumnType, QueryLimits, ResultTable
from sapwood_storage.tabular.sandbox import launcher
from sapwood_storage.tabular.sandbox.pool import SandboxPool

WORKSPACE = WorkspaceId("ws_test")
ENDLESS = "SELECT count(*) FROM range(1000000000000) a, range(1000000) b"


def workers(pool: SandboxPool) -> dict[str, int]:
    return {version: slot.worker.pid for (_, version), slot in pool._slots.items() if slot.worker is not None}


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what changes is another process
            await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def age(path: Path) -> None:
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))


async def test_a_query_answers_with_typed_columns_and_rows(ask: Any) -> None:
    result: ResultTable = await ask("SELECT n, half, name FROM data WHERE n < 2 ORDER BY n")

    assert result.columns == (
        Column("n", ColumnType.INTEGER),
        Column("half", ColumnType.NUMBER),
        Column("name", ColumnType.TEXT),
    )
    assert result.rows == [[0, 0.0, "row 0"], [1, 0.5, "row 1"]]
    assert not result.truncated


async def test_a_long_query_says_how_far_it_is(make_pool: Any, tmp_path: Path, write_parquet: Any) -> None:
    write_parquet(tmp_path / "data.parquet", "SELECT n FROM range(4_000_000) t(n)")
    told: list[float] = []
    long = "SELECT count(DISTINCT md5(n::VARCHAR)[:3]) FROM data"

    result = await make_pool(threads=1).query(WORKSPACE, "dv_long", tmp_path, long, tell=told.append)

    assert result.rows == [[4096]]
    assert len(set(told)) >= 3
    assert told == sorted(told)


async def test_a_result_wider_than_a_frame_arrives_in_parts(ask: Any) -> None:
    result: ResultTable = await ask("SELECT n, repeat('x', 30000) AS wide FROM range(1500) t(n)")

    assert [row[0] for row in result.rows] == list(range(1500))


async def test_one_row_wider_than_a_frame_is_too_much(ask: Any) -> None:
    with pytest.raises(LimitExceeded, match="a row of the result"):
        await ask("SELECT repeat('x', 17000000)")


async def test_a_second_query_meets_the_same_worker(ask: Any, pool: SandboxPool) -> None:
    await ask("SELECT 1")
    before = workers(pool)

    await ask("SELECT 2")

    assert workers(pool) == before


async def test_queries_on_one_dataset_wait_for_each_other(ask: Any, pool: SandboxPool) -> None:
    results = await asyncio.gather(*(ask(f"SELECT {number} + n FROM data LIMIT 1") for number in range(20)))

    assert [result.rows for result in results] == [[[number]] for number in range(20)]
    assert len(workers(pool)) == 1


async def test_the_least_recently_used_worker_makes_room(pool: SandboxPool, dataset: Path) -> None:
    for version in ("a", "b", "a", "c"):
        await pool.query(WORKSPACE, version, dataset, "SELECT 1")

    assert set(workers(pool)) == {"a", "c"}


async def test_a_third_dataset_gets_its_turn_while_two_are_never_idle(
    pool: SandboxPool, dataset: Path
) -> None:
    stop = asyncio.Event()

    async def ask_on(version: str) -> None:
        while not stop.is_set():
            await asyncio.gather(*(pool.query(WORKSPACE, version, dataset, "SELECT 1") for _ in range(3)))

    busy = [asyncio.create_task(ask_on(version)) for version in ("a", "b")]
    async with asyncio.timeout(20):
        result = await pool.query(WORKSPACE, "c", dataset, "SELECT 3")
    stop.set()
    await asyncio.gather(*busy)

    assert result.rows == [[3]]


async def test_a_killed_worker_is_replaced_and_the_query_answered(ask: Any, pool: SandboxPool) -> None:
    await ask("SELECT 1")
    (pid,) = workers(pool).values()
    os.kill(pid, signal.SIGKILL)

    assert (await ask("SELECT count(*) FROM data")).rows == [[10]]
    assert pid not in workers(pool).values()


async def test_a_worker_killed_during_a_query_is_replaced_and_the_query_tried_again(
    ask: Any, pool: SandboxPool
) -> None:
    await ask("SELECT 1")
    (pid,) = workers(pool).values()
    asking = asyncio.create_task(ask("SELECT sleep_ms(300), count(*) FROM data"))
    await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGKILL)

    assert (await asking).rows[0][1] == 10


async def test_a_query_whose_worker_dies_twice_fails(ask: Any, pool: SandboxPool) -> None:
    asking = asyncio.create_task(ask(ENDLESS))
    for _ in range(2):
        await until(lambda: workers(pool))
        (pid,) = workers(pool).values()
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        await until(lambda pid=pid: asking.done() or (workers(pool) and pid not in workers(pool).values()))

    with pytest.raises(DependencyFailed, match="SIGKILL"):
        await asking


async def test_cancelling_stops_the_query_and_keeps_the_worker(ask: Any, pool: SandboxPool) -> None:
    await ask("SELECT 1")
    before = workers(pool)
    asking = asyncio.create_task(ask(ENDLESS))
    await asyncio.sleep(0.1)

    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await ask("SELECT 2")).rows == [[2]]
    assert workers(pool) == before


async def test_cancelling_a_query_that_does_not_listen_ends_its_worker(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(grace_s=0.1)
    await pool.query(WORKSPACE, "a", dataset, "SELECT 1")
    (pid,) = workers(pool).values()
    asking = asyncio.create_task(pool.query(WORKSPACE, "a", dataset, "SELECT sleep_ms(100000)"))
    await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGSTOP)

    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await pool.query(WORKSPACE, "a", dataset, "SELECT 2")).rows == [[2]]
    assert not is_running(pid)


async def test_cancelling_one_caller_in_the_queue_cancels_nobody_else(ask: Any) -> None:
    asking = [asyncio.create_task(ask(f"SELECT {number}")) for number in range(5)]
    await asyncio.sleep(0)

    asking[2].cancel()

    results = await asyncio.gather(*asking, return_exceptions=True)
    assert [result.rows for result in results if isinstance(result, ResultTable)] == [
        [[0]],
        [[1]],
        [[3]],
        [[4]],
    ]


async def test_a_breach_ends_the_worker_and_names_the_limit(ask: Any, pool: SandboxPool) -> None:
    await ask("SELECT 1")
    (pid,) = workers(pool).values()

    with pytest.raises(LimitExceeded, match="processor time"):
        await ask(ENDLESS, limits=QueryLimits(cpu_s=0.1))

    await until(lambda: not is_running(pid))
    assert (await ask("SELECT 2")).rows == [[2]]


async def test_a_worker_that_uses_too_much_memory_is_ended(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="greedy_worker", headroom_mb=64, memory_mb=64)

    with pytest.raises(LimitExceeded, match="128 MB of memory"):
        await pool.query(WORKSPACE, "a", dataset, "SELECT 1")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root sees what another user's process has open")
async def test_files_that_were_deleted_and_are_held_open_count_as_spilled(
    make_pool: Any, dataset: Path
) -> None:
    pool: SandboxPool = make_pool(module="hoarding_worker", temp_mb=16)

    with pytest.raises(LimitExceeded, match="spilled more than 16 MB"):
        await pool.query(WORKSPACE, "a", dataset, "SELECT 1", limits=QueryLimits(wall_s=20))


async def test_spares_are_kept_ready_and_used(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(spares=2)
    pool.prestart(2)
    first = [spare.pid for spare in pool._spares]

    await pool.query(WORKSPACE, "a", dataset, "SELECT 1")

    assert list(workers(pool).values()) == first[:1]
    assert pool._spares[0].pid == first[1]
    assert len(pool._spares) == 2


async def test_a_spare_that_died_is_not_used(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool()
    pool.prestart()
    os.kill(pool._spares[0].pid, signal.SIGKILL)
    pool._spares[0].process.wait()

    assert (await pool.query(WORKSPACE, "a", dataset, "SELECT 1")).rows == [[1]]


async def test_prestart_needs_no_event_loop(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool()
    await asyncio.to_thread(pool.prestart)
    (pid,) = (spare.pid for spare in pool._spares)

    await pool.query(WORKSPACE, "a", dataset, "SELECT 1")

    assert list(workers(pool).values()) == [pid]


async def test_a_forgotten_dataset_has_no_worker(ask: Any, pool: SandboxPool) -> None:
    await ask("SELECT 1")
    (pid,) = workers(pool).values()

    await pool.forget(WORKSPACE, "dv_1")

    assert not workers(pool)
    await until(lambda: not is_running(pid))


async def test_closing_ends_every_worker(ask: Any, pool: SandboxPool) -> None:
    await ask("SELECT 1")
    pool.prestart(2)
    pids = [*workers(pool).values(), *(spare.pid for spare in pool._spares)]

    await pool.aclose()

    assert not any(map(is_running, pids))
    with pytest.raises(DependencyFailed, match="closed"):
        await ask("SELECT 1")


async def test_closing_while_a_query_runs_ends_it(ask: Any, pool: SandboxPool) -> None:
    asking = asyncio.create_task(ask(ENDLESS))
    await until(lambda: workers(pool))

    await pool.aclose()

    with pytest.raises(DependencyFailed):
        await asking


def test_what_a_killed_parent_left_is_swept(tmp_path: Path) -> None:
    left = tmp_path / "scratch" / "sapwood-worker-left"
    left.mkdir(parents=True)
    (left / "spilled").write_text("x")
    age(left)
    alive = launcher.start(tmp_path / "scratch")
    age(alive.scratch)

    launcher.sweep(tmp_path / "scratch")

    assert not left.exists()
    assert alive.scratch.exists()
    alive.discard()
