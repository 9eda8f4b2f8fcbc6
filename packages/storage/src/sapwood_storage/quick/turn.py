"""A short write into the records of a SQLite home, by the rules that every writer keeps."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import datetime
    from pathlib import Path

    from sapwood_shared.ids import WorkspaceId

PATIENCE_S: Final = 0.05
"""How long is waited for somebody else who writes."""

_PAUSE_S: Final = 0.005


def write(
    records_db: Path, versions: Mapping[str, int], change: Callable[[sqlite3.Connection], bool]
) -> bool:
    """Do `change` in a transaction; `False`: nothing was written, whatever the reason.

    `versions` are those of the packages' tables that `change` knows. It says itself whether to commit.
    """
    with suppress(OSError, sqlite3.Error, UnicodeEncodeError), taking_turn(records_db) as mine:
        return mine and _write(records_db, versions, change)
    return False


@contextmanager
def taking_turn(path: Path, *, make: bool = False) -> Generator[bool]:
    """Hold the lock that every writer of `path` takes first; gives `False` when somebody else keeps it.

    Without `make` there has to be one: where nobody ever locked there is no database either.
    """
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if make else 0), 0o600)
    try:
        yield _taken(lock)
    finally:
        os.close(lock)


def records_of(home: Path, workspace: WorkspaceId) -> Path:
    """Return `WorkspaceHome.records_db`, without loading what knows the whole of a home."""
    return home / "workspaces" / workspace / "records.db"


def moment(value: datetime) -> str:
    """Return a moment, in UTC, as SQLAlchemy keeps it."""
    return value.strftime("%Y-%m-%d %H:%M:%S.%f")


def _taken(lock: int) -> bool:
    patient_until = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > patient_until:
                return False
            time.sleep(_PAUSE_S)
        else:
            return True


def _write(path: Path, versions: Mapping[str, int], change: Callable[[sqlite3.Connection], bool]) -> bool:
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_S, isolation_level=None)) as connection:
        connection.execute(
            "PRAGMA synchronous = FULL"
        )  # as every writer of records: no committed row is lost
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        found = dict(connection.execute("SELECT package, version FROM migrations"))
        if any(found.get(package) != version for package, version in versions.items()):
            return False
        if not change(connection):
            return False  # closing undoes it
        connection.execute("COMMIT")
        return True
