"""Runs from their submission to their end, on both databases."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from packages.workflows.tests.journal.conftest import MINE, House
from packages.workflows.tests.journal_tasks import DONE, GATE

from sapwood_shared import Conflict, InvalidInput, NotFound

CHAIN = """
name: chain
input: {n: {type: integer, default: 1}}
steps:
  first: {task: add, with: {n: "${input.n}"}}
  second: {task: blocking.double, with: {n: "${steps.first.output.n}"}}
  third: {task: add, with: {n: "${steps.second.output.n}", by: 10}}
output: {n: "${steps.third.output.n}"}
"""


async def test_a_chain_runs_to_its_end(house: House) -> None:
    async with house.working():
        run_id = await house.submit(CHAIN, n=4)
        run = await house.ended(run_id)

    assert (run["state"], run["output"]) == ("succeeded", {"n": 20})
    assert DONE == {"add 4+1": 1, "double 5": 1, "add 10+10": 1}


async def test_what_was_submitted_before_a_worker_came_is_done(house: House) -> None:
    run_id = await house.submit(CHAIN)
    assert (await house.journal.run(MINE, run_id))["state"] == "running"

    async with house.working():
        assert (await house.ended(run_id))["output"] == {"n": 14}


async def test_a_diamond_joins_once(house: House) -> None:
    spec = """
name: diamond
steps:
  left: {task: add, with: {n: 1}}
  right: {task: add, with: {n: 2}}
  both: {task: add, with: {n: "${steps.left.output.n}", by: "${steps.right.output.n}"}}
  never: {task: add, when: steps.both.output.n > 100}
  after_never: {task: add, needs: [never]}
output: {n: "${steps.both.output.n}"}
"""
    async with house.working(workers=2):
        run_id = await house.submit(spec)
        run = await house.ended(run_id)

    assert (run["state"], run["output"]) == ("succeeded", {"n": 5})
    assert DONE["add 2+3"] == 1
    states = await house.states(run_id)
    assert (states["never"], states["after_never"]) == ("skipped", "skipped")


@pytest.mark.parametrize("at_once", [None, 2])
async def test_items_are_spread_and_their_outputs_keep_their_order(house: House, at_once: int | None) -> None:
    width = f", at_once: {at_once}" if at_once else ""
    spec = f"""
name: spread
input: {{numbers: {{type: array}}}}
steps:
  each: {{task: add, foreach: {{over: "${{input.numbers}}"{width}}}, with: {{n: "${{item}}", by: "${{index}}"}}}}
output: {{all: "${{steps.each.output}}"}}
"""
    async with house.working(workers=2, places=4):
        run = await house.ended(await house.submit(spec, numbers=[10, 20, 30, 40, 50]))

    assert [each["n"] for each in run["output"]["all"]] == [10, 21, 32, 43, 54]


async def test_no_items_are_an_empty_list(house: House) -> None:
    spec = """
name: spread
steps:
  each: {task: add, foreach: [], with: {n: "${item}"}}
output: {all: "${steps.each.output}"}
"""
    async with house.working():
        run = await house.ended(await house.submit(spec))

    assert run["output"] == {"all": []}


async def test_a_failed_item_keeps_those_behind_it_from_beginning(house: House) -> None:
    spec = """
name: spread
steps:
  each: {task: refuse, foreach: {over: [1, 2, 3, 4], at_once: 1}, with: {n: "${item}"}}
"""
    async with house.working():
        run = await house.ended(await house.submit(spec))

    assert run["state"] == "failed"
    assert run["error"]["message"] == "item 0: no 1"
    assert DONE["refuse"] == 1


async def test_a_step_that_fails_is_tried_again_by_its_policy(house: House) -> None:
    spec = "name: again\nsteps: {ask: {task: flaky, with: {by: 2}}}\noutput: {n: '${steps.ask.output.n}'}"

    async with house.working():
        run = await house.ended(await house.submit(spec))

    assert run["output"] == {"n": 3}


async def test_a_step_that_gives_up_fails_the_run_and_undoes_what_was_done(house: House) -> None:
    spec = """
name: booking
steps:
  hotel: {task: add, with: {n: 1}, undo: {task: add, with: {n: "${steps.hotel.output.n}", by: 100}}}
  flight: {task: add, needs: [hotel], with: {n: 2}, undo: {task: add, with: {n: 7, by: 200}}}
  pay: {task: refuse, needs: [flight], with: {n: 3}}
  ship: {task: add, needs: [pay], with: {n: 999}}
"""
    async with house.working():
        run_id = await house.submit(spec)
        run = await house.ended(run_id)

    assert run["state"] == "failed"
    assert run["error"] == {"code": "invalid_input", "message": "no 3", "step": "pay"}
    assert [what for what in DONE if what.startswith("add")] == [
        "add 1+1",
        "add 2+1",
        "add 7+200",
        "add 2+100",
    ]
    assert (await house.states(run_id))["ship"] == "cancelled"


async def test_a_failure_that_is_let_pass_is_told_to_what_follows(house: House) -> None:
    spec = """
name: lenient
steps:
  risky: {task: refuse, on_failure: continue, with: {n: 5}}
  after: {task: add, needs: [risky], when: steps.risky.error != null, with: {n: 1}}
output: {said: "${steps.risky.error}"}
"""
    async with house.working():
        run = await house.ended(await house.submit(spec))

    assert (run["state"], run["output"]) == ("succeeded", {"said": "no 5"})


async def test_a_step_that_takes_too_long_fails(house: House) -> None:
    async with house.working():
        run = await house.ended(await house.submit("name: late\nsteps: {nap: {task: slow}}"))

    assert (run["state"], run["error"]["code"]) == ("failed", "timeout")


async def test_a_sub_workflow_is_a_run_of_the_same_tree(house: House) -> None:
    from packages.workflows.tests.journal_tasks import TASKS

    from sapwood_workflows.spec.reading import read_workflow

    outer = """
name: outer
steps:
  inner: {workflow: chain, foreach: [1, 2], with: {n: "${item}"}}
output: {all: "${steps.inner.output}"}
"""
    chain, whole = read_workflow(CHAIN)[0], read_workflow(outer)[0]
    async with house.working(workers=2):
        run_id = await house.journal.submit(MINE, whole, {}, TASKS, workflows={"chain": chain})
        run = await house.ended(run_id)

    assert run["output"] == {"all": [{"n": 14}, {"n": 16}]}


async def test_a_run_sleeps_and_goes_on(house: House) -> None:
    spec = """
name: nap
steps:
  nap: {sleep: 100ms}
  after: {task: add, needs: [nap], with: {n: 1}}
"""
    async with house.working():
        run = await house.ended(await house.submit(spec))

    assert run["state"] == "succeeded"


@pytest.mark.parametrize("early", [True, False])
async def test_an_event_is_taken_whether_it_came_before_or_after(house: House, early: bool) -> None:
    spec = """
name: paid
steps:
  first: {task: wait}
  paid: {wait_for_event: {event: paid, when: item.amount > 5}, needs: [first]}
output: {amount: "${steps.paid.output.amount}"}
"""
    async with house.working():
        run_id = await house.submit(spec)
        if early:
            await house.control.send_event(MINE, run_id, "paid", {"amount": 7}, event_id="a")
            await house.control.send_event(MINE, run_id, "paid", {"amount": 8}, event_id="a")
        GATE["open"].set()
        if not early:
            await house.until(lambda: _is(house, run_id, "paid", "running"))
            await house.control.send_event(MINE, run_id, "paid", {"amount": 3})
            await house.control.send_event(MINE, run_id, "paid", {"amount": 7})
        run = await house.ended(run_id)

    assert run["output"] == {"amount": 7}


async def _is(house: House, run_id: str, step: str, state: str) -> bool:
    return (await house.states(run_id))[step] == state


@pytest.mark.parametrize("approved", [True, False])
async def test_an_approval_waits_for_a_decision(house: House, approved: bool) -> None:
    spec = """
name: release
steps:
  ask: {approval: {message: "ship it?", by: [ann]}}
  ship: {task: add, needs: [ask], with: {n: 1}}
"""
    async with house.working():
        run_id = await house.submit(spec)
        with pytest.raises(InvalidInput, match="bob may not decide"):
            await house.control.decide(MINE, run_id, "ask", approved=True, by="bob")
        await house.control.decide(MINE, run_id, "ask", approved=approved, by="ann", comment="on Friday")
        run = await house.ended(run_id)
        with pytest.raises(Conflict):
            await house.control.decide(MINE, run_id, "ask", approved=True, by="ann")

    assert run["state"] == ("succeeded" if approved else "failed")
    assert DONE["add 1+1"] == int(approved)


async def test_a_wait_that_nobody_answers_is_over_in_time(house: House) -> None:
    spec = "name: quiet\nsteps: {paid: {wait_for_event: {event: paid, timeout: 100ms}}}"

    async with house.working():
        run = await house.ended(await house.submit(spec))

    assert (run["state"], run["error"]["code"]) == ("failed", "timeout")


async def test_the_same_request_is_one_run(house: House) -> None:
    from packages.workflows.tests.journal_tasks import TASKS

    from sapwood_workflows.spec.reading import read_workflow

    chain = read_workflow(CHAIN)[0]
    ids = await asyncio.gather(
        *(house.journal.submit(MINE, chain, {}, TASKS, request_key="order 7") for _ in range(4))
    )

    assert len(set(ids)) == 1


async def test_nothing_is_written_of_a_run_that_is_wrong(house: House) -> None:
    with pytest.raises(InvalidInput, match="chain takes no 'm'"):
        await house.submit(CHAIN, m=1)
    with pytest.raises(NotFound):
        await house.journal.run(MINE, "run_x")


async def test_every_event_has_the_next_cursor(house: House) -> None:
    from sqlalchemy import select

    from sapwood_workflows.journal.tables import events

    async with house.working(workers=2):
        run_id = await house.submit(CHAIN)
        await house.ended(run_id)

    async with house.database.read(MINE) as connection:
        rows: Any = (await connection.execute(select(events).order_by(events.c.cursor))).mappings().all()
    assert [row["cursor"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["kind"] for row in rows] == [
        "run.started", "step.started", "step.succeeded", "step.started", "step.succeeded", "step.started",
        "step.succeeded", "run.succeeded",
    ]  # fmt: skip
