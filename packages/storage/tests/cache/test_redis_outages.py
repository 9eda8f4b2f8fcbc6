"""`Tolerant(RedisCache)` as it is used: a Redis that is not there costs speed, and not much of it."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from packages.storage.tests.cache.oven import ANN, Oven, ask
from packages.storage.tests.redis.server import RedisServer

from sapwood_shared.errors import DependencyFailed, SapwoodError
from sapwood_storage.cache import Cache
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.redis import RedisCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.tiered import Tiered
from sapwood_storage.cache.tolerant import Tolerant
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings

SOON_S = 1.0


@pytest.fixture
async def link(own_redis: RedisServer) -> AsyncIterator[RedisLink]:
    link = RedisLink(RedisSettings(own_redis.address, probe_every_s=0.1))
    yield link
    await link.aclose()


@pytest.fixture
def told() -> list[SapwoodError]:
    return []


@pytest.fixture
def cache(link: RedisLink, told: list[SapwoodError]) -> Cache:
    return Tolerant(RedisCache(link), on_failure=told.append)


async def keeps(cache: Cache) -> None:
    """Wait until it keeps what is put."""
    async with asyncio.timeout(20):
        while True:
            await cache.put(ANN, "probe", b"v", ttl_s=60)
            if await cache.get(ANN, "probe") is not None:
                return
            await asyncio.sleep(0.05)


async def test_a_server_that_is_dead_at_the_start_is_a_miss_and_is_used_once_it_is_there(
    own_redis: RedisServer, cache: Cache, told: list[SapwoodError]
) -> None:
    own_redis.kill()

    await cache.put(ANN, "k", b"v", ttl_s=60)
    assert await cache.get(ANN, "k") is None
    assert await cache.claim(ANN, "k", token="mine", ttl_s=60) == "mine"
    assert len(told) == 3

    own_redis.start()
    await keeps(cache)


async def test_a_server_that_is_killed_and_started_again_in_the_middle_loses_entries_and_no_caller(
    own_redis: RedisServer, cache: Cache
) -> None:
    await keeps(cache)
    for restarts in range(3):
        await cache.put(ANN, "k", f"{restarts}".encode(), ttl_s=60)
        own_redis.kill()
        assert await cache.get(ANN, "k") is None
        own_redis.start()
        await keeps(cache)

        assert await cache.get(ANN, "k") is None


async def test_a_hanging_server_is_a_miss_in_time_and_is_used_when_it_wakes(
    own_redis: RedisServer, cache: Cache
) -> None:
    await keeps(cache)
    own_redis.hang()

    before = time.monotonic()
    found = await asyncio.gather(*(cache.get(ANN, "probe") for _ in range(200)))
    assert time.monotonic() - before < SOON_S
    assert set(found) == {None}

    own_redis.wake()
    await keeps(cache)


async def test_a_deletion_that_did_not_happen_is_told_to_its_caller(
    own_redis: RedisServer, cache: Cache
) -> None:
    own_redis.hang()

    for forget in (cache.delete(ANN, "k"), cache.delete_tag(ANN, "t"), cache.clear(ANN)):
        with pytest.raises(DependencyFailed):
            await forget


@pytest.mark.parametrize("failing", ["dead", "hanging"])
async def test_without_the_server_a_process_still_computes_once(
    own_redis: RedisServer, cache: Cache, failing: str
) -> None:
    own_redis.kill() if failing == "dead" else own_redis.hang()
    flight, oven = SingleFlight(Tiered(MemoryCache(), cache), shared=cache), Oven()

    callers = [ask(flight, oven.bake) for _ in range(50)]
    await oven.started.wait()
    await asyncio.sleep(0.5)  # all have learnt that there is no server
    oven.done.set()

    assert await asyncio.gather(*callers) == [b"bread"] * 50
    assert oven.runs == 1


async def test_a_server_that_dies_under_a_computation_costs_no_answer(
    own_redis: RedisServer, cache: Cache
) -> None:
    await keeps(cache)
    here, there, oven, other = SingleFlight(cache), SingleFlight(cache), Oven(), Oven(b"cake")
    other.done.set()
    first = ask(here, oven.bake)
    await oven.started.wait()
    second = ask(there, other.bake)
    await asyncio.sleep(0.05)

    own_redis.kill()

    assert await second == b"cake"  # nobody can tell it that the first is at it
    oven.done.set()
    assert await first == b"bread"
