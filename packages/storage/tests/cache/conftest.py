"""Every adapter and every stack of the cache, on one clock that stands still until it is moved."""

import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from packages.storage.tests.redis.server import age

from sapwood_shared.clock import FixedClock
from sapwood_storage.cache import Cache
from sapwood_storage.cache.compressed import Compressed
from sapwood_storage.cache.counted import CacheStatistics, Counted
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.redis import RedisCache
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.cache.tiered import Tiered
from sapwood_storage.cache.tolerant import Tolerant
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings

PATIENT_S = 10.0
"""What a call may take where a slow machine is not what is tested."""


class SteeredClock(FixedClock):
    """Takes what has a clock of its own along when it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.follow: list[Callable[[float], None]] = []

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        for follow in self.follow:
            follow(seconds)


@pytest.fixture
def clock() -> SteeredClock:
    return SteeredClock()


@pytest.fixture
def drift_s(cache: Cache, clock: SteeredClock) -> float:
    """How far apart the tests' clock and the cache's may be: that of a server goes on between two calls."""
    return 3.0 if clock.follow else 1e-6


@pytest.fixture
async def sqlite(tmp_path: Path, clock: FixedClock) -> AsyncIterator[SqliteCache]:
    cache = SqliteCache(tmp_path / "cache.db", wall_s=lambda: clock.now().timestamp())
    yield cache
    await cache.aclose()


@pytest.fixture
async def redis_cache(redis_server: str, clock: SteeredClock) -> AsyncIterator[RedisCache]:
    """A cache with keys of its own on the server that tests share."""
    prefix = f"test-{secrets.token_hex(6)}"
    clock.follow.append(lambda seconds: age(redis_server, prefix, seconds))
    link = RedisLink(RedisSettings(redis_server, prefix=prefix, timeout_s=PATIENT_S))
    yield RedisCache(link)
    await link.aclose()


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        "redis",
        "tiered",
        "tiered redis",
        "compressed",
        "compressed redis",
        "tolerant and counted",
    ]
)
def cache(request: pytest.FixtureRequest, clock: FixedClock) -> Cache:
    memory = MemoryCache(clock=clock)

    def fixture(name: str) -> Cache:
        return request.getfixturevalue(name)

    stacks: dict[str, Callable[[], Cache]] = {
        "memory": lambda: memory,
        "sqlite": lambda: fixture("sqlite"),
        "redis": lambda: fixture("redis_cache"),
        "tiered": lambda: Tiered(memory, fixture("sqlite")),
        "tiered redis": lambda: Tiered(memory, fixture("redis_cache")),
        "compressed": lambda: Compressed(memory, threshold=1),
        "compressed redis": lambda: Compressed(fixture("redis_cache"), threshold=1),
        "tolerant and counted": lambda: Tolerant(Counted(memory, CacheStatistics())),
    }
    return stacks[request.param]()
