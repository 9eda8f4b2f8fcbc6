import asyncio

import pytest

from sapwood_shared import Cancelled, DetachedWork, FixedClock


async def test_a_checkpoint_gives_others_a_turn() -> None:
    seen: list[str] = []

    async def other() -> None:
        seen.append("other")

    task = asyncio.create_task(other())
    await DetachedWork().checkpoint()

    assert seen == ["other"]
    await task


async def test_cancelled_work_ends_at_its_next_checkpoint() -> None:
    work = DetachedWork()
    work.progress(1, 2, rows=3)
    await work.checkpoint()

    work.cancel()

    with pytest.raises(Cancelled):
        await work.checkpoint()


async def test_work_ends_when_its_deadline_passes() -> None:
    clock = FixedClock()
    work = DetachedWork(timeout_s=10, clock=clock)
    clock.advance(9)
    await work.checkpoint()

    clock.advance(1)

    assert work.deadline == 10
    with pytest.raises(Cancelled, match="deadline"):
        await work.checkpoint()


def test_work_that_nobody_waits_for_has_no_deadline() -> None:
    assert DetachedWork().deadline is None
