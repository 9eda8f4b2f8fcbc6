"""What every cache does, whatever it is made of."""

import asyncio

import pytest

from sapwood_shared.clock import FixedClock
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import Cache

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


async def value_of(cache: Cache, workspace: WorkspaceId, key: str) -> bytes | None:
    entry = await cache.get(workspace, key)
    return None if entry is None else entry.value


async def test_a_missing_key_reads_as_none(cache: Cache) -> None:
    assert await cache.get(ANN, "k") is None


@pytest.mark.parametrize("value", [b"", b"v", b"\x00\xff" * 5000, b"z not a zlib stream"])
async def test_what_is_put_is_read(cache: Cache, value: bytes) -> None:
    await cache.put(ANN, "k", value, ttl_s=10)

    assert await value_of(cache, ANN, "k") == value


async def test_an_entry_is_invisible_to_other_workspaces(cache: Cache) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=10, tags=["t"])

    await cache.delete(BOB, "k")
    await cache.delete_tag(BOB, "t")
    await cache.clear(BOB)

    assert await cache.get(BOB, "k") is None
    assert await value_of(cache, ANN, "k") == b"v"


async def test_a_second_put_replaces_value_time_and_tags(cache: Cache, clock: FixedClock) -> None:
    await cache.put(ANN, "k", b"old", ttl_s=5, tags=["old"])
    await cache.put(ANN, "k", b"new", ttl_s=50, tags=["new"])

    await cache.delete_tag(ANN, "old")
    clock.advance(10)

    assert await value_of(cache, ANN, "k") == b"new"
    await cache.delete_tag(ANN, "new")
    assert await cache.get(ANN, "k") is None


async def test_an_entry_expires_on_time_and_says_when(
    cache: Cache, clock: FixedClock, drift_s: float
) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=10, tags=["a", "b"])

    clock.advance(4)
    entry = await cache.get(ANN, "k")
    clock.advance(6)

    assert entry is not None
    assert entry.expires_in_s == pytest.approx(6, abs=drift_s)
    assert set(entry.tags) == {"a", "b"}
    assert await cache.get(ANN, "k") is None


async def test_a_time_of_nought_forgets(cache: Cache) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=10)
    await cache.put(ANN, "k", b"w", ttl_s=0)

    assert await cache.get(ANN, "k") is None


async def test_delete_forgets_one_key_and_may_be_repeated(cache: Cache) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=10)
    await cache.put(ANN, "l", b"w", ttl_s=10)

    await cache.delete(ANN, "k")
    await cache.delete(ANN, "k")

    assert await cache.get(ANN, "k") is None
    assert await value_of(cache, ANN, "l") == b"w"


@pytest.mark.parametrize("tag", ["t", "with\nnewline", 'with "quotes"', ""])
async def test_a_tag_forgets_all_that_carry_it_and_nothing_else(cache: Cache, tag: str) -> None:
    await cache.put(ANN, "one", b"1", ttl_s=10, tags=[tag, "other", tag])
    await cache.put(ANN, "two", b"2", ttl_s=10, tags=[tag])
    await cache.put(ANN, "three", b"3", ttl_s=10, tags=["other"])

    await cache.delete_tag(ANN, tag)

    assert [await value_of(cache, ANN, key) for key in ("one", "two", "three")] == [None, None, b"3"]


async def test_clear_forgets_a_workspace_and_its_claims(cache: Cache) -> None:
    await cache.put(ANN, "k", b"v", ttl_s=10)
    await cache.put(BOB, "k", b"v", ttl_s=10)
    await cache.claim(ANN, "k", token="first", ttl_s=10)

    await cache.clear(ANN)

    assert await cache.get(ANN, "k") is None
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "second"
    assert await value_of(cache, BOB, "k") == b"v"


async def test_a_claim_is_held_by_the_first_and_each_workspace_has_its_own(cache: Cache) -> None:
    assert await cache.claim(ANN, "k", token="first", ttl_s=10) == "first"
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "first"
    assert await cache.claim(BOB, "k", token="second", ttl_s=10) == "second"


async def test_of_many_claimers_one_wins(cache: Cache) -> None:
    holders = await asyncio.gather(*(cache.claim(ANN, "k", token=f"t{n}", ttl_s=10) for n in range(20)))

    assert len(set(holders)) == 1


async def test_a_claim_is_renewed_by_its_holder_and_taken_when_it_runs_out(
    cache: Cache, clock: FixedClock
) -> None:
    await cache.claim(ANN, "k", token="first", ttl_s=10)
    clock.advance(8)
    assert await cache.claim(ANN, "k", token="first", ttl_s=10) == "first"
    clock.advance(8)
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "first"
    clock.advance(2)
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "second"


async def test_only_its_holder_releases_a_claim(cache: Cache) -> None:
    await cache.claim(ANN, "k", token="first", ttl_s=10)

    await cache.release(ANN, "k", token="second")
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "first"
    await cache.release(ANN, "k", token="first")
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "second"


async def test_a_claim_is_no_entry_and_an_entry_is_no_claim(cache: Cache) -> None:
    await cache.claim(ANN, "k", token="first", ttl_s=10)
    assert await cache.get(ANN, "k") is None

    await cache.put(ANN, "k", b"v", ttl_s=10)
    await cache.delete(ANN, "k")
    assert await cache.claim(ANN, "k", token="second", ttl_s=10) == "first"
