"""What SQLite's result codes mean to a caller; shared by the records and the cache."""

import resource
import sqlite3
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from sapwood_shared.errors import DependencyFailed, SapwoodError, StorageFull
from sapwood_storage.home.files import FULL, no_space_hint

_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_WRITING: Final = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_PROBE_BYTES: Final = 64 << 10


def is_broken(error: sqlite3.Error) -> bool:
    """Whether the file itself is damaged, or is no database."""
    return _primary(error) in _BROKEN


def named(error: sqlite3.Error, path: Path) -> SapwoodError:
    """Return the error of our tree that says what happened to the database at `path`."""
    code = _primary(error)
    if code == sqlite3.SQLITE_FULL or (code in _WRITING and _nothing_left(path)):
        return StorageFull(
            f"no space left to write {path.name}",
            hint=no_space_hint(path),
        )
    if code in _BROKEN:
        return DependencyFailed(f"{path} is damaged: {error}", hint="restore it from a copy")
    return DependencyFailed(
        f"{path.name}: {error}", hint=f"check that {path.parent} is writable and its disk healthy"
    )


def _primary(error: sqlite3.Error) -> int:
    # Extended codes keep the primary one in their low byte; errors of the module itself have none.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _nothing_left(path: Path) -> bool:
    # SQLite names only ENOSPC: over a quota or a limit it says "disk I/O error", so we try for ourselves.
    if resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:
        return True
    try:
        with TemporaryFile(dir=path.parent) as probe:
            probe.write(bytes(_PROBE_BYTES))
    except OSError as error:
        return error.errno in FULL
    return False
