import asyncio
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from packages.storage.tests.cache.sqlite_file import put_many

from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import DependencyFailed, InvalidInput, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.home import filesystem

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


def modes(directory: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}


def delete_files(directory: Path) -> None:
    for path in directory.glob("cache.db*"):
        path.unlink()


async def test_the_file_is_private_and_a_look_does_not_make_it(sqlite: SqliteCache, tmp_path: Path) -> None:
    assert await sqlite.get(ANN, "k") is None
    assert modes(tmp_path) == set()

    await sqlite.put(ANN, "k", b"v", ttl_s=10)

    assert modes(tmp_path) == {0o600}


async def test_the_bound_holds_in_entries_and_in_the_file(tmp_path: Path) -> None:
    cache = SqliteCache(tmp_path / "cache.db", max_bytes=1 << 20)
    for number in range(600):
        await cache.put(ANN, f"k{number}", os.urandom(10_000), ttl_s=60, tags=["t"])

    assert await cache.size_bytes() <= 1 << 20
    assert await cache.get(ANN, "k599") is not None
    assert await cache.get(ANN, "k0") is None
    assert (tmp_path / "cache.db").stat().st_size < 2 << 20

    await cache.delete_tag(ANN, "t")
    assert await cache.size_bytes() == 0
    await cache.aclose()


async def test_the_least_recently_used_goes_first(tmp_path: Path, clock: FixedClock) -> None:
    cache = SqliteCache(tmp_path / "cache.db", max_bytes=10_000, wall_s=lambda: clock.now().timestamp())
    for key in "abcd":
        await cache.put(ANN, key, b"x" * 2200, ttl_s=36_000)
        clock.advance(1)

    clock.advance(3600)
    await cache.get(ANN, "a")
    await cache.put(ANN, "e", b"x" * 2200, ttl_s=36_000)

    assert [await cache.get(ANN, key) is not None for key in "abe"] == [True, False, True]
    await cache.aclose()


async def test_expired_entries_go_before_living_ones(tmp_path: Path, clock: FixedClock) -> None:
    cache = SqliteCache(tmp_path / "cache.db", max_bytes=10_000, wall_s=lambda: clock.now().timestamp())
    await cache.put(ANN, "old", b"x" * 2400, ttl_s=36_000)
    for key in "abc":
        clock.advance(1)
        await cache.put(ANN, key, b"x" * 2400, ttl_s=5)

    clock.advance(10)
    await cache.put(ANN, "new", b"x" * 2400, ttl_s=36_000)

    assert await cache.get(ANN, "old") is not None
    assert await cache.size_bytes() < 5000
    await cache.aclose()


async def test_a_value_too_large_is_not_kept_and_leaves_no_older_one(tmp_path: Path) -> None:
    cache = SqliteCache(tmp_path / "cache.db", max_bytes=10_000)
    await cache.put(ANN, "k", b"small", ttl_s=10)

    await cache.put(ANN, "k", b"x" * 5000, ttl_s=10)

    assert await cache.get(ANN, "k") is None
    await cache.aclose()


@pytest.mark.parametrize("damage", ["text", "first page", "middle", "cut"])
async def test_a_damaged_file_is_moved_aside_and_started_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cache.db"
    cache = SqliteCache(path)
    for number in range(200):
        await cache.put(ANN, f"k{number}", b"x" * 3000, ttl_s=60)
    await cache.aclose()
    data = bytearray(path.read_bytes())
    match damage:
        case "text":
            data = bytearray(b"not a database at all " * 500)
        case "first page":
            data[100:4096] = b"\xff" * 3996
        case "middle":
            data[4096:-4096] = b"\xff" * (len(data) - 8192)
        case _:
            data = data[: len(data) // 3]
    path.write_bytes(data)

    again = SqliteCache(path)
    assert [await again.get(ANN, f"k{number}") for number in range(0, 200, 50)] == [None] * 4
    for number in range(50):
        await again.put(ANN, f"k{number}", b"new", ttl_s=60)

    entry = await again.get(ANN, "k1")
    assert entry is not None
    assert entry.value == b"new"
    assert (tmp_path / "cache.db.damaged").exists()
    await again.aclose()


async def test_a_file_of_another_release_is_started_anew(sqlite: SqliteCache, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "cache.db")
    other.executescript("CREATE TABLE entries (x); PRAGMA user_version = 99")
    other.close()

    assert await sqlite.get(ANN, "k") is None
    await sqlite.put(ANN, "k", b"v", ttl_s=10)

    assert await sqlite.get(ANN, "k") is not None
    assert not (tmp_path / "cache.db.damaged").exists()


async def test_a_file_deleted_under_a_running_cache_is_made_again(
    sqlite: SqliteCache, tmp_path: Path
) -> None:
    await sqlite.put(ANN, "k", b"v", ttl_s=10)
    assert await sqlite.get(ANN, "k") is not None
    delete_files(tmp_path)

    assert await sqlite.get(ANN, "k") is None
    await sqlite.put(ANN, "k", b"w", ttl_s=10)

    entry = await sqlite.get(ANN, "k")
    assert entry is not None
    assert entry.value == b"w"


async def test_a_full_disk_is_named_and_what_was_kept_is_still_read(small_disk: Path) -> None:
    cache = SqliteCache(small_disk / "cache.db")
    await cache.put(ANN, "k", b"v", ttl_s=60)

    with pytest.raises(StorageFull):
        await put_many(cache, 100)

    entry = await cache.get(ANN, "k")
    assert entry is not None
    assert entry.value == b"v"
    await cache.aclose()


async def test_a_directory_that_is_missing_is_a_failure_with_a_hint(tmp_path: Path) -> None:
    cache = SqliteCache(tmp_path / "missing" / "cache.db")

    with pytest.raises(DependencyFailed, match="cannot write") as caught:
        await cache.put(ANN, "k", b"v", ttl_s=60)

    assert caught.value.hint
    await cache.aclose()


async def test_a_network_file_system_is_refused(
    sqlite: SqliteCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mounts").write_text("1 0 0:1 / / rw - nfs4 server:/ rw\n")
    monkeypatch.setattr(filesystem, "_MOUNTS", tmp_path / "mounts")

    with pytest.raises(InvalidInput, match="network file system"):
        await sqlite.put(ANN, "k", b"v", ttl_s=60)


async def test_cancelling_a_put_leaves_the_cache_whole(sqlite: SqliteCache) -> None:
    puts = [asyncio.create_task(sqlite.put(ANN, f"k{n}", b"v", ttl_s=60)) for n in range(20)]
    await asyncio.sleep(0)
    for put in puts[::2]:
        put.cancel()
    await asyncio.gather(*puts, return_exceptions=True)

    await sqlite.put(ANN, "last", b"v", ttl_s=60)
    assert await sqlite.get(ANN, "last") is not None
