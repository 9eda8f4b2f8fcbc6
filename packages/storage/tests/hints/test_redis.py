"""Hints between processes, over a server that comes and goes; two `RedisHints` stand for two processes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest
from packages.storage.tests.redis.server import RedisServer, running_redis

from sapwood_shared.errors import DependencyFailed, SapwoodError
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.hints import Wakes
from sapwood_storage.hints.redis import RedisHints
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings

ANN = WorkspaceId("ann")
LONG_S, SHORT_S, SOON_S = 20.0, 0.05, 1.0

Process = Callable[..., RedisHints]


@pytest.fixture
async def process() -> AsyncIterator[Process]:
    made: list[tuple[RedisHints, RedisLink]] = []

    def make(address: str, told: list[SapwoodError] | None = None) -> RedisHints:
        link = RedisLink(RedisSettings(address, probe_every_s=0.1))
        hints = RedisHints(link, on_failure=None if told is None else told.append, heartbeat_s=0.2)
        made.append((hints, link))
        return hints

    yield make
    for hints, link in made:
        await hints.aclose()
        await link.aclose()


async def woken(wakes: Wakes, within_s: float = LONG_S) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await anext(wakes)
    except TimeoutError:
        return False
    return True


async def quiet(wakes: Wakes) -> None:
    while await woken(wakes, 0.3):
        pass


async def reaches(there: RedisHints, wakes: Wakes) -> None:
    """Publish until it arrives."""
    for _ in range(200):
        await there.publish(ANN, "runs")
        if await woken(wakes, 0.1):
            return
    pytest.fail("no hint arrived")


def pubsub_connections(server: RedisServer) -> int:
    return len(server.ask("CLIENT", "LIST", "TYPE", "pubsub").split(b"\n")) - 1


async def test_a_hint_reaches_another_process(own_redis: RedisServer, process: Process) -> None:
    here, there = process(own_redis.address), process(own_redis.address)
    with here.subscribe(ANN, "runs") as wakes:
        await quiet(wakes)

        await there.publish(ANN, "runs")

        assert await woken(wakes)


async def test_many_subscribers_of_a_process_share_one_connection(
    own_redis: RedisServer, process: Process
) -> None:
    here, there = process(own_redis.address), process(own_redis.address)
    all_of_them = [here.subscribe(ANN, f"run:{n % 600}") for n in range(1200)]
    for wakes in all_of_them:
        assert await woken(wakes)  # once it listens

    await there.publish(ANN, "run:599")

    assert await woken(all_of_them[599])
    assert await woken(all_of_them[1199])
    assert pubsub_connections(own_redis) == 1
    for wakes in all_of_them:
        wakes.close()
    for _ in range(200):
        if not own_redis.ask("PUBSUB", "CHANNELS"):
            break
        await asyncio.sleep(0.05)
    assert own_redis.ask("PUBSUB", "CHANNELS") == []


async def test_after_a_restart_every_subscriber_is_woken_once_and_hints_arrive_again(
    own_redis: RedisServer, process: Process
) -> None:
    told: list[SapwoodError] = []
    here, there = process(own_redis.address, told), process(own_redis.address)
    runs, other = here.subscribe(ANN, "runs"), here.subscribe(ANN, "other")
    await quiet(runs)
    await quiet(other)

    own_redis.kill()
    await asyncio.sleep(0.5)  # several attempts
    assert len(told) == 1
    own_redis.start()

    assert await woken(runs)
    assert await woken(other)
    assert not await woken(other, 0.5)
    await reaches(there, runs)
    assert len(told) == 1


async def test_a_server_that_hangs_is_noticed_and_found_again(
    own_redis: RedisServer, process: Process
) -> None:
    told: list[SapwoodError] = []
    here, there = process(own_redis.address, told), process(own_redis.address)
    with here.subscribe(ANN, "runs") as wakes:
        await quiet(wakes)
        own_redis.hang()
        for _ in range(400):
            if told:
                break
            await asyncio.sleep(0.05)
        assert told

        own_redis.wake()

        assert await woken(wakes)
        await reaches(there, wakes)


async def test_a_server_that_is_dead_at_the_start_is_listened_to_once_it_is_there(
    own_redis: RedisServer, process: Process
) -> None:
    own_redis.kill()
    here, there = process(own_redis.address), process(own_redis.address)
    with here.subscribe(ANN, "runs") as wakes:
        assert not await woken(wakes, 0.3)

        own_redis.start()

        assert await woken(wakes)
        await reaches(there, wakes)


@pytest.mark.parametrize("failing", ["dead", "hanging"])
async def test_publishing_to_no_server_raises_nothing_is_told_and_wakes_those_of_the_process(
    own_redis: RedisServer, process: Process, failing: str
) -> None:
    own_redis.kill() if failing == "dead" else own_redis.hang()
    told: list[SapwoodError] = []
    here = process(own_redis.address, told)
    with here.subscribe(ANN, "runs") as wakes:
        before = time.monotonic()
        await asyncio.gather(*(here.publish(ANN, "runs") for _ in range(50)))

        assert time.monotonic() - before < SOON_S
        assert await woken(wakes, SOON_S)
    assert len(told) >= 50
    assert all(isinstance(error, DependencyFailed) for error in told)


async def test_a_wrong_password_is_told_and_not_shown(process: Process) -> None:
    told: list[SapwoodError] = []
    with running_redis(password="right") as server:
        here = process(server.address.replace("right", "wrong"), told)
        with here.subscribe(ANN, "runs") as wakes:
            assert not await woken(wakes, 0.5)

    assert [str(error).partition(" refuses ")[2] for error in told] == ["the login"]
    assert "wrong" not in str(told)
