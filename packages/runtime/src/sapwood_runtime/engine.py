"""The workflow engine over the settings' database: journal, tasks, schedules, workers and sweepers.

Loads SQLAlchemy, so whoever needs no runs does not import it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial

from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings
from sapwood_runtime.tasks import installed_tasks
from sapwood_shared.errors import DependencyFailed
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal import Control, Journal, Library
from sapwood_workflows.queue import Bell, WakeUps
from sapwood_workflows.schedules.store import Schedules
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.tasks import Tasks
from sapwood_workflows.worker import Worker


@dataclass(frozen=True)
class Engine:
    """What runs workflows; open for as long as `open_engine` is."""

    settings: Settings
    parts: Parts
    database: Database
    journal: Journal
    tasks: Tasks
    control: Control = field(init=False)
    library: Library = field(init=False)
    schedules: Schedules = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "control", Control(self.journal))
        object.__setattr__(self, "library", Library(self.database))
        object.__setattr__(self, "schedules", Schedules(self.journal, self.tasks))

    def sweeper(self) -> Sweeper:
        """One that looks after runs and fires schedules."""
        keep_days = self.settings.keep_runs_days or None
        return Sweeper(self.journal, schedules=self.schedules, keep_days=keep_days)

    @asynccontextmanager
    async def listening(self, queues: Collection[str]) -> AsyncGenerator[None]:
        """Hear of work that other processes tell of, where there is a Redis."""
        if self.settings.redis is None:
            yield
            return
        from sapwood_workflows.queue.dramatiq import DramatiqEars

        ears = DramatiqEars(self.settings.redis, self.journal.bell, queues)
        ears.start()
        try:
            yield
        finally:
            await ears.aclose()

    @asynccontextmanager
    async def working(self, *, only: str | None = None) -> AsyncGenerator[Worker]:
        """A worker and a sweeper in this process; with `only` for nothing but that run.

        What they have in hand at the end is handed back.
        """
        worker = Worker(self.journal, self.tasks, only=only)
        doing = [asyncio.create_task(worker.run()), asyncio.create_task(self.sweeper().run())]
        try:
            yield worker
        finally:
            for each in doing:
                each.cancel()
            await asyncio.wait(doing)


@asynccontextmanager
async def open_engine(
    settings: Settings, *, workspaces: Sequence[WorkspaceId] = (), spares: int = 0
) -> AsyncGenerator[Engine]:
    """Open the parts and the database, and see that these workspaces are there."""
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(open_parts(settings, spares=spares))
        database = open_database(settings, parts.home)
        stack.push_async_callback(database.aclose)
        for workspace in workspaces:
            await database.create_workspace(workspace)
        bell = Bell()
        if settings.redis is not None:
            bell.others = stack.enter_context(_wake_ups(settings.redis))
        journal = Journal(database, bell, lease_s=settings.lease_s)
        tasks = await asyncio.to_thread(partial(installed_tasks, parts))
        yield Engine(settings, parts, database, journal, tasks)


@contextmanager
def _wake_ups(address: str) -> Generator[WakeUps]:
    try:
        from sapwood_workflows.queue.dramatiq import DramatiqWakeUps
    except ModuleNotFoundError as error:
        raise DependencyFailed(
            "SAPWOOD_REDIS is set, and dramatiq is not installed", hint="pip install 'sapwood-workers[redis]'"
        ) from error
    sending = DramatiqWakeUps(address)
    try:
        yield sending
    finally:
        sending.close()


def open_database(settings: Settings, home: Home) -> Database:
    """The records where the settings want them: SQLite files in the home, or a PostgreSQL server."""
    if settings.database is None:
        return SqliteDatabase(home, installed_histories())
    from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings

    chosen = PostgresSettings(settings.database, prepared_statements=not settings.pooler)
    return PostgresDatabase(chosen, installed_histories())
