"""Another process: it submits a run, and ends."""

import asyncio
import sys
from pathlib import Path

from packages.workflows.tests.journal_tasks import TASKS

from sapwood_shared import WorkspaceId
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal import Journal
from sapwood_workflows.queue import Bell
from sapwood_workflows.queue.dramatiq import DramatiqWakeUps
from sapwood_workflows.spec.reading import read_workflow

SPEC = "name: one\nsteps: {add: {task: add, with: {n: 1}}}\noutput: {n: '${steps.add.output.n}'}"


async def submit(address: str, home: str) -> str:
    sending = DramatiqWakeUps(address)
    database = SqliteDatabase(Home.open(Path(home)), installed_histories())
    journal = Journal(database, Bell(sending))
    run_id = await journal.submit(WorkspaceId("mine"), read_workflow(SPEC)[0], {}, TASKS)
    await database.aclose()
    await asyncio.sleep(0.5)  # the message goes out behind the commit
    sending.close()
    return run_id


print(asyncio.run(submit(*sys.argv[1:])))
