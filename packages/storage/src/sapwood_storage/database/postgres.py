"""Records in PostgreSQL 15 or later: the schema `control`, and one schema for each workspace.

Nothing here outlives a transaction, so that a pooler may give each transaction another session: the time
limit is set locally, locks are those of rows (and one of a transaction), and no statement is prepared
under a name that another client could have.
"""

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, event, make_url, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateSchema, DropSchema

from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.errors import DependencyFailed, InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.failures import failures_named
from sapwood_storage.database.history import History
from sapwood_storage.database.port import WORKSPACE_OPTION
from sapwood_storage.database.tables import workspaces
from sapwood_storage.database.versions import ScopeState, Upgrader
from sapwood_storage.home.directory import checked_workspace

_FIRST_START: Final = 0x5A9_0001  # the advisory lock of the transaction that makes `control`
_OLDEST: Final = 150_000


@dataclass(frozen=True, slots=True)
class PostgresSettings:
    """Where the server is and what one process may take of it.

    `prepared_statements` saves a parse a statement and needs a session of its own: off behind a pooler.
    """

    url: str
    pool_size: int = 10
    max_overflow: int = 20
    statement_timeout_s: float = 30.0
    prepared_statements: bool = False


class PostgresDatabase:
    """The `Database` of the production profile; belongs to one event loop."""

    def __init__(
        self, settings: PostgresSettings, histories: Sequence[History], *, clock: Clock | None = None
    ) -> None:
        clock = clock or SystemClock()
        self._clock = clock
        self._control = Upgrader(histories, control=True, clock=clock)
        self._workspace = Upgrader(histories, control=False, clock=clock)
        self._engine = _engine(settings)
        self._current: set[str] = set()  # schemas found up to date

    @asynccontextmanager
    async def read(self, workspace: WorkspaceId) -> AsyncGenerator[AsyncConnection]:
        """Open a snapshot of a workspace's records."""
        schema = schema_of(workspace)
        await self._require(workspace, schema)
        async with self._transaction(schema, reading=True) as connection:
            await connection.execution_options(**{WORKSPACE_OPTION: workspace})
            yield connection

    @asynccontextmanager
    async def write(self, workspace: WorkspaceId) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction on a workspace's records."""
        schema = schema_of(workspace)
        await self._require(workspace, schema)
        async with self._transaction(schema) as connection:
            await connection.execution_options(**{WORKSPACE_OPTION: workspace})
            yield connection

    @asynccontextmanager
    async def read_control(self) -> AsyncGenerator[AsyncConnection]:
        """Open a snapshot of the schema `control`."""
        await self._prepare_control()
        async with self._transaction(None, reading=True) as connection:
            yield connection

    @asynccontextmanager
    async def write_control(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction on the schema `control`."""
        await self._prepare_control()
        async with self._transaction(None) as connection:
            yield connection

    async def create_workspace(self, workspace: WorkspaceId) -> None:
        """Make the workspace's schema and its row, in one transaction that holds the row."""
        schema = schema_of(workspace)
        await self._prepare_control()
        async with self._transaction(schema) as connection:
            if await connection.run_sync(self._workspace.state) is not ScopeState.CURRENT:
                await self._upgrade(connection, workspace, schema)
        self._current.add(schema)

    async def erase_workspace(self, workspace: WorkspaceId) -> None:
        """Drop the workspace's schema and its row."""
        schema = schema_of(workspace)
        await self._prepare_control()
        async with self._transaction(schema) as connection:
            mine = workspaces.c.id == workspace
            await connection.execute(select(workspaces.c.id).where(mine).with_for_update())
            await connection.execute(DropSchema(schema, cascade=True, if_exists=True))
            await connection.execute(workspaces.delete().where(mine))
        self._current.discard(schema)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def _require(self, workspace: WorkspaceId, schema: str) -> None:
        if schema in self._current:
            return
        await self._prepare_control()
        async with self._transaction(schema) as connection:
            state = await connection.run_sync(self._workspace.state)
            if state is ScopeState.ABSENT:
                raise NotFound(f"there is no workspace {workspace!r}", hint="create the workspace first")
            if state is ScopeState.STALE:
                await self._upgrade(connection, workspace, schema)
        self._current.add(schema)

    async def _upgrade(self, connection: AsyncConnection, workspace: WorkspaceId, schema: str) -> None:
        row = {"id": workspace, "created_at": self._clock.now()}
        await connection.execute(insert(workspaces).values(row).on_conflict_do_nothing())
        # Whoever comes second waits here, and then finds nothing left to do.
        await connection.execute(
            select(workspaces.c.id).where(workspaces.c.id == workspace).with_for_update()
        )
        await connection.execute(CreateSchema(schema, if_not_exists=True))
        await connection.run_sync(self._workspace.upgrade)

    async def _prepare_control(self) -> None:
        if "control" in self._current:
            return
        async with self._transaction(None) as connection:
            if connection.dialect.server_version_info and connection.dialect.server_version_info < (15,):
                raise InvalidInput("this PostgreSQL is too old", hint="use PostgreSQL 15 or later")
            if await connection.run_sync(self._control.state) is not ScopeState.CURRENT:
                # No row exists yet that could be locked.
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FIRST_START})
                await connection.execute(CreateSchema("control", if_not_exists=True))
                await connection.run_sync(self._control.upgrade)
        self._current.add("control")

    @asynccontextmanager
    async def _transaction(
        self, schema: str | None, *, reading: bool = False
    ) -> AsyncGenerator[AsyncConnection]:
        where = schema or "control"
        connected = False
        try:
            with failures_named(where):
                async with self._engine.connect() as connection:
                    connected = True
                    await connection.execution_options(
                        schema_translate_map={"workspace": schema},
                        postgresql_readonly=reading,
                        isolation_level="REPEATABLE READ" if reading else "READ COMMITTED",
                    )
                    async with connection.begin():
                        yield connection
        except OSError as error:
            if connected:  # not ours: it comes from the block
                raise
            hint = "check that PostgreSQL runs and that its address is right"
            raise DependencyFailed(f"cannot reach the database: {error}", hint=hint) from error


def schema_of(workspace: WorkspaceId) -> str:
    """Return the schema that holds a workspace's records."""
    return f"w_{checked_workspace(workspace)}"


def _engine(settings: PostgresSettings) -> AsyncEngine:
    try:
        url = make_url(settings.url).set(drivername="postgresql+asyncpg")
    except ArgumentError as error:
        raise InvalidInput(
            "this is no database address", hint="use postgresql://user@host/database"
        ) from error
    arguments: dict[str, object] = {}
    limit_ms = int(settings.statement_timeout_s * 1000)
    if settings.prepared_statements:  # a session of its own: said once, and not in each transaction
        arguments["server_settings"] = {"statement_timeout": str(limit_ms)}
    if not settings.prepared_statements:
        url = url.update_query_dict({"prepared_statement_cache_size": "0"})
        arguments["statement_cache_size"] = 0
        arguments["prepared_statement_name_func"] = lambda: f"s_{uuid.uuid4().hex}"
    engine = create_async_engine(
        url,
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_pre_ping=True,
        connect_args=arguments,
    )

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {limit_ms}")

    if not settings.prepared_statements:
        event.listen(engine.sync_engine, "begin", on_begin)
    return engine
