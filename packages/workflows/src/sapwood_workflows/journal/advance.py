"""What happens next in a run: steps start, are skipped and end, and with them their run.

All of it within one `Unit`; nothing here waits, and the same rows lead to the same rows.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import insert, select, update

from sapwood_shared import IdKind, InvalidInput, SapwoodError
from sapwood_workflows.engine.inputs import run_input
from sapwood_workflows.engine.plan import Plan
from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.journal.limits import let_go
from sapwood_workflows.journal.rows import Key, Row, key_of
from sapwood_workflows.journal.tables import WHOLE, inbox, runs, steps
from sapwood_workflows.journal.unit import Due, Unit, packed
from sapwood_workflows.spec.expressions import Unresolved, expression, filled, references_in
from sapwood_workflows.spec.model import OnFailure, Step

UNDO: Final = "undo."
"""What the name of a step begins with that takes back what another did; no step of a spec has a dot."""


async def begin(unit: Unit, run_id: str) -> None:
    """Lay out the steps of a run whose row is there; `settle` starts the first ones."""
    run = await unit.run(run_id)
    plan = unit.pinned.plan(run["workflow"])
    workflow = plan.workflow
    unit.emit("run.started", Key(run_id, ""), workflow=workflow.name, version=workflow.version)
    unit.rows.add_steps(laid_out(plan, run_id, unit.root["id"]).values())
    unit.set_run(run_id, open_steps=len(workflow.steps))
    unit.unsettled.append(Key(run_id, ""))


def laid_out(plan: Plan, run_id: str, root_id: str) -> dict[str, Row]:
    """The rows of a run's steps before any of them has started."""
    return {
        name: {
            "run_id": run_id, "root_id": root_id, "name": name, "kind": step.kind, "priority": step.priority,
            "task": step.task, "task_version": step.version if step.task else None,
            "open_before": len(plan.before[name]),
        }
        for name, step in plan.workflow.steps.items()
    }  # fmt: skip


async def settle(unit: Unit) -> None:
    """Go on in every run in which something ended, until nothing more follows."""
    while unit.unsettled:
        ended: dict[str, list[str]] = {}
        for key in unit.unsettled:
            ended.setdefault(key.run_id, []).append(key.step)
        unit.unsettled.clear()
        for run_id, names in ended.items():
            await _go_on(unit, run_id, names)


async def _go_on(unit: Unit, run_id: str, ended: Sequence[str]) -> None:
    """Start and skip what follows from these steps, and end the run when nothing more does."""
    run = await unit.run(run_id)
    if run["state"] != RunState.RUNNING or run["ending"] is not None:
        return
    plan = unit.pinned.plan(run["workflow"])
    if run["open_steps"] is None:
        await recount(unit, run_id)
        ended = [""]
    if not run["cancelled"]:
        await _start_those_after(unit, run, plan, ended)
    if run["open_steps"] and not (run["halted"] or run["cancelled"]):
        return
    states = await unit.states(run_id)
    if any(each in (StepState.READY, StepState.RUNNING) for each in states.values()):
        return
    state = RunState.CANCELLED if run["cancelled"] else plan.outcome(states)
    if state is not RunState.RUNNING:
        await _end_run(unit, run, state)


async def _start_those_after(unit: Unit, run: Row, plan: Plan, ended: Sequence[str]) -> None:
    """Count for each step after these that one before it has ended, and start or skip it when that tells."""
    later = list(plan.order) if "" in ended else [name for each in ended for name in plan.after[each]]
    await unit.rows.load(Key(run["id"], name) for name in (*ended, *later) if name)
    for name in ended:
        done = await unit.step(Key(run["id"], name)) if name else None
        if done is None:
            continue
        passes = plan.passes(name, StepState(done["state"]))
        for each in plan.after[name]:
            key = Key(run["id"], each)
            row = await unit.step(key)
            assert row is not None  # noqa: S101 - laid out when the run began
            unit.set_step(
                key, open_before=row["open_before"] - 1, passed_before=row["passed_before"] + passes
            )
    for name in dict.fromkeys(later):
        row = await unit.step(Key(run["id"], name))
        if row is None or row["state"] != StepState.WAITING or run["halted"]:
            continue
        fate = plan.fate(name, passed=row["passed_before"], open_before=row["open_before"])
        if fate is StepState.SKIPPED:
            await _close(unit, Key(run["id"], name), StepState.SKIPPED)
        elif fate is StepState.READY:
            await _start(unit, run, name, plan)


async def recount(unit: Unit, run_id: str) -> None:
    """Count again what is counted as steps end: how many are open in the run and before each step."""
    run = await unit.run(run_id)
    plan = unit.pinned.plan(run["workflow"])
    states = await unit.states(run_id)
    for name, state in states.items():
        if state is StepState.WAITING:
            before = plan.before[name]
            unit.set_step(
                Key(run_id, name),
                open_before=sum(not states[each].has_ended for each in before),
                passed_before=sum(plan.passes(each, states[each]) for each in before),
            )
    open_steps = sum(not state.has_ended for state in states.values())
    unit.set_run(run_id, open_steps=open_steps, halted=plan.has_failed(states))


# -- steps


async def _start(unit: Unit, run: Row, name: str, plan: Plan) -> None:
    key, step = Key(run["id"], name), plan.workflow.steps[name]
    try:
        referred = plan.referred[name]
        if step.when is not None and not _holds(step.when, await unit.values(run, referred)):
            await _close(unit, key, StepState.SKIPPED)
            return
        if step.foreach is not None:
            await _spread(unit, run, key, step)
        elif step.task is not None:
            await make_ready(unit, key, step)
        elif step.workflow is not None:
            await _start_child(unit, run, key, step, await unit.values(run, referred))
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
            values = await unit.values(run, _referred(unit, run, key), row["given"])
            await _start_child(unit, run, key, step, values)
        except InvalidInput as error:
            await end(unit, key, StepState.FAILED, error=error_of(error))
        return
    facts = unit.pinned.facts(row["task"], row["task_version"])
    unit.set_step(key, state=StepState.READY, due_ms=at, queue=facts.queue.value, worker=None, limit_ms=None)
    note_due(unit, row)


def _referred(unit: Unit, run: Row, key: Key) -> frozenset[str]:
    return unit.pinned.plan(run["workflow"]).referred[key.step]


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
    items = _filled(step.foreach.over, await unit.values(run, _referred(unit, run, key)))
    if not isinstance(items, list):
        raise InvalidInput(f"foreach.over is no list but {type(items).__name__}", hint="give a list")
    if len(items) > step.foreach.at_most:
        raise InvalidInput(
            f"{len(items)} items, and {step.foreach.at_most} are allowed", hint="raise foreach.at_most"
        )
    if not items:
        await end(unit, key, StepState.SUCCEEDED, output=[])
        return
    row = await unit.step(key)
    assert row is not None  # noqa: S101 - laid out when the run began
    unit.set_step(key, state=StepState.RUNNING, open_items=len(items), started_ms=unit.now_ms)
    unit.emit("step.started", key, items=len(items))
    kept = {
        name: row[name] for name in ("run_id", "root_id", "name", "kind", "task", "task_version", "priority")
    }
    unit.rows.add_steps(
        {**kept, "item": index, "given": {"item": item, "index": index}} for index, item in enumerate(items)
    )
    for index in range(min(len(items), step.foreach.at_once or len(items))):
        await make_ready(unit, key._replace(item=index), step)


async def _start_child(unit: Unit, run: Row, key: Key, step: Step, values: Mapping[str, Any]) -> None:
    """The run of a sub-workflow; its id follows from the step, so that it is never begun twice."""
    workflow = unit.pinned.plan(step.workflow or "").workflow
    given = run_input(workflow, _filled(step.with_, values))
    child = child_id(key)
    unit.set_step(key, state=StepState.RUNNING, started_ms=unit.now_ms)
    unit.emit("step.started", key, run=child)
    await unit.connection.execute(
        insert(runs).values(
            id=child, root_id=unit.root["id"], parent_id=key.run_id, parent_step=key.step,
            parent_item=key.item, workflow=workflow.name, version=workflow.version, input=given,
            state=RunState.RUNNING, paused=False,
            cancelled=False, created_by=run["created_by"], created_ms=unit.now_ms, cursor=0, places=0,
            halted=False,
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
    said: dict[str, Any] = {}
    if step.approval:
        values = await unit.values(run, _referred(unit, run, key))
        said = {"message": _filled(step.approval.message, values)}
    unit.set_step(key, state=StepState.RUNNING, started_ms=unit.now_ms, due_ms=due)
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
    elif key.item != WHOLE:
        await _item_ended(unit, key, state)


async def _close(
    unit: Unit, key: Key, state: StepState, *, output: Any = None, error: Mapping[str, Any] | None = None
) -> None:
    run = await unit.run(key.run_id)
    await let_go(unit, key)
    kept = packed(output, f"what {key.step} gave")
    place = None
    if key.item == WHOLE and state in (StepState.SUCCEEDED, StepState.FAILED):
        place = (run["places"] or 0) + 1
        unit.set_run(key.run_id, places=place)
    unit.set_step(
        key, state=state, output=kept, error=error and dict(error), due_ms=None, limit_ms=None, worker=None,
        ended_ms=unit.now_ms, place=place,
    )  # fmt: skip
    unit.emit(f"step.{state.value}", key, **({"error": dict(error)} if error else {}))
    if key.item != WHOLE or key.step.startswith(UNDO):
        return
    unit.says(key, state, kept, error)
    plan = unit.pinned.plan(run["workflow"])
    halts = state is StepState.FAILED and not plan.passes(key.step, state)
    if run["open_steps"] is not None:
        unit.set_run(key.run_id, open_steps=run["open_steps"] - 1, halted=bool(run["halted"]) or halts)
    unit.unsettled.append(key)


async def _item_ended(unit: Unit, key: Key, state: StepState) -> None:
    """The next item starts; after the last the step ends, failed if an item did."""
    run, whole = await unit.run(key.run_id), key._replace(item=WHOLE)
    row = await unit.step(whole)
    if row is None or row["state"] != StepState.RUNNING:
        return
    unit.set_step(whole, open_items=row["open_items"] - 1)
    step = unit.pinned.plan(run["workflow"]).workflow.steps[key.step]
    if state is StepState.FAILED and step.on_failure is OnFailure.FAIL:
        for item in await _not_begun(unit, whole):  # one has failed the step: these do not begin
            await _close(unit, key_of(item), StepState.CANCELLED)
            unit.set_step(whole, open_items=row["open_items"] - 1)
    elif step.foreach is not None and step.foreach.at_once and not run["cancelled"]:
        waiting = await unit.rows.find(
            *_items_of(whole), steps.c.state == StepState.WAITING, order=[steps.c.item], most=1
        )
        for item in waiting:
            await make_ready(unit, key_of(item), step)
    if row["open_items"] > 0:
        return
    await unit.rows.write()
    said = select(steps.c.item, steps.c.state, steps.c.output, steps.c.error).where(*_items_of(whole))
    items = (await unit.connection.execute(said.order_by(steps.c.item))).all()
    failed = [each for each in items if each.state == StepState.FAILED]
    if failed:
        error = {**failed[0].error, "message": f"item {failed[0].item}: {failed[0].error['message']}"}
        await end(unit, whole, StepState.FAILED, error={**error, "items_failed": len(failed)})
    elif any(each.state == StepState.CANCELLED for each in items):
        await end(unit, whole, StepState.CANCELLED)
    else:
        await end(unit, whole, StepState.SUCCEEDED, output=[each.output for each in items])


def _items_of(whole: Key) -> tuple[Any, ...]:
    return steps.c.run_id == whole.run_id, steps.c.name == whole.step, steps.c.item > WHOLE


async def _not_begun(unit: Unit, whole: Key) -> list[Row]:
    idle = steps.c.state.in_([StepState.WAITING, StepState.READY]) & (steps.c.attempt == 0)
    return await unit.rows.find(*_items_of(whole), idle, order=[steps.c.item])


async def _end_run(unit: Unit, run: Row, state: RunState) -> None:
    """The run is over, once what it did is undone."""
    waiting = (steps.c.run_id == run["id"], steps.c.state == StepState.WAITING)
    for row in await unit.rows.find(*waiting):
        unit.set_step(key_of(row), state=StepState.CANCELLED, ended_ms=unit.now_ms)
    if state is RunState.FAILED and await _lay_out_undo(unit, run):
        unit.set_run(run["id"], ending=state)
        await undo_next(unit, run["id"])
        return
    await _conclude(unit, run, state)


async def _lay_out_undo(unit: Unit, run: Row) -> bool:
    plan = unit.pinned.plan(run["workflow"])
    ended = (steps.c.run_id == run["id"], steps.c.item == WHOLE, steps.c.place.is_not(None))
    rows = await unit.rows.find(*ended, order=[steps.c.place])
    states = {row["name"]: StepState(row["state"]) for row in rows}
    undos = [
        (name, undo)
        for name in plan.to_undo(list(states), states)
        if (undo := plan.workflow.steps[name].undo) is not None
    ]
    unit.rows.add_steps(
        {
            "run_id": run["id"], "root_id": unit.root["id"], "name": f"{UNDO}{name}", "kind": "undo",
            "task": undo.task, "task_version": undo.version, "priority": -place,
        }
        for place, (name, undo) in enumerate(undos)
    )  # fmt: skip
    return bool(undos)


async def undo_next(unit: Unit, run_id: str) -> None:
    """Take back the next thing, the last first; one that cannot be taken back keeps no other from it."""
    run = await unit.run(run_id)
    mine = (steps.c.run_id == run_id) & (steps.c.kind == "undo")
    waiting = (mine, steps.c.state == StepState.WAITING)
    found = await unit.rows.find(*waiting, order=[steps.c.priority.desc()], most=1)
    if not found:
        await _conclude(unit, run, RunState(run["ending"]))
        return
    row = found[0]
    facts = unit.pinned.facts(row["task"], row["task_version"])
    unit.set_step(key_of(row), state=StepState.READY, due_ms=unit.now_ms, queue=facts.queue.value)
    note_due(unit, row)


async def _conclude(unit: Unit, run: Row, state: RunState) -> None:
    key = Key(run["id"], "")
    output: Any = None
    error = run["error"]
    if state is RunState.SUCCEEDED:
        wanted = unit.pinned.plan(run["workflow"]).workflow.output
        try:
            asked = {each.step for each in references_in(wanted) if each.step is not None}
            output = packed(filled(wanted, await unit.values(run, asked)), "what the run gives")
        except (Unresolved, ValueError) as unfit:
            state, error = RunState.FAILED, {"code": "invalid_input", "message": f"its output: {unfit}"}
    elif state is RunState.FAILED and error is None:
        error = await _first_error(unit, run["id"])
    unit.set_run(run["id"], state=state, output=output, error=error, ended_ms=unit.now_ms)
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
    failed = (steps.c.run_id == run_id, steps.c.state == StepState.FAILED, steps.c.item == WHOLE)
    found = await unit.rows.find(*failed, steps.c.kind != "undo", order=[steps.c.place], most=1)
    return {**found[0]["error"], "step": found[0]["name"]} if found else None
