"""Builds the running parts from the settings, opens them in order and closes them again."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sapwood_agents.analyst.ports import Dataset
from sapwood_runtime.opened import Opened, open_table
from sapwood_runtime.records import OnFailure, Records
from sapwood_runtime.settings import Settings
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.cache.compressed import Compressed
from sapwood_storage.cache.counted import CacheStatistics, Counted
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.port import Cache
from sapwood_storage.cache.refresh import EarlyRefresh
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.cache.tiered import Tiered
from sapwood_storage.cache.tolerant import Tolerant
from sapwood_storage.home import Home
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import QueryLimits, ReaderOptions, ResultTable
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

if TYPE_CHECKING:
    from sapwood_agents.analyst.ask import Analyst

_MB = 1 << 20
_GB = 1 << 30


@dataclass(frozen=True, slots=True)
class SandboxedTables:
    """The analyst's tables: each query in the worker of its dataset."""

    datasets: Datasets
    sandbox: SandboxPool

    async def query(
        self,
        workspace: WorkspaceId,
        version: str,
        sql: str,
        *,
        limits: QueryLimits | None = None,
        tell: Callable[[float], None] | None = None,
    ) -> ResultTable:
        """Run one SELECT over the table `data` of a dataset version."""
        directory = self.datasets.directory(workspace, version)
        return await self.sandbox.query(
            workspace, version, directory, sql, limits=limits or QueryLimits(), tell=tell
        )


@dataclass(frozen=True)
class Parts:
    """What an app works with; open for as long as `open_parts` is.

    `statistics` say what `computed` found in the cache since the parts were opened.
    """

    settings: Settings
    home: Home
    sandbox: SandboxPool
    datasets: Datasets
    cache: Cache
    computed: SingleFlight
    statistics: CacheStatistics
    tables: SandboxedTables
    records: Records

    @cached_property
    def analyst(self) -> Analyst:
        """What answers questions; built when somebody asks one, since others need not load its grammar."""
        from sapwood_agents.analyst.ask import Analyst

        return Analyst(self.tables, self.computed)

    async def open(
        self,
        workspace: WorkspaceId,
        source: Path | BinaryIO,
        options: ReaderOptions,
        work: Work,
        *,
        original: bool = False,
    ) -> Opened:
        """Read a file, or find it read already, and return the version that counts for it.

        That is the one cleaned last, made again if it was evicted, and the file as it is with `original`.
        Then what nobody used for long is let go of.
        """
        opened = await open_table(self, workspace, source, options, work, original=original)
        # A file larger than the limit alone is kept for as long as it is the last one used.
        least = self.datasets.shelf.bytes_of(workspace, opened.dataset.version)
        await self.let_go(workspace, max(least, int(self.settings.datasets_gb * _GB)))
        return opened

    async def dataset(
        self, workspace: WorkspaceId, source: Path | BinaryIO, options: ReaderOptions, work: Work
    ) -> Dataset:
        """Read a file as it is, or find it read already."""
        return (await self.open(workspace, source, options, work, original=True)).dataset

    async def let_go(self, workspace: WorkspaceId, limit: int) -> list[str]:
        """Remove what was used longest ago beyond `limit` bytes, and what stood on it; return which versions.

        First the table, which decides; then what was computed from it; then the records say so.
        """
        gone = await self.datasets.evict_lru(workspace, limit)
        for version in gone:
            await self.cache.delete_tag(workspace, version)
        await self.records.removed(workspace, gone)
        return gone


@asynccontextmanager
async def open_parts(
    settings: Settings, *, spares: int = 2, unsafe: bool = False, on_failure: OnFailure | None = None
) -> AsyncGenerator[Parts]:
    """Open the home and build every part over it; `spares` workers are kept ready (none in a one-shot).

    A process that keeps workers ready also computes again, behind a hit, what is about to expire.
    `on_failure` is told what could not be recorded.
    """
    async with AsyncExitStack() as stack:
        home = Home.open(settings.home).writable()
        sandbox = await stack.enter_async_context(
            SandboxPool(
                settings=SandboxSettings(
                    memory_mb=settings.memory_mb,
                    temp_mb=settings.temp_mb,
                    output_mb=settings.output_mb,
                    start_s=settings.start_s,
                    spares=spares,
                    bound=settings.bound_workers,
                    unsafe=unsafe or not settings.sandbox,
                )
            )
        )
        far = SqliteCache(home.cache_db, max_bytes=settings.cache_mb * _MB)
        stack.push_async_callback(far.aclose)
        shared = Compressed(far)
        cache = Tiered(MemoryCache(), shared)
        statistics = CacheStatistics()
        flights = SingleFlight(
            Counted(cache, statistics), shared=shared, early=EarlyRefresh() if spares else None
        )
        stack.push_async_callback(flights.aclose)
        datasets = Datasets(home.root, sandbox)
        records = Records(home, on_failure=on_failure)
        stack.push_async_callback(records.aclose)
        yield Parts(
            settings=settings,
            home=home,
            sandbox=sandbox,
            datasets=datasets,
            cache=Tolerant(cache),
            computed=flights,
            statistics=statistics,
            tables=SandboxedTables(datasets, sandbox),
            records=records,
        )
