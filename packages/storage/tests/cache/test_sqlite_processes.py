"""One cache file and several processes."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import peek
from sapwood_storage.cache.sqlite import SqliteCache

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


WRITER = """
import asyncio, sys
from pathlib import Path
from sapwood_storage.cache.sqlite import SqliteCache

async def main(path, name, count):
    cache = SqliteCache(Path(path))
    for number in range(count):
        await cache.put("ann", f"{name}:{number}", b"x" * 2000, ttl_s=60, tags=[name])
        if number == 0:
            print("writing", flush=True)
    await cache.aclose()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], stdout=subprocess.PIPE
    )


@pytest.mark.integration
async def test_six_processes_start_the_file_together_and_lose_no_entry(
    sqlite: SqliteCache, tmp_path: Path
) -> None:
    writers = [writer(tmp_path / "cache.db", f"w{n}", 50) for n in range(6)]
    assert [process.communicate() and process.returncode for process in writers] == [0] * 6

    reader = SqliteCache(tmp_path / "cache.db")
    found = [await reader.get(ANN, f"w{n}:{number}") for n in range(6) for number in range(50)]
    await reader.aclose()

    assert None not in found
    assert not (tmp_path / "cache.db.damaged").exists()


@pytest.mark.integration
async def test_a_writer_killed_half_way_leaves_a_file_that_others_use(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    process = writer(path, "victim", 100_000)
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert peek(path, ANN, "victim:0") == b"x" * 2000
    heir = SqliteCache(path)
    await heir.put(ANN, "k", b"v", ttl_s=60)
    assert await heir.get(ANN, "k") is not None
    await heir.aclose()
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    total, kept = check.execute("SELECT bytes, (SELECT sum(size) FROM entries) FROM total").fetchone()
    check.close()
    assert total == kept
    assert not (tmp_path / "cache.db.damaged").exists()
