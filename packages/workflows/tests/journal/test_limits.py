"""Places that steps share, and work that is done once for all, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from packages.workflows.tests.journal.conftest import MINE, House
from packages.workflows.tests.journal_tasks import SOON, Number
from sqlalchemy import delete, func, select, update

from sapwood_shared import Work, WorkspaceId
from sapwood_workflows import Tasks, task
from sapwood_workflows.journal.tables import ready, steps
from sapwood_workflows.spec.reading import read_workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

RUNNING: Counter[int] = Counter()
MOST: Counter[int] = Counter()
CALLS: Counter[str] = Counter()


def _by(given: Number) -> str:
    return str(given.by)


def _n(given: Number) -> str:
    return str(given.n)


@task("shared", retry=SOON, concurrency_key=_by, concurrency=2)
async def shared(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Two at once for each `by`."""
    RUNNING[given.by] += 1
    MOST[given.by] = max(MOST[given.by], RUNNING[given.by])
    await asyncio.sleep(0.02)
    RUNNING[given.by] -= 1
    return given


@task("bought", retry=SOON, idempotency_key=_n)
async def bought(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Buy each `n` once."""
    CALLS[f"buy {given.n}"] += 1
    await asyncio.sleep(0.05)
    return Number(n=given.n, by=CALLS[f"buy {given.n}"])


KNOWN = Tasks([shared, bought])


@pytest.fixture(autouse=True)
def fresh() -> None:
    for each in (RUNNING, MOST, CALLS):
        each.clear()


async def _done(house: House, *specs: str) -> list[dict[str, Any]]:
    run_ids = [await house.journal.submit(MINE, read_workflow(spec)[0], {}, KNOWN) for spec in specs]
    working = [asyncio.create_task(Worker(house.journal, KNOWN, places=8).run()) for _ in range(2)]
    working.append(asyncio.create_task(Sweeper(house.journal, every_s=0.05).run()))
    try:
        return [await house.ended(run_id) for run_id in run_ids]
    finally:
        for each in working:
            each.cancel()
        await asyncio.wait(working)


def _items(key: int) -> str:
    return f"name: k{key}\nsteps: {{each: {{task: shared, foreach: [1, 2, 3, 4, 5, 6], with: {{n: '${{item}}', by: {key}}}}}}}"


async def test_steps_with_a_key_share_its_places_across_runs_and_others_go_on(house: House) -> None:
    runs = await _done(house, _items(1), _items(1), _items(2))

    assert [run["state"] for run in runs] == ["succeeded"] * 3
    assert dict(MOST) == {1: 2, 2: 2}


async def test_parked_steps_are_in_no_index_until_a_place_is_free(house: House) -> None:
    await house.journal.submit(MINE, read_workflow(_items(1))[0], {}, KNOWN)
    worker = Worker(house.journal, KNOWN)
    gates = worker._gates  # pyright: ignore[reportPrivateUsage]
    await house.journal.leases.renew("w", {})

    claims = await house.journal.claim("w", ["default"], [("shared", 1)], most=10, gates=gates)

    assert len(claims) == 2
    async with house.database.read_control() as control:
        assert (await control.execute(select(func.count()).select_from(ready))).scalar_one() == 0
    await house.journal.finish(claims[0], {"n": 1, "by": 1})
    async with house.database.read_control() as control:
        assert (await control.execute(select(func.count()).select_from(ready))).scalar_one() == 1


async def test_a_place_that_nobody_was_told_of_is_found_by_the_sweeper(house: House) -> None:
    run_id = await house.journal.submit(MINE, read_workflow(_items(1))[0], {}, KNOWN)
    gates = Worker(house.journal, KNOWN)._gates  # pyright: ignore[reportPrivateUsage]
    await house.journal.leases.renew("w", {})
    await house.journal.claim("w", ["default"], [("shared", 1)], most=10, gates=gates)
    async with house.database.write(
        MINE
    ) as connection:  # as if both holders had ended, and nobody let others in
        held = update(steps).where(steps.c.worker == "w")
        await connection.execute(held.values(state="ready", worker=None, limit_key=None, due_ms=1))
    async with house.database.write_control() as control:
        await control.execute(delete(ready))

    working = asyncio.create_task(Worker(house.journal, KNOWN).run())
    sweeping = asyncio.create_task(Sweeper(house.journal, every_s=0.05).run())
    assert (await house.ended(run_id))["state"] == "succeeded"
    for each in (working, sweeping):
        each.cancel()
    await asyncio.wait([working, sweeping])


async def test_what_has_an_idempotency_key_is_done_once_for_all(house: House) -> None:
    spec = """
name: buyers
steps:
  a: {task: bought, with: {n: 7}}
  b: {task: bought, with: {n: 7}}
  c: {task: bought, with: {n: 8}}
  d: {task: bought, needs: [a], with: {n: 7}}
output: {a: "${steps.a.output.by}", b: "${steps.b.output.by}", d: "${steps.d.output.by}"}
"""
    first, second = await _done(house, spec, spec)

    assert CALLS == {"buy 7": 1, "buy 8": 1}
    assert first["output"] == second["output"] == {"a": 1, "b": 1, "d": 1}
