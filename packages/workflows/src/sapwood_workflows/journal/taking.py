"""A claim: one attempt at a step in the hands of one worker."""

from __future__ import annotations

from collections.abc import Container, Sequence

from sapwood_shared import InvalidInput
from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.journal.advance import UNDO, end, error_of
from sapwood_workflows.journal.claims import Claim
from sapwood_workflows.journal.limits import Gates, done_before, let_in
from sapwood_workflows.journal.rows import Row
from sapwood_workflows.journal.unit import Due, Unit
from sapwood_workflows.spec.expressions import Unresolved, filled, references_in
from sapwood_workflows.spec.model import Step

GRACE_S = 5.0
"""After its time limit a step is left to its worker for so long before it is taken back."""


async def claimed(unit: Unit, due: Due, worker: str, gates: Gates | None = None) -> Claim | None:
    """The step in the hands of `worker`, if it may run still, nobody was faster, and its keys have places."""
    key, run = due.key, await unit.run(due.key.run_id)
    root_stops = unit.root["paused"] or (unit.root["cancelled"] and run["ending"] is None)
    if root_stops or run["state"] != RunState.RUNNING:
        return None
    row = await unit.step(key)
    if row is None or row["state"] != StepState.READY or row["attempt"] != due.attempt:
        return None
    step = step_of(unit, row, run["workflow"])
    asked = {each.step for each in references_in(step.with_) if each.step is not None}
    try:
        given = filled(step.with_, await unit.values(run, asked, row["given"]))
    except Unresolved as error:
        wrong = InvalidInput(str(error), hint="look at what the step refers to")
        await end(unit, key, StepState.FAILED, error=error_of(wrong))
        return None
    gate = None if gates is None else gates.of(row["task"], row["task_version"], given)
    if gate is not None:
        known, output = (False, None) if gate.once is None else await done_before(unit, gate.once)
        if known:
            await end(unit, key, StepState.SUCCEEDED, output=output)
            return None
        if not await let_in(unit, key, gate):
            return None
    attempt = due.attempt + 1
    timeout_s = step.timeout or unit.pinned.facts(row["task"], row["task_version"]).timeout_s
    unit.set_step(
        key, state=StepState.RUNNING, attempt=attempt, worker=worker, started_ms=unit.now_ms, due_ms=None,
        limit_ms=unit.now_ms + round((timeout_s + GRACE_S) * 1000),
    )  # fmt: skip
    unit.emit("step.started", key, attempt=attempt, worker=worker)
    return Claim(
        unit.workspace, key, unit.root["id"], attempt, worker, row["queue"], row["task"], row["task_version"],
        given, timeout_s,
    )  # fmt: skip


async def next_of(
    unit: Unit, claim: Claim, tasks: Container[tuple[str, int]] | None, gates: Gates | None
) -> Claim | None:
    """The first step of its run that became ready in this transaction and that the same worker may take."""
    for due in list(unit.due):
        known = (due.task, due.version) in (tasks or ((claim.task, claim.version),))
        if due.queue == claim.queue and due.root_id == claim.root_id and known:
            taken = await claimed(unit, due, claim.worker, gates)
            if taken is not None:
                unit.due.remove(due)
                return taken
    return None


def step_of(unit: Unit, row: Row, workflow: str) -> Step:
    """The spec of a step, or what undoes it, as one."""
    plan = unit.pinned.plan(workflow)
    if row["kind"] != "undo":
        return plan.workflow.steps[row["name"]]
    undo = plan.workflow.steps[row["name"].removeprefix(UNDO)].undo
    assert undo is not None  # noqa: S101 - the row was made of it
    return Step.model_validate({"task": undo.task, "version": undo.version, "with": undo.with_})


__all__: Sequence[str] = ("GRACE_S", "claimed", "next_of", "step_of")
