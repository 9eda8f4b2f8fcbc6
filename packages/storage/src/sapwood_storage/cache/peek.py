"""One look into the cache file, for a command that only wants to repeat an answer.

Standard library and one SELECT: no event loop, no thread, no file made.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Final

from sapwood_storage.cache.schema import SCHEMA_VERSION, file_uri

if TYPE_CHECKING:
    from pathlib import Path

    from sapwood_shared.ids import WorkspaceId

_LOOK: Final = "SELECT value FROM entries WHERE workspace = ? AND key = ? AND expires_at > ?"


def peek(path: Path, workspace: WorkspaceId, key: str) -> bytes | None:
    """Return the stored value of a living entry in the file of a `SqliteCache`, else `None`.

    Whatever is wrong with the file is a miss: the caller then does the work, and the cache heals itself.
    A value put through `Compressed` is still packed; see `unpack`.
    """
    try:
        connection = sqlite3.connect(file_uri(path, "ro"), uri=True, timeout=0.05)
    except sqlite3.Error:
        return None
    try:
        if connection.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
            return None
        row = connection.execute(_LOOK, (workspace, key, time.time())).fetchone()
        # Who empties the cache takes the name away first: what was read since may be holes.
        return row[0] if row is not None and path.exists() else None
    except sqlite3.Error:
        return None
    finally:
        connection.close()
