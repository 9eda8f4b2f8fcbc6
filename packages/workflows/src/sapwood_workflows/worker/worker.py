"""A worker: claims while it has places free, does what it claimed, and waits a second at most."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from sapwood_shared import Clock, SapwoodError, SystemClock, WorkspaceId
from sapwood_shared.logging import get_logger
from sapwood_workflows.journal.claims import Claim
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.journal.recording import Result
from sapwood_workflows.journal.rows import Key
from sapwood_workflows.tasks.policy import QueueClass, RunsOn
from sapwood_workflows.tasks.registry import Tasks
from sapwood_workflows.worker.calling import Calling
from sapwood_workflows.worker.gates import TaskGates
from sapwood_workflows.worker.lease import Lease, OwnLease
from sapwood_workflows.worker.processes import Processes
from sapwood_workflows.worker.recorder import Recorder
from sapwood_workflows.worker.step_log import StepLog, listen
from sapwood_workflows.worker.whole import whole
from sapwood_workflows.worker.work import StepIdentity, StepWork

_IDLE_S: Final = 1.0
_TELL_S: Final = 1.0
"""How often progress and logs of what is in hand are kept."""
_MOST_INLINE = 16
"""So many steps of one run follow each other in one place before others have their turn."""


_LEFT_S: Final = 10.0
_DOUBT_S: Final = 3.0
"""A claim that is older and in nobody's hand is nobody's."""
_INLINE_S: Final = 0.1
"""After so long a run leaves its place when another workspace has work for it."""


@dataclass
class _Held:
    claim: Claim
    work: StepWork
    log: StepLog = field(default_factory=StepLog)
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
    idle_s: float = _IDLE_S
    """It looks so often though nobody tells it of work."""
    clock: Clock = field(default_factory=SystemClock)
    only: str | None = None
    """The root run whose steps it takes; those of all, by default."""
    lease: Lease | None = None
    """Renewed by this worker itself unless another is given."""
    _held: dict[tuple[object, ...], _Held] = field(default_factory=dict[tuple[object, ...], _Held])
    _stopping: bool = False
    _left: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    _look_at_left_s: float = 0.0
    _doubted: dict[str, float] = field(default_factory=dict[str, float])
    _recorder: Recorder = field(init=False)
    _gates: TaskGates = field(init=False)
    _lease: Lease = field(init=False)
    _calling: Calling = field(default_factory=lambda: Calling(Processes()))

    def __post_init__(self) -> None:
        self._gates = TaskGates(self.tasks)
        self._recorder = Recorder(self.journal, gates=self._gates)
        self._lease = self.lease or OwnLease(self.journal.leases)

    async def run(self) -> None:
        """Work until `stop` is called, or until cancelled: then what is in hand is handed back at once."""
        listen()
        await self._lease.begin(self.id, self._about())
        keeping = asyncio.create_task(self._keep())
        telling = asyncio.create_task(self._tell())
        try:
            await self._work()
        finally:
            for each in (keeping, telling):
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each
            await self._hand_back()
            await self._calling.processes.aclose()
            await self._lease.end()

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in hand has ended, or its grace is over."""
        self._stopping = True
        self.journal.bell.ring()

    def _about(self) -> dict[str, Any]:
        return {"host": socket.gethostname(), "pid": os.getpid(), "queues": list(self.queues)}

    async def _work(self) -> None:
        known = self._known()
        self._recorder.tasks = frozenset(known)
        while not self._stopping:
            free = self.places - len(self._held)
            claims: list[Claim] = []
            if free > 0:
                try:
                    claims = await self._claim(known, free)
                except SapwoodError as error:
                    get_logger(__name__).warning("claim_failed", error=error.message)
            if len(claims) < free or free <= 0:
                await self.journal.bell.wait(self.idle_s)
        doing = [held.doing for held in self._held.values() if held.doing is not None]
        if doing:
            await asyncio.wait(doing, timeout=self.grace_s)

    def _known(self) -> list[tuple[str, int]]:
        """What this worker can do; a process finds its task by the name of its function."""
        apart = [each for each in self.tasks if each.options.runs is RunsOn.PROCESS]
        hidden = [each.name for each in apart if "<" in each.function.__qualname__]
        if hidden:
            get_logger(__name__).warning("tasks_left_to_others", tasks=hidden, reason="no module has them")
        self._calling.processes.modules = sorted({each.function.__module__ for each in apart})
        return [(each.name, each.version) for each in self.tasks if each.name not in hidden]

    async def _claim(self, known: Sequence[tuple[str, int]], free: int) -> list[Claim]:
        """What is claimed is in hand at once, also when the worker is cancelled just then."""

        async def claim() -> list[Claim]:
            claims = await self.journal.claim(
                self.id,
                self.queues,
                known,
                most=free,
                only=self.only,
                gates=self._gates,
                doubts=self._recorder.doubts,
            )
            for each in claims:
                self._take(each)
            return claims

        return await whole(claim())

    def _take(self, claim: Claim) -> None:
        held = self._hold(claim)
        held.doing = asyncio.create_task(self._do(held))

    def _hold(self, claim: Claim, doing: asyncio.Task[None] | None = None) -> _Held:
        def tell(progress: Mapping[str, float | str | None]) -> None:
            held.progress = progress

        identity = StepIdentity(claim.workspace, *claim.key, claim.attempt)
        work = StepWork(timeout_s=claim.timeout_s, clock=self.clock, tell=tell, identity=identity)
        held = self._held[claim.workspace, claim.key] = _Held(claim, work, doing=doing)
        return held

    async def _do(self, held: _Held) -> None:
        """A step, and those that follow from it in the same place."""
        since = self.clock.monotonic_s()
        try:
            for turn in range(_MOST_INLINE):
                claim = held.claim
                task = self.tasks.get(claim.task, claim.version)
                outcome = await self._calling.call(
                    task, claim.workspace, claim.given, held.work, held.log, timeout_s=claim.timeout_s
                )
                goes_on = (
                    turn + 1 < _MOST_INLINE and not self._stopping and await self._may_go_on(claim, since)
                )
                result = Result(claim, outcome, goes_on, held.log.unsaid())
                then = (await self._recorder.record(result)).then
                self._held.pop((claim.workspace, claim.key), None)
                if then is None:
                    return
                held = self._hold(then, held.doing)
        finally:
            self._held.pop((held.claim.workspace, held.claim.key), None)
            self.journal.bell.ring()

    async def _may_go_on(self, claim: Claim, since_s: float) -> bool:
        """Not for long while another workspace waits for a place."""
        if self.clock.monotonic_s() - since_s < _INLINE_S:
            return True
        return not await whole(self.journal.index.others_wait(claim.workspace, claim.queue))

    # -- the lease

    async def _keep(self) -> None:
        await self._lease.keep(self._lose)
        get_logger(__name__).warning("worker_stops", reason="its supervisor is gone")
        self.grace_s = 0.0
        self.stop()

    async def _lose(self, workspace: WorkspaceId, key: Key, attempt: int) -> None:
        """A step was cancelled: a coroutine and a process are ended, a thread is left to see it."""
        held = self._held.get((workspace, key))
        if held is None or held.claim.attempt != attempt:
            return
        held.work.lose("the run was cancelled")
        if held.doing is not None:
            held.doing.cancel()
        self._held.pop((workspace, key), None)
        await whole(self.journal.cancelled(held.claim))
        self.journal.bell.ring()

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(_TELL_S)
            try:
                await self._clear_doubts()
                await self._say_what_is_left()
                await self._tell_progress()
            except SapwoodError as error:
                get_logger(__name__).warning("progress_not_kept", error=error.message)

    async def _say_what_is_left(self) -> None:
        """Name tasks that this worker lacks, once; their steps wait for one that has them."""
        now = self.clock.monotonic_s()
        if self.only is not None or now < self._look_at_left_s:
            return
        self._look_at_left_s = now + _LEFT_S
        left = await whole(self.journal.index.left_over(self.queues, self._recorder.tasks or ()))
        if fresh := [each for each in left if each not in self._left]:
            self._left.update(fresh)
            names = [f"{name}@{version}" for name, version in fresh]
            get_logger(__name__).warning(
                "tasks_left_to_others", tasks=names, reason="they are not known here"
            )

    async def _clear_doubts(self) -> None:
        """Hand back what a commit without an answer may have claimed for this worker."""
        for workspace in list(self._recorder.doubts):
            in_hand = {(held.claim.key, held.claim.attempt) for held in self._held.values()}
            await whole(self.journal.hand_back_others(workspace, self.id, in_hand, older_than_s=_DOUBT_S))
            if (
                self.clock.monotonic_s() - self._doubted.setdefault(workspace, self.clock.monotonic_s())
                > 2 * _DOUBT_S
            ):
                self._recorder.doubts.discard(workspace)
                self._doubted.pop(workspace)

    async def _tell_progress(self) -> None:
        for held in list(self._held.values()):
            progress, held.progress = held.progress, None
            log = held.log.unsaid()
            if progress is not None or log is not None:
                await whole(self.journal.note(held.claim, progress, log))

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
