"""The open SQLite files of this process: few, shared, and closed when long unused.

A connection of aiosqlite is a thread, so a file has one writer and two readers, and of all files the least
recently used is closed. Writers queue three times: in this process, at the file's lock, in SQLite.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from sapwood_shared.errors import DependencyFailed, NotFound
from sapwood_storage.database.failures import failures_named
from sapwood_storage.database.sqlite_engine import lock_of, reader_engine, writer_engine

_WAITING_S: Final = 30.0


class _OpenFile:
    """One file's engines, made when first used, and its turn among this process's writers."""

    def __init__(self, path: Path, inode: int) -> None:
        self.path = path
        self.inode = inode
        self.users = 0
        self.up_to_date = False
        self.turn = asyncio.Lock()
        self.lock = lock_of(path)

    @cached_property
    def reader(self) -> AsyncEngine:
        return reader_engine(self.path)

    @cached_property
    def writer(self) -> AsyncEngine:
        return writer_engine(self.path)

    async def take_lock(self, threads: ThreadPoolExecutor) -> None:
        """Wait for the file's lock; whoever is cancelled meanwhile leaves no lock behind."""
        if self.lock.try_acquire():
            return
        lock = self.lock
        waiting = asyncio.get_running_loop().run_in_executor(threads, lock.acquire)
        try:
            await asyncio.shield(waiting)
        except asyncio.CancelledError:
            # The thread still waits. The next writer here gets a holder of its own, not this one's lock.
            self.lock = lock_of(self.path)
            waiting.add_done_callback(lambda _: lock.close())
            raise

    async def aclose(self) -> None:
        for name in ("reader", "writer"):
            engine: AsyncEngine | None = self.__dict__.get(name)
            if engine is not None:
                await engine.dispose()
        self.lock.close()


class SqliteFiles:
    """Gives transactions on files that exist; at most `max_open` are open."""

    def __init__(self, *, max_open: int = 64) -> None:
        self._max_open = max_open
        self._files: OrderedDict[Path, _OpenFile] = OrderedDict()
        self._opening = asyncio.Lock()
        self._freed = asyncio.Event()
        self._threads = ThreadPoolExecutor(max_open, thread_name_prefix="sqlite-lock")

    def __len__(self) -> int:
        return len(self._files)

    @asynccontextmanager
    async def reading(self, path: Path) -> AsyncGenerator[AsyncConnection]:
        """Open a snapshot; raises `NotFound` without a file."""
        async with self._use(path) as file:
            with failures_named(path.name, path):
                async with file.reader.begin() as connection:
                    yield connection

    @asynccontextmanager
    async def writing(self, path: Path) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction after all who asked before; raises `NotFound` without a file."""
        async with self._use(path) as file, file.turn:
            await file.take_lock(self._threads)
            try:
                if _inode(path) != file.inode:
                    raise _gone(path)  # erased while we waited
                with failures_named(path.name, path):
                    async with file.writer.begin() as connection:
                        yield connection
            finally:
                file.lock.release()

    def is_up_to_date(self, path: Path) -> bool:
        """Whether the file that is open at `path` was noted; an open file's inode is nobody else's."""
        file = self._files.get(path)
        return file is not None and file.up_to_date and file.inode == _inode(path)

    def note_up_to_date(self, path: Path) -> None:
        """Remember, for as long as the file stays open, that its tables are current."""
        if (file := self._files.get(path)) is not None:
            file.up_to_date = True

    async def close(self, path: Path) -> None:
        """Close the file now, or when its last user has left."""
        file = self._files.pop(path, None)
        if file is not None and not file.users:
            await file.aclose()

    async def aclose(self) -> None:
        """Close every file."""
        while self._files:
            await self._files.popitem()[1].aclose()
        self._threads.shutdown(wait=False)

    @asynccontextmanager
    async def _use(self, path: Path) -> AsyncGenerator[_OpenFile]:
        inode = _inode(path)
        if inode is None:
            raise _gone(path)
        file = self._files.get(path)
        if file is None or file.inode != inode:
            file = await self._open(path, inode)
        self._files.move_to_end(path)
        file.users += 1
        try:
            yield file
        finally:
            file.users -= 1
            if not file.users:
                self._freed.set()
                if self._files.get(path) is not file:  # replaced while in use
                    await file.aclose()

    async def _open(self, path: Path, inode: int) -> _OpenFile:
        async with self._opening:
            file = self._files.get(path)
            if file is not None and file.inode == inode:
                return file
            if file is not None:
                del self._files[path]
                if not file.users:
                    await file.aclose()
            await self._make_room()
            self._files[path] = file = _OpenFile(path, inode)
            return file

    async def _make_room(self) -> None:
        while len(self._files) >= self._max_open:
            idle = next((path for path, file in self._files.items() if not file.users), None)
            if idle is not None:
                await self._files.pop(idle).aclose()
                continue
            self._freed.clear()
            try:
                async with asyncio.timeout(_WAITING_S):
                    await self._freed.wait()
            except TimeoutError as error:
                raise DependencyFailed(
                    f"all {self._max_open} database files are in use",
                    hint="work on fewer workspaces at a time",
                ) from error


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _gone(path: Path) -> NotFound:
    return NotFound(
        f"there are no records at {path.parent.name}/{path.name}", hint="create the workspace first"
    )
