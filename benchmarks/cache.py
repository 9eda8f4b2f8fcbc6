"""The price of a hit in each tier, beside the bare client under it: a dict lookup, a SQLite SELECT.

CPU time per hit; each round measures every candidate in turn, the ratio is taken within the round, and the
median of seven rounds is printed with its spread. Run: python benchmarks/cache.py
"""

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import Cache, CacheKey, peek
from sapwood_storage.cache.compressed import Compressed
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.cache.tiered import Tiered

ROUNDS, KEYS = 7, 1000
WORKSPACE = WorkspaceId("local")
NAMES = [str(CacheKey("answer", "1", (number,))) for number in range(KEYS)]
VALUE = os.urandom(1000).hex().encode()  # 2 kB, as an answer with its table and chart


async def filled(cache: Cache) -> Cache:
    for name in NAMES:
        await cache.put(WORKSPACE, name, VALUE, ttl_s=3600)
    return cache


async def cpu_us(hits: Callable[[], Awaitable[None]], count: int) -> float:
    before = time.process_time_ns()
    await hits()
    return (time.process_time_ns() - before) / 1000 / count


async def from_cache(cache: Cache) -> None:
    for name in NAMES:
        entry = await cache.get(WORKSPACE, name)
        assert entry is not None


async def main(directory: Path) -> None:
    path = directory / "cache.db"
    memory, file = MemoryCache(), SqliteCache(path)
    tiered = Tiered(MemoryCache(), file)
    for cache in (memory, file, tiered):
        await filled(cache)
    packed_path = directory / "packed.db"
    packed = Compressed(SqliteCache(packed_path))
    await filled(packed)
    flight = SingleFlight(memory)
    plain = {(WORKSPACE, name): VALUE for name in NAMES}
    bare = sqlite3.connect(path, isolation_level=None)
    select = "SELECT value FROM entries WHERE workspace = ? AND key = ?"

    async def nothing() -> bytes:
        raise AssertionError

    async def dict_lookup() -> None:
        for name in NAMES:
            assert plain[WORKSPACE, name]

    async def sqlite_select() -> None:
        for name in NAMES:
            assert bare.execute(select, (WORKSPACE, name)).fetchone()

    async def single_flight() -> None:
        for name in NAMES:
            await flight.get_or_compute(WORKSPACE, name, nothing, ttl_s=60)

    async def one_shot_peek() -> None:
        for name in NAMES[:100]:
            assert peek(path, WORKSPACE, name)

    async def one_shot_bare() -> None:
        for name in NAMES[:100]:
            connection = sqlite3.connect(path)
            assert connection.execute(select, (WORKSPACE, name)).fetchone()
            connection.close()

    candidates: dict[str, tuple[Callable[[], Awaitable[None]], int, str]] = {
        "dict lookup": (dict_lookup, KEYS, "dict lookup"),
        "MemoryCache": (lambda: from_cache(memory), KEYS, "dict lookup"),
        "Tiered, near hit": (lambda: from_cache(tiered), KEYS, "dict lookup"),
        "SingleFlight over MemoryCache": (single_flight, KEYS, "dict lookup"),
        "sqlite3 SELECT": (sqlite_select, KEYS, "sqlite3 SELECT"),
        "SqliteCache": (lambda: from_cache(file), KEYS, "sqlite3 SELECT"),
        "Compressed SqliteCache": (lambda: from_cache(packed), KEYS, "sqlite3 SELECT"),
        "sqlite3 connect, SELECT, close": (one_shot_bare, 100, "sqlite3 connect, SELECT, close"),
        "peek": (one_shot_peek, 100, "sqlite3 connect, SELECT, close"),
    }
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for hits, _, _ in candidates.values():
        await hits()  # warm
    for _ in range(ROUNDS):
        for name, (hits, count, _) in candidates.items():
            times[name].append(await cpu_us(hits, count))
    print(f"{'a hit of 2 kB':32} {'CPU us':>8} {'spread':>15} {'ratio to bare':>14} {'spread':>13}")
    for name, (_, _, bare_name) in candidates.items():
        own = times[name]
        ratios = [mine / base for mine, base in zip(own, times[bare_name], strict=True)]
        spread = f"{min(own):.2f}..{max(own):.2f}"
        print(
            f"{name:32} {statistics.median(own):8.2f} {spread:>15} {statistics.median(ratios):14.2f}"
            f" {min(ratios):6.2f}..{max(ratios):.2f}"
        )
    bare.close()
    await file.aclose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(main(Path(scratch)))
