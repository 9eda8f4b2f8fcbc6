"""One look after another at the workspaces where something is due.

Several may look at once: each change is made under the root's lock after looking again, so that a leader
saves work and guarantees nothing. After its start, and when the database was gone or its clock has jumped, it
waits for a whole lease before it takes a worker for dead: they could not renew either.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import NotFound, SapwoodError, WorkspaceId
from sapwood_shared.logging import get_logger
from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.journal.advance import end
from sapwood_workflows.journal.claims import Failure
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.control import cancel_all
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.journal.limits import free_places
from sapwood_workflows.journal.recording import taken_back
from sapwood_workflows.journal.rows import Row, key_of
from sapwood_workflows.journal.tables import active, runs, steps
from sapwood_workflows.journal.unit import Signal, Unit
from sapwood_workflows.schedules.store import Schedules
from sapwood_workflows.sweeper.indexing import add_missing, may_run
from sapwood_workflows.sweeper.next_look import next_due
from sapwood_workflows.sweeper.pruning import next_prune, prune
from sapwood_workflows.worker.whole import whole

_AT_ONCE = 50
_AUDIT_S = 10.0
"""A step that may run and is told of is looked at again so much later, or a lease later if that is sooner."""
_JUMP_S = 5.0
_LEAD_S = 1.5
"""Who leads and is not heard of for so long leads no more. To lead saves work, and guarantees nothing."""


@dataclass
class Sweeper:
    """Looks every `every_s`."""

    journal: Journal
    every_s: float = 0.5
    schedules: Schedules | None = None
    """Fired where they are given: whoever fires them has to know the tasks."""
    keep_days: float | None = None
    """Runs that ended longer ago are deleted."""
    _id: str = field(default_factory=lambda: uuid.uuid4().hex)
    _trusted_from: float = field(default=float("inf"))
    _last_ms: int | None = None
    _audited: str = ""
    """The workspace that was looked at last though nothing was known to be due in it."""
    _audits: dict[str, float] = field(default_factory=dict[str, float])
    """When each was looked at last, on the loop's clock."""

    async def run(self) -> None:
        """Look until cancelled; what fails is tried again with the next look."""
        self._distrust()
        all_marked = False
        while True:
            try:
                if not all_marked:
                    await whole(self.journal.index.mark_everyone())
                    all_marked = True
                await whole(self.look())
            except SapwoodError as error:
                get_logger(__name__).warning("sweep_failed", error=error.message)
                self._distrust()
            await asyncio.sleep(self.every_s)

    def _distrust(self) -> None:
        """Take nobody for dead for the length of a lease."""
        self._trusted_from = asyncio.get_running_loop().time() + self.journal.leases.lease_s

    async def look(self) -> None:
        """One look at all that is due, by the one of several that leads."""
        # Who fires no schedules does not stand for who does.
        kind = "sweeper" if self.schedules is None else "scheduler"
        if not await self.journal.leases.leads(kind, self._id, _LEAD_S):
            return
        await self._watch_the_clock()
        if (
            asyncio.get_running_loop().time() >= self._trusted_from
            and await self.journal.leases.forget_the_dead()
        ) or await self.journal.index.is_lost():
            await self.journal.index.wake_all()
        looked = await self.journal.index.due(_AT_ONCE)
        for workspace in looked:
            await self.look_at(workspace)
        await self._audit(looked)

    async def _audit(self, looked: Sequence[WorkspaceId]) -> None:
        """Look at one more workspace with work, though nothing is known to be due in it; each in its turn."""
        now = asyncio.get_running_loop().time()
        for workspace in looked:
            self._audits[workspace] = now
        self._audited = await self.journal.index.next_of(self._audited) or ""
        if self._audited and now - self._audits.get(self._audited, 0.0) >= self._audit_ms / 1000:
            self._audits[self._audited] = now
            await self.look_at(WorkspaceId(self._audited))

    async def _watch_the_clock(self) -> None:
        async with self.journal.database.read_control() as control:
            now = await read_clock(control)
        if self._last_ms is not None and abs(now - self._last_ms - self.every_s * 1000) > _JUMP_S * 1000:
            self._distrust()
        self._last_ms = now

    async def look_at(self, workspace: WorkspaceId) -> None:
        """All that is due in one workspace, and when the next look is."""
        living = await self.journal.leases.living()
        trusted = asyncio.get_running_loop().time() >= self._trusted_from
        try:
            async with self.journal.database.read(workspace) as connection:
                seen = await read_clock(connection)
                roots = await _roots_to_change(connection, seen, living if trusted else None)
                dues = [*await may_run(connection, seen), *await free_places(connection)]
        except NotFound:  # the workspace was erased
            await self.journal.index.settle(workspace, None)
            return
        for root in roots:
            with suppress(NotFound):
                async with self.journal.changing(workspace, root) as unit:
                    await _attend(unit, living if trusted else None)
        if await add_missing(self.journal.index, workspace, dues):
            self.journal.bell.ring(Counter(due.queue for due in dues))
        if self.schedules is not None:
            await self.schedules.fire(workspace)
        if self.keep_days is not None:
            await prune(self.journal.database, workspace, older_than_days=self.keep_days)
        await self._settle(workspace)

    async def _next_due(self, connection: AsyncConnection) -> int | None:
        """When the workspace is to be looked at next; `None` where nothing will ever be due by itself."""
        found = [await next_due(connection, self._audit_ms)]
        if self.keep_days is not None:
            found.append(await next_prune(connection, self.keep_days))
        return min((each for each in found if each is not None), default=None)

    @property
    def _audit_ms(self) -> int:
        return round(1000 * min(_AUDIT_S, self.journal.leases.lease_s))

    async def _settle(self, workspace: WorkspaceId) -> None:
        """Write down when to look next, so that no change since the look is forgotten."""
        database = self.journal.database
        async with database.read_control() as control:
            holds = control.dialect.name == "postgresql"
        if holds:
            async with database.write_control() as control:
                mine = select(active.c.next_due_ms).where(active.c.workspace == workspace)
                if (await control.execute(mine.with_for_update())).first() is None:
                    return
                async with database.read(workspace) as connection:
                    due = await self._next_due(connection)
                await self.journal.index.settle(workspace, due, control=control)
            return
        async with database.write(workspace) as connection:
            due = await self._next_due(connection)
            await self.journal.index.settle(workspace, due)


async def _roots_to_change(
    connection: AsyncConnection, now: int, living: frozenset[str] | None
) -> Sequence[str]:
    """The trees in which something is due."""
    wanted = [
        (steps.c.state == StepState.RUNNING) & (steps.c.due_ms <= now),
        (steps.c.state == StepState.RUNNING) & (steps.c.limit_ms <= now),
    ]
    if living is not None:
        wanted.append((steps.c.state == StepState.RUNNING) & steps.c.worker.not_in(list(living)))
    found = {
        row.root_id
        for row in await connection.execute(select(steps.c.root_id).where(or_(*wanted)).distinct())
    }
    late = select(runs.c.root_id).where(
        runs.c.state == RunState.RUNNING, or_(runs.c.deadline_ms <= now, runs.c.cancelled)
    )
    found |= {row.root_id for row in await connection.execute(late)}
    return sorted(found)


async def _attend(unit: Unit, living: frozenset[str] | None) -> None:
    """Do what is due in one tree, which is locked now."""
    if unit.root["state"] != RunState.RUNNING:
        return
    late = unit.root["deadline_ms"] is not None and unit.root["deadline_ms"] <= unit.now_ms
    if late and not unit.root["cancelled"]:
        await cancel_all(unit, "its time is over")
    held = steps.c.state == StepState.RUNNING
    for row in await unit.rows.find(steps.c.root_id == unit.root["id"], held):
        if row["state"] == StepState.RUNNING:  # else the end of another has changed it
            await _attend_step(unit, row, living)


async def _attend_step(unit: Unit, row: Row, living: frozenset[str] | None) -> None:
    key = key_of(row)
    if row["worker"] is not None and unit.root["cancelled"]:
        unit.signals.append(Signal(row["worker"], key, row["attempt"]))  # the first word may have been lost
    if row["worker"] is not None and living is not None and row["worker"] not in living:
        gone = Failure("worker_lost", f"its worker {row['worker']} died", retryable=True)
        await taken_back(unit, row, gone, lost=True)
    elif row["limit_ms"] is not None and row["limit_ms"] <= unit.now_ms:
        late = Failure("timeout", "it took longer than it may", retryable=True, hint="raise its time limit")
        await taken_back(unit, row, late, lost=False)
    elif row["due_ms"] is not None and row["due_ms"] <= unit.now_ms:
        if row["kind"] == "sleep":
            await end(unit, key, StepState.SUCCEEDED)
        else:
            error = {"code": "timeout", "message": "nobody answered in time"}
            await end(unit, key, StepState.FAILED, error=error)
