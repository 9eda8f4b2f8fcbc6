"""Dataset versions with the sandbox that ships, and with one that does as it is told."""

import asyncio
import contextlib
import gzip
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import _duckdb
import pytest

from sapwood_shared.errors import Cancelled, Conflict, DependencyFailed, InvalidInput, NotFound, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular import sources
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ColumnType, ReaderOptions
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings
from sapwood_storage.tabular.shelf import version_id

LOCAL = WorkspaceId("local")
PLAIN = ReaderOptions()
SALES = b"region,amount\nnorth,1\nsouth,2.5\n"
Do = Callable[[Path | None, Path], Any]


class FakeSandbox:
    """Writes what a worker would, or does `instead`; counts how often it was asked."""

    def __init__(self, instead: Do | None = None) -> None:
        self.instead = instead
        self.asked = 0
        self.forgotten: list[str] = []

    @asynccontextmanager
    async def writing(self, source: Path | None, staging: Path) -> AsyncGenerator["FakeSession"]:
        self.asked += 1
        yield FakeSession(self, source, staging)

    async def forget(self, workspace: WorkspaceId, version: str) -> None:
        assert workspace == LOCAL
        self.forgotten.append(version)


class FakeSession:
    def __init__(self, sandbox: FakeSandbox, source: Path | None, staging: Path) -> None:
        self._sandbox, self._source, self._staging = sandbox, source, staging

    async def run(
        self, operation: str, params: dict[str, Any], *, tell: Callable[[dict[str, Any]], None] | None = None
    ) -> dict[str, Any]:
        assert operation == "ingest"
        (self._staging / "data.parquet").write_bytes(b"PAR1" * 1000)
        (self._staging / "quarantine.ndjson").write_bytes(b"")
        if tell is not None:
            tell({"done": 1, "total": 2})
        answer = self._sandbox.instead(self._source, self._staging) if self._sandbox.instead else None
        if asyncio.iscoroutine(answer):
            answer = await answer
        return json.loads(json.dumps(answer or {**_report(), "reader": params["options"]}))


def _report() -> dict[str, Any]:
    return {
        "columns": [{"name": "a", "type": "integer"}],
        "records": 1,
        "rows": 1,
        "quarantined": 0,
        "null_tokens": {},
        "widened": {},
        "reader": {},
    }


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[SandboxPool]:
    async with SandboxPool(settings=SandboxSettings(spares=0, bound=2, threads=1)) as made:
        yield made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_bytes(SALES)
    return aged(path)


def aged(path: Path) -> Path:
    """Make a file look as if it had not been written just now."""
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def restrict(path: Path, mode: int) -> None:
    path.chmod(mode)


def put(path: Path, text: str) -> None:
    path.write_text(text)


def start_ingest(home: Path, source: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", KILLED, str(home), str(source)])


def work() -> DetachedWork:
    return DetachedWork(timeout_s=120)


def left_behind(home: Path) -> list[str]:
    root = home / "workspaces" / LOCAL / "datasets"
    return sorted(
        path.name for place in (root, root / ".staging") if place.exists() for path in place.iterdir()
    )


class Watched(DetachedWork):
    def __init__(self) -> None:
        super().__init__(timeout_s=120)
        self.shares: list[float] = []

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        assert not metrics
        self.shares.append(done / (total or 1))


@pytest.mark.parametrize("rows_in_group", [20_000, 4_096])
async def test_a_parquet_file_of_long_texts_needs_no_more_than_the_memory_it_is_given(
    tmp_path: Path, rows_in_group: int
) -> None:
    source = tmp_path / "long.parquet"
    texts = ", ".join(f"repeat(md5((n * 20 + {column})::VARCHAR), 4) AS t{column}" for column in range(20))
    with _duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {texts} FROM range(20_000) t(n)) TO '{source}'"
            f" (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {rows_in_group})"
        )
        expected = connection.execute(f"SELECT sum(hash(t0, t7, t19)) FROM '{source}'").fetchone()
    settings = SandboxSettings(spares=0, bound=1, threads=2, memory_mb=64)

    async with SandboxPool(settings=settings) as pool:
        datasets = Datasets(tmp_path / "home", pool)
        version = await datasets.ingest(LOCAL, source, PLAIN, work())

    assert version.report.rows == 20_000
    with _duckdb.connect() as connection:
        written = datasets.directory(LOCAL, version.id) / "data.parquet"
        assert connection.execute(f"SELECT sum(hash(t0, t7, t19)) FROM '{written}'").fetchone() == expected
        groups = connection.execute(
            f"SELECT max(row_group_bytes) FROM parquet_metadata('{written}')"
        ).fetchone()
    assert groups is not None
    assert groups[0] <= 8 << 20


async def test_progress_moves_while_a_file_is_read(pool: SandboxPool, tmp_path: Path) -> None:
    source = tmp_path / "long.csv"
    put(source, "id,amount,words\n" + "".join(f"{n},{n}.5,some words {n}\n" for n in range(2_100_000)))
    watched = Watched()

    await Datasets(tmp_path / "home", pool).ingest(LOCAL, source, PLAIN, watched)

    between = sorted({share for share in watched.shares if 0 < share < 1})
    assert len(between) >= 3
    assert watched.shares == sorted(watched.shares)
    assert watched.shares[-1] == 1


async def test_a_file_becomes_a_version_that_sql_can_read(
    pool: SandboxPool, source: Path, tmp_path: Path
) -> None:
    datasets = Datasets(tmp_path / "home", pool)

    version = await datasets.ingest(LOCAL, source, PLAIN, work())
    directory = datasets.directory(LOCAL, version.id)
    found = await pool.query(
        LOCAL, version.id, directory, "SELECT region, amount FROM data ORDER BY amount DESC"
    )

    assert found.rows == [["south", 2.5], ["north", 1.0]]
    assert version.report.records == version.report.rows == 2
    assert [column.type for column in version.report.columns] == [ColumnType.TEXT, ColumnType.NUMBER]
    assert (version.source_name, version.source_bytes) == ("sales.csv", len(SALES))
    assert sorted(file.name for file in directory.iterdir()) == [
        "data.parquet",
        "quarantine.ndjson",
        "version.json",
    ]
    assert json.loads((directory / "version.json").read_text())["schema_version"] == 1
    assert version.id == version_id(version.source_sha256, PLAIN)
    assert datasets.get(LOCAL, version.id) == version


async def test_what_only_we_may_read_and_what_is_piped_in_is_read_too(
    pool: SandboxPool, source: Path, tmp_path: Path
) -> None:
    datasets = Datasets(tmp_path / "home", pool)
    restrict(source, 0o600)

    private = await datasets.ingest(LOCAL, source, PLAIN, work())
    piped = await datasets.ingest(LOCAL, io.BytesIO(SALES + b"east,3\n"), PLAIN, work())

    assert (private.report.rows, private.source_name) == (2, "sales.csv")
    assert (piped.report.rows, piped.source_name) == (3, "stdin")
    assert left_behind(tmp_path / "home") == sorted([".hashes.json", ".staging", private.id, piped.id])


async def test_the_worker_s_refusal_reaches_the_caller_and_leaves_nothing(
    pool: SandboxPool, tmp_path: Path
) -> None:
    datasets = Datasets(tmp_path / "home", pool)
    junk = tmp_path / "junk.csv"
    junk.write_bytes(b"MZ\x90\x00" * 100)

    with pytest.raises(InvalidInput, match="not text") as caught:
        await datasets.ingest(LOCAL, junk, PLAIN, work())

    assert caught.value.hint
    assert left_behind(tmp_path / "home") == [".staging"]


async def test_every_reader_works_where_no_module_can_be_loaded(pool: SandboxPool, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", pool)
    shift_jis = "名前,n\nたなか,1\nスズキ,x\n".encode("shift_jis")
    texts = {
        "a.csv": shift_jis,
        "b.json": b'{"a":1}\n{"a":\n{"a":2}\n',
        "c.csv": b'Report\n\na,b\r\n1,"x"\n2,13/02/2024\n',
        "d.csv.gz": gzip.compress(b"a;b\n1,5;13/02/2024 10:00\n2,5;14/02/2024 11:00\n"),
    }
    rows: dict[str, int] = {}
    for name, content in texts.items():
        path = tmp_path / name
        path.write_bytes(content)
        rows[name] = (await datasets.ingest(LOCAL, path, PLAIN, work())).report.records

    assert rows == {"a.csv": 2, "b.json": 3, "c.csv": 2, "d.csv.gz": 2}


async def test_an_unchanged_file_is_not_read_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    first = await datasets.ingest(LOCAL, source, PLAIN, work())

    def unread(*_: object) -> str:
        raise AssertionError("the file was read again")

    monkeypatch.setattr(sources, "sha256", unread)
    again = await datasets.ingest(LOCAL, source, PLAIN, work())

    assert again == first
    assert sandbox.asked == 1


async def test_the_same_bytes_under_another_name_are_the_same_version(source: Path, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())
    copy = tmp_path / "copy.csv"
    copy.write_bytes(SALES)

    first = await datasets.ingest(LOCAL, source, PLAIN, work())
    second = await datasets.ingest(LOCAL, copy, PLAIN, work())

    assert second == first


async def test_other_options_or_bytes_are_another_version(source: Path, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())

    ids = {(await datasets.ingest(LOCAL, source, PLAIN, work())).id}
    ids.add((await datasets.ingest(LOCAL, source, ReaderOptions(delimiter=";"), work())).id)
    put(source, "a\n1\n")
    ids.add((await datasets.ingest(LOCAL, source, PLAIN, work())).id)

    assert len(ids) == 3


def test_the_order_of_options_does_not_matter() -> None:
    one = ReaderOptions(null_tokens=("a", "b"), types={"x": ColumnType.DATE, "y": ColumnType.TEXT})
    two = ReaderOptions(null_tokens=("b", "a", "a"), types={"y": ColumnType.TEXT, "x": ColumnType.DATE})

    assert (
        version_id("00", one) == version_id("00", two) != version_id("00", PLAIN) != version_id("01", PLAIN)
    )


async def test_a_file_written_a_moment_ago_is_hashed_again(tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())
    path = tmp_path / "new.csv"
    path.write_text("a\n1\n")
    first = await datasets.ingest(LOCAL, path, PLAIN, work())
    before = path.stat()

    path.write_text("a\n2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a coarse clock would have it
    second = await datasets.ingest(LOCAL, path, PLAIN, work())

    assert second.id != first.id


async def test_a_version_in_one_workspace_is_not_in_another(source: Path, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())
    version = await datasets.ingest(LOCAL, source, PLAIN, work())

    with pytest.raises(NotFound):
        datasets.get(WorkspaceId("other"), version.id)
    with pytest.raises(InvalidInput):
        datasets.get(WorkspaceId("../local"), version.id)
    with pytest.raises(InvalidInput):
        datasets.directory(LOCAL, "../../secrets")


async def test_a_file_that_changes_while_it_is_read_is_a_conflict(source: Path, tmp_path: Path) -> None:
    def grow(_: Path | None, __: Path) -> None:
        with source.open("a") as file:
            file.write("east,3\n")

    datasets = Datasets(tmp_path / "home", FakeSandbox(grow))

    with pytest.raises(Conflict, match="changed while it was read"):
        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert left_behind(tmp_path / "home") == [".staging"]


def nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (nothing, "there is no file"),
        (Path.mkdir, "is a directory"),
        (Path.touch, "is empty"),
        (os.mkfifo, "not a regular file"),
    ],
)
async def test_what_is_no_readable_file_is_refused_with_a_hint(
    make: Callable[[Path], object], message: str, tmp_path: Path
) -> None:
    sandbox = FakeSandbox()
    make(tmp_path / "x")

    with pytest.raises(InvalidInput, match=message) as caught:
        await Datasets(tmp_path / "home", sandbox).ingest(LOCAL, tmp_path / "x", PLAIN, work())

    assert caught.value.hint
    assert sandbox.asked == 0


async def test_a_file_that_may_not_be_read_is_refused_with_a_hint(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as afterwards:
        source = Path(directory) / "secret.csv"
        put(source, "a\n1\n")
        restrict(source, 0)
        restrict(source.parent, 0o755)
        if os.geteuid() == 0:  # root may read every file: be somebody else for as long as this takes
            afterwards.callback(os.seteuid, 0)
            os.seteuid(65_534)

        with pytest.raises(InvalidInput, match="cannot be read"):
            await Datasets(tmp_path / "home", FakeSandbox()).ingest(LOCAL, source, PLAIN, work())


async def test_an_empty_pipe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="input is empty"):
        await Datasets(tmp_path / "home", FakeSandbox()).ingest(LOCAL, io.BytesIO(), PLAIN, work())


@pytest.mark.parametrize(
    "answer",
    [
        {"columns": []},
        {**_report(), "records": 2},
        {**_report(), "rows": -1, "records": -1},
        {**_report(), "columns": [{"name": "a", "type": "colour"}]},
        {**_report(), "null_tokens": {"a": {"NA": "many"}}},
    ],
)
async def test_an_answer_that_is_no_report_is_not_believed(
    answer: dict[str, Any], source: Path, tmp_path: Path
) -> None:
    def lie(_: Path | None, __: Path) -> dict[str, Any]:
        return answer

    datasets = Datasets(tmp_path / "home", FakeSandbox(lie))

    with pytest.raises(DependencyFailed, match="cannot be used"):
        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert left_behind(tmp_path / "home") == [".staging"]


async def test_a_link_in_place_of_the_data_is_not_followed(source: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")

    def plant(_: Path | None, staging: Path) -> None:
        (staging / "data.parquet").unlink()
        (staging / "data.parquet").symlink_to(secret)

    datasets = Datasets(tmp_path / "home", FakeSandbox(plant))

    with pytest.raises((InvalidInput, OSError)):
        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert left_behind(tmp_path / "home") == [".staging"]


async def test_cancelled_work_ends_soon_and_leaves_nothing(source: Path, tmp_path: Path) -> None:
    ended: list[str] = []

    async def forever(_: Path | None, __: Path) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("worker")

    datasets = Datasets(tmp_path / "home", FakeSandbox(forever))
    job = work()
    task = asyncio.create_task(datasets.ingest(LOCAL, source, PLAIN, job))
    await asyncio.sleep(0.2)
    job.cancel()

    with pytest.raises(Cancelled):
        await task

    assert ended == ["worker"]
    assert left_behind(tmp_path / "home") == [".staging"]


async def test_a_full_disk_is_said_and_leaves_nothing(
    pool: SandboxPool, small_disk: Path, tmp_path: Path
) -> None:
    datasets = Datasets(small_disk, pool)
    large = tmp_path / "large.csv"
    large.write_text("a,b\n" + "".join(f"{n},{hash(n * 7919)}\n" for n in range(100_000)))

    with pytest.raises(StorageFull, match="holds the data directory is full") as caught:
        await datasets.ingest(LOCAL, large, PLAIN, work())
    with pytest.raises(StorageFull):
        await datasets.ingest(LOCAL, io.BytesIO(large.read_bytes()), PLAIN, work())

    assert "sapwood data prune" in str(caught.value.hint)
    assert "/proc" not in caught.value.message
    assert left_behind(small_disk) == [".staging"]


def _ingest_here(home: str, source: str, gate: Any, answers: Any) -> None:
    async def run() -> str:
        async with SandboxPool(settings=SandboxSettings(spares=0, threads=1)) as pool:
            return (await Datasets(Path(home), pool).ingest(LOCAL, Path(source), PLAIN, work())).id

    gate.wait()
    answers.put(asyncio.run(run()))


@pytest.mark.integration
def test_two_processes_that_ingest_one_file_both_succeed_and_one_copy_stays(
    source: Path, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(2), context.Queue()
    home = str(tmp_path / "home")
    processes = [
        context.Process(target=_ingest_here, args=(home, str(source), gate, answers)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    ids = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()

    assert ids[0] == ids[1]
    assert left_behind(tmp_path / "home") == [".hashes.json", ".staging", ids[0]]


KILLED = """
import asyncio, sys
from pathlib import Path
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

async def main():
    async with SandboxPool(settings=SandboxSettings(spares=0)) as pool:
        datasets = Datasets(Path(sys.argv[1]), pool)
        await datasets.ingest("local", Path(sys.argv[2]), ReaderOptions(), DetachedWork())

asyncio.run(main())
"""


@pytest.mark.integration
async def test_what_a_killed_process_leaves_is_gone_after_the_next_start(
    pool: SandboxPool, source: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.csv"
    large.write_text("a,b,c\n" + "".join(f"{n},{n * 0.37},text {n}\n" for n in range(1_000_000)))
    home = tmp_path / "home"
    staging = home / "workspaces" / LOCAL / "datasets" / ".staging"
    process = start_ingest(home, large)
    while not list(staging.glob("*/made/data.parquet")):
        assert process.poll() is None
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert list(staging.iterdir())
    for directory in staging.iterdir():
        os.utime(directory, (1, 1))

    await Datasets(home, pool).ingest(LOCAL, source, PLAIN, work())

    assert list(staging.iterdir()) == []
    assert not list(staging.parent.glob(f"{version_id(sources.sha256(large, lambda: False), PLAIN)}*"))


async def test_a_living_process_s_staging_is_left_alone(source: Path, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())

    with datasets.shelf.staging(LOCAL) as mine:
        os.utime(mine, (1, 1))
        await Datasets(tmp_path / "home", FakeSandbox()).ingest(LOCAL, source, PLAIN, work())

        assert mine.exists()
    assert not mine.exists()


async def test_versions_used_longest_ago_go_first(tmp_path: Path) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    ids: list[str] = []
    for number in range(3):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"a\n{number}\n")
        ids.append((await datasets.ingest(LOCAL, path, PLAIN, work())).id)
        aged(datasets.shelf.directory(LOCAL, ids[-1]) / "version.json")
    os.utime(datasets.shelf.directory(LOCAL, ids[1]) / "version.json", (1_600_000_000, 1_600_000_000))
    datasets.directory(LOCAL, ids[0])
    total = datasets.total_bytes(LOCAL)

    assert await datasets.evict_lru(LOCAL, total) == []
    assert await datasets.evict_lru(LOCAL, total - 1) == [ids[1]]
    assert await datasets.evict_lru(LOCAL, total // 3 + 100) == [ids[2]]

    assert sandbox.forgotten == [ids[1], ids[2]]
    assert datasets.get(LOCAL, ids[0]).id == ids[0]
    assert 0 < datasets.total_bytes(LOCAL) < total


async def test_a_deleted_version_is_gone_and_can_come_again(source: Path, tmp_path: Path) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    version = await datasets.ingest(LOCAL, source, PLAIN, work())

    await datasets.delete(LOCAL, version.id)

    with pytest.raises(NotFound):
        datasets.get(LOCAL, version.id)
    with pytest.raises(NotFound):
        await datasets.delete(LOCAL, version.id)
    assert (await datasets.ingest(LOCAL, source, PLAIN, work())).id == version.id
    assert sandbox.asked == 2


async def test_a_damaged_memory_of_hashes_costs_a_hash_and_nothing_else(source: Path, tmp_path: Path) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    await datasets.ingest(LOCAL, source, PLAIN, work())
    memory = tmp_path / "home" / "workspaces" / LOCAL / "datasets" / ".hashes.json"
    for damage in ("{", "[]", '{"x": 5}', json.dumps({str(source): [1, 2]})):
        memory.write_text(damage)

        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert len(json.loads(memory.read_text())[str(source)]) == 4


def test_the_parent_s_side_loads_no_duckdb() -> None:
    code = (
        "import sys, sapwood_storage.tabular.datasets;"
        "heavy = ('duckdb', '_duckdb', 'pydantic', 'python_calamine', 'zstandard');"
        "print([name for name in heavy if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
