"""The profile in the sandbox: through the gate, cancelled, remembered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from packages.agents.tests.analyst.profile.bare import WORKSPACE, BareTables, codes

from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.model import ProfileRequest
from sapwood_agents.analyst.profile.service import Profiler, profile
from sapwood_shared.errors import Cancelled
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import QueryLimits, ReaderOptions, ResultTable
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

DIRTY = """\
id,email,amount,when,Full Name,city,note,constant
1,ann@example.org,"1,200.50",03/14/2024,Ann Lee,Rome,fine,x
2,bob@example.com,$ 2300,"Apr 15, 2024",Bob Ray, rome,,x
3,eve@example.net,12 %,16 May 2024,Eve Fox,ROME,fine,x
4,dan@example.org,(7100),2024-06-17,Dan Poe,Oslo,,x
"""


class Tables:
    """Each query in the worker of its dataset."""

    def __init__(self, datasets: Datasets, sandbox: SandboxPool) -> None:
        self.datasets, self.sandbox = datasets, sandbox

    async def query(
        self,
        workspace: WorkspaceId,
        version: str,
        sql: str,
        *,
        limits: QueryLimits | None = None,
        tell: Callable[[float], None] | None = None,
    ) -> ResultTable:
        directory = self.datasets.directory(workspace, version)
        return await self.sandbox.query(
            workspace, version, directory, sql, limits=limits or QueryLimits(), tell=tell
        )


@pytest_asyncio.fixture
async def tables(tmp_path: Path) -> AsyncIterator[Tables]:
    async with SandboxPool(settings=SandboxSettings(spares=0, bound=1)) as sandbox:
        yield Tables(Datasets(tmp_path / "home", sandbox), sandbox)


async def read(tables: Tables, file: Path) -> Dataset:
    version = await tables.datasets.ingest(WORKSPACE, file, ReaderOptions(), DetachedWork())
    return Dataset(version.id, file.stem, version.report.columns, version.report.rows)


async def test_a_file_is_profiled_in_the_sandbox_whole_or_by_a_sample(tables: Tables, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    header, *lines = DIRTY.splitlines()
    file.write_text("\n".join([header, *(lines * 500)]))
    dataset = await read(tables, file)

    whole = await profile(tables, WORKSPACE, dataset, ProfileRequest(), DetachedWork())
    bounded = ProfileRequest(exact_rows=100, sample_rows=1000)
    sampled = await profile(tables, WORKSPACE, dataset, bounded, DetachedWork())
    again = await profile(tables, WORKSPACE, dataset, bounded, DetachedWork())

    assert (whole.rows, whole.approximate, sampled.approximate) == (2000, False, True)
    assert sampled.model_dump(exclude={"timings_ms"}) == again.model_dump(exclude={"timings_ms"})
    found = {
        ("pii", "email"), ("pii", "Full Name"), ("numbers_as_text", "amount"), ("dates_as_text", "when"),
        ("case", "city"), ("constant", "constant"), ("nulls", "note"), ("duplicates", None),
    }  # fmt: skip
    assert found <= codes(whole)
    assert found <= codes(sampled)


async def test_a_cancelled_profile_ends_its_statement() -> None:
    ended = asyncio.Event()

    class Slow(BareTables):
        async def query(self, *_: object, **__: object) -> ResultTable:
            work.cancel()
            try:
                await asyncio.sleep(60)
            finally:
                ended.set()
            raise AssertionError

    work = DetachedWork()
    slow = Slow("SELECT 1::BIGINT AS a")

    with pytest.raises(Cancelled):
        await profile(slow, WORKSPACE, slow.dataset(), ProfileRequest(), work)
    await asyncio.wait_for(ended.wait(), 5)


async def test_progress_is_told_for_each_statement_and_within_it() -> None:
    told: list[tuple[float, float | None]] = []

    class Watched(DetachedWork):
        def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
            assert metrics == {}
            told.append((done, total))

    tables = BareTables("SELECT range AS a FROM range(9)")
    await profile(tables, WORKSPACE, tables.dataset(), ProfileRequest(), Watched())

    assert told == [(0.5, 2), (1, 2), (1.5, 2), (2, 2)]


async def test_a_profile_is_made_once_for_each_request() -> None:
    tables = BareTables("SELECT range AS a, 'x' || range AS b FROM range(50)")
    profiler = Profiler(tables, SingleFlight(MemoryCache()))
    dataset = tables.dataset()

    first = await profiler.profile(WORKSPACE, dataset, ProfileRequest(), DetachedWork())
    again = await profiler.profile(WORKSPACE, dataset, ProfileRequest(), DetachedWork())
    count = len(tables.asked)
    other = await profiler.profile(WORKSPACE, dataset, ProfileRequest(exact=True), DetachedWork())

    assert (first.cached, again.cached, other.cached) == (False, True, False)
    assert again.model_copy(update={"cached": False, "timings_ms": first.timings_ms}) == first
    assert (set(first.timings_ms), set(again.timings_ms)) == ({"first_look", "second_look"}, {"cache"})
    assert (count, len(tables.asked)) == (2, 4)
