"""The tables that a new workspace gets without SQLAlchemy are those of all installed packages."""

from pathlib import Path

from packages.storage.tests.database.test_migrations import only_steps, tables_of
from packages.storage.tests.quick.test_creation import ANN, told

from sapwood_runtime.records import TABLES
from sapwood_storage.database import History, installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_storage.quick.creation import create_workspace

FILES = ("control.db", "workspaces/ann/records.db")


async def test_quick_equals_created_equals_migrated(tmp_path: Path) -> None:
    quick, created, migrated = (Home.open(tmp_path / name) for name in ("quick", "created", "migrated"))
    histories = installed_histories()

    async def described(home: Home, histories: tuple[History, ...]) -> object:
        database = SqliteDatabase(home, histories)
        try:
            return await tables_of(database)
        finally:
            await database.aclose()

    assert create_workspace(quick, ANN, TABLES) is True
    letters = {name: told(quick.root / name) for name in FILES}
    seen = await described(quick, histories)

    assert seen == await described(created, histories)
    assert seen == await described(migrated, tuple(map(only_steps, histories)))
    assert letters == {name: told(created.root / name) for name in FILES}
    assert letters == {name: told(quick.root / name) for name in FILES}, "opening it found something to do"


def test_every_installed_package_is_known_with_its_versions() -> None:
    installed = [
        (history.package, history.control.version, history.workspace.version)
        for history in installed_histories()
    ]

    assert [(one.package, one.control.version, one.workspace.version) for one in TABLES] == installed
