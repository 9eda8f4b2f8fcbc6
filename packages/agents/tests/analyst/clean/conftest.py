"""A cleaner over real files in a real sandbox, one for the session: workers start slowly."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sapwood_agents.analyst.clean.proposal import Proposal, ProposeRequest
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.service import ApplyRequest, Cleaned, Cleaner, UndoRequest
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.service import Profiler
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.tabular.cleaning.heads import Heads
from sapwood_storage.tabular.cleaning.versions import CleanedVersions
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ColumnType, QueryLimits, ReaderOptions, ResultTable
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

WORKSPACE = WorkspaceId("local")


@dataclass
class Laundry:
    """A cleaner with its storage, and short ways to use it."""

    datasets: Datasets
    sandbox: SandboxPool
    shelf: Path
    asked: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        cache = SingleFlight(MemoryCache())
        versions = CleanedVersions(self.datasets, self.sandbox)
        self.cleaner = Cleaner(self, Profiler(self, cache), versions, Heads(self.datasets.shelf), cache)

    async def query(
        self,
        workspace: WorkspaceId,
        version: str,
        sql: str,
        *,
        limits: QueryLimits | None = None,
        tell: Callable[[float], None] | None = None,
    ) -> ResultTable:
        """The tables' port, written down."""
        self.asked.append(sql)
        directory = self.datasets.directory(workspace, version)
        return await self.sandbox.query(
            workspace, version, directory, sql, limits=limits or QueryLimits(), tell=tell
        )

    async def read(self, text: str, types: dict[str, ColumnType] | None = None) -> Dataset:
        file = self.shelf / "table.csv"
        file.write_text(text, encoding="utf-8")
        options = ReaderOptions(types=types or {})
        version = await self.datasets.ingest(WORKSPACE, file, options, DetachedWork())
        return self.table(version.id)

    def table(self, version: str) -> Dataset:
        report = self.datasets.get(WORKSPACE, version).report
        return Dataset(version, "table", report.columns, report.rows, report.quarantined)

    async def propose(self, text: str, **more: Any) -> Proposal:
        table = await self.read(text, **more)
        return await self.cleaner.propose(WORKSPACE, table, ProposeRequest(), DetachedWork())

    async def apply(self, version: str, recipe: Recipe) -> Cleaned:
        return await self.cleaner.apply(
            WORKSPACE, ApplyRequest(version=version, recipe=recipe), DetachedWork()
        )

    async def undo(self, version: str, *, last_step: bool = False) -> Cleaned:
        request = UndoRequest(version=version, last_step=last_step)
        return await self.cleaner.undo(WORKSPACE, request, DetachedWork())

    async def rows(self, version: str) -> list[list[Any]]:
        return (await self.query(WORKSPACE, version, "SELECT * FROM data")).rows


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def laundry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Laundry]:
    home, shelf = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")
    async with SandboxPool(settings=SandboxSettings(spares=1, bound=8)) as sandbox:
        yield Laundry(Datasets(home, sandbox), sandbox, shelf)
