"""Workers as an operator knows them: real processes, real signals, a real kill."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from sapwood_runtime.engine import Engine, open_engine
from sapwood_runtime.settings import LOCAL_WORKSPACE, load
from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_workers import process, scheduler
from sapwood_workers.options import WorkerOptions
from sapwood_workflows.schedules import Schedule
from sapwood_workflows.spec.reading import read_workflow

LOCAL = WorkspaceId(LOCAL_WORKSPACE)
FLIGHTS = Path(__file__).parents[3] / "examples" / "flights.csv"
SPEC = f"""
name: ask-twice
steps:
  nap: {{sleep: 200ms}}
  first: {{task: analyst.ask, needs: [nap], with: {{file: {FLIGHTS}, question: how many flights}}}}
  again: {{task: analyst.ask, needs: [first], with: {{file: {FLIGHTS}, question: average dep_delay}}}}
output: {{n: "${{steps.first.output.value}}"}}
"""
WATCHER = [
    sys.executable,
    "-c",
    "from sapwood_workers.worker import main; raise SystemExit(main(processes=2, grace_s=3.0))",
]


@pytest.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Engine]:
    monkeypatch.setenv("SAPWOOD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAPWOOD_LEASE_S", "3")
    async with open_engine(load(), workspaces=[LOCAL]) as opened:
        yield opened


@pytest.fixture
def worker(engine: Engine, tmp_path: Path) -> Iterator[psutil.Popen]:
    with (tmp_path / "worker.log").open("w") as log:
        started = psutil.Popen(WATCHER, env=dict(os.environ), stderr=log)
        yield started
        if started.is_running():
            started.send_signal(signal.SIGTERM)
            started.wait(30)


async def _submit(engine: Engine) -> str:
    return await engine.journal.submit(LOCAL, read_workflow(SPEC)[0], {}, engine.tasks)


async def _ended(engine: Engine, run_id: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (run := await engine.journal.run(LOCAL, run_id))["state"] == "running":
            await asyncio.sleep(0.1)
    return run


def _until(holds: Callable[[], Any], most_s: float = 40) -> Any:
    until = time.monotonic() + most_s
    while time.monotonic() < until:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


def _processes(worker: psutil.Popen) -> list[psutil.Process]:
    return [each for each in worker.children() if "sapwood_workers.process" in " ".join(each.cmdline())]


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.timeout(150)
async def test_runs_are_done_whatever_dies_and_all_ends_with_the_watcher(
    engine: Engine, worker: psutil.Popen
) -> None:
    await _ended(engine, await _submit(engine))
    before = _until(lambda: len(_processes(worker)) == 2 and _processes(worker))

    second = await _submit(engine)
    before[0].kill()
    run = await _ended(engine, second)

    assert run["output"] == {"n": 6099}
    after = _until(lambda: len(_processes(worker)) == 2 and _processes(worker))
    assert {each.pid for each in after} != {each.pid for each in before}
    worker.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(worker.wait, 30) == 0
    assert not any(map(_lives, after))


@pytest.mark.timeout(100)
def test_workers_end_when_nobody_watches_over_them(worker: psutil.Popen) -> None:
    left = _until(lambda: len(_processes(worker)) == 2 and _processes(worker))
    time.sleep(2)  # until they have said who they are

    worker.kill()
    worker.wait()

    _until(lambda: not any(map(_lives, left)))


@pytest.mark.timeout(100)
async def test_a_process_does_steps_until_it_is_told_to_end(engine: Engine) -> None:
    working = asyncio.create_task(process.work(WorkerOptions(queues="interactive", places=2, grace_s=1)))

    run = await _ended(engine, await _submit(engine))
    os.kill(os.getpid(), signal.SIGTERM)
    await working

    assert run["state"] == "succeeded"


@pytest.mark.timeout(100)
async def test_a_scheduler_fires_and_does_no_steps(engine: Engine) -> None:
    await engine.library.save(LOCAL, read_workflow(SPEC)[0])
    moment = {"workflow": "ask-twice", "every": 1, "start": "2026-01-01T00:00:00Z"}
    await engine.schedules.save(LOCAL, "tick", Schedule.model_validate(moment))
    looking = asyncio.create_task(scheduler.look_after())

    async with asyncio.timeout(30):
        while not (fired := await engine.journal.newest(LOCAL)):
            await asyncio.sleep(0.1)
    os.kill(os.getpid(), signal.SIGTERM)
    await looking

    assert fired[0]["schedule"] == "tick"
    assert fired[0]["state"] == "running"


def test_a_queue_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput) as caught:
        WorkerOptions(queues="fast").arguments()
    assert "interactive, default, slow, model" in (caught.value.hint or "")


def test_options_survive_their_way_to_a_process() -> None:
    options = WorkerOptions(queues="slow,model", places=3, grace_s=1.5)

    assert WorkerOptions.read(options.arguments()) == options
