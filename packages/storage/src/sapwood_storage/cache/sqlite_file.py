"""The cache file under its lock: opened, watched for replacement, and started anew when it is damaged."""

import os
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from sapwood_shared.errors import DependencyFailed
from sapwood_storage.cache import leaving
from sapwood_storage.cache.schema import SCHEMA, SCHEMA_VERSION, file_uri
from sapwood_storage.home.filelock import FileLock
from sapwood_storage.home.files import full_disk_named
from sapwood_storage.home.filesystem import refuse_network_file_system
from sapwood_storage.home.sqlite_errors import is_broken, named

_Result = TypeVar("_Result")

_READER_WAIT_S: Final = 0.05  # readers wait for nobody in WAL, save a checkpoint that resets the log
_WRITER_WAIT_S: Final = 5.0
_LOG_BYTES: Final = 16 << 20


class _OtherSchema(sqlite3.DatabaseError):
    """The file belongs to another release."""


class CacheFile:
    """One reading connection for the event loop, one writing connection for the writer thread.

    `read` is called by one thread, everything else by one other. Each looks whether the path still names
    the file that it has open: another process may have moved a damaged one aside.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path.with_name(f"{path.name}.lock"))
        self._reader: tuple[int, sqlite3.Connection] | None = None
        self._writer: tuple[int, sqlite3.Connection] | None = None

    def read(self, sql: str, parameters: Sequence[object]) -> tuple[Any, ...] | None:
        """Return the first row; `None` also while there is no file, or when it went meanwhile.

        Raises `sqlite3.Error`.
        """
        inode = _inode(self._path)
        if self._reader is None or self._reader[0] != inode:
            self.close_reader()
            if inode is None:
                return None
            connection = _connect(self._path, wait_s=_READER_WAIT_S)
            self._reader = (inode, connection)
            connection.execute("PRAGMA query_only = ON")
        row = self._reader[1].execute(sql, parameters).fetchone()
        # Who removes the file empties it after taking its name away: what was read since may be holes.
        return row if _inode(self._path) == inode else None

    def write(self, change: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Run `change` as one transaction, after all who asked before; raises `StorageFull` and its like."""
        with self._failures_named(), self._lock:
            try:
                return self._change(change)
            except sqlite3.DatabaseError as error:
                self._close_writer()
                if isinstance(error, _OtherSchema):
                    leaving.take_away(self._path)
                elif is_broken(error):
                    leaving.set_aside(self._path)
                else:
                    raise
            return self._change(change)

    def remove(self) -> None:
        """Start anew with nothing, and delete what was set aside; needs no space, whoever has them open."""
        with self._failures_named(), self._lock:
            leaving.take_away(self._path)
            leaving.remove_aside(self._path)
            self._close_writer()

    def shrink(self) -> None:
        """Give back the bytes of what was deleted, and delete what was set aside."""
        with self._failures_named(), self._lock:
            leaving.remove_aside(self._path)
            connection = self._writing()
            connection.executescript("PRAGMA incremental_vacuum")  # one step of `execute` frees one page
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @property
    def reading(self) -> int | None:
        """The inode that `read` last looked into."""
        return self._reader[0] if self._reader else None

    def replace_damaged(self, inode: int | None) -> None:
        """Move the file aside that `read` found damaged, unless somebody already has."""
        with self._lock:
            if inode is not None and inode == _inode(self._path):
                self._close_writer()
                leaving.set_aside(self._path)

    def close_reader(self) -> None:
        """Close the reading connection, from its thread."""
        if self._reader is not None:
            self._reader[1].close()
            self._reader = None

    def close(self) -> None:
        """Close the writing connection and the lock."""
        self._close_writer()
        self._lock.close()

    def _change(self, change: Callable[[sqlite3.Connection], _Result]) -> _Result:
        connection = self._writing()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = change(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return result

    def _writing(self) -> sqlite3.Connection:
        inode = _inode(self._path)
        if self._writer is None or self._writer[0] != inode:
            self._close_writer()
            if inode is None:
                refuse_network_file_system(self._path)
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            connection = _connect(self._path, wait_s=_WRITER_WAIT_S)
            self._writer = (self._path.stat().st_ino, connection)
            self._prepare(connection)
            leaving.remove_aside_if_old(self._path)
        return self._writer[1]

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a file that has no page yet
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may lose entries, never the file
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == SCHEMA_VERSION:
            return
        if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise _OtherSchema
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")

    @contextmanager
    def _failures_named(self) -> Generator[None]:
        try:
            with full_disk_named(self._path):
                yield
        except sqlite3.Error as error:
            self._close_writer()
            raise named(error, self._path) from error
        except OSError as error:
            hint = f"make {self._path.parent} writable, or set SAPWOOD_HOME to another directory"
            raise DependencyFailed(f"cannot write {self._path.name}: {error.strerror}", hint=hint) from error

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer[1].close()
            self._writer = None


def _inode(path: Path) -> int | None:
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - at each hit, and half the price of Path.stat
    except OSError:  # missing, or out of our reach: a miss; a write will say why
        return None


def _connect(path: Path, *, wait_s: float) -> sqlite3.Connection:
    return sqlite3.connect(
        file_uri(path, "rw"), uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False
    )
