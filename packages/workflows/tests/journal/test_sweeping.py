"""What the sweeper looks after beside waits: old runs, the lead, a clock that jumps, and turns."""

from __future__ import annotations

import asyncio

import pytest
from packages.workflows.tests.journal.conftest import MINE, House
from packages.workflows.tests.journal.test_runs import CHAIN
from packages.workflows.tests.journal_tasks import TASKS
from sqlalchemy import delete, func, select, update

from sapwood_shared import WorkspaceId
from sapwood_workflows.journal.tables import events, runs, steps, workers
from sapwood_workflows.sweeper import Sweeper, sweeper
from sapwood_workflows.sweeper.pruning import prune
from sapwood_workflows.tasks import Tasks
from sapwood_workflows.worker import Worker

DAY_MS = 86_400_000


async def _count(house: House, table: object) -> int:
    async with house.database.read(MINE) as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()  # type: ignore[arg-type]


async def test_runs_that_ended_long_ago_go_with_all_that_belongs_to_them(house: House) -> None:
    async with house.working():
        old, young = [await house.submit(CHAIN) for _ in range(2)]
        for run_id in (old, young):
            await house.ended(run_id)
    waiting = await house.submit("name: waits\nsteps: {ok: {approval: 'Yes?'}}")
    async with house.database.write(MINE) as connection:
        aged = update(runs).where(runs.c.id.in_([old, waiting]))
        await connection.execute(aged.values(created_ms=runs.c.created_ms - 40 * DAY_MS))
        await connection.execute(
            update(runs).where(runs.c.id == old).values(ended_ms=runs.c.ended_ms - 40 * DAY_MS)
        )
    before = await _count(house, steps), await _count(house, events)

    assert await prune(house.database, MINE, older_than_days=30) == 1

    left = {row["id"] for row in await house.journal.newest(MINE)}
    assert left == {young, waiting}
    assert await _count(house, steps) == before[0] - 3
    assert await _count(house, events) < before[1]
    assert await prune(house.database, MINE, older_than_days=30) == 0


async def test_a_sweeper_that_keeps_runs_for_days_lets_the_old_ones_go(house: House) -> None:
    async with house.working():
        old = await house.submit(CHAIN)
        await house.ended(old)
    async with house.database.write(MINE) as connection:
        shift = {"created_ms": runs.c.created_ms - 40 * DAY_MS, "ended_ms": runs.c.ended_ms - 40 * DAY_MS}
        await connection.execute(update(runs).values(shift))

    await Sweeper(house.journal, keep_days=30).look_at(MINE)

    assert await house.journal.newest(MINE) == []


async def test_one_leads_until_it_is_not_heard_of(house: House) -> None:
    leases = house.journal.leases

    assert await leases.leads("sweeper", "a", 0.3)
    assert not await leases.leads("sweeper", "b", 0.3)
    assert await leases.leads("sweeper", "a", 0.3)
    assert await leases.leads("scheduler", "b", 0.3)
    await asyncio.sleep(0.4)
    assert await leases.leads("sweeper", "b", 0.3)
    assert not await leases.leads("sweeper", "a", 0.3)


async def test_after_the_clock_has_jumped_nobody_is_taken_for_dead_for_a_lease(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await house.submit(CHAIN)
    await house.journal.leases.renew("w1", {})
    (claim,) = await house.journal.claim("w1", ["default"], [("add", 1)])
    looking = Sweeper(house.journal, every_s=0.05)
    looking._trusted_from = 0.0  # pyright: ignore[reportPrivateUsage] - it has looked for a lease
    await looking.look()
    inner = sweeper.read_clock  # pyright: ignore[reportPrivateImportUsage]

    async def jumped(connection: object) -> int:
        return await inner(connection) + 3_600_000  # type: ignore[arg-type]

    monkeypatch.setattr(sweeper, "read_clock", jumped)
    async with house.database.write_control() as control:  # as if its lease had run out meanwhile
        await control.execute(delete(workers))
    await looking.look()
    await looking.look_at(MINE)
    assert (await house.journal.finish(claim, {"n": 5, "by": 1})).recorded

    assert (await house.journal.run(MINE, run_id))["state"] == "running"


async def test_it_is_known_whether_another_workspace_waits_for_a_turn(house: House) -> None:
    other = WorkspaceId("other")
    await house.database.create_workspace(other)
    await house.submit(CHAIN)

    assert not await house.journal.index.others_wait(MINE, "default")
    await house.submit(CHAIN, workspace=other)
    assert await house.journal.index.others_wait(MINE, "default")
    assert not await house.journal.index.others_wait(MINE, "slow")


async def test_turns_go_round_among_workspaces(house: House) -> None:
    spread = "name: wide\nsteps: {each: {task: add, foreach: [1, 2, 3, 4, 5, 6], with: {n: '${item}'}}}"
    names = [WorkspaceId(name) for name in ("a", "b", "c")]
    for name in names:
        await house.database.create_workspace(name)
        await house.submit(spread, workspace=name)

    taken = [
        [str(workspace) for workspace, _ in await house.journal.index.take(["default"], [("add", 1)], 2)]
        for _ in range(4)
    ]

    assert taken == [["a", "b"], ["c", "a"], ["b", "c"], ["a", "b"]]


async def test_a_worker_says_which_tasks_it_leaves_to_others(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.submit(CHAIN)
    worker = Worker(house.journal, Tasks([task for task in TASKS if task.name != "add"]))

    working = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while "add@1" not in caplog.text:
            await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.wait([working])

    assert "they are not known here" in caplog.text
