"""What an answer costs beside its SQL in bare DuckDB: warm, cached in the process, cold in one of its own.

The table is generated. Warm: a living process whose worker is bound, an empty cache for every question, so
that reading, SQL, sandbox, checks and chart are all in it; bare: the answer's own SQL in a DuckDB of this
process on the same Parquet file. Rounds are interleaved; medians of nine with their spread. The bound is held
against CPU time, the worker's included, since the wall clock also times the neighbours; a cached answer takes
less than a tick of that, so there it is the wall.
Run: python benchmarks/ask_latency.py [ROWS]
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from sapwood_agents.analyst.ask import Analyst, Question
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.shelf import DATA_FILE

ROUNDS = 9
LOCAL = WorkspaceId("local")
QUESTIONS = (
    "how many rows where city is Rome",
    "average price by city",
    "median price by product",
    "number of rows by month",
    "top 5 products by total price",
    "difference in average price between Rome and Oslo",
    "share of rows where city is Rome",
)
TABLE = """
COPY (
    SELECT
        'order ' || lpad(range::VARCHAR, 9, '0') AS order_code,
        DATE '2020-01-01' + (hash(range) % 1500)::INTEGER AS sold,
        ['Rome', 'Oslo', 'Lima', 'Pune', 'Kyiv', 'Cork'][(1 + hash(range, 1) % 6)::INTEGER] AS city,
        'product ' || (hash(range, 2) % 300)::VARCHAR AS product,
        CASE WHEN hash(range, 3) % 50 > 0 THEN (hash(range, 4) % 100000) / 100.0 END AS price,
        (1 + hash(range, 5) % 9)::INTEGER AS quantity
    FROM range({rows})
) TO '{file}' (FORMAT parquet)
"""


@dataclass
class Times:
    """CPU and wall time of one candidate, in ms."""

    cpu: list[float] = field(default_factory=list[float])
    wall: list[float] = field(default_factory=list[float])

    async def add(self, job: Callable[[], Awaitable[object]]) -> None:
        cpu, wall = cpu_ns(), time.perf_counter_ns()
        await job()
        self.wall.append((time.perf_counter_ns() - wall) / 1e6)
        self.cpu.append((cpu_ns() - cpu) / 1e6)

    def __str__(self) -> str:
        spread = f"({min(self.cpu):.1f}..{max(self.cpu):.1f})"
        return (
            f"{statistics.median(self.cpu):6.1f} ms CPU {spread:16} {statistics.median(self.wall):6.1f} wall"
        )


def cpu_ns() -> int:
    """What this process and its workers have used, all threads."""
    tasks = Path("/proc", str(os.getpid()), "task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    used = 0
    for process in [str(os.getpid()), *children]:
        for task in Path("/proc", process, "task").glob("*/schedstat"):
            used += int(task.read_text().split()[0])
    return used


async def one(parts: Parts, file: Path, question: str, bare: duckdb.DuckDBPyConnection) -> bool:
    """Print a question's line; say whether it keeps to the bound."""
    work, asked = DetachedWork(), Question(text=question)
    dataset = await parts.dataset(LOCAL, file, ReaderOptions(), work)
    warm, living = Analyst(parts.tables, SingleFlight(MemoryCache())), parts.analyst
    await warm.ask(LOCAL, dataset, Question(text="how many rows"), work)  # the card, once a process
    known = await living.ask(LOCAL, dataset, asked, work)
    assert known.sql is not None, known.reason
    sql = known.sql
    times = {name: Times() for name in ("warm", "bare", "cached")}
    for _ in range(ROUNDS):
        warm.cache = SingleFlight(MemoryCache())
        await times["warm"].add(lambda: warm.ask(LOCAL, dataset, asked, work))
        await times["cached"].add(lambda: living.ask(LOCAL, dataset, asked, work))
        await times["bare"].add(lambda: asyncio.to_thread(lambda: bare.execute(sql).fetchall()))
    bound = 30 + 1.3 * statistics.median(times["bare"].cpu)
    kept = statistics.median(times["warm"].cpu) <= bound and statistics.median(times["cached"].wall) <= 5
    print(f"{question}: {'kept' if kept else 'MISSED'}")
    for name, own in times.items():
        print(f"    {name:7}{own}{f', to be at most {bound:.0f}' if name == 'warm' else ''}")
    return kept


def cold(file: Path, question: str) -> float:
    started = time.perf_counter()
    script = str(Path(sys.executable).parent / "sapwood")
    subprocess.run([sys.executable, script, "ask", str(file), question], check=True, capture_output=True)
    return 1000 * (time.perf_counter() - started)


async def main(scratch: Path, rows: int) -> None:
    os.environ["SAPWOOD_HOME"] = str(scratch / "home")
    file = scratch / "orders.parquet"
    duckdb.sql(TABLE.format(rows=rows, file=file))
    print(f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB of Parquet")
    bare = duckdb.connect(config={"threads": os.cpu_count() or 1, "memory_limit": "512MB"})
    async with open_parts(Settings(scratch / "home")) as parts:
        dataset = await parts.dataset(LOCAL, file, ReaderOptions(), DetachedWork())
        made = parts.datasets.directory(LOCAL, dataset.version) / DATA_FILE
        bare.execute(f"CREATE VIEW data AS SELECT * FROM read_parquet('{made}')")
        kept = [await one(parts, file, question, bare) for question in QUESTIONS]
    print(f"within 30 ms + 1.3 x bare, and 5 ms cached: {sum(kept)} of {len(kept)}")
    print(f"cold, a process of its own, the file known: {cold(file, 'average quantity by city'):.0f} ms")
    print(f"and the same again, from the cache:         {cold(file, 'average quantity by city'):.0f} ms")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(main(Path(directory), int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000))
