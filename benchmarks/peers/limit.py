"""The limit of what is driven by a queue: bare Dramatiq messages, each of which commits one row."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from typing import Any

import asyncpg
import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO

REDIS, DATABASE = os.environ["PEER_REDIS"], os.environ["PEER_DATABASE"]
client: Any = redis.Redis.from_url(REDIS)
broker = RedisBroker(client=client, namespace="limit")
broker.add_middleware(AsyncIO())
dramatiq.set_broker(broker)
_pool: list[Any] = []
_opening = asyncio.Lock()


async def _commit(run: str, number: int) -> None:
    async with _opening:
        if not _pool:
            _pool.append(await asyncpg.create_pool(DATABASE, min_size=4, max_size=8))
    await _pool[0].execute("INSERT INTO limit_rows (run, number) VALUES ($1, $2)", run, number)


@dramatiq.actor
async def step(run: str, number: int, many: int) -> None:
    await _commit(run, number)
    if client.incr(f"count:{run}") == many:
        client.rpush(f"done:{run}", 1)


@dramatiq.actor
async def link(run: str, number: int, many: int) -> None:
    await _commit(run, number)
    if number + 1 < many:
        link.send(run, number + 1, many)
    else:
        client.rpush(f"done:{run}", 1)


async def _prepare() -> None:
    connection = await asyncpg.connect(DATABASE)
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS limit_rows (run text, number int, PRIMARY KEY (run, number))"
    )
    await connection.close()


async def _counted(run: str) -> int:
    connection = await asyncpg.connect(DATABASE)
    found = await connection.fetchval("SELECT count(*) FROM limit_rows WHERE run = $1", run)
    await connection.close()
    return int(found)


def main() -> None:
    asyncio.run(_prepare())
    workers = subprocess.Popen(
        [sys.executable, "-m", "dramatiq", "benchmarks.peers.limit", "-p", "2", "-t", "8"],
        stderr=subprocess.DEVNULL,
    )
    time.sleep(4)
    print("ready", flush=True)
    for line in sys.stdin:
        kind, many = line.split()
        run, begun = uuid.uuid4().hex, time.perf_counter()
        if kind == "fan":
            for number in range(int(many)):
                step.send(run, number, int(many))
        else:
            link.send(run, 0, int(many))
        client.blpop(f"done:{run}", 300)
        took = time.perf_counter() - begun
        print(json.dumps({"wall_s": took, "records": asyncio.run(_counted(run))}), flush=True)
    workers.terminate()
    workers.wait()


if __name__ == "__main__":
    main()
