"""Connections to one SQLite file, set up so that no setting depends on who opens it."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from sapwood_storage.home import FileLock, private_directory, refuse_network_file_system

_READERS: Final = 2
_FOREIGN_LOCK_S: Final = 5.0  # a writer who does not know our lock, such as the sqlite3 shell
_WAITING_S: Final = 30.0
_LOG_BYTES: Final = 64 << 20


def lock_of(path: Path) -> FileLock:
    """Return a new holder of the lock that every writer of `path` takes first."""
    return FileLock(path.with_name(f"{path.name}.lock"))


def make_file(path: Path) -> None:
    """Make an empty database in WAL mode, readable by this user alone; blocks, and may be called by many."""
    refuse_network_file_system(path)
    private_directory(path.parent)
    lock = lock_of(path)
    try:
        with lock:
            # Never a file that is there: closing it would drop the locks of this process's own connections
            # (POSIX), and another process would take itself for the last and delete the log under them.
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            connection = sqlite3.connect(path, timeout=_FOREIGN_LOCK_S)
            try:
                connection.execute("PRAGMA journal_mode = WAL")  # stays with the file
            finally:
                connection.close()
    finally:
        lock.close()


def reader_engine(path: Path) -> AsyncEngine:
    """Return an engine of two connections whose transactions are snapshots that refuse changes."""
    return _engine(path, size=_READERS, begin="BEGIN", settings=("PRAGMA query_only = ON",))


def writer_engine(path: Path) -> AsyncEngine:
    """Return an engine of one connection whose transactions hold the write lock from their start."""
    settings = (
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        f"PRAGMA journal_size_limit = {_LOG_BYTES}",
    )
    return _engine(path, size=1, begin="BEGIN IMMEDIATE", settings=settings)


def _engine(path: Path, *, size: int, begin: str, settings: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        pool_size=size,
        max_overflow=0,
        pool_timeout=_WAITING_S,
        # The driver's own BEGIN comes late and is deferred: ours comes from the event below.
        connect_args={"isolation_level": None, "timeout": _FOREIGN_LOCK_S},
        execution_options={"schema_translate_map": {"control": None, "workspace": None}},
    )

    def on_connect(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(setting)
        cursor.close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
    return engine
