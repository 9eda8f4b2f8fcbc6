"""A worker: claims while it has places free, does what it claimed, and waits a second at most."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from sapwood_shared import Clock, SapwoodError, SystemClock
from sapwood_shared.logging import get_logger
from sapwood_workflows.journal.claims import Claim
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.journal.recording import Result
from sapwood_workflows.tasks.policy import QueueClass, RunsOn
from sapwood_workflows.tasks.registry import Tasks
from sapwood_workflows.worker.calling import call
from sapwood_workflows.worker.recorder import Recorder
from sapwood_workflows.worker.whole import whole
from sapwood_workflows.worker.work import StepWork

_IDLE_S: Final = 1.0
_RENEWALS = 15
"""A lease is renewed so often before it would run out."""
_SHORTEST_RENEWAL_S = 0.1
_MOST_INLINE = 16
"""So many steps of one run follow each other in one place before others have their turn."""


@dataclass
class _Held:
    claim: Claim
    work: StepWork
    doing: asyncio.Task[None] | None = None
    progress: Mapping[str, Any] | None = None


@dataclass
class Worker:
    """Does the steps of `tasks` in `places` places; `queues` in the order in which they are asked."""

    journal: Journal
    tasks: Tasks
    id: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}-{os.urandom(4).hex()}")
    queues: Sequence[str] = tuple(QueueClass)
    places: int = 16
    grace_s: float = 10.0
    clock: Clock = field(default_factory=SystemClock)
    _held: dict[tuple[object, ...], _Held] = field(default_factory=dict[tuple[object, ...], _Held])
    _stopping: bool = False
    _recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self._recorder = Recorder(self.journal)

    async def run(self) -> None:
        """Work until `stop` is called, or until cancelled: then what is in hand is handed back at once."""
        await whole(self.journal.leases.renew(self.id, self._about()))
        renewing = asyncio.create_task(self._renew())
        try:
            await self._work()
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            await self._hand_back()
            with suppress(SapwoodError):
                await whole(self.journal.leases.release(self.id))

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in hand has ended, or its grace is over."""
        self._stopping = True
        self.journal.bell.ring()

    def _about(self) -> dict[str, Any]:
        return {"host": socket.gethostname(), "pid": os.getpid(), "queues": list(self.queues)}

    async def _work(self) -> None:
        known = self._known()
        while not self._stopping:
            free = self.places - len(self._held)
            claims: list[Claim] = []
            if free > 0:
                try:
                    claims = await self._claim(known, free)
                except SapwoodError as error:
                    get_logger(__name__).warning("claim_failed", error=error.message)
            if len(claims) < free or free <= 0:
                await self.journal.bell.wait(_IDLE_S)
        doing = [held.doing for held in self._held.values() if held.doing is not None]
        if doing:
            await asyncio.wait(doing, timeout=self.grace_s)

    def _known(self) -> list[tuple[str, int]]:
        """What this worker can do: what runs in a process of its own is left to others, and that is said."""
        apart = [task.name for task in self.tasks if task.options.runs is RunsOn.PROCESS]
        if apart:
            get_logger(__name__).warning("tasks_left_to_others", tasks=apart, reason="they run in processes")
        return [(task.name, task.version) for task in self.tasks if task.name not in apart]

    async def _claim(self, known: Sequence[tuple[str, int]], free: int) -> list[Claim]:
        """What is claimed is in hand at once, also when the worker is cancelled just then."""

        async def claim() -> list[Claim]:
            claims = await self.journal.claim(self.id, self.queues, known, most=free)
            for each in claims:
                self._take(each)
            return claims

        return await whole(claim())

    def _take(self, claim: Claim) -> None:
        held = _Held(claim, StepWork(timeout_s=claim.timeout_s, clock=self.clock, tell=lambda _: None))
        self._hold(held, claim)
        held.doing = asyncio.create_task(self._do(held))

    def _hold(self, held: _Held, claim: Claim) -> None:
        def tell(progress: Mapping[str, float | str | None]) -> None:
            held.progress = progress

        held.claim = claim
        held.work = StepWork(timeout_s=claim.timeout_s, clock=self.clock, tell=tell)
        self._held[(claim.workspace, claim.key)] = held

    async def _do(self, held: _Held) -> None:
        """A step, and those that follow from it in the same place."""
        try:
            for turn in range(_MOST_INLINE):
                claim = held.claim
                task = self.tasks.get(claim.task, claim.version)
                result = await call(task, claim.workspace, claim.given, held.work, claim.timeout_s)
                goes_on = turn + 1 < _MOST_INLINE and not self._stopping
                then = (await self._recorder.record(Result(claim, result, goes_on))).then
                self._held.pop((claim.workspace, claim.key), None)
                if then is None:
                    return
                self._hold(held, then)
        finally:
            self._held.pop((held.claim.workspace, held.claim.key), None)
            self.journal.bell.ring()

    # -- the lease

    async def _renew(self) -> None:
        every_s = max(_SHORTEST_RENEWAL_S, min(1.0, self.journal.leases.lease_s / _RENEWALS))
        while True:
            await asyncio.sleep(every_s)
            try:
                for claim in await whole(self.journal.leases.renew(self.id, self._about())):
                    await self._lose(claim)
                await self._tell_progress()
            except SapwoodError as error:
                get_logger(__name__).warning("renewal_failed", error=error.message)

    async def _lose(self, signal: tuple[object, ...]) -> None:
        """A step was cancelled: a coroutine is ended, a thread is left to see it."""
        workspace, key, attempt = signal
        held = self._held.get((workspace, key))
        if held is None or held.claim.attempt != attempt:
            return
        held.work.lose("the run was cancelled")
        if held.doing is not None:
            held.doing.cancel()
        self._held.pop((workspace, key), None)
        await whole(self.journal.cancelled(held.claim))
        self.journal.bell.ring()

    async def _tell_progress(self) -> None:
        for held in list(self._held.values()):
            if held.progress is not None:
                progress, held.progress = held.progress, None
                await whole(self.journal.note_progress(held.claim, progress))

    async def _hand_back(self) -> None:
        """What is still in hand goes to the next worker."""
        in_hand = list(self._held.values())
        doing = [held.doing for held in in_hand if held.doing is not None]
        for held in in_hand:
            held.work.lose("the worker stops")
        for each in doing:
            each.cancel()
        if doing:
            await asyncio.wait(doing)
        for held in in_hand:
            with suppress(SapwoodError):
                await whole(self.journal.hand_back(held.claim))
