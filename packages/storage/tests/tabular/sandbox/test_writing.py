import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import Conflict, DependencyFailed, Forbidden, LimitExceeded, StorageFull
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.writing import worker_can_read


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    path.chmod(0o666)  # so that its mode is not what keeps a worker from changing it
    return path


@pytest.fixture
def private_source(source: Path) -> Path:
    source.chmod(0o600)
    return source


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    path = tmp_path / "staging"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def spooled(source: Path, staging: Path) -> Path:
    source.chmod(0o600)
    return source.rename(staging / "spooled")


@pytest.fixture
def writer(make_pool: Any) -> SandboxPool:
    return make_pool(module="probe_worker")


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def content(path: Path) -> str:
    return path.read_text()


def owners(directory: Path) -> set[int]:
    return {path.stat().st_uid for path in (directory, *directory.iterdir())}


async def test_an_operation_reads_the_source_and_writes_into_staging(
    writer: SandboxPool, source: Path, staging: Path
) -> None:
    told: list[dict[str, Any]] = []

    async with writer.writing(source, staging) as session:
        report = await session.run("convert", {"note": "héllo"}, tell=told.append)

    assert report == {"rows": 2}
    assert told == [{"done": 0, "total": 1}, {"done": 1, "total": 1}]
    assert names(staging) == {"data.parquet", "notes.txt", "more"}


async def test_what_was_written_belongs_to_us(writer: SandboxPool, source: Path, staging: Path) -> None:
    async with writer.writing(source, staging) as session:
        await session.run("convert", {"note": ""})

    assert owners(staging) == {os.geteuid()}


async def test_what_was_written_can_be_queried(writer: SandboxPool, source: Path, staging: Path) -> None:
    async with writer.writing(source, staging) as session:
        await session.run("convert", {"note": ""})

    result = await writer.query("ws_test", "dv_1", staging, "SELECT sum(a) FROM data")  # pyright: ignore[reportArgumentType]  # a plain text serves
    assert result.rows == [[3]]


async def test_an_operations_own_error_arrives_as_it_was(
    writer: SandboxPool, source: Path, staging: Path
) -> None:
    async with writer.writing(source, staging) as session:
        with pytest.raises(Conflict, match="somebody was first") as conflict:
            await session.run("refuse", {})

    assert conflict.value.hint == "try the other one"


async def test_a_bug_in_an_operation_is_a_failed_dependency(
    writer: SandboxPool, source: Path, staging: Path
) -> None:
    async with writer.writing(source, staging) as session:
        with pytest.raises(DependencyFailed, match="AssertionError: a bug"):
            await session.run("break_down", {})


async def test_an_unknown_operation_is_refused(writer: SandboxPool, source: Path, staging: Path) -> None:
    async with writer.writing(source, staging) as session:
        with pytest.raises(Forbidden):
            await session.run("system", {})


@pytest.mark.parametrize("operation", ["fill", "fill_from_python"])
async def test_a_file_beyond_the_limit_is_refused(
    operation: str, make_pool: Any, source: Path, staging: Path
) -> None:
    pool: SandboxPool = make_pool(module="probe_worker", output_mb=4)

    async with pool.writing(source, staging) as session:
        with pytest.raises((LimitExceeded, StorageFull)):
            await session.run(operation, {})


@pytest.mark.parametrize("operation", ["fill", "fill_from_python"])
async def test_a_full_disk_says_so(
    operation: str, writer: SandboxPool, source: Path, small_disk: Path
) -> None:
    async with writer.writing(source, small_disk) as session:
        with pytest.raises((StorageFull, LimitExceeded)):
            await session.run(operation, {})


async def test_the_source_cannot_be_changed(writer: SandboxPool, source: Path, staging: Path) -> None:
    before = content(source)

    async with writer.writing(source, staging) as session:
        with pytest.raises(Forbidden):
            await session.run("overwrite_the_source", {})

    assert content(source) == before


async def test_nothing_is_written_outside_staging(
    writer: SandboxPool, source: Path, staging: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.parquet"

    async with writer.writing(source, staging) as session:
        with pytest.raises(Forbidden):
            await session.run("write_elsewhere", {"elsewhere": str(elsewhere)})

    assert not elsewhere.exists()


async def test_cancelling_ends_an_operation_that_does_not_listen(
    make_pool: Any, source: Path, staging: Path
) -> None:
    pool: SandboxPool = make_pool(module="probe_worker", grace_s=0.1)
    asleep = asyncio.Event()

    async def write() -> None:
        async with pool.writing(source, staging) as session:
            await session.run("sleep", {}, tell=lambda _: asleep.set())

    writing = asyncio.create_task(write())
    await asleep.wait()
    writing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await writing


@pytest.mark.skipif(os.geteuid() != 0, reason="another user's worker exists only under root")
async def test_under_root_a_private_source_has_to_be_copied_first(
    writer: SandboxPool, private_source: Path, staging: Path
) -> None:
    assert not worker_can_read(private_source)
    with pytest.raises(Forbidden) as refusal:
        async with writer.writing(private_source, staging):
            pass

    assert "staging" in str(refusal.value.hint)


async def test_a_second_session_may_replace_what_the_first_wrote(
    writer: SandboxPool, source: Path, staging: Path
) -> None:
    for note in ("first", "second"):
        async with writer.writing(source, staging) as session:
            await session.run("note", {"note": note})

    assert content(staging / "notes.txt") == "second"


async def test_a_private_copy_in_staging_can_be_read(writer: SandboxPool, spooled: Path) -> None:
    async with writer.writing(spooled, spooled.parent) as session:
        report = await session.run("convert", {"note": ""})

    assert report == {"rows": 2}
    assert owners(spooled.parent) == {os.geteuid()}


async def test_a_writer_without_a_source_has_staging_alone(writer: SandboxPool, staging: Path) -> None:
    async with writer.writing(None, staging) as session:
        with pytest.raises(DependencyFailed, match="KeyError: 'source'"):
            await session.run("convert", {"note": ""})
