"""Schedules in a workspace: what fires, what waits, what is let go, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from packages.workflows.tests.journal.conftest import MINE, House
from packages.workflows.tests.journal_tasks import GATE, TASKS
from sqlalchemy import select, update

from sapwood_shared import Conflict, InvalidInput, NotFound
from sapwood_workflows.journal import Library
from sapwood_workflows.journal.tables import runs, schedules
from sapwood_workflows.schedules import Schedule
from sapwood_workflows.schedules.store import Schedules
from sapwood_workflows.spec.reading import read_workflow
from sapwood_workflows.sweeper import Sweeper

HOURLY = "name: hourly\ninput: {n: {type: integer, default: 1}}\nsteps: {hold: {task: wait, with: {n: '${input.n}'}}}"
HOUR = timedelta(hours=1)


@pytest.fixture
async def kept(house: House) -> Schedules:
    await Library(house.database).save(MINE, read_workflow(HOURLY)[0])
    return Schedules(house.journal, TASKS)


def _every_hour(**more: Any) -> Schedule:
    return Schedule(workflow="hourly", every=3600, start=datetime(2026, 1, 1, tzinfo=UTC), **more)


async def _as_if_hours_had_passed(house: House, hours: int, name: str = "tick") -> None:
    """Its last look was so many firings ago."""
    async with house.database.write(MINE) as connection:
        mine = schedules.c.name == name
        row = (await connection.execute(select(schedules).where(mine))).mappings().one()
        looked = row["looked_ms"] - hours * 3_600_000
        await connection.execute(update(schedules).where(mine).values(looked_ms=looked, next_ms=looked))


async def _runs(house: House) -> list[dict[str, Any]]:
    async with house.database.read(MINE) as connection:
        found = await connection.execute(select(runs).order_by(runs.c.scheduled_ms))
        return [dict(row) for row in found.mappings()]


async def test_it_fires_once_among_many_who_look(house: House, kept: Schedules) -> None:
    await kept.save(MINE, "tick", _every_hour(input={"n": 7}), by="ada")
    await _as_if_hours_had_passed(house, 1)

    started = await asyncio.gather(*(Schedules(house.journal, TASKS).fire(MINE) for _ in range(5)))

    (run,) = await _runs(house)
    assert sum(map(len, started)) == 1
    assert (run["schedule"], run["created_by"], run["input"]) == ("tick", "ada", {"n": 7})
    assert run["scheduled_ms"] % 3_600_000 == 0
    row = await kept.get(MINE, "tick")
    assert row["next_ms"] == run["scheduled_ms"] + 3_600_000


async def test_a_sweeper_fires_what_is_due_and_workers_do_it(house: House, kept: Schedules) -> None:
    await kept.save(MINE, "tick", _every_hour())
    await _as_if_hours_had_passed(house, 1)
    GATE["open"].set()

    async with house.working():
        sweeping = asyncio.create_task(Sweeper(house.journal, every_s=0.05, schedules=kept).run())

        async def done() -> bool:
            return any(run["state"] == "succeeded" for run in await _runs(house))

        await house.until(done)
        sweeping.cancel()


@pytest.mark.parametrize(("catch_up", "fired"), [("all", 3), ("last", 1), ("none", 0)])
async def test_what_was_missed_is_caught_up_by_its_policy(
    house: House, kept: Schedules, catch_up: str, fired: int
) -> None:
    await kept.save(MINE, "tick", _every_hour(catch_up=catch_up, overlap="allow"))
    await _as_if_hours_had_passed(house, 3)

    await kept.fire(MINE)

    found = await _runs(house)
    assert len(found) == fired
    assert len({run["scheduled_ms"] for run in found}) == fired
    assert (await kept.get(MINE, "tick"))["missed"] == 3 - fired


async def test_while_one_runs_the_next_is_let_go(house: House, kept: Schedules) -> None:
    await kept.save(MINE, "tick", _every_hour(overlap="skip"))
    await _as_if_hours_had_passed(house, 1)
    await kept.fire(MINE)
    await _as_if_hours_had_passed(house, 1)

    assert await kept.fire(MINE) == []
    assert (await kept.get(MINE, "tick"))["missed"] == 1


async def test_while_one_runs_the_next_waits(house: House, kept: Schedules) -> None:
    await kept.save(MINE, "tick", _every_hour(overlap="queue", catch_up="all"))
    await _as_if_hours_had_passed(house, 2)
    (first,) = await kept.fire(MINE)
    assert len((await kept.get(MINE, "tick"))["waiting"]) == 1

    GATE["open"].set()
    async with house.working():
        await house.ended(first)

        async def again() -> list[str]:
            return await kept.fire(MINE)

        (second,) = await house.until(again)
        await house.ended(second)

    both = await _runs(house)
    assert both[1]["scheduled_ms"] - both[0]["scheduled_ms"] == 3_600_000


async def test_the_next_one_ends_the_one_that_runs(house: House, kept: Schedules) -> None:
    await kept.save(MINE, "tick", _every_hour(overlap="cancel"))
    await _as_if_hours_had_passed(house, 1)
    (first,) = await kept.fire(MINE)
    await _as_if_hours_had_passed(house, 1)

    await kept.fire(MINE)
    run = await house.ended(first)

    assert run["state"] == "cancelled"


async def test_a_workflow_that_cannot_run_is_told_and_the_schedule_goes_on(
    house: House, kept: Schedules
) -> None:
    await kept.save(MINE, "tick", _every_hour())
    await _as_if_hours_had_passed(house, 1)
    async with house.database.write(MINE) as connection:
        broken = _every_hour().model_copy(update={"workflow": "gone"}).model_dump(mode="json")
        await connection.execute(update(schedules).values(spec=broken))

    assert await kept.fire(MINE) == []
    row = await kept.get(MINE, "tick")
    assert "gone" in row["error"]
    assert row["next_ms"] > row["looked_ms"]


async def test_a_schedule_that_rests_fires_nothing_and_goes_on_from_then(
    house: House, kept: Schedules
) -> None:
    await kept.save(MINE, "tick", _every_hour())
    await kept.set_paused(MINE, "tick", paused=True)
    await _as_if_hours_had_passed(house, 1)
    async with house.database.write(MINE) as connection:
        await connection.execute(update(schedules).values(next_ms=None))

    assert await kept.fire(MINE) == []
    await kept.set_paused(MINE, "tick", paused=False)
    assert await kept.fire(MINE) == []
    assert (await kept.get(MINE, "tick"))["next_ms"] is not None


async def test_one_that_is_made_again_under_its_name_is_another(house: House, kept: Schedules) -> None:
    await kept.save(MINE, "tick", _every_hour(overlap="allow"))
    await _as_if_hours_had_passed(house, 1)
    await kept.fire(MINE)
    await kept.remove(MINE, "tick")
    await kept.save(MINE, "tick", _every_hour(overlap="allow"))
    await _as_if_hours_had_passed(house, 1)

    await kept.fire(MINE)

    assert len(await _runs(house)) == 2


async def test_what_cannot_be_kept_is_refused(house: House, kept: Schedules) -> None:
    with pytest.raises(NotFound):
        await kept.save(MINE, "x", _every_hour().model_copy(update={"workflow": "nobody"}))
    with pytest.raises(InvalidInput):
        await kept.save(MINE, "x", _every_hour(input={"m": 1}))
    with pytest.raises(NotFound):
        await kept.remove(MINE, "x")
    with pytest.raises(Conflict):
        await Library(house.database).save(MINE, read_workflow(HOURLY.replace("default: 1", "default: 2"))[0])
