"""Files become dataset versions: read in the sandbox, checked here, published at once.

The parent hashes the source while the worker reads it, believes nothing that the worker says without
checking, and never lets half a version be seen.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from sapwood_shared.errors import NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular import sources, wire
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.sandbox.writing import worker_can_read
from sapwood_storage.tabular.shelf import DATA_FILE, DatasetVersion, Shelf, now, version_id
from sapwood_storage.tabular.sources import Fingerprint, Hashes
from sapwood_storage.tabular.watch import Watch

Tell = Callable[[dict[str, Any]], None]


class Session(Protocol):
    """A worker bound to one source and one staging directory."""

    async def run(
        self, operation: str, params: dict[str, Any], *, tell: Tell | None = None
    ) -> dict[str, Any]:
        """Run one operation of the readers."""
        ...


class Sandbox(Protocol):
    """Where sources are read; `SandboxPool` is the one that ships."""

    def writing(self, source: Path | None, staging: Path) -> AbstractAsyncContextManager[Session]:
        """Give a `Session` as an asynchronous context manager."""
        ...

    async def forget(self, workspace: WorkspaceId, version: str) -> None:
        """End the worker that serves a version."""
        ...


@dataclass(frozen=True, slots=True)
class _Source:
    """What is read: where the worker finds it, what it is called, and how its hash is learned."""

    path: Path
    name: str
    origin: Fingerprint | None  # None: it came as a stream and its hash is known
    sha256: str | None
    size: int


class Datasets:
    """The dataset versions under one home."""

    def __init__(self, home_root: Path, sandbox: Sandbox) -> None:
        self.shelf = Shelf(home_root)
        self._sandbox = sandbox
        self._swept: set[WorkspaceId] = set()

    def recall(self, workspace: WorkspaceId, source: Path, options: ReaderOptions) -> DatasetVersion | None:
        """Return the version of a file that was ingested before and has not changed; costs three stats."""
        name = self.recall_name(workspace, source, options)
        return self._known(workspace, name) if name else None

    def recall_name(self, workspace: WorkspaceId, source: Path, options: ReaderOptions) -> str | None:
        """Return what that version is called, which may have been let go of meanwhile."""
        digest = self._hashes(workspace).recall(sources.fingerprint(source))
        return version_id(digest, options) if digest else None

    async def ingest(
        self, workspace: WorkspaceId, source: Path | BinaryIO, options: ReaderOptions, work: Work
    ) -> DatasetVersion:
        """Return the version that `source` is under `options`, reading it only if nobody has.

        `InvalidInput` when it cannot be read as a table, `Conflict` when it changes meanwhile, `StorageFull`
        when the disk is; then nothing is left of it.
        """
        if isinstance(source, Path):
            known = self.recall(workspace, source, options)
            if known is not None:
                return known
        await self._sweep_once(workspace)
        with self.shelf.staging(workspace) as staging:
            return await self._ingest(workspace, source, options, work, staging)

    def get(self, workspace: WorkspaceId, version: str) -> DatasetVersion:
        """Return a version, or raise `NotFound`."""
        return self.shelf.get(workspace, version)

    def directory(self, workspace: WorkspaceId, version: str) -> Path:
        """Return the directory that holds a version's `data.parquet`; counts as using it."""
        self.shelf.touch(workspace, version)
        return self.shelf.directory(workspace, version)

    async def delete(self, workspace: WorkspaceId, version: str) -> None:
        """Remove a version; one that is not there is `NotFound`."""
        await self._sandbox.forget(workspace, version)
        if not await asyncio.to_thread(self.shelf.remove, workspace, version):
            raise NotFound(f"there is no dataset version {version}", hint="it may have been deleted already")

    async def evict_lru(self, workspace: WorkspaceId, limit: int) -> list[str]:
        """Remove the versions used longest ago until the rest take at most `limit` bytes; return which."""
        await self._sweep_once(workspace)
        sizes = {
            version: self.shelf.bytes_of(workspace, version) for version in self.shelf.versions(workspace)
        }
        evicted: list[str] = []
        for version, size in sizes.items():
            if sum(sizes.values()) - sum(sizes[one] for one in evicted) <= limit:
                break
            if size:
                with suppress(NotFound):  # another process was first
                    await self.delete(workspace, version)
                evicted.append(version)
        return evicted

    async def _sweep_once(self, workspace: WorkspaceId) -> None:
        if workspace not in self._swept:
            self._swept.add(workspace)
            await asyncio.to_thread(self.shelf.sweep, workspace)

    async def _ingest(
        self,
        workspace: WorkspaceId,
        given: Path | BinaryIO,
        options: ReaderOptions,
        work: Work,
        staging: Path,
    ) -> DatasetVersion:
        made = staging / "made"
        made.mkdir(mode=0o700)
        watch = Watch(work)
        try:
            source = await self._prepare(given, staging, watch)
            if source.sha256 and (known := self._known(workspace, version_id(source.sha256, options))):
                return known
            reading = watch.start(self._read(source, made, options, work))
            # The hash is there first, and may say that these bytes were read before, under another name.
            digest = source.sha256 or await watch.until(watch.thread(sources.sha256, source.path))
            version = version_id(digest, options)
            known = self._known(workspace, version)
            report = None if known else wire.report_from(await watch.until(reading))
        finally:
            await watch.end()
        if source.origin is not None:
            source.origin.check_unchanged()
        if report is not None:
            size = (made / DATA_FILE).lstat().st_size
            known = DatasetVersion(version, source.name, source.size, digest, options, report, now(), size)
            await asyncio.to_thread(self.shelf.publish, workspace, known, made, staging)
        if source.origin is not None:
            self._hashes(workspace).remember(source.origin, digest)
        return self.shelf.get(workspace, version)

    async def _prepare(self, given: Path | BinaryIO, staging: Path, watch: Watch) -> _Source:
        copy = staging / "source"
        if not isinstance(given, Path):
            digest, size = await watch.until(watch.thread(sources.spool, given, copy))
            return _Source(copy, "stdin", None, digest, size)
        origin = sources.fingerprint(given)
        if worker_can_read(given):
            return _Source(given, given.name, origin, None, origin.size)
        with given.open("rb") as file:
            digest, size = await watch.until(watch.thread(sources.spool, file, copy))
        return _Source(copy, given.name, origin, digest, size)

    async def _read(self, source: _Source, made: Path, options: ReaderOptions, work: Work) -> dict[str, Any]:
        def tell(progress: dict[str, Any]) -> None:
            done, total = progress.get("done"), progress.get("total")
            if isinstance(done, int) and isinstance(total, int):
                work.progress(done, total)

        async with self._sandbox.writing(source.path, made) as session:
            found: dict[str, Any] = await session.run(
                "ingest", {"options": wire.options_to(options)}, tell=tell
            )
            return found

    def _known(self, workspace: WorkspaceId, version: str) -> DatasetVersion | None:
        try:
            known = self.shelf.get(workspace, version)
        except NotFound:
            return None
        self.shelf.touch(workspace, version)
        return known

    def _hashes(self, workspace: WorkspaceId) -> Hashes:
        return Hashes(self.shelf.hashes_file(workspace))
