"""What people do to runs while they run, and after."""

from __future__ import annotations

import asyncio

import pytest
from packages.workflows.tests.journal.conftest import MINE, House
from packages.workflows.tests.journal.test_runs import CHAIN
from packages.workflows.tests.journal_tasks import DONE, GATE, TASKS

from sapwood_shared import Conflict, NotFound
from sapwood_workflows.spec.reading import read_workflow

WAITS = """
name: waits
steps:
  hold: {task: wait}
  after: {task: add, needs: [hold], with: {n: 1}}
"""


async def _holds(house: House) -> None:
    async def begun() -> bool:
        return DONE["wait"] > 0

    await house.until(begun)


async def test_a_run_in_a_workers_hands_is_cancelled(house: House) -> None:
    async with house.working():
        run_id = await house.submit(WAITS)
        await _holds(house)
        assert await house.control.cancel(MINE, run_id, reason="a mistake")
        run = await house.ended(run_id)
        assert not await house.control.cancel(MINE, run_id)

    assert run["state"] == "cancelled"
    assert await house.states(run_id) == {"hold": "cancelled", "after": "cancelled"}
    assert DONE["add 1+1"] == 0


async def test_a_run_that_nobody_has_in_hand_is_cancelled_at_once(house: House) -> None:
    run_id = await house.submit("name: nap\nsteps: {nap: {sleep: 1h}, after: {task: add, needs: [nap]}}")

    await house.control.cancel(MINE, run_id)

    assert (await house.journal.run(MINE, run_id))["state"] == "cancelled"


async def test_sub_workflows_are_cancelled_with_their_run(house: House) -> None:
    inner = read_workflow("name: inner\nsteps: {nap: {sleep: 1h}}")[0]
    outer = read_workflow("name: outer\nsteps: {in: {workflow: inner}, out: {task: add, needs: [in]}}")[0]
    run_id = await house.journal.submit(MINE, outer, {}, TASKS, workflows={"inner": inner})

    await house.control.cancel(MINE, run_id)

    assert (await house.journal.run(MINE, run_id))["state"] == "cancelled"
    assert await house.states(run_id) == {"in": "cancelled", "out": "cancelled"}


async def test_a_paused_run_starts_nothing_until_it_is_resumed(house: House) -> None:
    run_id = await house.submit(CHAIN)
    await house.control.pause(MINE, run_id)
    async with house.working():
        await asyncio.sleep(0.5)
        assert not DONE
        await house.control.resume(MINE, run_id)
        assert (await house.ended(run_id))["output"] == {"n": 14}
        with pytest.raises(Conflict, match="has ended"):
            await house.control.pause(MINE, run_id)


async def test_what_failed_is_tried_again_and_what_was_done_is_not(house: House) -> None:
    spec = """
name: twice
steps:
  first: {task: add, with: {n: 1}}
  shaky: {task: flaky, needs: [first], with: {by: 3}}
  last: {task: add, needs: [shaky], with: {n: 5}}
"""
    async with house.working():
        run_id = await house.submit(spec)
        assert (await house.ended(run_id))["state"] == "failed"
        await house.control.retry_failed(MINE, run_id)
        run = await house.ended(run_id)

    assert run["state"] == "succeeded"
    assert (DONE["add 1+1"], DONE["add 5+1"], DONE["flaky"]) == (1, 1, 4)


async def test_a_fork_takes_over_what_came_before(house: House) -> None:
    async with house.working():
        run_id = await house.submit(CHAIN, n=4)
        await house.ended(run_id)
        forked = await house.control.fork(MINE, run_id, "third", given={"n": 100})
        run = await house.ended(forked)

        assert run["output"] == {"n": 20}  # the first two were not done again, whatever the input says
        assert DONE == {"add 4+1": 1, "double 5": 1, "add 10+10": 2}
        with pytest.raises(NotFound, match="no step 'fourth'"):
            await house.control.fork(MINE, run_id, "fourth")
    assert (await house.journal.run(MINE, run_id))["state"] == "succeeded"


async def test_a_worker_that_stops_finishes_what_it_has_in_hand(house: House) -> None:
    async with house.working() as workers:
        run_id = await house.submit(WAITS)
        await _holds(house)
        workers[0].stop()
        GATE["open"].set()

        async def done() -> bool:
            return (await house.states(run_id))["hold"] == "succeeded"

        await house.until(done)
        assert (await house.states(run_id))["after"] == "ready"
    async with house.working():
        assert (await house.ended(run_id))["state"] == "succeeded"
    assert DONE["wait"] == 1


async def test_a_worker_out_of_grace_hands_back(house: House) -> None:
    async with house.working(grace_s=0.1) as workers:
        run_id = await house.submit(WAITS)
        await _holds(house)
        workers[0].stop()

        async def back() -> bool:
            return (await house.states(run_id))["hold"] == "ready"

        await house.until(back)
    GATE["open"].set()
    async with house.working():
        assert (await house.ended(run_id))["state"] == "succeeded"
    assert DONE["wait"] == 2
