"""Each way to lose a bound worker: the next question meets a new one, and nobody else notices."""

import asyncio
import contextlib
import functools
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import DependencyFailed, LimitExceeded
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import QueryLimits, ResultTable
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

pytestmark = pytest.mark.integration

WORKSPACE = WorkspaceId("ws_test")
ENDLESS = "SELECT count(*) FROM range(1000000000000) a, range(1000000) b"
CRASH = "SELECT (repeat('[', 100000) || repeat(']', 100000))::JSON::VARIANT"

Ask = Callable[..., Coroutine[Any, Any, ResultTable]]
Lose = Callable[[Ask, Callable[[], int]], Awaitable[None]]


def pid_of(pool: SandboxPool, version: str) -> int:
    worker = pool._slots[WORKSPACE, version].worker
    assert worker is not None
    return worker.pid


async def killed(ask: Ask, pid: Callable[[], int]) -> None:
    os.kill(pid(), signal.SIGKILL)


async def killed_in_a_question(ask: Ask, pid: Callable[[], int]) -> None:
    asking = asyncio.create_task(ask("SELECT sleep_ms(300), count(*) FROM data"))
    await asyncio.sleep(0.1)
    os.kill(pid(), signal.SIGKILL)
    assert (await asking).rows[0][1] == 10


async def breaching(ask: Ask, pid: Callable[[], int], *, sql: str, **limits: Any) -> None:
    with pytest.raises(LimitExceeded, match="was stopped"):
        await ask(sql, limits=QueryLimits(**limits))


async def cancelling(ask: Ask, pid: Callable[[], int], *, sql: str) -> None:
    asking = asyncio.create_task(ask(sql))
    await asyncio.sleep(0.1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def leaving(ask: Ask, pid: Callable[[], int], *, sql: str) -> None:
    with pytest.raises(DependencyFailed, match="so did its replacement"):
        await ask(sql)


WAYS: dict[str, Lose] = {
    "killed": killed,
    "killed in a question": killed_in_a_question,
    "memory": functools.partial(breaching, sql="hoard"),
    "wall time": functools.partial(breaching, sql=ENDLESS, wall_s=0.2),
    "processor time": functools.partial(breaching, sql=ENDLESS, cpu_s=0.2),
    "disk": functools.partial(breaching, sql="spill"),
    "cancelled and deaf": functools.partial(cancelling, sql="play_dead"),
    "exit of hostile Python": functools.partial(leaving, sql="leave"),
    "nonsense of hostile Python": functools.partial(leaving, sql="babble"),
    "crash of the engine": functools.partial(leaving, sql=CRASH),
}


@contextlib.asynccontextmanager
async def others(pool: SandboxPool, dataset: Path) -> AsyncGenerator[list[Any]]:
    """Ask another dataset without a pause; a failure of any of its questions fails the test."""
    answered: list[Any] = []
    done = asyncio.Event()

    async def keep_asking() -> None:
        while not done.is_set():
            result = await pool.query(WORKSPACE, "dv_other", dataset, "SELECT sum(n) FROM data")
            answered.append(result.rows)

    async with asyncio.TaskGroup() as group:
        group.create_task(keep_asking())
        yield answered
        done.set()


@pytest.mark.parametrize("way", WAYS)
async def test_the_next_question_is_answered_by_a_new_worker_and_nobody_else_notices(
    way: str, make_pool: Any, dataset: Path
) -> None:
    pool: SandboxPool = make_pool(
        module="breaching_worker", spares=2, bound=2, memory_mb=128, headroom_mb=128, temp_mb=16
    )
    ask = functools.partial(pool.query, WORKSPACE, "dv_1", dataset)
    for version in ("dv_1", "dv_other"):
        await pool.query(WORKSPACE, version, dataset, "SELECT 1")
    lost, other = pid_of(pool, "dv_1"), pid_of(pool, "dv_other")

    async with others(pool, dataset) as answered:
        await WAYS[way](ask, functools.partial(pid_of, pool, "dv_1"))
        so_far = len(answered)
        result = await ask("SELECT sum(n) FROM data")
        while len(answered) == so_far:  # noqa: ASYNC110 - another process answers
            await asyncio.sleep(0.01)

    assert result.rows == [[45]]
    assert pid_of(pool, "dv_1") != lost
    assert pid_of(pool, "dv_other") == other
    assert set(map(str, answered)) == {"[[45]]"}


async def test_those_who_wait_for_the_lost_worker_are_answered(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="breaching_worker", spares=2)
    ask = functools.partial(pool.query, WORKSPACE, "dv_1", dataset)
    hostile = asyncio.create_task(ask("leave"))
    await asyncio.sleep(0)

    results = await asyncio.gather(*(ask(f"SELECT {number}") for number in range(3)))

    assert [result.rows for result in results] == [[[0]], [[1]], [[2]]]
    with pytest.raises(DependencyFailed):
        await hostile


def test_a_worker_that_plays_dead_is_given_up_in_time_for_another() -> None:
    assert SandboxSettings().grace_s <= 0.5


async def test_spares_are_there_again_after_a_row_of_losses(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="breaching_worker", spares=2)
    for _ in range(3):
        with pytest.raises(DependencyFailed):
            await pool.query(WORKSPACE, "dv_1", dataset, "leave")

    await pool.query(WORKSPACE, "dv_1", dataset, "SELECT 1")

    assert len(pool._spares) == 2
    assert all(spare.process.poll() is None for spare in pool._spares)
