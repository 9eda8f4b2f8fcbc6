"""What dies, is lost or comes twice: each of these loses work in a journal that forgets one rule."""

from __future__ import annotations

import asyncio

import pytest
from packages.workflows.tests.journal.conftest import LEASE_S, MINE, House
from packages.workflows.tests.journal.test_runs import CHAIN
from packages.workflows.tests.journal_tasks import DONE, GATE
from sqlalchemy import delete, select, update

from sapwood_workflows.journal import Claim, Failure
from sapwood_workflows.journal.tables import active, ready, steps, workers

KNOWN = [("add", 1), ("blocking.double", 1), ("wait", 1), ("once", 1)]


async def _claimed(house: House, worker: str = "w1") -> Claim:
    """A claim of a worker that lives for one lease, and then no more."""
    await house.journal.leases.renew(worker, {})
    claims = await house.journal.claim(worker, ["default"], KNOWN)
    assert len(claims) == 1
    return claims[0]


async def test_the_step_of_a_dead_worker_is_done_by_another_and_the_zombie_is_refused(house: House) -> None:
    run_id = await house.submit(CHAIN)
    claim = await _claimed(house)

    async with house.working():
        run = await house.ended(run_id, most_s=4 * LEASE_S + 4)
    late = await house.journal.finish(claim, {"n": 666, "by": 1})

    assert run["output"] == {"n": 14}
    assert not late.recorded
    assert (await house.journal.run(MINE, run_id))["output"] == {"n": 14}
    assert not await house.journal.fail(claim, Failure("x", "late", retryable=True))
    assert not await house.journal.hand_back(claim)


async def test_a_step_that_may_be_done_once_is_not_done_again_when_its_worker_died(house: House) -> None:
    run_id = await house.submit("name: pay\nsteps: {pay: {task: once}}")
    await _claimed(house)

    async with house.working():
        run = await house.ended(run_id, most_s=4 * LEASE_S + 4)

    assert (run["state"], run["error"]["code"]) == ("failed", "worker_lost")
    assert not DONE


async def test_a_living_worker_keeps_its_step_however_long_it_takes(house: House) -> None:
    async with house.working():
        run_id = await house.submit("name: long\nsteps: {hold: {task: wait}}")
        await asyncio.sleep(3 * LEASE_S)
        GATE["open"].set()
        assert (await house.ended(run_id))["state"] == "succeeded"

    assert DONE["wait"] == 1


async def test_a_step_has_an_end_whatever_its_worker_says(house: House) -> None:
    run_id = await house.submit(CHAIN)
    claim = await _claimed(house)
    async with house.database.write(MINE) as connection:
        await connection.execute(update(steps).where(steps.c.worker == "w1").values(limit_ms=1))
        # as time passes: control was told of the limit when the step was claimed
    async with house.database.write_control() as control:
        await control.execute(update(active).values(next_due_ms=1))

    async with house.working():
        renewing = asyncio.create_task(_keep_alive(house))
        assert (await house.ended(run_id))["state"] == "succeeded"
        renewing.cancel()

    assert not (await house.journal.finish(claim, {"n": 1, "by": 1})).recorded


async def _keep_alive(house: House) -> None:
    while True:
        await house.journal.leases.renew("w1", {})
        await asyncio.sleep(0.2)


async def test_two_who_claim_at_once_do_not_have_the_same_step(house: House) -> None:
    spec = "name: wide\nsteps: {each: {task: add, foreach: [1, 2, 3, 4, 5, 6], with: {n: '${item}'}}}"
    await house.submit(spec)

    taken = await asyncio.gather(
        *(house.journal.claim(f"w{n}", ["default"], KNOWN, most=4) for n in range(4))
    )
    more = await house.journal.claim("w9", ["default"], KNOWN, most=6)

    keys = [claim.key for claims in (*taken, more) for claim in claims]
    assert sorted(key.item for key in keys) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("lost", ["ready", "ready and active"])
async def test_an_index_that_was_emptied_is_made_again(house: House, lost: str) -> None:
    run_id = await house.submit(CHAIN)
    async with house.database.write_control() as control:
        await control.execute(delete(ready))
        if "active" in lost:
            await control.execute(delete(active))

    async with house.working():
        assert (await house.ended(run_id))["state"] == "succeeded"


async def test_a_process_that_dies_between_the_journal_and_the_index_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(house.journal.index, "add", dies)
        with pytest.raises(asyncio.CancelledError):
            await house.submit(CHAIN)
    async with house.database.read_control() as control:
        assert (await control.execute(select(ready))).first() is None

    async with house.working():

        async def all_done() -> bool:
            return DONE["add 4+10"] > 0

        await house.until(all_done)


async def test_a_claim_that_was_told_of_twice_is_one(house: House) -> None:
    run_id = await house.submit(CHAIN)
    async with house.database.read_control() as control:
        row = (await control.execute(select(ready))).mappings().one()
    async with house.working():
        await house.ended(run_id)
        async with house.database.write_control() as control:
            await control.execute(ready.insert().values(**row))
        house.journal.bell.ring()

        async def gone() -> bool:
            async with house.database.read_control() as control:
                return (await control.execute(select(ready))).first() is None

        await house.until(gone)

    assert DONE == {"add 1+1": 1, "double 2": 1, "add 4+10": 1}


async def test_nothing_is_left_in_control_when_all_has_ended(house: House) -> None:
    async with house.working():
        await house.ended(await house.submit(CHAIN))

        async def clean() -> bool:
            async with house.database.read_control() as control:
                return not any([(await control.execute(select(each))).first() for each in (active, ready)])

        await house.until(clean, most_s=15)
    async with house.database.read_control() as control:
        assert (await control.execute(select(workers))).first() is None


async def test_a_worker_does_not_take_what_it_does_not_know(house: House) -> None:
    await house.submit(CHAIN)

    assert await house.journal.claim("w1", ["default"], [("wait", 1), ("add", 2)]) == []
    assert await house.journal.claim("w1", ["slow"], KNOWN) == []
    assert len(await house.journal.claim("w1", ["slow", "default"], KNOWN)) == 1
