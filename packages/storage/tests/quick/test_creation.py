"""Files that the standard library makes are those of `SqliteDatabase`, whole or still to be filled."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.dataset_records import DatasetRecords
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.database.storage_history import HISTORY
from sapwood_storage.home import FileLock, Home
from sapwood_storage.quick import creation
from sapwood_storage.quick.creation import create_workspace
from sapwood_storage.quick.tables import STORAGE

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")
_SETTINGS = ("journal_mode", "page_size", "auto_vacuum", "encoding", "user_version", "application_id")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def told(path: Path) -> dict[str, Any]:
    """What a file says of itself: its tables to the letter but for blanks, its versions, its settings."""
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        return {
            "tables": {(*names, " ".join((sql or "").split())) for *names, sql in made},
            "versions": connection.execute("SELECT package, version FROM migrations").fetchall(),
            "settings": [connection.execute(f"PRAGMA {name}").fetchone() for name in _SETTINGS],
            "mode": oct(path.stat().st_mode),
        }


async def by_database(home: Home, workspace: WorkspaceId = ANN) -> None:
    database = SqliteDatabase(home, [HISTORY])
    await database.create_workspace(workspace)
    async with database.write(workspace) as unit:
        await DatasetRecords(workspace, unit).datasets()
    await database.aclose()


def workspaces(home: Home) -> list[str]:
    with closing(sqlite3.connect(home.control_db)) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM workspaces ORDER BY id")]


async def test_both_ways_make_the_same_files_to_the_letter(home: Home, tmp_path: Path) -> None:
    other = Home.open(tmp_path / "other")

    assert create_workspace(home, ANN, [STORAGE]) is True
    await by_database(other)

    for name in ("control.db", "workspaces/ann/records.db"):
        assert told(home.root / name) == told(other.root / name)
    assert workspaces(home) == workspaces(other) == ["ann"]
    assert sorted(file.name for file in home.workspace(ANN).root.iterdir()) == [
        "records.db",
        "records.db.lock",
    ]


def test_the_versions_are_those_of_the_history() -> None:
    known = (HISTORY.package, HISTORY.control.version, HISTORY.workspace.version)

    assert known == (STORAGE.package, STORAGE.control.version, STORAGE.workspace.version)


async def test_what_is_there_stays_and_what_is_missing_is_made(home: Home) -> None:
    await by_database(home)
    before = told(home.workspace(ANN).records_db)

    assert create_workspace(home, ANN, [STORAGE]) is True
    assert create_workspace(home, BOB, [STORAGE]) is True

    assert told(home.workspace(ANN).records_db) == before
    assert workspaces(home) == ["ann", "bob"]


async def test_tables_of_another_release_are_left_to_the_migrations(home: Home) -> None:
    await by_database(home)
    with closing(sqlite3.connect(home.control_db)) as connection:
        connection.execute("UPDATE migrations SET version = version + 1")
        connection.commit()

    assert create_workspace(home, BOB, [STORAGE]) is False
    assert workspaces(home) == ["ann"]


def test_whoever_would_have_to_wait_makes_nothing(home: Home) -> None:
    lock = home.workspace(ANN).create().records_db
    with FileLock(lock.with_name("records.db.lock")):
        assert create_workspace(home, ANN, [STORAGE]) is False

    assert not lock.exists()
    assert not home.control_db.exists()


def test_a_network_file_system_is_left_to_be_refused_in_the_other_way(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise InvalidInput(f"{path} is on nfs", hint="use a local disk")

    monkeypatch.setattr(creation, "refuse_network_file_system", refuse)

    assert create_workspace(home, ANN, [STORAGE]) is False
    assert not home.workspace(ANN).root.exists()


def test_a_file_that_is_no_database_is_left_alone(home: Home) -> None:
    records_db = home.workspace(ANN).create().records_db
    records_db.write_bytes(b"no database at all" * 400)

    assert create_workspace(home, ANN, [STORAGE]) is False
    assert records_db.read_bytes() == b"no database at all" * 400


_DIES_AT_EACH_STATEMENT = """
import functools, os, sqlite3, sys, types
from pathlib import Path
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home import Home
from sapwood_storage.quick import creation
from sapwood_storage.quick.tables import STORAGE

left = 0

class Dying(sqlite3.Connection):
    def execute(self, *arguments):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return super().execute(*arguments)

creation.sqlite3 = types.SimpleNamespace(**vars(sqlite3))  # what measures coverage keeps its own
creation.sqlite3.connect = functools.partial(sqlite3.connect, factory=Dying)
for number in range(1000):
    home = Home.open(Path(sys.argv[1]) / str(number))
    child = os.fork()
    if not child:
        left = number
        os._exit(0 if creation.create_workspace(home, WorkspaceId("ann"), [STORAGE]) else 1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != 9:
        sys.exit(code)
"""


async def test_a_creation_killed_anywhere_leaves_all_tables_or_none(tmp_path: Path) -> None:
    homes = tmp_path / "homes"
    homes.mkdir()
    dying = [sys.executable, "-c", _DIES_AT_EACH_STATEMENT, str(homes)]
    await asyncio.to_thread(subprocess.run, dying, check=True)
    whole = Home.open(homes / str(len(list(homes.iterdir())) - 1))

    killed = [Home.open(homes / str(number)) for number in range(len(list(homes.iterdir())) - 1)]

    assert len(killed) > 20
    for number, home in enumerate(killed):
        for path in (home.workspace(ANN).records_db, home.control_db):
            if path.exists():
                with closing(sqlite3.connect(path)) as connection:
                    assert len(connection.execute("SELECT * FROM sqlite_master").fetchall()) in {
                        0,
                        len(told(whole.root / path.relative_to(home.root))["tables"]),
                    }
        if number % 2:
            assert create_workspace(home, ANN, [STORAGE]) is True
        else:
            await by_database(home)
        for name in ("control.db", "workspaces/ann/records.db"):
            assert told(home.root / name) == told(whole.root / name)
        assert workspaces(home) == ["ann"]


@pytest.mark.integration
async def test_both_ways_at_once_make_one_workspace(home: Home, tmp_path: Path) -> None:
    await asyncio.gather(
        *(asyncio.to_thread(create_workspace, home, ANN, [STORAGE]) for _ in range(8)),
        *(by_database(home) for _ in range(4)),
    )
    other = Home.open(tmp_path / "other")
    await by_database(other)

    for name in ("control.db", "workspaces/ann/records.db"):
        assert told(home.root / name) == told(other.root / name)
    assert workspaces(home) == ["ann"]


def test_creating_loads_the_standard_library_only() -> None:
    code = "import sys, sapwood_storage.quick.creation; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout

    outside = {name.partition(".")[0] for name in loaded.split()} - sys.stdlib_module_names
    assert {
        name for name in outside if not name.startswith(("sapwood", "_", "a1_", "coverage", "$coverage"))
    } == set()
