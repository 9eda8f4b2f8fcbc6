"""What stands in the file of a workspace, looked at from outside."""

import sqlite3

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home import Home

ANN = WorkspaceId("ann")


def rows(home: Home) -> list[str]:
    connection = sqlite3.connect(home.workspace(ANN).records_db)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = [name for (name,) in connection.execute("SELECT id FROM datasets ORDER BY id")]
    connection.close()
    return found
