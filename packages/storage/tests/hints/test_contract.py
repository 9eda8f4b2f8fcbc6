"""What all hints do, within a process."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.hints import Hints, Wakes
from sapwood_storage.hints.local import LocalHints
from sapwood_storage.hints.redis import RedisHints
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")
LONG_S, SHORT_S = 20.0, 0.05


@pytest.fixture(params=["local", "redis"])
async def hints(request: pytest.FixtureRequest) -> AsyncIterator[Hints]:
    if request.param == "local":
        local = LocalHints()
        yield local
        await local.aclose()
        return
    address = request.getfixturevalue("redis_server")
    link = RedisLink(RedisSettings(address, prefix=f"test-{secrets.token_hex(6)}", timeout_s=10))
    redis = RedisHints(link)
    yield redis
    await redis.aclose()
    await link.aclose()


async def wakes_up(wakes: Wakes, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await anext(wakes)
    except TimeoutError:
        return False
    return True


async def is_quiet(wakes: Wakes) -> None:
    """Use up what a subscription may begin with."""
    while await wakes_up(wakes, 0.2):
        pass


async def test_a_hint_wakes_each_who_subscribed_to_its_topic_and_workspace(hints: Hints) -> None:
    one, two = hints.subscribe(ANN, "runs"), hints.subscribe(ANN, "runs")
    topic, workspace = hints.subscribe(ANN, "other"), hints.subscribe(BOB, "runs")
    for wakes in (one, two, topic, workspace):
        await is_quiet(wakes)

    await hints.publish(ANN, "runs")

    assert await wakes_up(one, LONG_S)
    assert await wakes_up(two, LONG_S)
    assert not await wakes_up(topic, SHORT_S)
    assert not await wakes_up(workspace, SHORT_S)


async def test_many_hints_are_one_wake_up(hints: Hints) -> None:
    with hints.subscribe(ANN, "runs") as wakes:
        await is_quiet(wakes)

        for _ in range(100):
            await hints.publish(ANN, "runs")

        assert await wakes_up(wakes, LONG_S)
        assert not await wakes_up(wakes, SHORT_S)


async def test_a_hint_between_subscribing_and_waiting_is_not_lost(hints: Hints) -> None:
    with hints.subscribe(ANN, "runs") as wakes:
        await hints.publish(ANN, "runs")

        assert await wakes_up(wakes, LONG_S)


async def test_giving_up_to_wait_loses_nothing(hints: Hints) -> None:
    with hints.subscribe(ANN, "runs") as wakes:
        await is_quiet(wakes)
        assert not await wakes_up(wakes, SHORT_S)

        await hints.publish(ANN, "runs")

        assert await wakes_up(wakes, LONG_S)


async def test_who_left_is_at_the_end_and_may_leave_twice(hints: Hints) -> None:
    wakes = hints.subscribe(ANN, "runs")
    other = hints.subscribe(ANN, "runs")

    async def look() -> int:
        return len([None async for _ in wakes])

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    wakes.close()
    wakes.close()

    await looking
    await is_quiet(other)
    await hints.publish(ANN, "runs")
    assert await wakes_up(other, LONG_S)
    with pytest.raises(StopAsyncIteration):
        await anext(wakes)


async def test_who_comes_back_is_woken_again(hints: Hints) -> None:
    for _ in range(3):
        with hints.subscribe(ANN, "runs") as wakes:
            await hints.publish(ANN, "runs")
            assert await wakes_up(wakes, LONG_S)


@pytest.mark.parametrize("topic", ["", "run:1", "with space\nand line", "ü}"])
async def test_any_text_is_a_topic(hints: Hints, topic: str) -> None:
    with hints.subscribe(ANN, topic) as wakes, hints.subscribe(ANN, "another") as another:
        await is_quiet(wakes)
        await is_quiet(another)

        await hints.publish(ANN, topic)

        assert await wakes_up(wakes, LONG_S)
        assert not await wakes_up(another, SHORT_S)


async def test_closing_the_hints_ends_all_who_wait(hints: Hints) -> None:
    wakes = [hints.subscribe(ANN, f"{n}") for n in range(3)]

    await hints.aclose()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

    for one in wakes:
        with pytest.raises(StopAsyncIteration):
            await anext(one)
