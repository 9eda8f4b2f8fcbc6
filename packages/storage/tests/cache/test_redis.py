"""A Redis that forgets, lies about nothing, and is shared."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from packages.storage.tests.redis.server import RedisServer, running_redis

from sapwood_shared.errors import StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import Cache, redis_scripts
from sapwood_storage.cache.redis import RedisCache
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings
from sapwood_storage.subjects.files import CacheStore
from sapwood_storage.subjects.walk import erase

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")
PATIENT_S = 10.0


@pytest.fixture
async def link(own_redis: RedisServer) -> AsyncIterator[RedisLink]:
    link = RedisLink(RedisSettings(own_redis.address, timeout_s=PATIENT_S, probe_every_s=0.1))
    yield link
    await link.aclose()


@pytest.fixture
def cache(link: RedisLink) -> RedisCache:
    return RedisCache(link, max_value_bytes=10_000)


async def value_of(cache: Cache, key: str, workspace: WorkspaceId = ANN) -> bytes | None:
    entry = await cache.get(workspace, key)
    return None if entry is None else entry.value


def keys_of(server: RedisServer, pattern: str = "*") -> set[str]:
    return {key.decode() for key in server.ask("KEYS", pattern)}


async def test_an_entry_expires_by_the_clock_of_the_server(cache: RedisCache) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=0.05)
    await cache.claim(ANN, "k", token="first", ttl_s=0.05)

    await asyncio.sleep(0.1)

    assert await cache.get(ANN, "k") is None
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "second"


@pytest.mark.parametrize("scope", ["sapwood:{ann}:w", "sapwood:{ann}:t:t"])
async def test_an_evicted_scope_is_a_miss_and_brings_nothing_back(
    cache: RedisCache, own_redis: RedisServer, scope: str
) -> None:
    await cache.put(ANN, "old", b"v", ttl_s=60, tags=["t"])
    assert own_redis.ask("UNLINK", scope) == 1

    assert await cache.get(ANN, "old") is None
    await cache.put(ANN, "new", b"w", ttl_s=60, tags=["t"])

    assert await cache.get(ANN, "old") is None
    assert await value_of(cache, "new") == b"w"


async def test_what_was_deleted_stays_so_while_the_server_evicts() -> None:
    draw = random.Random(1)
    with running_redis("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru") as server:
        link = RedisLink(RedisSettings(server.address, timeout_s=PATIENT_S))
        cache, newest, hits = RedisCache(link), dict[str, tuple[bytes, str]](), 0
        for turn in range(3000):
            key, tag = f"k{draw.randrange(300)}", f"t{draw.randrange(5)}"
            match draw.randrange(20):
                case 0:
                    await cache.delete_tag(ANN, tag)
                    newest = {name: kept for name, kept in newest.items() if kept[1] != tag}
                case 1:
                    await cache.delete(ANN, key)
                    newest.pop(key, None)
                case 2 if turn % 500 < 20:
                    await cache.clear(ANN)
                    newest.clear()
                case 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10:
                    newest[key] = (f"{turn} ".encode() * 2000, tag)
                    await cache.put(ANN, key, newest[key][0], ttl_s=600, tags=[tag])
                case _:
                    value = await value_of(cache, key)
                    hits += value is not None
                    assert value in (None, newest.get(key, (None, ""))[0])
        evicted = server.ask("INFO", "stats")
        await link.aclose()

    assert hits > 50
    assert b"\nevicted_keys:0\r" not in evicted


async def test_a_flush_in_the_middle_of_claims_lets_another_claim_and_the_first_notices(
    cache: RedisCache, own_redis: RedisServer
) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=60)
    await cache.claim(ANN, "k", token="first", ttl_s=60)

    own_redis.ask("FLUSHALL")

    assert await cache.get(ANN, "k") is None
    assert await cache.claim(ANN, "k", token="second", ttl_s=60) == "second"
    assert await cache.claim(ANN, "k", token="first", ttl_s=60) == "second"
    await cache.release(ANN, "k", token="first")
    assert await cache.claim(ANN, "k", token="third", ttl_s=60) == "second"


CLAIMER = """
import asyncio, sys
from sapwood_storage.cache.redis import RedisCache
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings

async def main(address, token):
    link = RedisLink(RedisSettings(address, timeout_s=10))
    cache = RedisCache(link)
    await cache.get("ann", "k")
    print("ready", flush=True)
    sys.stdin.readline()
    holders = [await cache.claim("ann", f"k{n}", token=token, ttl_s=60) for n in range(50)]
    print(*holders, flush=True)
    await link.aclose()

asyncio.run(main(*sys.argv[1:]))
"""


def claimer(server: RedisServer, token: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CLAIMER, server.address, token]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.integration
async def test_of_three_processes_that_claim_fifty_keys_each_key_has_one_holder(
    own_redis: RedisServer,
) -> None:
    claimers = [claimer(own_redis, f"t{n}") for n in range(3)]
    for process in claimers:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in claimers:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in claimers]

    assert len(said[0]) == 50
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(
    "newer", [("HSET", "format", "2"), ("HSET", "format", "2", "tags", "?"), ("SET", "a string")]
)
async def test_an_entry_of_a_newer_format_is_a_miss_that_can_be_deleted_and_replaced(
    cache: RedisCache, own_redis: RedisServer, newer: tuple[str, ...]
) -> None:
    command, *rest = newer
    place = "sapwood:{ann}:e:k"
    await cache.put(ANN, "k", b"v", ttl_s=60, tags=["t"])
    if command == "SET":
        own_redis.ask("DEL", place)
    own_redis.ask(command, place, *rest)

    assert await cache.get(ANN, "k") is None
    await cache.delete(ANN, "k")
    assert place not in keys_of(own_redis)
    own_redis.ask(command, place, *rest)
    await cache.put(ANN, "k", b"w", ttl_s=60)

    assert await value_of(cache, "k") == b"w"


async def test_what_is_too_large_is_not_kept_and_neither_is_what_it_replaces(cache: RedisCache) -> None:
    for name, value, tags in (("bytes", b"x" * 10_001, []), ("tags", b"x", [f"{n}" for n in range(1001)])):
        await cache.put(ANN, name, b"old", ttl_s=60)
        await cache.put(ANN, name, value, ttl_s=60, tags=tags)

        assert await cache.get(ANN, name) is None

    await cache.put(ANN, "most tags", b"v", ttl_s=float("inf"), tags=[f"{n}" for n in range(1000)])
    entry = await cache.get(ANN, "most tags")
    assert entry is not None
    assert len(entry.tags) == 1000


async def test_a_cleared_workspace_leaves_no_byte_however_many_entries_it_had(
    cache: RedisCache, own_redis: RedisServer
) -> None:
    await cache.put(BOB, "k", b"v", ttl_s=60, tags=["t"])
    await asyncio.gather(*(cache.put(ANN, f"{n}", b"v", ttl_s=60, tags=[f"t{n % 7}"]) for n in range(1100)))
    await cache.claim(ANN, "k", token="first", ttl_s=60)

    await erase(ANN, [CacheStore(cache)])

    assert keys_of(own_redis) == {"sapwood:{bob}:e:k", "sapwood:{bob}:w", "sapwood:{bob}:t:t"}
    assert await value_of(cache, "k", BOB) == b"v"


async def test_a_tag_gives_back_the_bytes_of_its_entries_and_of_no_others(
    cache: RedisCache, own_redis: RedisServer
) -> None:
    await cache.put(ANN, "gone", b"v", ttl_s=60, tags=["t", "u"])
    await cache.put(ANN, "stays", b"v", ttl_s=60, tags=["t"])
    await cache.put(ANN, "stays", b"w", ttl_s=60)

    await cache.delete_tag(ANN, "t")

    assert keys_of(own_redis, "*:e:*") == {"sapwood:{ann}:e:stays"}
    assert await value_of(cache, "stays") == b"w"


async def test_an_entry_put_again_after_an_eviction_does_not_go_with_a_tag_it_had_before(
    cache: RedisCache, own_redis: RedisServer
) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=60, tags=["t"])
    own_redis.ask("UNLINK", "sapwood:{ann}:e:k")
    await cache.put(ANN, "k", b"w", ttl_s=60)

    await cache.delete_tag(ANN, "t")

    assert await value_of(cache, "k") == b"w"


async def test_what_a_deletion_leaves_when_it_dies_half_way_is_invisible_and_has_a_time(
    cache: RedisCache, link: RedisLink, own_redis: RedisServer
) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=60)

    await link.run(
        lambda client: redis_scripts.DARKEN.run(client, ("sapwood:{ann}:w", "sapwood:{ann}:g:1"), ())
    )

    assert await cache.get(ANN, "k") is None
    left = keys_of(own_redis)
    assert left == {"sapwood:{ann}:e:k", "sapwood:{ann}:g:1"}
    assert all(0 < own_redis.ask("PTTL", key) <= 60_000 for key in left)


async def test_scopes_forget_what_expired_and_what_was_replaced(
    cache: RedisCache, own_redis: RedisServer
) -> None:
    for n in range(20):
        await cache.put(ANN, f"{n}", b"v", ttl_s=0.02, tags=["t"])
        await cache.put(ANN, "k", b"v", ttl_s=60, tags=["t"])
    await asyncio.sleep(0.05)

    await cache.put(ANN, "k", b"v", ttl_s=60, tags=["t"])

    assert own_redis.ask("ZCARD", "sapwood:{ann}:t:t") == 1
    assert own_redis.ask("ZCARD", "sapwood:{ann}:w") == 2  # the entry and the tag


async def test_a_full_server_keeps_nothing_more_and_still_reads_and_forgets() -> None:
    with running_redis("--maxmemory-policy", "noeviction") as server:
        link = RedisLink(RedisSettings(server.address, timeout_s=PATIENT_S))
        cache = RedisCache(link)
        for key in ("k", "tagged"):
            await cache.put(ANN, key, b"v", ttl_s=60, tags=[key])
        server.ask("CONFIG", "SET", "maxmemory", "1")

        for refused in (
            cache.put(ANN, "k", b"w", ttl_s=60),
            cache.put(ANN, "new", b"w", ttl_s=60),
            cache.claim(ANN, "k", token="first", ttl_s=60),
        ):
            with pytest.raises(StorageFull):
                await refused
        assert await value_of(cache, "k") == b"v"
        await cache.delete_tag(ANN, "tagged")
        assert await cache.get(ANN, "tagged") is None
        await cache.delete(ANN, "k")
        await cache.clear(ANN)

        assert keys_of(server) == set()
        await link.aclose()
