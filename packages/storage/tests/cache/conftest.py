"""Every adapter and every stack of the cache, on one clock that stands still."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sapwood_shared.clock import FixedClock
from sapwood_storage.cache import Cache
from sapwood_storage.cache.compressed import Compressed
from sapwood_storage.cache.counted import CacheStatistics, Counted
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.cache.tiered import Tiered
from sapwood_storage.cache.tolerant import Tolerant


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def sqlite(tmp_path: Path, clock: FixedClock) -> AsyncIterator[SqliteCache]:
    cache = SqliteCache(tmp_path / "cache.db", wall_s=lambda: clock.now().timestamp())
    yield cache
    await cache.aclose()


@pytest.fixture(params=["memory", "sqlite", "tiered", "compressed", "tolerant and counted"])
async def cache(request: pytest.FixtureRequest, sqlite: SqliteCache, clock: FixedClock) -> Cache:
    memory = MemoryCache(clock=clock)
    stacks: dict[str, Cache] = {
        "memory": memory,
        "sqlite": sqlite,
        "tiered": Tiered(memory, sqlite),
        "compressed": Compressed(memory, threshold=1),
        "tolerant and counted": Tolerant(Counted(memory, CacheStatistics())),
    }
    return stacks[request.param]
