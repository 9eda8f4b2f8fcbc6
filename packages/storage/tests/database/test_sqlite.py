"""What only SQLite has: files, their lock, many processes, a full disk, a kill."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from sapwood_shared.errors import DependencyFailed, InvalidInput, NotFound, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.database.sqlite_engine import lock_of
from sapwood_storage.home import Home, filesystem

ANN = WorkspaceId("ann")

PRELUDE = """
import asyncio, json, sys, time
from pathlib import Path
from sqlalchemy import text
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home

database = SqliteDatabase(Home.open(Path(sys.argv[1])), installed_histories())
INSERT = text("INSERT INTO datasets (id, name, created_at) VALUES (:id, 'x', '2026-01-01 00:00:00')")

async def write(id):
    async with database.write("ann") as connection:
        await connection.execute(INSERT, {"id": id})
"""

SHARE = """
async def main(name, seconds):
    print("ready", flush=True)
    sys.stdin.readline()
    end, done, worst = time.monotonic() + float(seconds), 0, 0.0
    while time.monotonic() < end:
        started = time.monotonic()
        await write(f"{name}-{done}")
        worst = max(worst, time.monotonic() - started)
        done += 1
    await database.aclose()
    print(json.dumps([done, worst]))

asyncio.run(main(*sys.argv[2:]))
"""

VICTIM = """
async def main():
    number = 0
    while True:
        await write(f"committed-{number}")
        print(number, flush=True)
        async with database.write("ann") as connection:
            for part in range(200):
                await connection.execute(INSERT, {"id": f"half-{number}-{part}"})
            await connection.rollback()
        number += 1

asyncio.run(main())
"""

START = """
async def main():
    await database.create_workspace("ann")
    await write(sys.argv[2])
    await database.aclose()

asyncio.run(main())
"""


def process(code: str, home: Home, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PRELUDE + code, str(home.root), *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def rows(home: Home) -> list[str]:
    connection = sqlite3.connect(home.workspace(ANN).records_db)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = [name for (name,) in connection.execute("SELECT id FROM datasets ORDER BY id")]
    connection.close()
    return found


def longest_wait(home: Home) -> int:
    """How many rows were written between two of the same writer, at most."""
    connection = sqlite3.connect(home.workspace(ANN).records_db)
    last: dict[str, int] = {}
    longest = 0
    for turn, (name,) in enumerate(connection.execute("SELECT id FROM datasets ORDER BY rowid")):
        writer = name.partition("-")[0]
        longest = max(longest, turn - last.get(writer, turn))
        last[writer] = turn
    connection.close()
    return longest


def let_go(writer: subprocess.Popen[str]) -> None:
    assert writer.stdin
    writer.stdin.write("go\n")
    writer.stdin.flush()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


@pytest.fixture
async def database(home: Home) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(home, installed_histories())
    yield database
    await database.aclose()


async def put(database: SqliteDatabase, name: str, *, size: int = 1) -> None:
    async with database.write(ANN) as connection:
        row = {"id": name, "name": "x" * size, "at": "2026-01-01 00:00:00"}
        await connection.execute(
            text("INSERT INTO datasets (id, name, created_at) VALUES (:id, :name, :at)"), row
        )


async def test_files_are_private_and_survive_a_power_cut(database: SqliteDatabase, home: Home) -> None:
    await database.create_workspace(ANN)
    async with database.write(ANN) as connection:
        synchronous = (await connection.execute(text("PRAGMA synchronous"))).scalar_one()
        journal = (await connection.execute(text("PRAGMA journal_mode"))).scalar_one()

    assert (synchronous, journal) == (2, "wal")
    assert home.workspace(ANN).records_db.stat().st_mode & 0o777 == 0o600


async def test_a_read_of_a_missing_workspace_makes_no_file(database: SqliteDatabase, home: Home) -> None:
    with pytest.raises(NotFound):
        async with database.read(ANN):
            pass

    assert home.workspaces() == []


async def test_only_so_many_files_are_open_and_all_workspaces_are_served(home: Home) -> None:
    database = SqliteDatabase(home, installed_histories(), max_open=3)
    names = [WorkspaceId(f"w{number}") for number in range(8)]
    for name in names:
        await database.create_workspace(name)

    async def touch(name: WorkspaceId) -> int:
        async with database.write(name) as connection:
            await connection.execute(text("DELETE FROM datasets"))
            return len(database._files)

    open_files = await asyncio.gather(*(touch(name) for name in names * 4))

    assert max(open_files) <= 3
    await database.aclose()


async def test_a_file_in_use_is_not_closed_for_another(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sapwood_storage.database.sqlite_files._WAITING_S", 0.05)
    database = SqliteDatabase(home, installed_histories(), max_open=2)
    await database.create_workspace(ANN)

    async with database.write(ANN) as connection, database.read_control():
        with pytest.raises(DependencyFailed, match="all 2 database files are in use"):
            await database.create_workspace(WorkspaceId("bob"))
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1

    await database.create_workspace(WorkspaceId("bob"))
    await database.aclose()


async def test_an_erasure_by_another_process_is_seen_at_once(database: SqliteDatabase, home: Home) -> None:
    await database.create_workspace(ANN)
    await put(database, "a")
    other = SqliteDatabase(home, installed_histories())
    await other.erase_workspace(ANN)

    with pytest.raises(NotFound):
        await put(database, "b")
    await other.create_workspace(ANN)
    await put(database, "c")

    assert rows(home) == ["c"]
    await other.aclose()


async def test_a_full_disk_is_named_and_the_database_goes_on(small_disk: Path) -> None:
    limit = 2 << 20
    if small_disk.is_mount():  # noqa: ASYNC240 - a test
        subprocess.run(["mount", "-o", f"remount,size={limit}", str(small_disk)], check=True)  # noqa: ASYNC221
    home = Home.open(small_disk / "home")
    database = SqliteDatabase(home, installed_histories())
    await database.create_workspace(ANN)
    await put(database, "small")

    with pytest.raises(StorageFull) as caught:
        await put(database, "large", size=limit)

    assert caught.value.hint
    await put(database, "again")
    await database.aclose()
    assert rows(home) == ["again", "small"]


async def test_a_write_waits_for_the_files_lock_and_a_read_does_not(
    database: SqliteDatabase, home: Home
) -> None:
    await database.create_workspace(ANN)
    holder = lock_of(home.workspace(ANN).records_db)
    holder.acquire()

    waiting = asyncio.create_task(put(database, "a"))
    async with database.read(ANN) as connection:
        await asyncio.sleep(0.05)
        assert (await connection.execute(text("SELECT count(*) FROM datasets"))).scalar_one() == 0
    assert not waiting.done()

    holder.close()
    await waiting
    assert rows(home) == ["a"]


async def test_a_network_file_system_is_refused(
    database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mounts").write_text("1 0 0:1 / / rw - nfs4 server:/ rw\n")
    monkeypatch.setattr(filesystem, "_MOUNTS", tmp_path / "mounts")

    with pytest.raises(InvalidInput, match="network file system"):
        await database.create_workspace(ANN)


async def test_a_damaged_file_is_a_failure_that_says_so(database: SqliteDatabase, home: Home) -> None:
    home.workspace(ANN).create().records_db.write_bytes(b"not a database " * 1000)

    with pytest.raises(DependencyFailed, match="is damaged"):
        await put(database, "a")


@pytest.mark.integration
def test_none_of_eight_writers_is_starved_or_busy(home: Home) -> None:
    process(START, home, "first").communicate()
    writers = [process(SHARE, home, f"w{number}", "4") for number in range(8)]
    for writer in writers:
        assert writer.stdout
        writer.stdout.readline()
    for writer in writers:
        let_go(writer)
    answers = [json.loads(writer.communicate()[0]) for writer in writers]

    shares = [done for done, _ in answers]
    assert [writer.returncode for writer in writers] == [0] * 8
    assert len(rows(home)) == sum(shares) + 1
    assert longest_wait(home) <= 8 * 8  # in turns of others; hundreds where nobody queues


@pytest.mark.integration
def test_a_writer_killed_half_way_loses_what_it_had_not_committed_and_nothing_else(home: Home) -> None:
    process(START, home, "first").communicate()
    victim = process(VICTIM, home)
    assert victim.stdout
    told = [victim.stdout.readline() for _ in range(5)]
    victim.send_signal(signal.SIGKILL)
    told += victim.communicate()[0].splitlines()

    heir = process(START, home, "heir")
    heir.communicate()

    found = rows(home)
    assert heir.returncode == 0
    assert {f"committed-{int(number)}" for number in told} <= set(found)
    assert {"first", "heir"} <= set(found)
    assert not [name for name in found if name.startswith("half")]


@pytest.mark.integration
def test_six_processes_start_at_once_on_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    started = [process(START, home, f"p{number}") for number in range(6)]
    for each in started:
        each.communicate()

    assert [each.returncode for each in started] == [0] * 6
    assert rows(home) == [f"p{number}" for number in range(6)]


@pytest.mark.integration
async def test_two_hundred_workspaces_are_made_and_found_again(database: SqliteDatabase, home: Home) -> None:
    names = [WorkspaceId(f"w{number:03}") for number in range(200)]
    for name in names:
        await database.create_workspace(name)

    assert home.workspaces() == names
    async with database.read_control() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM workspaces"))).scalar_one() == 200
    assert len(database._files) <= 64
    assert threading.active_count() < 64 * 3 + 50
