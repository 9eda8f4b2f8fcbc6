import asyncio
import zlib

import pytest

from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import DependencyFailed, SapwoodError, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.compressed import Compressed, pack, unpack
from sapwood_storage.cache.counted import CacheStatistics, Counted
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.port import Entry
from sapwood_storage.cache.tiered import Tiered
from sapwood_storage.cache.tolerant import Tolerant
from sapwood_storage.cache.wrapper import CacheWrapper

ANN = WorkspaceId("ann")


class Down(CacheWrapper):
    """A tier whose every call fails."""

    def __init__(self, error: SapwoodError) -> None:
        super().__init__(MemoryCache())
        self.error = error

    def __getattribute__(self, name: str) -> object:
        if name in {"get", "put", "claim", "release", "delete", "delete_tag", "clear"}:
            raise self.error
        return super().__getattribute__(name)


class SlowRead(CacheWrapper):
    """A tier that holds a read back, after it has looked, until told."""

    def __init__(self, inner: MemoryCache) -> None:
        super().__init__(inner)
        self.looked = asyncio.Event()
        self.go = asyncio.Event()

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        entry = await super().get(workspace, key)
        self.looked.set()
        await self.go.wait()
        return entry


def test_small_and_incompressible_values_stay_as_they_are() -> None:
    assert pack(b"abc" * 10) == b"r" + b"abc" * 10
    assert len(pack(b"abc" * 1000)) < 200
    noise = bytes(range(256)) * 4
    assert len(pack(zlib.compress(noise * 9), threshold=0)) <= len(zlib.compress(noise * 9)) + 1


@pytest.mark.parametrize("stored", [b"", b"x", b"zrubbish", pack(b"abc" * 1000)[:-3]])
async def test_what_does_not_unpack_is_a_miss(stored: bytes) -> None:
    memory = MemoryCache()
    await memory.put(ANN, "k", stored, ttl_s=10)

    assert unpack(stored) is None
    assert await Compressed(memory).get(ANN, "k") is None


async def test_a_far_hit_is_near_the_next_time_and_expires_and_is_untagged_no_later(
    clock: FixedClock,
) -> None:
    near, far = MemoryCache(clock=clock), MemoryCache(clock=clock)
    tiered = Tiered(near, far, near_ttl_s=60)
    await far.put(ANN, "short", b"v", ttl_s=10, tags=["t"])
    await far.put(ANN, "long", b"v", ttl_s=1000)

    await tiered.get(ANN, "short")
    await tiered.get(ANN, "long")

    short, long = await near.get(ANN, "short"), await near.get(ANN, "long")
    assert short is not None
    assert long is not None
    assert (short.expires_in_s, long.expires_in_s) == (10, 60)
    await tiered.delete_tag(ANN, "t")
    assert await near.get(ANN, "short") is None


async def test_a_read_that_a_deletion_overtook_does_not_bring_the_value_back() -> None:
    near, far = MemoryCache(), MemoryCache()
    await far.put(ANN, "k", b"v", ttl_s=60)
    slow = SlowRead(far)
    tiered = Tiered(near, slow)

    reading = asyncio.create_task(tiered.get(ANN, "k"))
    await slow.looked.wait()
    await tiered.delete(ANN, "k")
    slow.go.set()
    await reading

    assert await near.get(ANN, "k") is None


@pytest.mark.parametrize("error", [DependencyFailed("down"), StorageFull("full")])
async def test_a_cache_that_fails_costs_speed_and_no_answer(error: SapwoodError) -> None:
    told: list[SapwoodError] = []
    cache = Tolerant(Down(error), on_failure=told.append)

    assert await cache.get(ANN, "k") is None
    await cache.put(ANN, "k", b"v", ttl_s=10)
    assert await cache.claim(ANN, "k", token="mine", ttl_s=10) == "mine"
    await cache.release(ANN, "k", token="mine")

    assert told == [error] * 4


async def test_a_deletion_that_fails_is_not_kept_quiet() -> None:
    cache = Tolerant(Down(DependencyFailed("down")))

    for forget in (cache.delete(ANN, "k"), cache.delete_tag(ANN, "t"), cache.clear(ANN)):
        with pytest.raises(DependencyFailed):
            await forget


async def test_hits_misses_and_bytes_are_counted_by_namespace() -> None:
    statistics = CacheStatistics()
    cache = Counted(MemoryCache(), statistics)

    await cache.get(ANN, "profile:1:a")
    await cache.put(ANN, "profile:1:a", b"12345", ttl_s=10)
    await cache.get(ANN, "profile:1:a")
    await cache.get(ANN, "answer:1:b")

    profile, answer = statistics.namespaces["profile"], statistics.namespaces["answer"]
    assert (profile.hits, profile.misses, profile.puts) == (1, 1, 1)
    assert (profile.bytes_read, profile.bytes_written, profile.hit_ratio) == (5, 5, 0.5)
    assert (answer.hits, answer.misses, answer.hit_ratio) == (0, 1, 0.0)
