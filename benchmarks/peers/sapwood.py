"""Sapwood: a `foreach` of empty steps, and a chain of them, over worker processes that share a database."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pydantic import BaseModel

from sapwood_shared import Work, WorkspaceId
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows import Tasks, task
from sapwood_workflows.journal import Journal
from sapwood_workflows.queue import Bell
from sapwood_workflows.queue.dramatiq import DramatiqEars, DramatiqWakeUps
from sapwood_workflows.spec.model import Workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

DATABASE, REDIS = os.environ.get("PEER_DATABASE"), os.environ.get("PEER_REDIS")
LOCAL = WorkspaceId("bench")


class Number(BaseModel):
    n: int = 0


@task("bench.empty")
async def empty(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    return given


TASKS = Tasks([empty])


def opened(home: str) -> Database:
    if home:
        return SqliteDatabase(Home.open(Path(home)), installed_histories())
    assert DATABASE is not None
    return PostgresDatabase(PostgresSettings(DATABASE, prepared_statements=True), installed_histories())


def fan(many: int) -> Workflow:
    over = list(range(many))
    each = {"task": "bench.empty", "foreach": {"over": over, "at_most": many}, "with": {"n": "${item}"}}
    return Workflow.model_validate({"name": "fan", "steps": {"each": each}})


def chain(many: int) -> Workflow:
    steps = {
        f"s{n}": {"task": "bench.empty", "with": {"n": f"${{steps.s{n - 1}.output.n}}" if n else 1}}
        for n in range(many)
    }
    return Workflow.model_validate({"name": "chain", "steps": steps})


async def serve(home: str) -> None:
    """A worker process."""
    database = opened(home)
    sending = DramatiqWakeUps(REDIS) if REDIS else None
    journal = Journal(database, Bell(sending))
    ears = DramatiqEars(REDIS, journal.bell) if REDIS else None
    if ears is not None:
        ears.start()
    worker = Worker(journal, TASKS)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    sweeping = asyncio.create_task(Sweeper(journal).run())
    await worker.run()
    sweeping.cancel()
    await asyncio.wait([sweeping])
    os._exit(0)


async def ask(processes: int, home: str) -> None:
    database = opened(home)
    await database.create_workspace(LOCAL)
    journal = Journal(database, Bell(DramatiqWakeUps(REDIS) if REDIS else None))
    command = [sys.executable, "-m", "benchmarks.peers.sapwood", "serve", home]
    workers = [subprocess.Popen(command) for _ in range(processes)]  # noqa: ASYNC220 - before anything is measured
    await asyncio.sleep(5)
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        kind, many = line.split()
        workflow = (fan if kind == "fan" else chain)(int(many))
        begun = time.perf_counter()
        run_id = await journal.submit(LOCAL, workflow, {}, TASKS)
        while (await journal.newest(LOCAL, most=1))[0]["state"] == "running":
            await asyncio.sleep(0.02)
        took = time.perf_counter() - begun
        rows = await journal.steps(LOCAL, run_id)
        done = sum(row["state"] == "succeeded" and row["task"] is not None for row in rows)
        print(json.dumps({"wall_s": took, "records": done - (kind == "fan")}), flush=True)
    for each in workers:
        each.terminate()
        each.wait()
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            asyncio.run(ask(int(sys.argv[1]), "" if DATABASE else scratch))
