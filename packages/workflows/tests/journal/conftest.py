"""Journals on both databases, with workers and a sweeper of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from packages.storage.tests.conftest import empty_database, postgres_server
from packages.workflows.tests.journal_tasks import DONE, GATE, TASKS

from sapwood_shared import WorkspaceId
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal import Control, Journal
from sapwood_workflows.spec.reading import read_workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

__all__ = ["postgres_server"]
MINE = WorkspaceId("mine")
LEASE_S = 1.0


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    DONE.clear()
    GATE.clear()
    GATE["open"] = asyncio.Event()


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            made: Database = SqliteDatabase(Home.open(tmp_path / "home"), installed_histories())
        else:
            address = stack.enter_context(empty_database(request.getfixturevalue("postgres_server")))
            made = PostgresDatabase(PostgresSettings(address), installed_histories())
        await made.create_workspace(MINE)
        yield made
        await made.aclose()


@dataclass
class House:
    """A journal, and all that works on it."""

    database: Database
    journal: Journal
    control: Control
    workers: list[Worker] = field(default_factory=list[Worker])

    async def submit(self, spec: str, workspace: WorkspaceId = MINE, **given: Any) -> str:
        return await self.journal.submit(workspace, read_workflow(spec)[0], given, TASKS)

    async def until(self, holds: Callable[[], Awaitable[Any]], most_s: float = 20) -> Any:
        async with asyncio.timeout(most_s):
            while not (found := await holds()):
                await self.journal.bell.wait(0.05)
        return found

    async def ended(self, run_id: str, workspace: WorkspaceId = MINE, most_s: float = 20) -> Any:
        async def over() -> Any:
            run = await self.journal.run(workspace, run_id)
            return run if run["state"] != "running" else None

        return await self.until(over, most_s)

    async def states(self, run_id: str) -> dict[str, str]:
        rows = await self.journal.steps(MINE, run_id)
        return {row["name"]: row["state"] for row in rows if row["item"] == -1}

    @asynccontextmanager
    async def working(self, workers: int = 1, **options: Any) -> AsyncGenerator[list[Worker]]:
        made = [Worker(self.journal, TASKS, **options) for _ in range(workers)]
        doing = [asyncio.create_task(each.run()) for each in made]
        doing.append(asyncio.create_task(Sweeper(self.journal, every_s=0.05).run()))
        try:
            yield made
        finally:
            for each in doing:
                each.cancel()
            _, stuck = await asyncio.wait(doing, timeout=10)
            for each in stuck:
                each.print_stack()
            assert not stuck


@pytest.fixture
async def house(database: Database) -> House:
    journal = Journal(database, lease_s=LEASE_S)
    return House(database, journal, Control(journal))
