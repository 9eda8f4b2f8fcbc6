"""The journal: every run, each finished step once, one ordered log of what happened.

A step is delivered at least once and recorded exactly once. Who holds it is told by its worker and its
attempt; both are asked in the statement that records it, so that a worker which was taken for dead, and comes
back, changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert, select, update

from sapwood_shared import Conflict, IdKind, InvalidInput, NotFound, WorkspaceId, new_id
from sapwood_storage.database import Database
from sapwood_workflows.engine.inputs import run_input
from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.journal.advance import UNDO, begin, end, error_of, note_due, settle
from sapwood_workflows.journal.bell import Bell
from sapwood_workflows.journal.claims import Claim, Finished
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.index import LOOK_AGAIN_MS, Index
from sapwood_workflows.journal.leases import Leases
from sapwood_workflows.journal.pinned import pin
from sapwood_workflows.journal.tables import WHOLE, runs, steps
from sapwood_workflows.journal.unit import Due, Key, Row, Unit, opened, packed
from sapwood_workflows.spec.checking import check
from sapwood_workflows.spec.expressions import Unresolved, filled
from sapwood_workflows.spec.model import Step, Workflow
from sapwood_workflows.tasks.policy import RetryPolicy
from sapwood_workflows.tasks.registry import Tasks

MOST_LOSSES: Final = 10
"""So many workers may die with a step before it is taken for their murderer."""
GRACE_S: Final = 5.0
"""After its time limit a step is left to its worker for so long before it is taken back."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step did not come to its end; `retry_after_s` is what whoever refused has asked for."""

    code: str
    message: str
    retryable: bool
    hint: str | None = None
    retry_after_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"code": self.code, "message": self.message, **({"hint": self.hint} if self.hint else {})}


@dataclass
class Journal:
    """Runs of workflows in the workspaces of one database."""

    database: Database
    bell: Bell = field(default_factory=Bell)
    index: Index = field(init=False)
    leases: Leases = field(init=False)
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
                unit = await opened(connection, workspace, root_id)
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
            self.bell.ring()

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
        known = workflows or {}
        check(workflow, tasks, known)
        pinned = pin(workflow, tasks, known)
        values = packed(run_input(workflow, given), "the input")
        chosen = run_id or new_id(IdKind.RUN)
        try:
            async with AsyncExitStack() as around:
                async with self.database.write(workspace) as connection:
                    now = await read_clock(connection)
                    deadline = None if workflow.timeout is None else now + round(workflow.timeout * 1000)
                    await connection.execute(
                        insert(runs).values(
                            id=chosen, root_id=chosen, workflow=workflow.name, version=workflow.version,
                            pinned=pinned.model_dump(mode="json", by_alias=True, exclude_defaults=True),
                            input=values, state=RunState.RUNNING, paused=False, cancelled=False,
                            created_by=created_by, created_ms=now, deadline_ms=deadline, cursor=0,
                            request_key=request_key,
                        )
                    )  # fmt: skip
                    unit = await opened(connection, workspace, chosen)
                    await begin(unit, chosen)
                    await settle(unit)
                    await unit.flush()
                    if deadline is not None:
                        unit.will_be_due(deadline)
                    marking = self.index.marking(workspace, due_ms=_look_at(unit) or now)
                    control = await around.enter_async_context(marking)
                await self.index.add(workspace, unit.due, control)
        except Conflict:
            return await self._submitted(workspace, run_id, request_key)
        self.bell.ring()
        return chosen

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
        return row

    async def steps(self, workspace: WorkspaceId, run_id: str) -> list[Row]:
        """The steps of a run and their items."""
        async with self.database.read(workspace) as connection:
            found = select(steps).where(steps.c.run_id == run_id).order_by(steps.c.name, steps.c.item)
            return list((await connection.execute(found)).mappings().all())

    # -- steps

    async def claim(
        self, worker: str, queues: Collection[str], tasks: Collection[tuple[str, int]], most: int = 1
    ) -> list[Claim]:
        """Take up to `most` of the fairest steps that may run."""
        taken: list[Claim] = []
        for queue in queues:
            if len(taken) >= most:
                break
            for workspace, due in await self.index.candidates(queue, tasks, most - len(taken)):
                claim = await self._claim_one(workspace, due, worker)
                self.index.served(queue, workspace)
                if claim is not None:
                    taken.append(claim)
        return taken

    async def _claim_one(self, workspace: WorkspaceId, due: Due, worker: str) -> Claim | None:
        claim = None
        try:
            async with self.changing(workspace, due.root_id) as unit:
                claim = await claimed(unit, due, worker)
        except NotFound:
            pass  # the run is gone
        await self.index.remove(workspace, due)
        return claim

    async def finish(self, claim: Claim, output: Any, *, goes_on: bool = False) -> Finished:
        """Record what a step gave, and with `goes_on` take a step that follows from it."""
        then: Claim | None = None
        async with self.changing(claim.workspace, claim.root_id) as unit:
            if not await _is_held(unit, claim):
                return Finished(recorded=False)
            try:
                await end(unit, claim.key, StepState.SUCCEEDED, output=output)
            except InvalidInput as error:
                await end(unit, claim.key, StepState.FAILED, error=error_of(error))
            await settle(unit)
            if goes_on:
                then = await _next_of(unit, claim)
        return Finished(recorded=True, then=then)

    async def fail(self, claim: Claim, failure: Failure) -> bool:
        """Record that a step failed, or have it tried again; `False` where somebody else has it by now."""
        async with self.changing(claim.workspace, claim.root_id) as unit:
            if not await _is_held(unit, claim):
                return False
            await _failed(unit, claim.key, failure)
        return True

    async def hand_back(self, claim: Claim) -> bool:
        """The worker stops and has not finished: another goes on at once."""
        async with self.changing(claim.workspace, claim.root_id) as unit:
            row = await unit.step(claim.key)
            if row is None or not await _is_held(unit, claim):
                return False
            await _again(unit, row, unit.now_ms)
            unit.emit("step.handed_back", claim.key, attempt=claim.attempt)
        return True

    async def cancelled(self, claim: Claim) -> bool:
        """The worker has ended a step that was cancelled."""
        async with self.changing(claim.workspace, claim.root_id) as unit:
            if not await _is_held(unit, claim):
                return False
            await end(unit, claim.key, StepState.CANCELLED)
        return True

    async def note_progress(self, claim: Claim, progress: Mapping[str, Any]) -> None:
        """Keep the latest of a step; ticks are not kept."""
        async with self.database.write(claim.workspace) as connection:
            mine = (steps.c.run_id == claim.key.run_id) & (steps.c.name == claim.key.step)
            mine &= (steps.c.item == claim.key.item) & (steps.c.attempt == claim.attempt)
            await connection.execute(update(steps).where(mine).values(progress=dict(progress)))


def _look_at(unit: Unit) -> int | None:
    """When the workspace has to be looked at after this change, if it has."""
    soon = unit.now_ms + LOOK_AGAIN_MS if unit.due else None
    found = [each for each in (soon, unit.next_due_ms) if each is not None]
    return min(found, default=None)


def step_of(unit: Unit, row: Row, workflow: str) -> Step:
    """The spec of a step, or what undoes it, as one."""
    plan = unit.pinned.plan(workflow)
    if row["kind"] != "undo":
        return plan.workflow.steps[row["name"]]
    undo = plan.workflow.steps[row["name"].removeprefix(UNDO)].undo
    assert undo is not None  # noqa: S101 - the row was made of it
    return Step.model_validate({"task": undo.task, "version": undo.version, "with": undo.with_})


async def claimed(unit: Unit, due: Due, worker: str) -> Claim | None:
    """The step in the hands of `worker`, if it may run still and nobody was faster."""
    key, run = due.key, await unit.run(due.key.run_id)
    root_stops = unit.root["paused"] or (unit.root["cancelled"] and run["ending"] is None)
    if root_stops or run["state"] != RunState.RUNNING:
        return None
    row = await unit.step(key)
    was = {"state": StepState.READY.value, "attempt": due.attempt}
    if row is None or any(row[name] != value for name, value in was.items()):
        return None
    step = step_of(unit, row, run["workflow"])
    timeout_s = step.timeout or unit.pinned.facts(row["task"], row["task_version"]).timeout_s
    held = {
        "state": StepState.RUNNING.value, "attempt": due.attempt + 1, "worker": worker,
        "started_ms": unit.now_ms,
        "limit_ms": unit.now_ms + round((timeout_s + GRACE_S) * 1000), "due_ms": None,
    }  # fmt: skip
    if not await unit.swap(key, was, **held):
        return None
    try:
        given = filled(step.with_, await unit.values(run, row["given"]))
    except Unresolved as error:
        wrong = InvalidInput(str(error), hint="look at what the step refers to")
        await end(unit, key, StepState.FAILED, error=error_of(wrong))
        return None
    unit.emit("step.started", key, attempt=due.attempt + 1, worker=worker)
    return Claim(
        unit.workspace, key, unit.root["id"], due.attempt + 1, worker, row["queue"], row["task"],
        row["task_version"], given, timeout_s,
    )  # fmt: skip


async def _next_of(unit: Unit, claim: Claim) -> Claim | None:
    """The first step that became ready in this transaction and that the same worker may take."""
    for due in list(unit.due):
        if (due.queue, due.task, due.version) == (claim.queue, claim.task, claim.version):
            taken = await claimed(unit, due, claim.worker)
            if taken is not None:
                unit.due.remove(due)
                return taken
    return None


async def _is_held(unit: Unit, claim: Claim) -> bool:
    row = await unit.step(claim.key)
    return (
        row is not None and row["state"] == StepState.RUNNING
        and row["attempt"] == claim.attempt and row["worker"] == claim.worker
    )  # fmt: skip


async def _failed(unit: Unit, key: Key, failure: Failure) -> None:
    """Try again by the step's policy, or end it."""
    row = await unit.step(key)
    assert row is not None  # noqa: S101 - whoever calls has looked at it
    run = await unit.run(key.run_id)
    failures = row["failures"] + 1
    await unit.set_step(key, failures=failures)
    policy = policy_of(unit, row, run["workflow"])
    again = policy.retries(failure.code, retryable=failure.retryable, failures=failures)
    if not again or run["cancelled"]:
        await end(unit, key, StepState.FAILED, error=failure.as_json())
        return
    wait_s = max(policy.backoff.wait_s(failures), failure.retry_after_s)
    await _again(unit, row, unit.now_ms + round(wait_s * 1000))
    unit.emit("step.retrying", key, error=failure.as_json(), wait_s=round(wait_s, 3))


def policy_of(unit: Unit, row: Row, workflow: str) -> RetryPolicy:
    """How often the step is tried."""
    own = step_of(unit, row, workflow).retry
    return own or unit.pinned.facts(row["task"], row["task_version"]).retry


async def _again(unit: Unit, row: Row, due_ms: int) -> None:
    key = Key(row["run_id"], row["name"], row["item"])
    await unit.set_step(key, state=StepState.READY, due_ms=due_ms, worker=None, limit_ms=None)
    note_due(unit, {**row, "due_ms": due_ms})


async def taken_back(unit: Unit, row: Row, failure: Failure, *, lost: bool) -> None:
    """A claim that came to nothing: its worker died, or its time is over."""
    key = Key(row["run_id"], row["name"], row["item"])
    losses = row["losses"] + 1
    if lost and losses < MOST_LOSSES and unit_tries_again(unit, row, await unit.run(key.run_id)):
        await unit.set_step(key, losses=losses)
        await _again(unit, row, unit.now_ms)
        unit.emit("step.lost", key, attempt=row["attempt"], worker=row["worker"])
        return
    await unit.set_step(key, losses=losses)
    if lost:
        await end(unit, key, StepState.FAILED, error=failure.as_json())
    else:
        await _failed(unit, key, failure)


def unit_tries_again(unit: Unit, row: Row, run: Row) -> bool:
    """Whether a step whose worker died may be done again: not one that must be done once at most."""
    return policy_of(unit, row, run["workflow"]).attempts > 1


__all__: Sequence[str] = ("WHOLE", "Failure", "Journal")
