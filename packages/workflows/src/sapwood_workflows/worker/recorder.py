"""Writes results down together: those of one tree of runs that end at about the same time cost one commit."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sapwood_shared import SapwoodError, WorkspaceId
from sapwood_shared.logging import get_logger
from sapwood_workflows.journal.claims import Finished
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.journal.limits import Gates
from sapwood_workflows.journal.recording import Result
from sapwood_workflows.worker.whole import whole

_FIRST_WAIT_S = 0.05
_LONGEST_WAIT_S = 1.0
Waiting = tuple[Result, "asyncio.Future[Finished]"]


@dataclass
class Recorder:
    """One transaction at a time for each tree; what ends meanwhile is in the next one."""

    journal: Journal
    tasks: frozenset[tuple[str, int]] | None = None
    """What the worker goes on with; where none is given, with the same task."""
    gates: Gates | None = None
    doubts: set[WorkspaceId] = field(default_factory=set[WorkspaceId])
    """Where a commit was not answered, which may have claimed a step."""
    _waiting: dict[tuple[str, str], list[Waiting]] = field(
        default_factory=dict[tuple[str, str], list[Waiting]]
    )
    _writing: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def record(self, result: Result) -> Finished:
        """Have it written; a database that is gone is waited for."""
        tree = (result.claim.workspace, result.claim.root_id)
        future: asyncio.Future[Finished] = asyncio.get_running_loop().create_future()
        others = self._waiting.get(tree)
        if others is not None:
            others.append((result, future))
        else:
            self._waiting[tree] = [(result, future)]
            writing = asyncio.create_task(self._write(tree))
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)
        return await asyncio.shield(future)

    async def _record(self, results: list[Result]) -> list[Finished]:
        # With several at once, what shares places is left to a claim of its own, which locks one key.
        ungated = self.tasks if self.gates is None or self.tasks is None else self._ungated
        tasks = self.tasks if len(results) == 1 else ungated
        return await self.journal.record(results, tasks=tasks, gates=self.gates)

    @cached_property
    def _ungated(self) -> frozenset[tuple[str, int]]:
        gates, tasks = self.gates, self.tasks or frozenset()
        return frozenset(each for each in tasks if gates is None or not gates.has(*each))

    async def _write(self, tree: tuple[str, str]) -> None:
        """Write until nothing of the tree waits."""
        wait_s = _FIRST_WAIT_S
        while batch := self._waiting[tree]:
            self._waiting[tree] = []
            try:
                finished = await whole(self._record([result for result, _ in batch]))
            except SapwoodError as error:
                if not error.retryable:
                    _tell(batch, error)
                    continue
                get_logger(__name__).warning("record_failed", error=error.message)
                self.doubts.add(batch[0][0].claim.workspace)
                self._waiting[tree] = batch + self._waiting[tree]
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
            except BaseException as error:
                _tell(batch, error)
                raise
            else:
                wait_s = _FIRST_WAIT_S
                for (_, future), told in zip(batch, finished, strict=True):
                    if not future.done():
                        future.set_result(told)
        del self._waiting[tree]


def _tell(batch: list[Waiting], error: BaseException) -> None:
    said: Any = error if isinstance(error, Exception) else asyncio.CancelledError()
    for _, future in batch:
        if not future.done():
            future.set_exception(said)
