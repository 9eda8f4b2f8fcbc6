"""The copies made before an upgrade as a store of the data map."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Final

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.metadata import CONTROL
from sapwood_storage.home import Home
from sapwood_storage.home.directory import checked_workspace
from sapwood_storage.subjects.declaration import Holding, holding_of
from sapwood_storage.subjects.files import delete_tree
from sapwood_storage.subjects.walk import Part

_HAS: Final = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"


class BackupStore:
    """Exports nothing, since a copy says what the others said once; erases in every copy.

    The tables of a copy are those of an older release, which nobody here can edit row by row: a person who is
    erased takes the copied records of their workspace along.
    """

    name = "backups"
    holding = Holding("schema", subject="in the copied records")

    def __init__(self, home: Home) -> None:
        self._home = home

    async def export(self, workspace: WorkspaceId, person: str | None) -> AsyncIterator[Part]:
        """Yield nothing."""
        del workspace, person
        for part in ():
            yield part

    async def erase(self, workspace: WorkspaceId, person: str | None) -> None:
        """Delete the workspace from every copy, or its records, which name the person."""
        checked_workspace(workspace)
        await asyncio.to_thread(self._erase, workspace, person)

    def _erase(self, workspace: WorkspaceId, person: str | None) -> None:
        for copy in self._home.backups.glob("*"):
            copied = copy / "workspaces" / workspace
            if person is not None:
                for file in copied.glob("records.db*"):
                    file.unlink()
                continue
            delete_tree(copied)
            _forget(copy / "control.db", workspace)


def _forget(control_db: Path, workspace: WorkspaceId) -> None:
    if not control_db.exists():
        return
    with closing(sqlite3.connect(control_db)) as connection, connection:
        connection.execute("PRAGMA secure_delete = ON")
        for table in reversed(CONTROL.sorted_tables):
            holding = holding_of(table)
            if holding is None or holding.workspace == "schema":
                continue
            if connection.execute(_HAS, (table.name, holding.workspace)).fetchone():
                query = f"DELETE FROM [{table.name}] WHERE [{holding.workspace}] = ?"  # noqa: S608 - our own names
                connection.execute(query, (workspace,))
