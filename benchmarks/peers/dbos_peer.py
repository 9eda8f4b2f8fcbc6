"""DBOS: steps of one workflow in one process, gathered for the fan, one after another for the chain."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import uuid

from dbos import DBOS, DBOSConfig, SetWorkflowID

config: DBOSConfig = {
    "name": "peer", "system_database_url": os.environ["PEER_DATABASE_PSYCOPG"], "log_level": "ERROR",
    "sys_db_pool_size": 20,
}  # fmt: skip
DBOS(config=config)


@DBOS.step()
def step(number: int) -> int:
    return number


@DBOS.step()
async def step_async(number: int) -> int:
    return number


@DBOS.workflow()
async def fan(many: int) -> int:
    return len(await asyncio.gather(*(step_async(number) for number in range(many))))


@DBOS.workflow()
def chain(many: int) -> int:
    return len([step(number) for number in range(many)])


DBOS.launch()
chain(3)
print("ready", flush=True)
for line in sys.stdin:
    kind, many = line.split()
    name, begun = uuid.uuid4().hex, time.perf_counter()
    with SetWorkflowID(name):
        asyncio.run(fan(int(many))) if kind == "fan" else chain(int(many))
    took = time.perf_counter() - begun
    print(json.dumps({"wall_s": took, "records": len(DBOS.list_workflow_steps(name))}), flush=True)
os._exit(0)
