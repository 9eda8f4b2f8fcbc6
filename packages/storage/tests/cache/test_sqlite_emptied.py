"""Emptying gives the bytes back, with others at the file and on a full disk."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from packages.storage.tests.cache.sqlite_file import put_many

from sapwood_shared.errors import StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import leaving, peek
from sapwood_storage.cache.sqlite import SqliteCache

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


def opened(directory: Path) -> list[int]:
    return [os.open(path, os.O_RDONLY) for path in directory.glob("cache.db*")]


def damaged_files(directory: Path) -> list[Path]:
    return list(directory.glob("*.damaged*"))


def allocated_bytes(directory: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in directory.iterdir())


def emptier(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", EMPTIED, str(path)], stdout=subprocess.PIPE)


def fill(disk: Path) -> None:
    with contextlib.suppress(OSError), (disk / "rest").open("wb", buffering=0) as rest:
        while rest.write(bytes(512)):
            pass


async def test_emptying_gives_the_bytes_back_while_another_holds_the_file_open(
    tmp_path: Path,
) -> None:
    cache = SqliteCache(tmp_path / "cache.db")
    await put_many(cache, 100)
    twin = SqliteCache(tmp_path / "cache.db")
    assert await twin.get(ANN, "k1") is not None
    await twin.put(ANN, "k2", b"v", ttl_s=60)
    held = opened(tmp_path)

    await cache.clear(ANN)

    assert sum(os.fstat(fd).st_blocks * 512 for fd in held) < 100_000
    assert await twin.get(ANN, "k1") is None
    assert peek(tmp_path / "cache.db", ANN, "k1") is None
    await twin.put(ANN, "k1", b"new", ttl_s=60)
    entry = await cache.get(ANN, "k1")
    assert entry is not None
    assert entry.value == b"new"
    for fd in held:
        os.close(fd)
    await twin.aclose()
    await cache.aclose()
    assert damaged_files(tmp_path) == []


async def test_emptying_for_one_workspace_gives_back_its_bytes_and_no_others(
    tmp_path: Path,
) -> None:
    cache = SqliteCache(tmp_path / "cache.db")
    await cache.put(BOB, "k", b"bob's", ttl_s=60)
    await put_many(cache, 100)
    twin = SqliteCache(tmp_path / "cache.db")
    assert await twin.get(BOB, "k") is not None

    await cache.clear(ANN)

    assert allocated_bytes(tmp_path) < 200_000
    assert await cache.get(BOB, "k") is not None
    assert await twin.get(ANN, "k1") is None
    await twin.aclose()
    await cache.aclose()


@pytest.mark.parametrize("neighbour", [False, True])
async def test_a_full_disk_can_be_emptied(small_disk: Path, neighbour: bool) -> None:
    cache = SqliteCache(small_disk / "cache.db")
    if neighbour:
        await cache.put(BOB, "k", b"v", ttl_s=60)
    with pytest.raises(StorageFull):
        await put_many(cache, 100)
    fill(small_disk)

    await cache.clear(ANN)

    assert await cache.get(ANN, "k0") is None
    (small_disk / "rest").unlink()
    await cache.put(ANN, "k", b"v", ttl_s=60)
    assert await cache.get(ANN, "k") is not None
    await cache.aclose()


async def test_what_was_to_be_forgotten_is_forgotten_on_a_full_disk_too(small_disk: Path) -> None:
    cache = SqliteCache(small_disk / "cache.db")
    await cache.put(ANN, "k", b"v", ttl_s=60, tags=["t"])
    with pytest.raises(StorageFull):
        await put_many(cache, 100)
    fill(small_disk)

    await cache.delete_tag(ANN, "t")

    assert await cache.get(ANN, "k") is None
    await cache.aclose()


async def test_a_damaged_file_goes_when_a_workspace_is_emptied(sqlite: SqliteCache, tmp_path: Path) -> None:
    await sqlite.put(BOB, "k", b"v", ttl_s=60)
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"cache.db.damaged{suffix}").write_bytes(b"what ann asked")

    await sqlite.clear(ANN)

    assert damaged_files(tmp_path) == []


async def test_a_damaged_file_goes_by_itself_after_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "cache.db.damaged"
    damaged.write_bytes(b"what ann asked")
    now = time.time()
    for days, kept in ((6, True), (8, False)):
        monkeypatch.setattr(leaving, "time", SimpleNamespace(time=lambda days=days: now + days * 86_400))
        cache = SqliteCache(tmp_path / "cache.db")
        await cache.put(ANN, "k", b"v", ttl_s=60)
        await cache.aclose()

        assert damaged.exists() == kept


EMPTIED = """
import asyncio, sys
from pathlib import Path
from sapwood_storage.cache.sqlite import SqliteCache

async def main(path):
    cache = SqliteCache(Path(path))
    print("emptying", flush=True)
    while True:
        await cache.clear("ann")

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.integration
async def test_who_reads_while_another_empties_gets_all_of_a_value_or_none(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    cache = SqliteCache(path)
    process = emptier(path)
    assert process.stdout
    process.stdout.readline()
    found: set[bytes | None] = set()
    for number in range(300):
        await cache.put(ANN, "k", b"x" * 200_000, ttl_s=60)
        for _ in range(5):
            entry = await cache.get(ANN, "k")
            found.add(entry and entry.value)
            found.add(peek(path, ANN, "k") if number % 2 else None)
    process.kill()
    process.communicate()
    await cache.aclose()

    assert found <= {None, b"x" * 200_000}
    assert damaged_files(tmp_path) == []
