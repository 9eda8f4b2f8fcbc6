"""Blobs, directories and the cache as stores of the data map."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.blobs import Blobs
from sapwood_storage.cache import Cache
from sapwood_storage.home import Home
from sapwood_storage.subjects.declaration import Holding
from sapwood_storage.subjects.walk import Part

_READ_BYTES: Final = 1 << 20
_WHOLE_FILES: Final = "a file is the workspace's; rows that refer to it name the person"


class BlobStore:
    """Exports each blob under its id."""

    name = "blobs"
    holding = Holding("schema", why_no_subject=_WHOLE_FILES)

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def export(self, workspace: WorkspaceId, person: str | None) -> AsyncIterator[Part]:
        """Yield the blobs of the workspace; nothing of them is known to be a person's."""
        for blob in await self._blobs.ids(workspace) if person is None else []:
            async for data in self._blobs.read(workspace, blob):
                yield Part(self.name, blob, data)

    async def erase(self, workspace: WorkspaceId, person: str | None) -> None:
        """Delete the blobs of the workspace, and what killed writers left."""
        if person is None:
            await self._blobs.clear(workspace)


class DirectoryStore:
    """Exports the files of one directory that each workspace has: `datasets` or `vectors`."""

    holding = Holding("schema", why_no_subject=_WHOLE_FILES)

    def __init__(self, home: Home, name: str) -> None:
        self._home = home
        self._name = name

    @property
    def name(self) -> str:
        """The directory's name."""
        return self._name

    async def export(self, workspace: WorkspaceId, person: str | None) -> AsyncIterator[Part]:
        """Yield the files of the workspace, by their path in the directory."""
        root = self._home.workspace(workspace).root / self._name
        for path in await asyncio.to_thread(_files_below, root) if person is None else []:
            name = path.relative_to(root).as_posix()
            with path.open("rb") as file:
                while data := await asyncio.to_thread(file.read, _READ_BYTES):
                    yield Part(self._name, name, data)

    async def erase(self, workspace: WorkspaceId, person: str | None) -> None:
        """Delete the directory of the workspace."""
        root = self._home.workspace(workspace).root / self._name
        if person is None:
            await asyncio.to_thread(delete_tree, root)


class CacheStore:
    """Exports nothing: what it keeps was computed from what the others hold.

    A damaged file that was set aside is the cache's too, and goes with the first workspace that is erased.
    """

    name = "cache"
    holding = Holding("workspace", why_no_subject="entries are forgotten with their workspace or their time")

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def export(self, workspace: WorkspaceId, person: str | None) -> AsyncIterator[Part]:
        """Yield nothing."""
        del workspace, person
        for part in ():
            yield part

    async def erase(self, workspace: WorkspaceId, person: str | None) -> None:
        """Forget the entries of the workspace."""
        if person is None:
            await self._cache.clear(workspace)


def _files_below(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def delete_tree(root: Path) -> None:
    """Delete a directory, if there is one."""
    if root.is_dir():
        shutil.rmtree(root)
