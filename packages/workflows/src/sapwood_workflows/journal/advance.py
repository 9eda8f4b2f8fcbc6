"""What happens next in a run: steps start, are skipped and end, and with them their run.

All of it within one `Unit`; nothing here waits, and the same rows lead to the same rows.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import insert, select, update

from sapwood_shared import IdKind, InvalidInput, SapwoodError
from sapwood_workflows.engine.inputs import run_input
from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.journal.tables import WHOLE, inbox, runs, steps
from sapwood_workflows.journal.unit import Due, Key, Row, Unit, packed
from sapwood_workflows.spec.expressions import Unresolved, expression, filled
from sapwood_workflows.spec.model import OnFailure, Step

UNDO: Final = "undo."
"""What the name of a step begins with that takes back what another did; no step of a spec has a dot."""


async def begin(unit: Unit, run_id: str) -> None:
    """Lay out the steps of a run whose row is there; `settle` starts the first ones."""
    run = await unit.run(run_id)
    workflow = unit.pinned.plan(run["workflow"]).workflow
    unit.emit("run.started", Key(run_id, ""), workflow=workflow.name, version=workflow.version)
    await unit.add_steps(
        [
            {
                "run_id": run_id, "name": name, "kind": step.kind, "priority": step.priority,
                "task": step.task, "task_version": step.version if step.task else None,
            }
            for name, step in workflow.steps.items()
        ]
    )  # fmt: skip
    unit.unsettled.append(run_id)


async def settle(unit: Unit) -> None:
    """Go on in every run in which something ended, until nothing more follows."""
    while unit.unsettled:
        run_id = unit.unsettled.pop(0)
        if run_id not in unit.unsettled:
            await _go_on(unit, run_id)


async def _go_on(unit: Unit, run_id: str) -> None:
    """Start and skip what follows from the states, and end the run when nothing more does."""
    run = await unit.run(run_id)
    if run["state"] != RunState.RUNNING or run["ending"] is not None:
        return
    plan = unit.pinned.plan(run["workflow"])
    states = await unit.states(run_id)
    while not run["cancelled"]:
        decision = plan.decide(states)
        for name in decision.skipped:
            await _close(unit, Key(run_id, name), StepState.SKIPPED)
        for name in decision.ready:
            await _start(unit, run, name, plan.workflow.steps[name])
        if not decision.ready and not decision.skipped:
            break
        states = await unit.states(run_id)
    idle = not any(each in (StepState.READY, StepState.RUNNING) for each in states.values())
    state = RunState.CANCELLED if run["cancelled"] else plan.outcome(states)
    if idle and state is not RunState.RUNNING:
        await _end_run(unit, run, state)


# -- steps


async def _start(unit: Unit, run: Row, name: str, step: Step) -> None:
    key = Key(run["id"], name)
    try:
        if step.when is not None and not _holds(step.when, await unit.values(run)):
            await _close(unit, key, StepState.SKIPPED)
            return
        if step.foreach is not None:
            await _spread(unit, run, key, step)
        elif step.task is not None:
            await make_ready(unit, key, step)
        elif step.workflow is not None:
            await _start_child(unit, run, key, step, await unit.values(run))
        else:
            await _wait(unit, run, key, step)
    except InvalidInput as error:
        await end(unit, key, StepState.FAILED, error=error_of(error))


def error_of(error: SapwoodError) -> dict[str, Any]:
    """The error as the journal keeps it."""
    return {"code": error.code, "message": error.message, **({"hint": error.hint} if error.hint else {})}


def _holds(condition: str, values: Mapping[str, Any]) -> bool:
    try:
        return expression(condition).holds(values)
    except Unresolved:
        return False  # what it asks of is not there, as of a step that was skipped


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    try:
        return filled(value, values)
    except Unresolved as error:
        raise InvalidInput(str(error), hint="look at what the step refers to") from None


async def make_ready(unit: Unit, key: Key, step: Step, *, due_ms: int | None = None) -> None:
    """The step may be claimed, now or later."""
    row = await unit.step(key)
    assert row is not None  # noqa: S101 - laid out when the run began
    at = unit.now_ms if due_ms is None else due_ms
    if step.task is None:  # an item whose work is a workflow
        run = await unit.run(key.run_id)
        try:
            await _start_child(unit, run, key, step, await unit.values(run, row["given"]))
        except InvalidInput as error:
            await end(unit, key, StepState.FAILED, error=error_of(error))
        return
    facts = unit.pinned.facts(row["task"], row["task_version"])
    await unit.set_step(
        key, state=StepState.READY, due_ms=at, queue=facts.queue.value, worker=None, limit_ms=None
    )
    note_due(unit, {**row, "due_ms": at, "queue": facts.queue.value})


def note_due(unit: Unit, row: Mapping[Any, Any]) -> None:
    """Have the index told of a ready step, now or when it is due."""
    if row["due_ms"] > unit.now_ms:
        unit.will_be_due(row["due_ms"])
        return
    unit.due.append(
        Due(
            Key(row["run_id"], row["name"], row["item"]), unit.root["id"], row["attempt"], row["task"],
            row["task_version"], row["queue"], -row["priority"], row["due_ms"],
        )
    )  # fmt: skip


async def _spread(unit: Unit, run: Row, key: Key, step: Step) -> None:
    """A row for each item; only so many of them are ready as may run beside each other."""
    assert step.foreach is not None  # noqa: S101 - asked by the caller
    items = _filled(step.foreach.over, await unit.values(run))
    if not isinstance(items, list):
        raise InvalidInput(f"foreach.over is no list but {type(items).__name__}", hint="give a list")
    if len(items) > step.foreach.at_most:
        raise InvalidInput(
            f"{len(items)} items, and {step.foreach.at_most} are allowed", hint="raise foreach.at_most"
        )
    if not items:
        await end(unit, key, StepState.SUCCEEDED, output=[])
        return
    await unit.set_step(key, state=StepState.RUNNING, open_items=len(items), started_ms=unit.now_ms)
    unit.emit("step.started", key, items=len(items))
    row = await unit.step(key)
    assert row is not None  # noqa: S101 - just changed
    await unit.add_steps(
        [
            {
                "run_id": key.run_id, "name": key.step, "item": index, "kind": row["kind"],
                "task": row["task"],
                "task_version": row["task_version"], "priority": row["priority"],
                "given": {"item": item, "index": index},
            }
            for index, item in enumerate(items)
        ]
    )  # fmt: skip
    for index in range(min(len(items), step.foreach.at_once or len(items))):
        await make_ready(unit, key._replace(item=index), step)


async def _start_child(unit: Unit, run: Row, key: Key, step: Step, values: Mapping[str, Any]) -> None:
    """The run of a sub-workflow; its id follows from the step, so that it is never begun twice."""
    workflow = unit.pinned.plan(step.workflow or "").workflow
    given = run_input(workflow, _filled(step.with_, values))
    child = child_id(key)
    await unit.set_step(key, state=StepState.RUNNING, started_ms=unit.now_ms)
    unit.emit("step.started", key, run=child)
    await unit.connection.execute(
        insert(runs).values(
            id=child, root_id=unit.root["id"], parent_id=key.run_id, parent_step=key.step,
            parent_item=key.item, workflow=workflow.name, version=workflow.version, input=given,
            state=RunState.RUNNING, paused=False,
            cancelled=False, created_by=run["created_by"], created_ms=unit.now_ms, cursor=0,
        )
    )  # fmt: skip
    await begin(unit, child)


def child_id(key: Key) -> str:
    """The id of the run that a step is."""
    digest = hashlib.sha256("\0".join(map(str, key)).encode()).digest()[:16]
    return f"{IdKind.RUN}_{base64.b32encode(digest).decode().rstrip('=').lower()}"


async def _wait(unit: Unit, run: Row, key: Key, step: Step) -> None:
    span = step.sleep
    if step.wait_for_event is not None:
        span = step.wait_for_event.timeout
    elif step.approval is not None:
        span = step.approval.timeout
    due = None if span is None else unit.now_ms + round(span * 1000)
    await unit.set_step(key, state=StepState.RUNNING, started_ms=unit.now_ms, due_ms=due)
    said = {"message": _filled(step.approval.message, await unit.values(run))} if step.approval else {}
    unit.emit("step.waiting", key, kind=step.kind, **said)
    if due is not None:
        unit.will_be_due(due)
    if step.wait_for_event is not None:
        await take_event(unit, key, step)


async def take_event(unit: Unit, key: Key, step: Step) -> None:
    """Give a waiting step the oldest event of its name that nobody took."""
    assert step.wait_for_event is not None  # noqa: S101 - asked by the caller
    wanted = step.wait_for_event
    there = select(inbox).where(
        inbox.c.run_id == unit.root["id"], inbox.c.event == wanted.event, inbox.c.taken_by.is_(None)
    )
    for event in (await unit.connection.execute(there.order_by(inbox.c.at_ms, inbox.c.id))).mappings().all():
        if wanted.when is not None and not _holds(wanted.when, {"item": event["payload"]}):
            continue
        mine = (inbox.c.run_id == event["run_id"]) & (inbox.c.id == event["id"])
        await unit.connection.execute(update(inbox).where(mine).values(taken_by=f"{key.run_id}/{key.step}"))
        await end(unit, key, StepState.SUCCEEDED, output=event["payload"])
        return


# -- ends


async def end(
    unit: Unit, key: Key, state: StepState, *, output: Any = None, error: Mapping[str, Any] | None = None
) -> None:
    """The step is over; its run goes on from it."""
    await _close(unit, key, state, output=output, error=error)
    if key.step.startswith(UNDO):
        await undo_next(unit, key.run_id)
    elif key.item == WHOLE:
        unit.unsettled.append(key.run_id)
    else:
        await _item_ended(unit, key, state)


async def _close(
    unit: Unit, key: Key, state: StepState, *, output: Any = None, error: Mapping[str, Any] | None = None
) -> None:
    ran = state in (StepState.SUCCEEDED, StepState.FAILED) and key.item == WHOLE
    await unit.set_step(
        key, state=state, output=packed(output, f"what {key.step} gave"), error=error and dict(error),
        due_ms=None, limit_ms=None, worker=None, ended_ms=unit.now_ms,
        place=await unit.next_place(key.run_id) if ran else None,
    )  # fmt: skip
    unit.emit(f"step.{state.value}", key, **({"error": dict(error)} if error else {}))


async def _item_ended(unit: Unit, key: Key, state: StepState) -> None:
    """The next item starts; after the last the step ends, failed if an item did."""
    run, whole = await unit.run(key.run_id), key._replace(item=WHOLE)
    row = await unit.step(whole)
    if row is None or row["state"] != StepState.RUNNING:
        return
    left = row["open_items"] - 1
    await unit.set_step(whole, open_items=left)
    step = unit.pinned.plan(run["workflow"]).workflow.steps[key.step]
    waiting = await _items(unit, whole, StepState.WAITING)
    if state is StepState.FAILED and step.on_failure is OnFailure.FAIL and waiting:
        for item in waiting:  # one item has failed the step: those that have not begun do not begin
            await _close(unit, whole._replace(item=item["item"]), StepState.CANCELLED)
        left -= len(waiting)
        await unit.set_step(whole, open_items=left)
    elif waiting and not run["cancelled"]:
        await make_ready(unit, whole._replace(item=waiting[0]["item"]), step)
    if left > 0:
        return
    failed = await _items(unit, whole, StepState.FAILED)
    if failed:
        first = failed[0]
        error = {**first["error"], "message": f"item {first['item']}: {first['error']['message']}"}
        await end(unit, whole, StepState.FAILED, error={**error, "items_failed": len(failed)})
    elif await _items(unit, whole, StepState.CANCELLED):
        await end(unit, whole, StepState.CANCELLED)
    else:
        done = await _items(unit, whole, StepState.SUCCEEDED)
        await end(unit, whole, StepState.SUCCEEDED, output=[each["output"] for each in done])


async def _items(unit: Unit, whole: Key, state: StepState) -> list[Row]:
    of_step = (steps.c.run_id == whole.run_id) & (steps.c.name == whole.step) & (steps.c.item > WHOLE)
    found = select(steps).where(of_step, steps.c.state == state).order_by(steps.c.item)
    return list((await unit.connection.execute(found)).mappings().all())


async def _end_run(unit: Unit, run: Row, state: RunState) -> None:
    """The run is over, once what it did is undone."""
    waiting = (steps.c.run_id == run["id"]) & (steps.c.state == StepState.WAITING)
    await unit.connection.execute(
        update(steps).where(waiting).values(state=StepState.CANCELLED, ended_ms=unit.now_ms)
    )
    if state is RunState.FAILED and await _lay_out_undo(unit, run):
        await unit.set_run(run["id"], ending=state)
        await undo_next(unit, run["id"])
        return
    await _conclude(unit, run, state)


async def _lay_out_undo(unit: Unit, run: Row) -> bool:
    plan = unit.pinned.plan(run["workflow"])
    ended = select(steps.c.name, steps.c.state).where(
        steps.c.run_id == run["id"], steps.c.item == WHOLE, steps.c.place.is_not(None)
    )
    rows = (await unit.connection.execute(ended.order_by(steps.c.place))).all()
    names = plan.to_undo([name for name, _ in rows], {name: StepState(state) for name, state in rows})
    undos = [(name, undo) for name in names if (undo := plan.workflow.steps[name].undo) is not None]
    await unit.add_steps(
        [
            {
                "run_id": run["id"], "name": f"{UNDO}{name}", "kind": "undo", "task": undo.task,
                "task_version": undo.version, "priority": -place,
            }
            for place, (name, undo) in enumerate(undos)
        ]
    )  # fmt: skip
    return bool(undos)


async def undo_next(unit: Unit, run_id: str) -> None:
    """Take back the next thing, the last first; one that cannot be taken back keeps no other from it."""
    run = await unit.run(run_id)
    mine = (steps.c.run_id == run_id) & (steps.c.kind == "undo")
    waiting = select(steps).where(mine, steps.c.state == StepState.WAITING).order_by(steps.c.priority.desc())
    row = (await unit.connection.execute(waiting)).mappings().first()
    if row is None:
        await _conclude(unit, run, RunState(run["ending"]))
        return
    facts = unit.pinned.facts(row["task"], row["task_version"])
    key = Key(run_id, row["name"])
    await unit.set_step(key, state=StepState.READY, due_ms=unit.now_ms, queue=facts.queue.value)
    note_due(unit, {**row, "due_ms": unit.now_ms, "queue": facts.queue.value})


async def _conclude(unit: Unit, run: Row, state: RunState) -> None:
    key = Key(run["id"], "")
    output: Any = None
    error = run["error"]
    if state is RunState.SUCCEEDED:
        wanted = unit.pinned.plan(run["workflow"]).workflow.output
        try:
            output = packed(filled(wanted, await unit.values(run)), "what the run gives")
        except (Unresolved, ValueError) as unfit:
            state, error = RunState.FAILED, {"code": "invalid_input", "message": f"its output: {unfit}"}
    elif state is RunState.FAILED and error is None:
        error = await _first_error(unit, run["id"])
    await unit.set_run(run["id"], state=state, output=output, error=error, ended_ms=unit.now_ms)
    unit.emit(f"run.{state.value}", key, **({"error": error} if error else {}))
    unit.ended.append(run["id"])
    if run["parent_id"] is None:
        return
    parent = Key(run["parent_id"], run["parent_step"], run["parent_item"])
    match state:
        case RunState.SUCCEEDED:
            await end(unit, parent, StepState.SUCCEEDED, output=output)
        case RunState.CANCELLED:
            await end(unit, parent, StepState.CANCELLED)
        case _:
            said = f"the workflow {run['workflow']} failed: {(error or {}).get('message', '')}"
            await end(unit, parent, StepState.FAILED, error={**(error or {}), "message": said})


async def _first_error(unit: Unit, run_id: str) -> dict[str, Any] | None:
    failed = select(steps.c.name, steps.c.error).where(
        steps.c.run_id == run_id,
        steps.c.state == StepState.FAILED,
        steps.c.item == WHOLE,
        steps.c.kind != "undo",
    )
    row = (await unit.connection.execute(failed.order_by(steps.c.place))).first()
    return None if row is None else {**row.error, "step": row.name}
