"""Builds the running parts from the settings, opens them in order and closes them again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sapwood_agents.analyst.ask import Analyst
from sapwood_agents.analyst.ports import Dataset
from sapwood_runtime.settings import Settings
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.cache.compressed import Compressed
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.port import Cache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.cache.tiered import Tiered
from sapwood_storage.cache.tolerant import Tolerant
from sapwood_storage.home import Home
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import QueryLimits, ReaderOptions, ResultTable
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings
from sapwood_storage.tabular.shelf import DatasetVersion

_MB = 1 << 20
_GB = 1 << 30


@dataclass(frozen=True, slots=True)
class SandboxedTables:
    """The analyst's tables: each query in the worker of its dataset."""

    datasets: Datasets
    sandbox: SandboxPool

    async def query(
        self, workspace: WorkspaceId, version: str, sql: str, *, limits: QueryLimits | None = None
    ) -> ResultTable:
        """Run one SELECT over the table `data` of a dataset version."""
        directory = self.datasets.directory(workspace, version)
        return await self.sandbox.query(workspace, version, directory, sql, limits=limits or QueryLimits())


@dataclass(frozen=True, slots=True)
class Parts:
    """What an app works with; open for as long as `open_parts` is."""

    settings: Settings
    home: Home
    sandbox: SandboxPool
    datasets: Datasets
    cache: Cache
    tables: SandboxedTables
    analyst: Analyst

    async def dataset(
        self, workspace: WorkspaceId, source: Path | BinaryIO, options: ReaderOptions, work: Work
    ) -> Dataset:
        """Read a file, or find it read already; then let go of what nobody used for long."""
        version = await self.datasets.ingest(workspace, source, options, work)
        title = source.name.split(".")[0] or source.name if isinstance(source, Path) else "stdin"
        # A file larger than the limit alone is kept for as long as it is the last one used.
        least = self.datasets.shelf.bytes_of(workspace, version.id)
        limit = max(least, int(self.settings.datasets_gb * _GB))
        for gone in await self.datasets.evict_lru(workspace, limit):
            await self.cache.delete_tag(workspace, gone)
        return described(self.datasets.get(workspace, version.id), title)


def described(version: DatasetVersion, title: str) -> Dataset:
    """A stored version as the analyst knows it; the same bytes may go by several names."""
    report = version.report
    return Dataset(version.id, title, report.columns, report.rows, report.quarantined)


@asynccontextmanager
async def open_parts(settings: Settings, *, spares: int = 2, unsafe: bool = False) -> AsyncGenerator[Parts]:
    """Open the home and build every part over it; `spares` workers are kept ready (none in a one-shot)."""
    async with AsyncExitStack() as stack:
        home = Home.open(settings.home)
        sandbox = await stack.enter_async_context(
            SandboxPool(
                settings=SandboxSettings(
                    memory_mb=settings.memory_mb,
                    spares=spares,
                    bound=settings.bound_workers,
                    unsafe=unsafe or not settings.sandbox,
                )
            )
        )
        far = SqliteCache(home.cache_db, max_bytes=settings.cache_mb * _MB)
        stack.push_async_callback(far.aclose)
        cache = Tiered(MemoryCache(), Compressed(far))
        flights = SingleFlight(cache)
        stack.push_async_callback(flights.aclose)
        datasets = Datasets(home.root, sandbox)
        tables = SandboxedTables(datasets, sandbox)
        yield Parts(settings, home, sandbox, datasets, Tolerant(cache), tables, Analyst(tables, flights))
