import asyncio

import pytest

from sapwood_shared import DependencyFailed
from sapwood_shared.resilience import time_limit


async def test_a_block_that_takes_too_long_is_cancelled_and_named() -> None:
    cancelled = asyncio.Event()

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(DependencyFailed, match=r"reading the file took longer than 0.01 s") as caught:
        async with time_limit(0.01, doing="reading the file"):
            await never()

    assert cancelled.is_set()
    assert caught.value.hint


async def test_a_block_in_time_is_left_alone() -> None:
    async with time_limit(60, doing="nothing"):
        await asyncio.sleep(0)
    async with time_limit(None, doing="nothing"):
        await asyncio.sleep(0)


async def test_somebody_elses_timeout_stays_theirs() -> None:
    with pytest.raises(TimeoutError, match="socket"):
        async with time_limit(60, doing="asking"):
            raise TimeoutError("socket")
