"""For how long a dataset has no worker, after each way in which a bound one can be lost.

A pool as a living process has it, with two spares. One dataset's worker is lost; the time runs from there
(the kill, the error that names the breach, the cancelling, the hostile question) until the next question
about the same version is answered. Another dataset is asked all the while: its slowest answer stands beside,
with that of three seconds without any loss. The rounds of one way follow each other at once, so that spares
are used up as they would be by somebody who does it on purpose. Medians of nine with their spread; no round
may pass a second.
Run: python benchmarks/sandbox_recovery.py
"""

import asyncio
import functools
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import duckdb

from sapwood_shared.errors import DependencyFailed, LimitExceeded
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import QueryLimits
from sapwood_storage.tabular.sandbox import launcher
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

HOSTILE = Path(__file__).parents[1] / "packages/storage/tests/tabular/sandbox/hostile"
ROUNDS = 9
BOUND_S = 1.0
ROWS = 1_000_000
WORKSPACE = WorkspaceId("local")
QUESTION = "SELECT count(*), sum(n) FROM data"
ENDLESS = "SELECT count(*) FROM range(1000000000000) a, range(1000000) b"
CRASH = "SELECT (repeat('[', 100000) || repeat(']', 100000))::JSON::VARIANT"

Lose = Callable[["Bench"], Awaitable[float]]


class Bench:
    """One pool, a dataset whose worker is lost, and another that has to notice nothing."""

    def __init__(self, pool: SandboxPool, directory: Path) -> None:
        self.pool, self.directory = pool, directory

    async def ask(self, sql: str = QUESTION, *, version: str = "lost", **limits: Any) -> None:
        await self.pool.query(WORKSPACE, version, self.directory, sql, limits=QueryLimits(**limits))

    def pid(self) -> int | None:
        worker = self.pool._slots[WORKSPACE, "lost"].worker
        return None if worker is None else worker.pid

    async def other_worker(self, than: int | None) -> int:
        while (pid := self.pid()) is None or pid == than:
            await asyncio.sleep(0.005)
        return pid

    async def slowest_meanwhile(self, done: asyncio.Event) -> float:
        """Ask the other dataset without a pause; return how long the slowest answer took, in ms."""
        slowest = 0.0
        while not done.is_set():
            started = time.perf_counter()
            await self.ask(version="other")
            slowest = max(slowest, (time.perf_counter() - started) * 1000)
        return slowest


async def killed_idle(bench: Bench) -> float:
    os.kill(bench.pid() or 0, signal.SIGKILL)
    return time.perf_counter()


async def killed_twice_in_a_query(bench: Bench) -> float:
    asking = asyncio.create_task(bench.ask(ENDLESS))
    await asyncio.sleep(0.05)
    os.kill(first := bench.pid() or 0, signal.SIGKILL)
    second = await bench.other_worker(first)
    await asyncio.sleep(0.02)
    os.kill(second, signal.SIGKILL)
    lost = time.perf_counter()
    await asyncio.gather(asking, return_exceptions=True)
    return lost


async def cancelled(bench: Bench, sql: str) -> float:
    asking = asyncio.create_task(bench.ask(sql))
    await asyncio.sleep(0.1)
    asking.cancel()
    return time.perf_counter()


async def breached(bench: Bench, sql: str, **limits: Any) -> float:
    try:
        await bench.ask(sql, **limits)
    except LimitExceeded:
        return time.perf_counter()
    raise AssertionError(f"no bound was passed by {sql}")


async def lost_in_every_try(bench: Bench, sql: str) -> float:
    started = time.perf_counter()
    try:
        await bench.ask(sql)
    except DependencyFailed:
        return started
    raise AssertionError(f"no worker was lost by {sql}")


WAYS: dict[str, Lose] = {
    "SIGKILL between two questions": killed_idle,
    "SIGKILL in a question, both tries": killed_twice_in_a_query,
    "more memory than allowed": functools.partial(breached, sql="hoard"),
    "longer than allowed": functools.partial(breached, sql=ENDLESS, wall_s=0.2),
    "more processor time than allowed": functools.partial(breached, sql=ENDLESS, cpu_s=0.2),
    "more spilled than allowed": functools.partial(breached, sql="spill"),
    "cancelled, and it listens": functools.partial(cancelled, sql=ENDLESS),
    "cancelled, and it plays dead": functools.partial(cancelled, sql="play_dead"),
    "hostile Python exits, both tries": functools.partial(lost_in_every_try, sql="leave"),
    "hostile Python talks nonsense, both": functools.partial(lost_in_every_try, sql="babble"),
    "SQL that crashes DuckDB, both tries": functools.partial(lost_in_every_try, sql=CRASH),
}


async def measure(bench: Bench, lose: Lose) -> tuple[list[float], float]:
    """Return the times without a worker in ms, and the slowest answer about the other dataset."""
    gaps: list[float] = []
    done = asyncio.Event()
    await bench.ask()
    others = asyncio.create_task(bench.slowest_meanwhile(done))
    for _ in range(ROUNDS):
        lost = await lose(bench)
        await bench.ask()
        gaps.append((time.perf_counter() - lost) * 1000)
    done.set()
    return gaps, await others


async def calm(bench: Bench, seconds: float) -> float:
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, done.set)
    return await bench.slowest_meanwhile(done)


async def run(directory: Path) -> int:
    table = f"SELECT range AS n, hash(range) AS h FROM range({ROWS})"
    duckdb.execute(f"COPY ({table}) TO '{directory}/data.parquet' (FORMAT parquet)")
    scratch = directory / "scratch"
    scratch.mkdir()
    settings = SandboxSettings(memory_mb=256, headroom_mb=256, temp_mb=16, bound=2, scratch=scratch)
    start = functools.partial(launcher.start, module="breaching_worker")
    slow: list[str] = []
    async with SandboxPool(settings=settings, start=start) as pool:
        bench = Bench(pool, directory)
        await bench.ask()
        await bench.ask(version="other")
        print(f"{os.cpu_count()} cores, {ROWS} rows, {settings.spares} spares, {ROUNDS} rounds each")
        print(f"{'nothing is lost':36} {'':32} other dataset, slowest {await calm(bench, 3):6.0f} ms")
        for name, lose in WAYS.items():
            gaps, other = await measure(bench, lose)
            spread = f"({min(gaps):.0f}..{max(gaps):.0f})"
            gap = f"{statistics.median(gaps):6.0f} ms {spread:22}"
            print(f"{name:36} {gap} other dataset, slowest {other:6.0f} ms")
            if max(gaps) > BOUND_S * 1000:
                slow.append(name)
    print(f"longer than {BOUND_S:g} s without a worker: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.path.insert(0, str(HOSTILE))  # a worker is told this process's import path
    with tempfile.TemporaryDirectory() as made:
        sys.exit(asyncio.run(run(Path(made))))
