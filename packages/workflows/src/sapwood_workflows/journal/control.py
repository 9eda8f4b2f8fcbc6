"""What people do to runs: cancel, pause, resume, decide, send events, try again, fork."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from sapwood_shared import Conflict, IdKind, InvalidInput, NotFound, WorkspaceId, new_id
from sapwood_workflows.engine.inputs import run_input
from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.journal.advance import UNDO, end, laid_out, note_due, recount, take_event
from sapwood_workflows.journal.index import LOOK_AGAIN_MS, insert_into
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.journal.rows import Key, Row, key_of
from sapwood_workflows.journal.tables import WHOLE, inbox, runs, steps
from sapwood_workflows.journal.unit import Signal, Unit, packed
from sapwood_workflows.spec.graph import dependencies

_LIVE = (StepState.WAITING, StepState.READY, StepState.RUNNING)


@dataclass(frozen=True, slots=True)
class Control:
    """Changes to runs that exist; each is one transaction, and does nothing a second time."""

    journal: Journal

    async def cancel(self, workspace: WorkspaceId, run_id: str, *, reason: str = "") -> bool:
        """Ask for the end of a run and of all that it started; `False` where it has ended.

        What waits ends at once; what a worker has in hand is told, and ends with it.
        """
        root = await self._root_of(workspace, run_id)
        async with self.journal.changing(workspace, root["id"]) as unit:
            if unit.root["state"] != RunState.RUNNING or unit.root["cancelled"]:
                return False
            await cancel_all(unit, reason)
        return True

    async def pause(self, workspace: WorkspaceId, run_id: str) -> None:
        """Let nothing more of the run start; what runs goes on to its end."""
        await self._set_paused(workspace, run_id, paused=True)

    async def resume(self, workspace: WorkspaceId, run_id: str) -> None:
        """Go on with a paused run."""
        await self._set_paused(workspace, run_id, paused=False)

    async def _set_paused(self, workspace: WorkspaceId, run_id: str, *, paused: bool) -> None:
        root = await self._root_of(workspace, run_id)
        async with self.journal.changing(workspace, root["id"]) as unit:
            if unit.root["state"] != RunState.RUNNING:
                raise Conflict(f"{run_id} has ended: {unit.root['state']}", hint="fork it to run it again")
            if unit.root["paused"] == paused:
                return
            unit.set_run(root["id"], paused=paused)
            unit.emit("run.paused" if paused else "run.resumed", Key(root["id"], ""))
            if not paused:
                ready = (steps.c.root_id == root["id"], steps.c.state == StepState.READY)
                for row in await unit.rows.find(*ready):
                    note_due(unit, row)

    async def decide(
        self, workspace: WorkspaceId, run_id: str, step: str, *, approved: bool, by: str, comment: str = ""
    ) -> None:
        """Answer a step that waits for an approval; a no fails it."""
        root = await self._root_of(workspace, run_id)
        async with self.journal.changing(workspace, root["id"]) as unit:
            key = Key(run_id, step)
            row, run = await unit.step(key), await unit.run(run_id)
            if row is None or row["kind"] != "approval":
                raise NotFound(f"{run_id} has no approval {step!r}", hint="look at the steps of the run")
            if row["state"] != StepState.RUNNING:
                raise Conflict(
                    f"{step} does not wait for a decision: {row['state']}", hint="nothing is to do"
                )
            approval = unit.pinned.plan(run["workflow"]).workflow.steps[step].approval
            if approval is not None and approval.by and by not in approval.by:
                raise InvalidInput(f"{by} may not decide {step}", hint=f"ask one of {', '.join(approval.by)}")
            said = {"approved": approved, "by": by, "comment": comment}
            if approved:
                await end(unit, key, StepState.SUCCEEDED, output=said)
            else:
                message = f"{by} said no" + (f": {comment}" if comment else "")
                await end(unit, key, StepState.FAILED, error={"code": "refused", "message": message})

    async def send_event(
        self,
        workspace: WorkspaceId,
        run_id: str,
        event: str,
        payload: Any = None,
        *,
        event_id: str | None = None,
    ) -> None:
        """Put an event into the run's inbox, for the first step that waits for it, now or later.

        One with the same `event_id` is put in once.
        """
        root = await self._root_of(workspace, run_id)
        async with self.journal.changing(workspace, root["id"]) as unit:
            row = {
                "run_id": root["id"], "id": event_id or new_id(IdKind.QUESTION), "event": event,
                "payload": packed(payload, "the payload"), "at_ms": unit.now_ms,
            }  # fmt: skip
            made = insert_into(unit.connection, inbox).values(row).on_conflict_do_nothing()
            if not (await unit.connection.execute(made)).rowcount:
                return
            unit.emit("run.event", Key(root["id"], ""), event=event)
            waiting = (steps.c.kind == "wait_for_event", steps.c.state == StepState.RUNNING)
            order = [steps.c.started_ms, steps.c.run_id, steps.c.name]
            for each in await unit.rows.find(steps.c.root_id == root["id"], *waiting, order=order):
                run = await unit.run(each["run_id"])
                step = unit.pinned.plan(run["workflow"]).workflow.steps[each["name"]]
                await take_event(unit, Key(each["run_id"], each["name"]), step)

    async def retry_failed(self, workspace: WorkspaceId, run_id: str) -> None:
        """Try the failed steps of a failed run again, and all that did not start because of them."""
        async with self.journal.changing(workspace, run_id) as unit:
            run = unit.root
            if run["state"] != RunState.FAILED:
                raise Conflict(f"{run_id} has not failed: {run['state']}", hint="fork it to run it again")
            if await _was_undone(unit):
                raise Conflict(f"what {run_id} did has been undone", hint="fork it from its first step")
            again = (steps.c.root_id == run_id) & steps.c.state.in_(
                [StepState.FAILED, StepState.CANCELLED, StepState.SKIPPED]
            )
            children = select(runs.c.id).where(runs.c.root_id == run_id, runs.c.id != run_id)
            if (await unit.connection.execute(children.limit(1))).first() is not None:
                raise Conflict(f"{run_id} has sub-workflows", hint="fork it from the step that failed")
            await unit.connection.execute(
                steps.delete().where(steps.c.root_id == run_id, steps.c.item > WHOLE, _of_failed(run_id))
            )
            await unit.connection.execute(
                update(steps).where(again, steps.c.item == WHOLE).values(
                    state=StepState.WAITING, failures=0, losses=0, error=None, output=None, place=None,
                    ended_ms=None, open_items=None,
                )
            )  # fmt: skip
            unit.set_run(run_id, state=RunState.RUNNING, ended_ms=None, error=None, ending=None)
            unit.rows.forget_steps()
            await recount(unit, run_id)
            unit.emit("run.retried", Key(run_id, ""))
            unit.unsettled.append(Key(run_id, ""))

    async def fork(
        self,
        workspace: WorkspaceId,
        run_id: str,
        step: str,
        *,
        given: Mapping[str, Any] | None = None,
        created_by: str | None = None,
    ) -> str:
        """A new run that takes over what came before `step`, and does it and what follows anew."""
        async with self.journal.database.read(workspace) as connection:
            found = select(runs).where(runs.c.id == run_id, runs.c.parent_id.is_(None))
            row = (await connection.execute(found)).mappings().first()
        if row is None:
            raise NotFound(
                f"there is no run {run_id!r} to fork", hint="give the id of a run, not of a part of one"
            )
        forked = new_id(IdKind.RUN)
        async with self.journal.database.write(workspace) as connection:
            copy = {
                **row, "id": forked, "root_id": forked, "state": RunState.RUNNING, "ending": None,
                "output": None,
                "error": None, "paused": True, "cancelled": False, "created_by": created_by, "ended_ms": None,
                "deadline_ms": None, "cursor": 0, "request_key": None,
            }  # fmt: skip
            await connection.execute(insert(runs).values(copy))
        async with self.journal.changing(workspace, forked) as unit:
            await self._take_over(unit, dict(row), step, given)
            unit.set_run(forked, paused=False)
        return forked

    async def _take_over(self, unit: Unit, old: Row, step: str, given: Mapping[str, Any] | None) -> None:
        plan = unit.pinned.plan(old["workflow"])
        workflow = plan.workflow
        if step not in workflow.steps:
            known = ", ".join(workflow.steps)
            raise NotFound(f"{workflow.name} has no step {step!r}", hint=f"it has {known}")
        before = _all_before(dependencies(workflow), step)
        values = run_input(workflow, {**old["input"], **(given or {})})
        unit.set_run(unit.root["id"], input=values)
        kept = select(steps).where(
            steps.c.run_id == old["id"], steps.c.item == WHOLE, steps.c.name.in_(before),
            steps.c.state == StepState.SUCCEEDED,
        )  # fmt: skip
        rows = {row["name"]: dict(row) for row in (await unit.connection.execute(kept)).mappings()}
        unit.emit(
            "run.started", Key(unit.root["id"], ""), workflow=workflow.name, forked_from=old["id"], step=step
        )
        fresh = laid_out(plan, unit.root["id"], unit.root["id"])
        unit.rows.add_steps(
            {**rows[name], "run_id": unit.root["id"], "root_id": unit.root["id"]} if name in rows else row
            for name, row in fresh.items()
        )
        places = max((row["place"] or 0 for row in rows.values()), default=0)
        unit.set_run(unit.root["id"], places=places, halted=False)
        await recount(unit, unit.root["id"])
        unit.unsettled.append(Key(unit.root["id"], ""))

    async def _root_of(self, workspace: WorkspaceId, run_id: str) -> Row:
        run = await self.journal.run(workspace, run_id)
        return run if run["root_id"] == run_id else await self.journal.run(workspace, run["root_id"])


async def cancel_all(unit: Unit, reason: str) -> None:
    """End what nobody has in hand, in the whole tree; the rest ends with its workers."""
    root_id = unit.root["id"]
    unit.emit("run.cancelling", Key(root_id, ""), **({"reason": reason} if reason else {}))
    tree = runs.c.root_id == root_id
    alive = select(runs.c.id).where(tree, runs.c.state == RunState.RUNNING)
    for each in (await unit.connection.execute(alive)).all():
        await unit.run(each.id)
        unit.set_run(each.id, cancelled=True)
    own = (steps.c.root_id == root_id, steps.c.kind != "undo")
    idle = (
        steps.c.state.in_(_LIVE),
        steps.c.worker.is_(None),
        steps.c.kind != "workflow",
        steps.c.open_items.is_(None),
    )
    for row in await unit.rows.find(*own, *idle, order=[steps.c.item.desc()]):
        if row["state"] in _LIVE:  # the end of another may have ended it
            await end(unit, key_of(row), StepState.CANCELLED)
    held = (steps.c.worker.is_not(None), steps.c.state == StepState.RUNNING)
    for row in await unit.rows.find(*own, *held):
        unit.signals.append(Signal(row["worker"], key_of(row), row["attempt"]))
        unit.will_be_due(unit.now_ms + LOOK_AGAIN_MS)
    await unit.rows.write()
    unit.unsettled.extend(Key(row.id, "") for row in await unit.connection.execute(alive))


async def _was_undone(unit: Unit) -> bool:
    undone = select(steps.c.name).where(steps.c.root_id == unit.root["id"], steps.c.name.startswith(UNDO))
    return (await unit.connection.execute(undone.limit(1))).first() is not None


def _of_failed(run_id: str) -> Any:
    failed = select(steps.c.name).where(
        steps.c.run_id == run_id,
        steps.c.item == WHOLE,
        steps.c.state.in_([StepState.FAILED, StepState.CANCELLED]),
    )
    return steps.c.name.in_(failed)


def _all_before(before: Mapping[str, frozenset[str]], step: str) -> set[str]:
    found: set[str] = set()
    waiting = [step]
    while waiting:
        for earlier in before[waiting.pop()]:
            if earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found
