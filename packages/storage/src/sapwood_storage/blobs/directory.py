"""Blobs in the workspace's directory, through obstore: an S3 bucket is another store and no other code.

A blob's id is new for each put and never used again: one that is being deleted can never be found by a
writer who wants the same bytes. obstore writes `<id>#<n>` and renames it; what a killed writer left under
such a name is nobody's blob, and `prune` deletes it.
"""

import hashlib
import re
import secrets
import shutil
import time
from asyncio import to_thread
from collections.abc import AsyncIterable, AsyncIterator, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore

from sapwood_shared.errors import DependencyFailed, InvalidInput, NotFound, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home import Home, private_directory
from sapwood_storage.home.files import FULL, no_space_hint, sync_directory, sync_file

_ID: Final = re.compile(r"blob_[0-9a-f]{32}")
_OS_ERROR: Final = re.compile(r"\(os error (\d+)\)")
_ABANDONED_S: Final = 24 * 3600.0
_READ_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Blob:
    """What was written; `sha256` in hex, as the writer's stream had it."""

    id: str
    size: int
    sha256: str


class Blobs:
    """The blobs of every workspace in `home`."""

    def __init__(self, home: Home) -> None:
        self._home = home

    async def put(self, workspace: WorkspaceId, chunks: AsyncIterable[bytes]) -> Blob:
        """Write `chunks` as a new blob, visible and on disk when this returns; after an error there is none.

        Raises `StorageFull`, and whatever `chunks` raises.
        """
        store, directory = self._store(workspace), self._home.workspace(workspace).blobs
        name = f"blob_{secrets.token_hex(16)}"
        digest, size = hashlib.sha256(), 0

        async def hashed() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        with _failures_named(name, directory):
            await obstore.put_async(store, name, hashed(), max_concurrency=1)
        await to_thread(_sync, directory / name)  # a row that names the blob must not outlive it
        return Blob(name, size, digest.hexdigest())

    async def size(self, workspace: WorkspaceId, blob: str) -> int:
        """Return how many bytes it has; raises `NotFound`."""
        with _absence_named(_checked(blob)), _failures_named(blob, self._home.root):
            return (await obstore.head_async(self._store(workspace), blob))["size"]

    async def read(
        self, workspace: WorkspaceId, blob: str, *, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the bytes from `start`, at most `length` of them; raises `NotFound`, `InvalidInput`."""
        size = await self.size(workspace, blob)
        end = size if length is None else min(size, start + length)
        if not 0 <= start <= size or end < start:
            raise InvalidInput(f"{blob} has {size} bytes, none at {start}", hint="ask for a range inside it")
        if start == end:
            return
        with _absence_named(blob), _failures_named(blob, self._home.root):
            found = await obstore.get_async(self._store(workspace), blob, options={"range": (start, end)})
            async for chunk in found.stream(min_chunk_size=_READ_BYTES):
                yield bytes(chunk)

    async def delete(self, workspace: WorkspaceId, blob: str) -> None:
        """Delete it; nothing happens when it is gone already."""
        with suppress(FileNotFoundError), _failures_named(_checked(blob), self._home.root):
            await obstore.delete_async(self._store(workspace), blob)

    async def ids(self, workspace: WorkspaceId) -> list[str]:
        """Return the ids of all blobs, sorted."""
        with _failures_named("blobs", self._home.root):
            batches = [batch async for batch in obstore.list(self._store(workspace))]
        return sorted(item["path"] for batch in batches for item in batch if _ID.fullmatch(item["path"]))

    async def prune(self, workspace: WorkspaceId) -> int:
        """Delete what writers killed more than a day ago left behind; return how many files."""
        return await to_thread(_remove_abandoned, self._home.workspace(workspace).blobs)

    async def clear(self, workspace: WorkspaceId) -> None:
        """Delete all blobs of a workspace, and what is half written."""
        await to_thread(_delete_all, self._home.workspace(workspace).blobs)

    def _store(self, workspace: WorkspaceId) -> LocalStore:
        return LocalStore(private_directory(self._home.workspace(workspace).blobs))


def _checked(blob: str) -> str:
    if not _ID.fullmatch(blob):
        raise NotFound(f"there is no blob {blob!r}", hint="use the id that `put` returned")
    return blob


def _sync(path: Path) -> None:
    sync_file(path)
    sync_directory(path.parent)


def _remove_abandoned(directory: Path) -> int:
    removed = 0
    for staged in directory.glob("blob_*#*"):
        if time.time() - staged.stat().st_mtime > _ABANDONED_S:
            staged.unlink(missing_ok=True)
            removed += 1
    return removed


def _delete_all(directory: Path) -> None:
    if directory.is_dir():
        shutil.rmtree(directory)


@contextmanager
def _absence_named(blob: str) -> Generator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"there is no blob {blob}", hint="it may have been deleted") from error


@contextmanager
def _failures_named(blob: str, directory: Path) -> Generator[None]:
    try:
        yield
    except BaseError as error:
        reason = str(error).partition("\n")[0]
        code = _OS_ERROR.search(reason)
        if code and int(code[1]) in FULL:
            raise StorageFull(
                f"no space left to write {blob}", hint=no_space_hint(directory / blob)
            ) from error
        raise DependencyFailed(f"{blob}: {reason}", hint=f"check that {directory} is writable") from error
