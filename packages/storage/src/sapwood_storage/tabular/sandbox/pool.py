"""The workers of one process: a few unbound ones ready, the bound ones kept while they are used.

A worker is bound to one dataset version of one workspace and serves nothing else until it ends; queries on
one dataset wait for each other, those on different datasets run side by side.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from sapwood_shared.errors import DependencyFailed
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import QueryLimits, ResultTable
from sapwood_storage.tabular.sandbox import launcher
from sapwood_storage.tabular.sandbox.channel import WorkerGone
from sapwood_storage.tabular.sandbox.launcher import Started
from sapwood_storage.tabular.sandbox.protocol import Message
from sapwood_storage.tabular.sandbox.remote import RemoteWorker
from sapwood_storage.tabular.sandbox.settings import SandboxSettings
from sapwood_storage.tabular.sandbox.writing import WritingSession, reclaim

_DEFAULT_LIMITS: Final = QueryLimits()
_TRIES: Final = 2

Start = Callable[[Path | None], Started]
_Key = tuple[WorkspaceId, str]


@dataclass(slots=True, eq=False)
class _Slot:
    """One dataset's place in the pool: its worker if it has one, and the queue for it."""

    key: _Key
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    worker: RemoteWorker | None = None
    callers: int = 0


class SandboxPool:
    """Runs SQL and readers where they can reach one dataset and nothing else."""

    def __init__(self, *, settings: SandboxSettings | None = None, start: Start = launcher.start) -> None:
        self._settings = settings or SandboxSettings()
        self._start = start
        self._slots: OrderedDict[_Key, _Slot] = OrderedDict()  # least recently used first
        self._room = asyncio.Semaphore(self._settings.bound)
        self._wanting_room = 0
        self._writers = asyncio.Semaphore(self._settings.bound)
        self._spares: list[Started] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._swept = False
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def prestart(self, count: int = 1) -> None:
        """Start unbound workers until `count` are ready or on their way; needs no event loop."""
        for spare in [spare for spare in self._spares if spare.process.poll() is not None]:
            self._spares.remove(spare)
            spare.discard()
        if not self._swept:
            self._swept = True
            launcher.sweep(self._settings.scratch)
        while len(self._spares) < count:
            self._spares.append(self._start(self._settings.scratch))

    async def query(
        self,
        workspace: WorkspaceId,
        version: str,
        directory: Path,
        sql: str,
        *,
        limits: QueryLimits = _DEFAULT_LIMITS,
        tell: Callable[[float], None] | None = None,
    ) -> ResultTable:
        """Run one SELECT over `data`, the file `data.parquet` in `directory`, within `limits`.

        `tell` gets the share of it that is done, 0 to 1, several times a second.
        Raises `InvalidInput` for SQL that does not fit the data, `Forbidden` for what is not one SELECT,
        `LimitExceeded` for a breach and `DependencyFailed` when the worker died of it twice.
        """
        key = (workspace, version)
        slot = self._slots.setdefault(key, _Slot(key))
        self._slots.move_to_end(key)
        slot.callers += 1
        try:
            await slot.lock.acquire()
            try:
                return await self._query(slot, directory, sql, limits, tell)
            finally:
                self._leave(slot)
        finally:
            slot.callers -= 1
            self._forget_if_unused(slot)

    @asynccontextmanager
    async def writing(self, source: Path | None, staging: Path) -> AsyncGenerator[WritingSession]:
        """Give a fresh worker `source` to read and `staging` to write, and end it afterwards.

        What it wrote belongs to this process's user when the block is left.
        """
        async with self._writers:
            worker = await self._bind(_writing(source, staging))
            try:
                yield WritingSession(worker)
            finally:
                await asyncio.shield(self._close(worker))
                await asyncio.to_thread(reclaim, staging)

    async def forget(self, workspace: WorkspaceId, version: str) -> None:
        """End the worker of a dataset that is about to be deleted."""
        slot = self._slots.get((workspace, version))
        if slot is None:
            return
        async with slot.lock:
            self._evict(slot)

    async def aclose(self) -> None:
        """End every worker and remove what they left; the pool starts no other."""
        self._closed = True
        for slot in list(self._slots.values()):
            self._evict(slot)
        spares, self._spares = self._spares, []
        await asyncio.gather(*self._closing, *(asyncio.to_thread(spare.discard) for spare in spares))

    async def _query(
        self,
        slot: _Slot,
        directory: Path,
        sql: str,
        limits: QueryLimits,
        tell: Callable[[float], None] | None,
    ) -> ResultTable:
        gone: WorkerGone | None = None
        for _ in range(_TRIES):
            worker = await self._worker_of(slot, directory)
            try:
                return await worker.query(sql, limits, tell)
            except WorkerGone as error:
                gone = error
        hint = "the query may need more memory than a worker has, or the data file may be damaged"
        raise DependencyFailed(f"{gone}, and so did its replacement", hint=hint) from gone

    async def _worker_of(self, slot: _Slot, directory: Path) -> RemoteWorker:
        if slot.worker is not None and not slot.worker.alive:
            self._evict(slot)
        if slot.worker is None:
            await self._make_room()
            try:
                slot.worker = await self._bind(_reading(directory))
            except BaseException:
                self._room.release()
                raise
        return slot.worker

    async def _make_room(self) -> None:
        if self._room.locked():
            idle = (
                slot for slot in self._slots.values() if slot.worker is not None and not slot.lock.locked()
            )
            if (oldest := next(idle, None)) is not None:
                self._evict(oldest)
        self._wanting_room += 1
        try:
            await self._room.acquire()
        finally:
            self._wanting_room -= 1

    async def _bind(self, message: Message) -> RemoteWorker:
        for attempt in range(_TRIES):
            worker = RemoteWorker(self._unbound(), self._settings)
            try:
                await worker.bind(message)
            except WorkerGone as gone:
                await asyncio.shield(self._close(worker))
                if attempt + 1 == _TRIES:
                    hint = "run `sapwood doctor`; it says whether DuckDB loads and the sandbox can be closed"
                    raise DependencyFailed(f"a worker did not start: {gone}", hint=hint) from gone
            except BaseException:
                self._close(worker)
                raise
            else:
                if not self._closed:
                    self.prestart(self._settings.spares)
                return worker
        raise AssertionError("the last try returns or raises")

    def _unbound(self) -> Started:
        if self._closed:
            raise DependencyFailed("the sandbox was closed", hint="make another SandboxPool")
        self.prestart(1)
        return self._spares.pop(0)

    def _leave(self, slot: _Slot) -> None:
        settling = slot.worker.settling if slot.worker is not None else None
        if settling is not None and not settling.done():
            settling.add_done_callback(lambda _: self._release(slot))
        else:
            self._release(slot)

    def _release(self, slot: _Slot) -> None:
        # Somebody waits for room and this worker is between two queries: those after it bind anew.
        if slot.worker is not None and (self._wanting_room or not slot.worker.alive):
            self._evict(slot)
        slot.lock.release()

    def _evict(self, slot: _Slot) -> None:
        worker, slot.worker = slot.worker, None
        if worker is not None:
            self._room.release()
            self._close(worker)
        self._forget_if_unused(slot)

    def _forget_if_unused(self, slot: _Slot) -> None:
        if slot.worker is None and slot.callers == 0:
            self._slots.pop(slot.key, None)

    def _close(self, worker: RemoteWorker) -> asyncio.Task[None]:
        worker.kill()
        task = asyncio.create_task(worker.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        return task


def _reading(directory: Path) -> Message:
    return {"mode": "query", "directory": str(directory.absolute())}


def _writing(source: Path | None, staging: Path) -> Message:
    return {"mode": "write", "source": source and str(source.absolute()), "staging": str(staging.absolute())}
