"""An ingest that is cancelled, killed, short of room or in the way of another leaves nothing."""

import asyncio
import io
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packages.storage.tests.tabular.house import (
    FakeSandbox,
    left_behind,
    work,
)

from sapwood_shared.errors import Cancelled, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular import sources
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings
from sapwood_storage.tabular.shelf import version_id

LOCAL = WorkspaceId("local")


PLAIN = ReaderOptions()


def start_ingest(home: Path, source: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", KILLED, str(home), str(source)])


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
