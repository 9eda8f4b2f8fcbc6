import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sapwood_shared.errors import InvalidInput, NotFound, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.blobs import Blobs
from sapwood_storage.home import Home

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")

HALF_WRITTEN = """
import asyncio, sys
from pathlib import Path
from sapwood_storage.blobs import Blobs
from sapwood_storage.home import Home

async def endless():
    while True:
        yield b"x" * (8 << 20)
        print("writing", flush=True)
        await asyncio.sleep(0.05)

asyncio.run(Blobs(Home.open(Path(sys.argv[1]))).put("ann", endless()))
"""


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def all_of(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def names(home: Home, workspace: WorkspaceId = ANN) -> list[str]:
    return sorted(path.name for path in home.workspace(workspace).blobs.iterdir())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


@pytest.fixture
def blobs(home: Home) -> Blobs:
    return Blobs(home)


@pytest.mark.parametrize(
    "chunks", [(), (b"",), (b"one", b"", b"two"), (os.urandom(7 << 20), os.urandom(7 << 20))]
)
async def test_what_is_streamed_in_is_read_back_with_its_size_and_hash(
    blobs: Blobs, chunks: tuple[bytes, ...]
) -> None:
    whole = b"".join(chunks)

    blob = await blobs.put(ANN, stream(*chunks))

    assert (blob.size, blob.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert await blobs.size(ANN, blob.id) == len(whole)
    assert await all_of(blobs.read(ANN, blob.id)) == whole


@given(data=st.binary(max_size=200), start=st.integers(0, 220), length=st.none() | st.integers(0, 220))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
async def test_a_range_is_a_slice(blobs: Blobs, data: bytes, start: int, length: int | None) -> None:
    blob = await blobs.put(ANN, stream(data))
    reading = blobs.read(ANN, blob.id, start=start, length=length)

    if start > len(data):
        with pytest.raises(InvalidInput, match="none at"):
            await all_of(reading)
    else:
        end = len(data) if length is None else start + length
        assert await all_of(reading) == data[start:end]


async def test_a_blob_is_invisible_to_other_workspaces(blobs: Blobs) -> None:
    blob = await blobs.put(ANN, stream(b"v"))

    await blobs.delete(BOB, blob.id)

    assert await blobs.ids(BOB) == []
    assert await blobs.ids(ANN) == [blob.id]
    with pytest.raises(NotFound):
        await all_of(blobs.read(BOB, blob.id))


async def test_a_deleted_blob_is_gone_and_may_be_deleted_again(blobs: Blobs) -> None:
    blob = await blobs.put(ANN, stream(b"v"))

    await blobs.delete(ANN, blob.id)
    await blobs.delete(ANN, blob.id)

    with pytest.raises(NotFound):
        await blobs.size(ANN, blob.id)


@pytest.mark.parametrize("name", ["../../FORMAT", "blob_", "x", "/etc/passwd", "blob_" + "0" * 32 + "#1"])
async def test_only_ids_of_blobs_are_looked_for(blobs: Blobs, name: str) -> None:
    with pytest.raises(NotFound, match="there is no blob"):
        await blobs.size(ANN, name)


async def test_an_error_of_the_stream_is_passed_on_and_leaves_nothing(blobs: Blobs, home: Home) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"x" * (12 << 20)
        raise FileNotFoundError("the client's own")

    with pytest.raises(FileNotFoundError, match="the client's own"):
        await blobs.put(ANN, breaks())

    assert names(home) == []


async def test_cancelling_a_put_leaves_no_blob(blobs: Blobs, home: Home) -> None:
    reached = asyncio.Event()

    async def hangs() -> AsyncIterator[bytes]:
        yield b"x" * (12 << 20)
        reached.set()
        await asyncio.sleep(60)

    put = asyncio.create_task(blobs.put(ANN, hangs()))
    await reached.wait()
    put.cancel()

    with pytest.raises(asyncio.CancelledError):
        await put
    assert await blobs.ids(ANN) == []


async def test_a_full_disk_is_named_and_leaves_nothing(small_disk: Path) -> None:
    home = Home.open(small_disk / "home")

    with pytest.raises(StorageFull, match="no space left"):
        await Blobs(home).put(ANN, stream(b"x" * (6 << 20), b"y" * (6 << 20)))

    assert names(home) == []


@pytest.mark.integration
async def test_a_writer_killed_half_way_leaves_no_blob_and_its_rest_is_pruned(
    blobs: Blobs, home: Home
) -> None:
    command = [sys.executable, "-c", HALF_WRITTEN, str(home.root)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: ASYNC220 - nothing else runs here
    assert writer.stdout
    writer.stdout.readline()
    writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    writer.communicate()

    assert await blobs.ids(ANN) == []
    (rest,) = home.workspace(ANN).blobs.glob("*#*")
    assert await blobs.prune(ANN) == 0
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(rest, (two_days_ago, two_days_ago))
    assert await blobs.prune(ANN) == 1
    assert names(home) == []
