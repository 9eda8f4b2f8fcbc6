"""A dataset, and pools over it that leave nothing behind."""

import functools
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import _duckdb
import pytest

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import ResultTable
from sapwood_storage.tabular.sandbox import launcher, layers
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

Write = Callable[[Path, str], None]
MakePool = Callable[..., SandboxPool]
Ask = Callable[..., Awaitable[ResultTable]]


@pytest.fixture(scope="session", autouse=True)
def _layers_or_say_so() -> None:
    missing = layers.available().missing
    if missing and "CI" in os.environ:
        pytest.fail(f"this machine cannot hold a worker: {missing}")
    if missing:
        pytest.skip(f"this machine cannot hold a worker: {missing}")


@pytest.fixture(scope="session")
def write_parquet() -> Write:
    """Write the rows of a query to a file, outside any sandbox."""

    def write(path: Path, sql: str) -> None:
        with _duckdb.connect(":memory:") as connection:
            connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")

    return write


@pytest.fixture
def dataset(tmp_path: Path, write_parquet: Write) -> Path:
    """A directory as ingest leaves it: ten rows, and only its owner may enter."""
    directory = tmp_path / "dataset"
    directory.mkdir(mode=0o700)
    write_parquet(
        directory / "data.parquet", "SELECT n, n / 2 AS half, 'row ' || n AS name FROM range(10) t(n)"
    )
    return directory


@pytest.fixture
async def make_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[MakePool]:
    """Make pools whose workers run `module` (beside these tests) or what ships."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "hostile"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    pools: list[SandboxPool] = []

    def make(*, module: str = launcher.WORKER_MODULE, **settings: object) -> SandboxPool:
        chosen: dict[str, object] = {"spares": 0, "bound": 2, "scratch": scratch, **settings}
        start = functools.partial(launcher.start, module=module)
        pools.append(SandboxPool(settings=SandboxSettings(**chosen), start=start))  # pyright: ignore[reportArgumentType]  # as the test says
        return pools[-1]

    yield make
    for pool in pools:
        await pool.aclose()
    assert not list(scratch.iterdir())


@pytest.fixture
def pool(make_pool: MakePool) -> SandboxPool:
    """A pool with no spare, as a command has it."""
    return make_pool()


@pytest.fixture
def ask(pool: SandboxPool, dataset: Path) -> Ask:
    """Ask the dataset in SQL; keywords are those of `SandboxPool.query`."""
    return functools.partial(pool.query, WorkspaceId("ws_test"), "dv_1", dataset)
