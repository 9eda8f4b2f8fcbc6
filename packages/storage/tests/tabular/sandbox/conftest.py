"""A dataset, and pools over it that leave nothing behind."""

import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import _duckdb
import pytest
import pytest_asyncio

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import ResultTable
from sapwood_storage.tabular.sandbox import launcher, layers
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

Write = Callable[[Path, str], None]
MakePool = Callable[..., SandboxPool]
Ask = Callable[..., Awaitable[ResultTable]]
HOSTILE = Path(__file__).parent / "hostile"


class Bare:
    """Runs statements in DuckDB as it comes: a process that nothing holds, with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self, *statements: str, **config: str) -> subprocess.Popen[str]:
        """Return the process once it has begun the last of them; it tells how far it is on stdout."""
        command = [sys.executable, str(HOSTILE / "bare_duckdb.py")]
        environment = {**os.environ, "HOME": str(self.home)}
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([config, *statements]) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "go\n", "a statement before the attack failed"
        return process

    def run(self, *statements: str, **config: str) -> dict[str, Any]:
        """Return what the last of them gave: its first `rows`, its `error`, the `foreign_code` it brought."""
        with self.start(*statements, **config) as process:
            assert process.stdout is not None
            said = process.stdout.read()
        assert process.returncode == 0, f"DuckDB ended by {process.returncode}"
        return json.loads(said.splitlines()[-1])


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


@pytest.fixture(scope="module")
def open_directory() -> Generator[Path]:
    """A directory that every user may walk to and change, other than those of pytest."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o777)
        yield Path(directory)


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    """What an attack is tried in first."""
    home = tmp_path / "home"
    home.mkdir()
    return Bare(home)


@pytest.fixture(scope="module")
def ten_rows(tmp_path_factory: pytest.TempPathFactory, write_parquet: Write) -> Path:
    """A dataset for the workers that meet one attack after the other."""
    directory = tmp_path_factory.mktemp("dataset")
    write_parquet(directory / "data.parquet", "SELECT n, n / 2 AS half, 'row' AS name FROM range(10) t(n)")
    return directory


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask_again(ten_rows: Path) -> AsyncGenerator[Ask]:
    """Ask one worker that has met all the attacks before, and has to stand them too."""
    async with SandboxPool(settings=SandboxSettings(spares=0, bound=1)) as pool:
        yield functools.partial(pool.query, WorkspaceId("ws_test"), "dv_1", ten_rows)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["raw_sql_worker", "kernel_only_worker"])
async def ask_within(request: pytest.FixtureRequest, ten_rows: Path) -> AsyncGenerator[Ask]:
    """The same without its gate, and without DuckDB's own locks as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOSTILE))
        start = functools.partial(launcher.start, module=request.param)
        async with SandboxPool(settings=SandboxSettings(spares=0, bound=1), start=start) as pool:
            yield functools.partial(pool.query, WorkspaceId("ws_test"), "dv_1", ten_rows)


@pytest.fixture
async def make_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[MakePool]:
    """Make pools whose workers run `module` (beside these tests) or what ships."""
    monkeypatch.syspath_prepend(str(HOSTILE))
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
