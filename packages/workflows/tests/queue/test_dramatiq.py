"""Wake-ups between processes, on a real Redis: they save a second, and nothing depends on them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis
from packages.storage.tests.conftest import own_redis
from packages.storage.tests.redis.server import RedisServer
from packages.workflows.tests.journal_tasks import DONE, TASKS

from sapwood_shared import WorkspaceId
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal import Journal
from sapwood_workflows.queue import Bell
from sapwood_workflows.queue.dramatiq import DramatiqEars, DramatiqWakeUps
from sapwood_workflows.spec.reading import read_workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

__all__ = ["own_redis"]
MINE = WorkspaceId("mine")
ONE = read_workflow(
    "name: one\nsteps: {add: {task: add, with: {n: 1}}}\noutput: {n: '${steps.add.output.n}'}"
)[0]
LONG_S = 60.0


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    DONE.clear()
    database = SqliteDatabase(Home.open(tmp_path / "home"), installed_histories())
    await database.create_workspace(MINE)
    yield Journal(database, lease_s=2.0)
    await database.aclose()


async def _ended(journal: Journal, run_id: str) -> dict[str, object]:
    async with asyncio.timeout(30):
        while (run := await journal.run(MINE, run_id))["state"] == "running":
            await asyncio.sleep(0.02)
    return run


async def test_a_worker_hears_of_work_in_another_process(journal: Journal, own_redis: RedisServer) -> None:
    """Its own look would come in a minute."""
    ears = DramatiqEars(own_redis.address, journal.bell)
    ears.start()
    working = asyncio.create_task(Worker(journal, TASKS, idle_s=LONG_S).run())
    await asyncio.sleep(0.3)
    submitting = [
        sys.executable, "-m", "packages.workflows.tests.queue.submitting", own_redis.address,
        str(Path(journal.database._home.root)),  # pyright: ignore
    ]  # fmt: skip

    told = await asyncio.to_thread(subprocess.run, submitting, capture_output=True, text=True, check=True)

    run = await _ended(journal, told.stdout.strip())
    assert run["output"] == {"n": 2}
    working.cancel()
    await asyncio.wait([working])
    await ears.aclose()


async def test_with_redis_down_all_goes_on(journal: Journal, own_redis: RedisServer) -> None:
    sending = DramatiqWakeUps(own_redis.address)
    journal.bell.others = sending
    own_redis.kill()
    working = asyncio.create_task(Worker(journal, TASKS).run())

    run = await _ended(journal, await journal.submit(MINE, ONE, {}, TASKS))

    assert run["state"] == "succeeded"
    working.cancel()
    await asyncio.wait([working])
    await asyncio.to_thread(sending.close)


async def test_a_redis_that_hangs_keeps_nobody_who_sends(own_redis: RedisServer) -> None:
    sending = DramatiqWakeUps(own_redis.address)
    own_redis.hang()

    for _ in range(1_000):
        sending.send({"default": 3})

    assert own_redis.process is not None  # still hanging: nothing of it was waited for
    assert sending.unsent["default"] <= 8
    own_redis.wake()
    await asyncio.to_thread(sending.close)


async def test_after_a_restart_wake_ups_come_again(own_redis: RedisServer) -> None:
    bell = Bell()
    heard = asyncio.Event()

    async def hear() -> None:
        await bell.wait(30)
        heard.set()

    hearing = asyncio.create_task(hear())
    ears, sending = DramatiqEars(own_redis.address, bell), DramatiqWakeUps(own_redis.address)
    ears.start()
    own_redis.kill()
    sending.send({"default": 1})
    own_redis.start()

    async with asyncio.timeout(30):
        while not heard.is_set():
            sending.send({"default": 1})
            await asyncio.sleep(0.1)

    await hearing
    await asyncio.to_thread(sending.close)
    await ears.aclose()


async def test_messages_that_nobody_hears_do_not_pile_up(own_redis: RedisServer) -> None:
    sending = DramatiqWakeUps(own_redis.address)
    for _ in range(40):
        sending.send({"slow": 8})
        await asyncio.sleep(0.01)
    await asyncio.to_thread(sending.close)

    client = redis.Redis.from_url(own_redis.address)
    assert 0 < client.llen("dramatiq:sapwood-slow") <= 64
    client.close()


async def test_messages_that_come_twice_or_for_nothing_change_nothing(
    journal: Journal, own_redis: RedisServer
) -> None:
    sending = DramatiqWakeUps(own_redis.address)
    ears = DramatiqEars(own_redis.address, journal.bell)
    ears.start()
    journal.bell.others = sending
    working = [asyncio.create_task(Worker(journal, TASKS).run()) for _ in range(2)]
    sweeping = asyncio.create_task(Sweeper(journal).run())
    for _ in range(20):
        sending.send({"default": 8, "model": 8})

    run = await _ended(journal, await journal.submit(MINE, ONE, {}, TASKS))

    assert run["output"] == {"n": 2}
    assert DONE == {"add 1+1": 1}
    for each in (*working, sweeping):
        each.cancel()
    await asyncio.wait([*working, sweeping])
    await asyncio.to_thread(sending.close)
    await ears.aclose()
