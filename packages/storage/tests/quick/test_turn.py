import sqlite3
from pathlib import Path

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.database.storage_history import HISTORY
from sapwood_storage.home import Home
from sapwood_storage.quick.turn import write

ANN = WorkspaceId("ann")


async def test_a_short_write_is_on_the_disk_before_it_counts(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    database = SqliteDatabase(home, [HISTORY])
    await database.create_workspace(ANN)
    await database.aclose()
    found: list[int] = []

    def change(connection: sqlite3.Connection) -> bool:
        found.extend(connection.execute("PRAGMA synchronous").fetchone())
        return True

    assert write(home.workspace(ANN).records_db, {}, change)

    full = 2
    assert found == [full]
