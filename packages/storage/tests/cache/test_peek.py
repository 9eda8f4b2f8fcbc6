import subprocess
import sys
import time
from pathlib import Path

import pytest

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import peek, unpack
from sapwood_storage.cache.compressed import Compressed
from sapwood_storage.cache.sqlite import SqliteCache

ANN = WorkspaceId("ann")


async def test_a_look_finds_what_a_running_and_a_closed_cache_kept(tmp_path: Path) -> None:
    path = tmp_path / "50% ?#.db"
    cache = SqliteCache(path)
    await cache.put(ANN, "k", b"v", ttl_s=60)

    assert peek(path, ANN, "k") == b"v"
    await cache.aclose()
    assert peek(path, ANN, "k") == b"v"
    assert peek(path, ANN, "l") is None
    assert peek(path, WorkspaceId("bob"), "k") is None


async def test_a_look_unpacks_what_was_put_compressed(tmp_path: Path) -> None:
    cache = SqliteCache(tmp_path / "cache.db")
    await Compressed(cache).put(ANN, "k", b"abc" * 9000, ttl_s=60)
    await cache.aclose()

    stored = peek(tmp_path / "cache.db", ANN, "k")

    assert stored is not None
    assert len(stored) < 1000
    assert unpack(stored) == b"abc" * 9000


async def test_a_look_does_not_see_what_has_expired(tmp_path: Path) -> None:
    cache = SqliteCache(tmp_path / "cache.db", wall_s=lambda: time.time() - 3600)
    await cache.put(ANN, "k", b"v", ttl_s=60)
    await cache.aclose()

    assert peek(tmp_path / "cache.db", ANN, "k") is None


def test_a_look_makes_no_file(tmp_path: Path) -> None:
    assert peek(tmp_path / "cache.db", ANN, "k") is None
    assert peek(tmp_path / "missing" / "cache.db", ANN, "k") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_look_at_a_damaged_file_is_a_miss_and_leaves_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cache.db").write_bytes(content)

    assert peek(tmp_path / "cache.db", ANN, "k") is None
    assert (tmp_path / "cache.db").read_bytes() == content


def test_a_look_loads_no_event_loop() -> None:
    code = "import sys, sapwood_storage.cache.peek; print('asyncio' in sys.modules)"

    answered = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answered.stdout == "False\n"
