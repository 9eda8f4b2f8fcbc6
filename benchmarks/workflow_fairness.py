"""How long one step of a small workspace waits behind two that have everything to do.

One workspace has 10,000 queued steps, another as many endless chains as the worker has places; a third
submits a run of one step, twenty times. Printed is the time from its submit to its start, beside two times
the length of the others' steps and 100 ms. On PostgreSQL, one worker process with 16 places, steps of 20 ms.

    python -m benchmarks.workflow_fairness
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

from pydantic import BaseModel
from tests.kill.places import server

from sapwood_shared import Work, WorkspaceId
from sapwood_storage.database import installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_workflows import Tasks, task
from sapwood_workflows.journal import Control, Journal
from sapwood_workflows.spec.model import Workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

QUEUED, PLACES, STEP_S, TRIES, LINKS = 10_000, 16, 0.02, 20, 900
CROWD, CHAINS, SMALL = (WorkspaceId(name) for name in ("crowd", "chains", "small"))
STARTED: dict[str, float] = {}


class Number(BaseModel):
    n: int = 0
    name: str = ""


@task("bench.busy")
async def busy(_workspace: WorkspaceId, given: Number, _work: Work) -> Number:
    STARTED.setdefault(given.name, time.perf_counter())
    await asyncio.sleep(STEP_S)
    return given


TASKS = Tasks([busy])
SMALL_RUN = {
    "name": "one",
    "input": {"name": {}},
    "steps": {"s": {"task": "bench.busy", "with": {"name": "${input.name}"}}},
}


def _chain() -> Workflow:
    steps = {f"s{n}": {"task": "bench.busy", "needs": [f"s{n - 1}"] if n else []} for n in range(LINKS)}
    return Workflow.model_validate({"name": "chain", "steps": steps})


async def measured(address: str) -> list[float]:
    database = PostgresDatabase(PostgresSettings(address, prepared_statements=True), installed_histories())
    journal = Journal(database)
    for workspace in (CROWD, CHAINS, SMALL):
        await database.create_workspace(workspace)
    many = {
        "task": "bench.busy",
        "foreach": {"over": list(range(QUEUED)), "at_most": QUEUED},
        "with": {"n": "${item}"},
    }
    crowd = Workflow.model_validate({"name": "crowd", "steps": {"each": many}})
    runs = [(CROWD, await journal.submit(CROWD, crowd, {}, TASKS))]
    runs += [(CHAINS, await journal.submit(CHAINS, _chain(), {}, TASKS)) for _ in range(PLACES)]
    doing = [
        asyncio.create_task(Worker(journal, TASKS, places=PLACES).run()),
        asyncio.create_task(Sweeper(journal).run()),
    ]
    await asyncio.sleep(3)
    waits: list[float] = []
    for number in range(TRIES):
        name = f"small-{number}"
        begun = time.perf_counter()
        await journal.submit(SMALL, Workflow.model_validate(SMALL_RUN), {"name": name}, TASKS)
        while name not in STARTED:
            await asyncio.sleep(0.001)
        waits.append(1000 * (STARTED[name] - begun))
        await asyncio.sleep(0.1)
    left = [await journal.run(*each) for each in runs]
    assert all(run["state"] == "running" for run in left), "the others had nothing to do any more"
    for workspace, run_id in runs:
        await Control(journal).cancel(workspace, run_id)
    for each in doing:
        each.cancel()
    await asyncio.wait(doing)
    await database.aclose()
    return waits


def main() -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch)) as address:
        waits = asyncio.run(measured(address))
    print(
        f"one step behind {QUEUED:,} queued ones and {PLACES} endless chains:"
        f" median {statistics.median(waits):.0f} ms, [{min(waits):.0f} … {max(waits):.0f}];"
        f" two step times are {2000 * STEP_S:.0f} ms, the aim is 100 ms"
    )


if __name__ == "__main__":
    main()
