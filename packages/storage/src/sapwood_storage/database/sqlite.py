"""Records in SQLite: `control.db`, and one file for each workspace."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.errors import NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.history import History
from sapwood_storage.database.port import WORKSPACE_OPTION
from sapwood_storage.database.sqlite_engine import lock_of, make_file
from sapwood_storage.database.sqlite_files import SqliteFiles
from sapwood_storage.database.tables import workspaces
from sapwood_storage.database.versions import ScopeState, Upgrader
from sapwood_storage.home import Home


class SqliteDatabase:
    """The `Database` of the embedded profile; belongs to one event loop."""

    def __init__(
        self, home: Home, histories: Sequence[History], *, max_open: int = 64, clock: Clock | None = None
    ) -> None:
        clock = clock or SystemClock()
        self._home = home
        self._clock = clock
        self._control = Upgrader(histories, control=True, clock=clock)
        self._workspace = Upgrader(histories, control=False, clock=clock)
        self._files = SqliteFiles(max_open=max_open)

    @asynccontextmanager
    async def read(self, workspace: WorkspaceId) -> AsyncGenerator[AsyncConnection]:
        """Open a snapshot of a workspace's records."""
        path = self._home.workspace(workspace).records_db
        await self._bring_up_to_date(path, self._workspace, must_exist=True)
        async with self._files.reading(path) as connection:
            await connection.execution_options(**{WORKSPACE_OPTION: workspace})
            yield connection

    @asynccontextmanager
    async def write(self, workspace: WorkspaceId) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction on a workspace's records."""
        path = self._home.workspace(workspace).records_db
        await self._bring_up_to_date(path, self._workspace, must_exist=True)
        async with self._files.writing(path) as connection:
            await connection.execution_options(**{WORKSPACE_OPTION: workspace})
            yield connection

    @asynccontextmanager
    async def read_control(self) -> AsyncGenerator[AsyncConnection]:
        """Open a snapshot of `control.db`."""
        await self._bring_up_to_date(self._home.control_db, self._control, must_exist=False)
        async with self._files.reading(self._home.control_db) as connection:
            yield connection

    @asynccontextmanager
    async def write_control(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction on `control.db`."""
        await self._bring_up_to_date(self._home.control_db, self._control, must_exist=False)
        async with self._files.writing(self._home.control_db) as connection:
            yield connection

    async def create_workspace(self, workspace: WorkspaceId) -> None:
        """Make the workspace's file, then its row in control, which only points to it."""
        path = self._home.workspace(workspace).records_db
        await self._bring_up_to_date(path, self._workspace, must_exist=False)
        async with self.read_control() as connection:
            if (
                await connection.execute(select(workspaces.c.id).where(workspaces.c.id == workspace))
            ).first():
                return
        async with self.write_control() as connection:
            row = {"id": workspace, "created_at": self._clock.now()}
            await connection.execute(insert(workspaces).values(row).on_conflict_do_nothing())

    async def erase_workspace(self, workspace: WorkspaceId) -> None:
        """Delete the workspace's file and its row; the row last, so that a killed erasure is found again."""
        path = self._home.workspace(workspace).records_db
        await asyncio.to_thread(_delete_file, path)
        await self._files.close(path)
        async with self.write_control() as connection:
            await connection.execute(workspaces.delete().where(workspaces.c.id == workspace))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._files.aclose()

    async def _bring_up_to_date(self, path: Path, upgrader: Upgrader, *, must_exist: bool) -> None:
        if self._files.is_up_to_date(path):
            return
        exists = await asyncio.to_thread(path.exists)
        state = ScopeState.ABSENT
        if exists:
            async with self._files.reading(path) as connection:
                state = await connection.run_sync(upgrader.state)
        if state is ScopeState.ABSENT and must_exist:
            raise NotFound(f"there is no workspace {path.parent.name!r}", hint="create the workspace first")
        if state is ScopeState.ABSENT:  # also where whoever made the file died before it was set up
            await asyncio.to_thread(make_file, path)
        if state is not ScopeState.CURRENT:
            async with self._files.writing(path) as connection:
                await connection.run_sync(upgrader.upgrade)
        self._files.note_up_to_date(path)


def _delete_file(path: Path) -> None:
    if not path.parent.is_dir():
        return
    lock = lock_of(path)
    try:
        with lock:
            # The lock's file goes too: whoever waits for it finds that the database is another one, or gone.
            for suffix in ("", "-wal", "-shm", ".lock"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
    finally:
        lock.close()
    with suppress(OSError):  # something else of the workspace is still there
        path.parent.rmdir()
