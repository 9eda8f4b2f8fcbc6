"""A workspace's files made by the standard library alone, as `SqliteDatabase.create_workspace` makes them.

Each file gets its tables in one transaction: a killed process leaves an empty file, which both ways take for
one that is still to be filled.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sapwood_shared.errors import InvalidInput, StorageFull
from sapwood_storage.home import private_directory, refuse_network_file_system
from sapwood_storage.quick.tables import VERSIONS
from sapwood_storage.quick.turn import PATIENCE_S, moment, taking_turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sapwood_shared.ids import WorkspaceId
    from sapwood_storage.home import Home
    from sapwood_storage.quick.tables import PackageTables, ScopeTables

_STAMP: Final = "INSERT INTO migrations (package, version, applied_at) VALUES (?, ?, ?)"
_WORKSPACE: Final = "INSERT INTO workspaces (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING"


def create_workspace(home: Home, workspace: WorkspaceId, packages: Sequence[PackageTables]) -> bool:
    """Make the workspace's file, then its row in control, where they are missing.

    `packages` come in the order in which they refer to each other. `False`: they are not both there with
    those tables, whatever the reason, and have to be made, or refused, in the other way.
    """
    with suppress(OSError, sqlite3.Error, InvalidInput, StorageFull):
        records_db = home.workspace(workspace).records_db
        return _make(records_db, {one.package: one.workspace for one in packages}) and _make(
            home.control_db, {one.package: one.control for one in packages}, workspace
        )
    return False


def _make(path: Path, scopes: Mapping[str, ScopeTables], workspace: WorkspaceId | None = None) -> bool:
    refuse_network_file_system(path)
    private_directory(path.parent)
    with taking_turn(path, make=True) as mine:
        if not mine:
            return False
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # stays with the file
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                _fill(connection, scopes)
            found = dict(connection.execute("SELECT package, version FROM migrations"))
            if any(found.get(package) != scope.version for package, scope in scopes.items()):
                return False  # of another release: closing undoes what was done
            if workspace is not None:
                connection.execute(_WORKSPACE, (workspace, moment(datetime.now(UTC))))
            connection.execute("COMMIT")
            return True


def _fill(connection: sqlite3.Connection, scopes: Mapping[str, ScopeTables]) -> None:
    connection.execute(VERSIONS.strip())
    for package, scope in scopes.items():
        for statement in scope.statements:
            connection.execute(statement.strip())
        connection.execute(_STAMP, (package, scope.version, moment(datetime.now(UTC))))
