"""What only SQLite has: files, their lock, many processes, a full disk, a kill."""

import asyncio
import subprocess
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from packages.storage.tests.database.sqlite_rows import rows
from sqlalchemy import text

from sapwood_shared.errors import DependencyFailed, InvalidInput, NotFound, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.database.sqlite_engine import lock_of
from sapwood_storage.home import Home, filesystem

ANN = WorkspaceId("ann")


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
async def test_two_hundred_workspaces_are_made_and_found_again(database: SqliteDatabase, home: Home) -> None:
    names = [WorkspaceId(f"w{number:03}") for number in range(200)]
    for name in names:
        await database.create_workspace(name)

    assert home.workspaces() == names
    async with database.read_control() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM workspaces"))).scalar_one() == 200
    assert len(database._files) <= 64
    assert threading.active_count() < 64 * 3 + 50
