"""What became of a claim: it gave something, it failed, its worker stopped, died or took too long."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import InvalidInput
from sapwood_workflows.engine.states import StepState
from sapwood_workflows.journal.advance import UNDO, end, error_of, note_due, settle
from sapwood_workflows.journal.claims import Claim, Failure, Finished
from sapwood_workflows.journal.index import insert_into
from sapwood_workflows.journal.limits import Gates, let_go, note_done
from sapwood_workflows.journal.rows import Key, Row, key_of
from sapwood_workflows.journal.tables import WHOLE, logs
from sapwood_workflows.journal.taking import next_of, step_of
from sapwood_workflows.journal.unit import Unit
from sapwood_workflows.tasks.policy import RetryPolicy

MOST_LOSSES: Final = 10
"""So many workers may die with a step before it is taken for their murderer."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a claim came to; with `goes_on` its worker takes a step that follows from it."""

    claim: Claim
    outcome: Any | Failure
    goes_on: bool = False
    log: Mapping[str, Any] | None = None
    """Lines of its log, and how many are left out between them."""


async def record(
    unit: Unit,
    results: Sequence[Result],
    tasks: Container[tuple[str, int]] | None = None,
    gates: Gates | None = None,
) -> list[Finished]:
    """Write down what claims of one tree came to; one that somebody else has by now changes nothing.

    Their worker goes on with steps of `tasks`, or of the same task where none are given.
    """
    await unit.rows.load(key for result in results for key in _touched(unit, result.claim.key))
    held: list[bool] = []
    for result in results:
        held.append(await is_held(unit, result.claim))
        if held[-1]:
            await _record(unit, result)
            if result.log is not None:
                await keep_log(unit.connection, result.claim, result.log)
    await settle(unit)
    finished: list[Finished] = []
    for result, mine in zip(results, held, strict=True):
        then = await next_of(unit, result.claim, tasks, gates) if mine and result.goes_on else None
        finished.append(Finished(recorded=mine, then=then))
    return finished


def _touched(unit: Unit, key: Key) -> Iterator[Key]:
    """The step and those directly behind it, or the item and its whole: read together."""
    yield key
    if key.item != WHOLE:
        yield key._replace(item=WHOLE)
    elif key.run_id == unit.root["id"] and not key.step.startswith(UNDO):
        for later in unit.pinned.plan(unit.root["workflow"]).after[key.step]:
            yield key._replace(step=later)


async def _record(unit: Unit, result: Result) -> None:
    key = result.claim.key
    if isinstance(result.outcome, Failure):
        await failed(unit, key, result.outcome)
        return
    row = await unit.step(key)
    name = None if row is None else row["once_key"]
    try:
        await end(unit, key, StepState.SUCCEEDED, output=result.outcome)
        if name is not None:
            await note_done(unit, key, name, result.outcome)
    except InvalidInput as error:
        await end(unit, key, StepState.FAILED, error=error_of(error))


async def keep_log(connection: AsyncConnection, claim: Claim, log: Mapping[str, Any]) -> None:
    """Keep the lines that the step has written so far."""
    made = insert_into(connection, logs).values(
        run_id=claim.key.run_id, step=claim.key.step, item=claim.key.item, attempt=claim.attempt, **log
    )
    newer = {"lines": made.excluded.lines, "left_out": made.excluded.left_out}
    key = [logs.c.run_id, logs.c.step, logs.c.item, logs.c.attempt]
    await connection.execute(made.on_conflict_do_update(index_elements=key, set_=newer))


async def is_held(unit: Unit, claim: Claim) -> bool:
    """Whether the claim is what the journal knows of the step: its worker, its attempt."""
    row = await unit.step(claim.key)
    return (
        row is not None and row["state"] == StepState.RUNNING
        and row["attempt"] == claim.attempt and row["worker"] == claim.worker
    )  # fmt: skip


async def failed(unit: Unit, key: Key, failure: Failure) -> None:
    """Try again by the step's policy, or end it."""
    row = await unit.step(key)
    assert row is not None  # noqa: S101 - whoever calls has looked at it
    run = await unit.run(key.run_id)
    failures = row["failures"] + 1
    unit.set_step(key, failures=failures)
    policy = policy_of(unit, row, run["workflow"])
    again = policy.retries(failure.code, retryable=failure.retryable, failures=failures)
    if not again or run["cancelled"]:
        await end(unit, key, StepState.FAILED, error=failure.as_json())
        return
    wait_s = max(policy.backoff.wait_s(failures), failure.retry_after_s)
    await start_again(unit, row, unit.now_ms + round(wait_s * 1000))
    unit.emit("step.retrying", key, error=failure.as_json(), wait_s=round(wait_s, 3))


async def start_again(unit: Unit, row: Row, due_ms: int) -> None:
    """The step may be claimed again, now or later."""
    await let_go(unit, key_of(row))
    unit.set_step(key_of(row), state=StepState.READY, due_ms=due_ms, worker=None, limit_ms=None)
    note_due(unit, row)


async def taken_back(unit: Unit, row: Row, failure: Failure, *, lost: bool) -> None:
    """A claim that came to nothing: its worker died, or its time is over."""
    key, worker = key_of(row), row["worker"]
    losses = row["losses"] + 1
    unit.set_step(key, losses=losses)
    run = await unit.run(key.run_id)
    may_again = policy_of(unit, row, run["workflow"]).attempts > 1  # else it is done once at most
    if lost and losses < MOST_LOSSES and may_again:
        await start_again(unit, row, unit.now_ms)
        unit.emit("step.lost", key, attempt=row["attempt"], worker=worker)
    elif lost:
        await end(unit, key, StepState.FAILED, error=failure.as_json())
    else:
        await failed(unit, key, failure)


def policy_of(unit: Unit, row: Row, workflow: str) -> RetryPolicy:
    """How often the step is tried."""
    own = step_of(unit, row, workflow).retry
    return own or unit.pinned.facts(row["task"], row["task_version"]).retry
