"""Steps in processes of their own, in the hands of a worker on a real journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from packages.workflows.tests.worker.process_tasks import APART

from sapwood_shared import WorkspaceId
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal import Control, Journal
from sapwood_workflows.spec.reading import read_workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

MINE = WorkspaceId("mine")


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    database = SqliteDatabase(Home.open(tmp_path / "home"), installed_histories())
    await database.create_workspace(MINE)
    yield Journal(database, lease_s=2.0)
    await database.aclose()


@asynccontextmanager
async def working(journal: Journal) -> AsyncGenerator[Worker]:
    worker = Worker(journal, APART, grace_s=1.0)
    doing = [asyncio.create_task(worker.run()), asyncio.create_task(Sweeper(journal).run())]
    try:
        yield worker
    finally:
        for each in doing:
            each.cancel()
        await asyncio.wait(doing, timeout=10)


async def _submit(journal: Journal, task: str, **given: Any) -> str:
    values = ", ".join(f"{name}: {value!r}" for name, value in given.items())
    spec = f"name: one\nsteps: {{do: {{task: {task}, with: {{{values}}}}}}}\noutput: {{it: '${{steps.do.output}}'}}"
    return await journal.submit(MINE, read_workflow(spec)[0], {}, APART)


async def _ended(journal: Journal, run_id: str) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while (run := await journal.run(MINE, run_id))["state"] == "running":
            await journal.bell.wait(0.1)
    return run


async def _read(file: Path) -> int:
    async with asyncio.timeout(20):
        while not file.exists() or not file.read_text():
            await asyncio.sleep(0.02)
    return int(file.read_text())


def _is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_each_step_has_a_process_of_its_own_and_what_it_prints_is_kept(journal: Journal) -> None:
    async with working(journal):
        first = await _ended(journal, await _submit(journal, "count", n=3))
        second_id = await _submit(journal, "count", n=5)
        second = await _ended(journal, second_id)

    assert (first["output"]["it"]["n"], second["output"]["it"]["n"]) == (3, 5)
    assert first["output"]["it"]["pid"] != second["output"]["it"]["pid"]
    (log,) = await journal.logs(MINE, second_id)
    assert [line[2] for line in log["lines"]] == ["counted to 5"]


async def test_an_error_keeps_its_code_and_its_hint_on_the_way_out(journal: Journal) -> None:
    async with working(journal):
        run = await _ended(journal, await _submit(journal, "refuse.apart"))

    assert run["error"] == {"code": "invalid_input", "message": "no", "hint": "ask another", "step": "do"}


async def test_a_process_that_is_killed_fails_its_step_and_says_by_what(journal: Journal) -> None:
    async with working(journal):
        run = await _ended(journal, await _submit(journal, "die"))

    assert run["error"]["code"] == "process_died"
    assert "signal 9" in run["error"]["message"]


async def test_a_cancelled_step_ends_with_all_that_it_started(journal: Journal, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    async with working(journal):
        run_id = await _submit(journal, "dynasty", file=str(file))
        grandchild = await _read(file)
        parent = await _read(tmp_path / "pid.parent")
        await Control(journal).cancel(MINE, run_id)
        run = await _ended(journal, run_id)

    assert run["state"] == "cancelled"
    assert _is_gone(grandchild)
    assert _is_gone(parent)


async def test_a_step_that_looks_can_tidy_up_before_it_ends(journal: Journal, tmp_path: Path) -> None:
    file = tmp_path / "file"
    async with working(journal):
        run_id = await _submit(journal, "watchful", file=str(file))
        async with asyncio.timeout(20):
            while not file.exists():
                await asyncio.sleep(0.02)
        await Control(journal).cancel(MINE, run_id)
        await _ended(journal, run_id)

    assert file.read_text() == "tidied"


async def test_a_worker_that_stops_ends_its_processes(journal: Journal, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    async with working(journal):
        await _submit(journal, "dynasty", file=str(file))
        grandchild = await _read(file)

    assert _is_gone(grandchild)


async def test_time_limits_end_processes_and_give_up_threads(journal: Journal) -> None:
    async with working(journal):
        apart = await _submit(journal, "endless.apart")
        thread_id = await _submit(journal, "blocking", n=700)
        ended = [await _ended(journal, run_id) for run_id in (apart, thread_id)]

    assert [run["error"]["code"] for run in ended] == ["timeout", "timeout"]
    (log,) = await journal.logs(MINE, thread_id)
    assert log["lines"][0][1:] == ["warning", "blocking for 700"]
