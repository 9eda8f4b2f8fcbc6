"""The tier that processes of one machine share: a SQLite file, bounded by bytes.

A hit is read on the event loop, since a page that the kernel holds is nearer than a thread; it waits for
no writer. Changes run in a thread of their own, since they queue for the file's lock. "Least recently
used" is remembered in memory and written with the next change, and only once per entry in ten minutes.
"""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from sapwood_shared.errors import SapwoodError, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.port import Entry
from sapwood_storage.cache.sqlite_file import CacheFile
from sapwood_storage.home.sqlite_errors import is_broken

_Result = TypeVar("_Result")

_FRESHLY_USED_S: Final = 600.0
_UNWRITTEN_USES: Final = 1000
_ROOM_AFTER_EVICTION: Final = 0.9
_PURGED_AT_ONCE: Final = 32

_GET: Final = "SELECT value, expires_at, used_at, tags FROM entries WHERE workspace = ? AND key = ?"
_PUT: Final = """
INSERT INTO entries (workspace, key, value, tags, size, expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_DELETE: Final = "DELETE FROM entries WHERE workspace = ? AND key = ?"
_DELETE_TAG: Final = (
    "DELETE FROM entries WHERE id IN (SELECT entry FROM tags WHERE workspace = ? AND tag = ?)"
)
_USED: Final = "UPDATE entries SET used_at = ? WHERE workspace = ? AND key = ?"
_PURGE: Final = "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE expires_at <= ? LIMIT ?)"
_EVICT: Final = "DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY used_at LIMIT ?)"
_OTHERS: Final = """
SELECT 1 FROM entries WHERE workspace <> ?1 UNION ALL SELECT 1 FROM claims WHERE workspace <> ?1 LIMIT 1
"""
_CLAIM: Final = """
INSERT INTO claims (workspace, key, token, expires_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (workspace, key) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at
WHERE claims.token = excluded.token OR claims.expires_at <= ?5
"""


class SqliteCache:
    """Keeps at most `max_bytes` of keys, values and tags in the file at `path`; values up to a quarter of it.

    A damaged file is moved to `<name>.damaged` and started anew. Times are the machine's wall clock.
    """

    def __init__(
        self, path: Path, *, max_bytes: int = 1 << 30, wall_s: Callable[[], float] = time.time
    ) -> None:
        self._file = CacheFile(path)
        self._max_bytes = max_bytes
        self._wall_s = wall_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-cache")
        self._used: dict[tuple[WorkspaceId, str], float] = {}

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the living entry of `key`; a file that cannot be read just now is a miss."""
        try:
            row = self._file.read(_GET, (workspace, key))
        except sqlite3.Error as error:
            if is_broken(error):
                damaged = self._file.reading
                await self._in_thread(lambda: self._file.replace_damaged(damaged))
            return None
        if row is None:
            return None
        value, expires_at, used_at, tags = row
        now = self._wall_s()
        if expires_at <= now:
            return None
        if now - used_at > _FRESHLY_USED_S and len(self._used) < _UNWRITTEN_USES:
            self._used[workspace, key] = now
        return Entry(value, expires_at - now, tuple(json.loads(tags)) if tags else ())

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value`, and let the least recently used go until all fits."""
        tags = list(dict.fromkeys(tags))
        listed = json.dumps(tags) if tags else ""
        size = len(value) + len(key) + len(listed)
        now = self._wall_s()

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(_DELETE, (workspace, key))
            if size <= self._max_bytes // 4 and ttl_s > 0:
                row = (workspace, key, value, listed, size, now + ttl_s, now)
                entry = connection.execute(_PUT, row).lastrowid
                rows = [(workspace, tag, entry) for tag in tags]
                connection.executemany("INSERT INTO tags (workspace, tag, entry) VALUES (?, ?, ?)", rows)
            self._make_room(connection, now)

        await self._write(change)

    async def delete(self, workspace: WorkspaceId, key: str) -> None:
        """Forget `key`; on a disk too full for that, everything."""
        await self._forget(_DELETE, (workspace, key))

    async def delete_tag(self, workspace: WorkspaceId, tag: str) -> None:
        """Forget the entries with `tag`; on a disk too full for that, everything."""
        await self._forget(_DELETE_TAG, (workspace, tag))

    async def clear(self, workspace: WorkspaceId) -> None:
        """Forget all of a workspace and give its bytes back, those of a damaged file that was kept as well.

        A file that holds nothing else goes as a whole, and so does one on a disk too full to change it.
        """

        def others(connection: sqlite3.Connection) -> bool:
            return connection.execute(_OTHERS, (workspace,)).fetchone() is not None

        def change(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM entries WHERE workspace = ?", (workspace,))
            connection.execute("DELETE FROM claims WHERE workspace = ?", (workspace,))

        def clear() -> None:
            with suppress(StorageFull):
                if self._file.write(others):
                    self._file.write(change)
                    self._file.shrink()
                    return
            self._file.remove()

        self._used = {used: at for used, at in self._used.items() if used[0] != workspace}
        await self._in_thread(clear)

    async def claim(self, workspace: WorkspaceId, key: str, *, token: str, ttl_s: float) -> str:
        """Take or renew the claim of `key`; return the token that holds it."""

        def change(connection: sqlite3.Connection) -> str:
            now = self._wall_s()  # read under the lock: waiting for it must not age the claim
            connection.execute(_CLAIM, (workspace, key, token, now + ttl_s, now))
            query = "SELECT token FROM claims WHERE workspace = ? AND key = ?"
            (holder,) = connection.execute(query, (workspace, key)).fetchone()
            return holder

        return await self._write(change)

    async def release(self, workspace: WorkspaceId, key: str, *, token: str) -> None:
        """Give up the claim if `token` still holds it."""
        query = "DELETE FROM claims WHERE workspace = ? AND key = ? AND token = ?"
        await self._write(lambda connection: connection.execute(query, (workspace, key, token)))

    async def size_bytes(self) -> int:
        """Return what the bound counts: keys, values and tags."""
        return await self._write(
            lambda connection: connection.execute("SELECT bytes FROM total").fetchone()[0]
        )

    async def aclose(self) -> None:
        """Write down what was used, and close the file."""
        if self._used:
            with suppress(SapwoodError):
                await self._write(lambda connection: connection.execute("SELECT 1"))
        self._file.close_reader()
        await self._in_thread(self._file.close)
        self._thread.shutdown(wait=False)

    def _make_room(self, connection: sqlite3.Connection, now: float) -> None:
        connection.execute(_PURGE, (now, _PURGED_AT_ONCE))
        connection.execute("DELETE FROM claims WHERE expires_at <= ?", (now,))
        (kept,) = connection.execute("SELECT bytes FROM total").fetchone()
        if kept <= self._max_bytes:
            return
        connection.execute(_PURGE, (now, -1))
        count = 1
        enough = self._max_bytes * _ROOM_AFTER_EVICTION
        while connection.execute("SELECT bytes FROM total").fetchone()[0] > enough:
            if connection.execute(_EVICT, (count,)).rowcount < 1:
                break
            count = min(2 * count, 256)

    async def _forget(self, sql: str, parameters: tuple[str, str]) -> None:
        try:
            await self._write(lambda connection: connection.execute(sql, parameters))
        except StorageFull:
            await self._in_thread(self._file.remove)

    async def _write(self, change: Callable[[sqlite3.Connection], _Result]) -> _Result:
        used, self._used = self._used, {}

        def with_uses(connection: sqlite3.Connection) -> _Result:
            for (workspace, key), at in used.items():
                connection.execute(_USED, (at, workspace, key))
            return change(connection)

        return await self._in_thread(lambda: self._file.write(with_uses))

    async def _in_thread(self, call: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
