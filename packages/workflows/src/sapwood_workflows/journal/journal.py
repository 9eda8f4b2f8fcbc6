"""The journal: every run, each finished step once, one ordered log of what happened.

A step is delivered at least once and recorded exactly once. Who holds it is told by its worker and its
attempt; both are asked in the statement that records it, so that a worker which was taken for dead, and comes
back, changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Collection, Container, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from sapwood_shared import Conflict, DependencyFailed, IdKind, NotFound, SapwoodError, WorkspaceId, new_id
from sapwood_shared.logging import get_logger
from sapwood_storage.database import Database
from sapwood_workflows.engine.inputs import run_input
from sapwood_workflows.engine.states import StepState
from sapwood_workflows.journal.advance import end, settle
from sapwood_workflows.journal.claims import Claim, Failure, Finished
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.index import LOOK_AGAIN_MS, Index
from sapwood_workflows.journal.leases import Leases
from sapwood_workflows.journal.limits import Gates
from sapwood_workflows.journal.pinned import Pinned, PinnedRuns, pin
from sapwood_workflows.journal.recording import Result, is_held, keep_log, record, start_again
from sapwood_workflows.journal.rows import RUN_COLUMNS, Key, Row, key_of
from sapwood_workflows.journal.starting import Begin, Start, begun
from sapwood_workflows.journal.tables import WHOLE, events, logs, runs, steps
from sapwood_workflows.journal.taking import claimed
from sapwood_workflows.journal.unit import Due, Unit, opened, packed
from sapwood_workflows.queue import Bell
from sapwood_workflows.spec.checking import check
from sapwood_workflows.spec.model import Workflow
from sapwood_workflows.tasks.registry import Tasks


@dataclass
class Journal:
    """Runs of workflows in the workspaces of one database."""

    database: Database
    bell: Bell = field(default_factory=Bell)
    index: Index = field(init=False)
    leases: Leases = field(init=False)
    pinned: PinnedRuns = field(default_factory=PinnedRuns)
    lease_s: float = 15.0

    def __post_init__(self) -> None:
        self.index = Index(self.database)
        self.leases = Leases(self.database, self.lease_s)

    @asynccontextmanager
    async def changing(self, workspace: WorkspaceId, root_id: str) -> AsyncGenerator[Unit]:
        """A transaction on one tree of runs; what follows from it is decided and told before it returns."""
        async with AsyncExitStack() as around:
            control = None
            async with self.database.write(workspace) as connection:
                unit = await opened(connection, workspace, root_id, self.pinned)
                yield unit
                await settle(unit)
                await unit.flush()
                if (due_ms := _look_at(unit)) is not None:
                    marking = self.index.marking(workspace, due_ms=due_ms)
                    control = await around.enter_async_context(marking)
            await self.index.add(workspace, unit.due, control)
        if unit.signals:
            await self.leases.signal(workspace, unit.signals)
        if unit.due or unit.ended:
            self.bell.ring(Counter(due.queue for due in unit.due))

    # -- runs

    async def submit(
        self,
        workspace: WorkspaceId,
        workflow: Workflow,
        given: Mapping[str, Any],
        tasks: Tasks,
        *,
        workflows: Mapping[str, Workflow] | None = None,
        created_by: str | None = None,
        request_key: str | None = None,
        run_id: str | None = None,
    ) -> str:
        """Start a run and return its id; with a `request_key` that is known, that of the run which has it.

        Raises `InvalidInput` before anything is written when the spec or the input is wrong.
        """
        values, pinned = self.checked(workflow, given, tasks, workflows or {})
        start = Start(run_id or new_id(IdKind.RUN), created_by=created_by, request_key=request_key)
        try:
            async with self.starting(workspace) as begun:
                await begun(start, pinned, values)
        except Conflict:
            return await self._submitted(workspace, run_id, request_key)
        except DependencyFailed:
            with suppress(SapwoodError):  # its commit may have been made, and only the answer lost
                await self.run(workspace, start.run_id)
                return start.run_id
            raise
        return start.run_id

    def checked(
        self,
        workflow: Workflow,
        given: Mapping[str, Any],
        tasks: Tasks,
        workflows: Mapping[str, Workflow],
    ) -> tuple[dict[str, Any], Pinned]:
        """The input of a run and what it is pinned to; `InvalidInput` when one of them is wrong."""
        check(workflow, tasks, workflows)
        return packed(run_input(workflow, given), "the input"), pin(workflow, tasks, workflows)

    @asynccontextmanager
    async def starting(self, workspace: WorkspaceId) -> AsyncGenerator[Begin]:
        """A transaction on a workspace that may start runs; what may run is told when it is committed."""
        units: list[Unit] = []
        async with AsyncExitStack() as around:
            control = None
            async with self.database.write(workspace) as connection:

                async def begin_run(start: Start, pinned: Pinned, values: Mapping[str, Any]) -> Unit:
                    unit = await begun(connection, workspace, start, pinned, values, self.pinned)
                    units.append(unit)
                    return unit

                yield Begin(connection, begin_run)
                due_ms = min((_look_at(unit) or unit.now_ms for unit in units), default=None)
                if due_ms is not None:
                    control = await around.enter_async_context(self.index.marking(workspace, due_ms=due_ms))
            due = [each for unit in units for each in unit.due]
            await self.index.add(workspace, due, control)
        self.bell.ring(Counter(each.queue for each in due))

    async def _submitted(self, workspace: WorkspaceId, run_id: str | None, request_key: str | None) -> str:
        async with self.database.read(workspace) as connection:
            same = runs.c.request_key == request_key if request_key is not None else runs.c.id == run_id
            row = (await connection.execute(select(runs.c.id).where(same))).first()
        if row is None:
            raise Conflict("the run could not be written", hint="submit it again")
        return str(row.id)

    async def run(self, workspace: WorkspaceId, run_id: str) -> Row:
        """The run as it is now; `NotFound` when there is none."""
        async with self.database.read(workspace) as connection:
            row = (await connection.execute(select(runs).where(runs.c.id == run_id))).mappings().first()
        if row is None:
            raise NotFound(f"there is no run {run_id!r}", hint="look at the list of runs")
        return dict(row)

    async def newest(
        self,
        workspace: WorkspaceId,
        *,
        states: Collection[str] = (),
        workflow: str | None = None,
        most: int = 50,
        before_ms: int | None = None,
    ) -> list[Row]:
        """Runs that nothing else started, the newest first; `before_ms` goes on from an earlier list."""
        found = select(*RUN_COLUMNS).where(runs.c.parent_id.is_(None))
        if states:
            found = found.where(runs.c.state.in_(list(states)))
        if workflow is not None:
            found = found.where(runs.c.workflow == workflow)
        if before_ms is not None:
            found = found.where(runs.c.created_ms < before_ms)
        async with self.database.read(workspace) as connection:
            rows = await connection.execute(found.order_by(runs.c.created_ms.desc(), runs.c.id).limit(most))
            return [dict(row) for row in rows.mappings()]

    async def events(
        self, workspace: WorkspaceId, root_id: str, *, after: int = 0, most: int = 500
    ) -> list[Row]:
        """What happened in a run behind a cursor, in order."""
        mine = (events.c.root_id == root_id) & (events.c.cursor > after)
        async with self.database.read(workspace) as connection:
            found = select(events).where(mine).order_by(events.c.cursor).limit(most)
            return [dict(row) for row in (await connection.execute(found)).mappings()]

    async def waiting(self, workspace: WorkspaceId, root_id: str, kind: str) -> list[Row]:
        """The steps of a kind, in the whole tree of a run, that wait for somebody."""
        mine = (steps.c.root_id == root_id) & (steps.c.kind == kind) & (steps.c.state == StepState.RUNNING)
        async with self.database.read(workspace) as connection:
            found = select(steps).where(mine).order_by(steps.c.started_ms, steps.c.run_id, steps.c.name)
            return [dict(row) for row in (await connection.execute(found)).mappings()]

    async def steps(self, workspace: WorkspaceId, run_id: str) -> list[Row]:
        """The steps of a run and their items."""
        async with self.database.read(workspace) as connection:
            found = select(steps).where(steps.c.run_id == run_id).order_by(steps.c.name, steps.c.item)
            return [dict(row) for row in (await connection.execute(found)).mappings()]

    # -- steps

    async def claim(
        self,
        worker: str,
        queues: Collection[str],
        tasks: Collection[tuple[str, int]],
        *,
        most: int = 1,
        only: str | None = None,
        gates: Gates | None = None,
        doubts: set[WorkspaceId] | None = None,
    ) -> list[Claim]:
        """Take up to `most` of the fairest steps that may run; with `only` those of one root run.

        Whoever dies between taking a step out of the index and claiming it leaves it to the sweeper. Where a
        claim's commit was not answered its workspace is put into `doubts`: it may have been made.
        """
        taken: list[Claim] = []
        trees: dict[tuple[WorkspaceId, str, object], list[Due]] = {}
        for workspace, due in await self.index.take(queues, tasks, most, only=only):
            # Keys are locked one at a time, so that no two who claim wait for each other.
            alone = due.key if gates is not None and gates.has(due.task, due.version) else None
            trees.setdefault((workspace, due.root_id, alone), []).append(due)
        for (workspace, root_id, _), dues in trees.items():
            try:
                async with self.changing(workspace, root_id) as unit:
                    await unit.rows.load(due.key for due in dues)
                    found = [await claimed(unit, due, worker, gates) for due in dues]
                taken += [claim for claim in found if claim is not None]
            except NotFound:
                continue  # the run is gone
            except SapwoodError as error:  # what was claimed before is in hand
                get_logger(__name__).warning("claim_failed", error=error.message)
                if doubts is not None:
                    doubts.add(workspace)
        return taken

    async def record(
        self,
        results: Sequence[Result],
        *,
        tasks: Container[tuple[str, int]] | None = None,
        gates: Gates | None = None,
    ) -> list[Finished]:
        """Write down what claims of one tree came to, in one transaction."""
        first = results[0].claim
        async with self.changing(first.workspace, first.root_id) as unit:
            return await record(unit, results, tasks, gates)

    async def finish(self, claim: Claim, output: Any, *, goes_on: bool = False) -> Finished:
        """Record what a step gave, and with `goes_on` take a step that follows from it."""
        return (await self.record([Result(claim, output, goes_on)]))[0]

    async def fail(self, claim: Claim, failure: Failure) -> bool:
        """Record that a step failed, or have it tried again; `False` where somebody else has it by now."""
        return (await self.record([Result(claim, failure)]))[0].recorded

    async def hand_back(self, claim: Claim) -> bool:
        """The worker stops and has not finished: another goes on at once."""
        async with self.changing(claim.workspace, claim.root_id) as unit:
            row = await unit.step(claim.key)
            if row is None or not await is_held(unit, claim):
                return False
            await start_again(unit, row, unit.now_ms)
            unit.emit("step.handed_back", claim.key, attempt=claim.attempt)
        return True

    async def hand_back_others(
        self,
        workspace: WorkspaceId,
        worker: str,
        in_hand: Collection[tuple[Key, int]],
        *,
        older_than_s: float,
    ) -> int:
        """Hand back what the journal says the worker has and it has not: its commit was not answered."""
        mine = (steps.c.worker == worker) & (steps.c.state == StepState.RUNNING)
        async with self.database.read(workspace) as connection:
            before = await read_clock(connection) - round(1000 * older_than_s)
            rows = (
                await connection.execute(select(steps).where(mine, steps.c.started_ms < before))
            ).mappings()
            lost = [row for row in rows if (key_of(row), row["attempt"]) not in in_hand]
        for row in lost:
            async with self.changing(workspace, row["root_id"]) as unit:
                now = await unit.step(key_of(row))
                if now is not None and now["worker"] == worker and now["attempt"] == row["attempt"]:
                    await start_again(unit, now, unit.now_ms)
                    unit.emit("step.handed_back", key_of(row), attempt=row["attempt"])
        return len(lost)

    async def cancelled(self, claim: Claim) -> bool:
        """The worker has ended a step that was cancelled."""
        async with self.changing(claim.workspace, claim.root_id) as unit:
            if not await is_held(unit, claim):
                return False
            await end(unit, claim.key, StepState.CANCELLED)
        return True

    async def note(
        self, claim: Claim, progress: Mapping[str, Any] | None, log: Mapping[str, Any] | None
    ) -> None:
        """Keep how far a step is, and what it has logged; ticks are not kept, the latest of them is."""
        async with self.database.write(claim.workspace) as connection:
            mine = (steps.c.run_id == claim.key.run_id) & (steps.c.name == claim.key.step)
            mine &= (steps.c.item == claim.key.item) & (steps.c.attempt == claim.attempt)
            held = select(steps.c.attempt).where(mine).with_for_update()
            if (await connection.execute(held)).first() is None:
                return
            if progress is not None:
                await connection.execute(update(steps).where(mine).values(progress=dict(progress)))
            if log is not None:
                await keep_log(connection, claim, log)

    async def logs(self, workspace: WorkspaceId, run_id: str, step: str | None = None) -> list[Row]:
        """What the steps of a run have logged, by step, item and attempt."""
        async with self.database.read(workspace) as connection:
            found = select(logs).where(logs.c.run_id == run_id)
            found = found if step is None else found.where(logs.c.step == step)
            rows = await connection.execute(found.order_by(logs.c.step, logs.c.item, logs.c.attempt))
            return [dict(row) for row in rows.mappings()]


def _look_at(unit: Unit) -> int | None:
    """When the workspace has to be looked at after this change, if it has."""
    soon = unit.now_ms + LOOK_AGAIN_MS if unit.due else None
    found = [each for each in (soon, unit.next_due_ms) if each is not None]
    return min(found, default=None)


__all__: Sequence[str] = ("WHOLE", "Failure", "Journal")
