"""A server that is dead, hangs, comes back: each call ends in time.

What the limit of a call comes to is measured in benchmarks/cache_redis.py; the bounds here are wide.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from packages.storage.tests.redis.server import RedisServer, ask, running_redis
from redis.asyncio import Redis

from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import CircuitOpen, DependencyFailed, StorageFull
from sapwood_shared.resilience import BreakerState, BreakerView
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.script import Script
from sapwood_storage.redis.settings import RedisSettings

SOON_S = 1.0
"""Ten times what a call may take: a machine that is this slow has other troubles."""

MakeLink = Callable[..., RedisLink]


@pytest.fixture
async def make_link() -> AsyncIterator[MakeLink]:
    links: list[RedisLink] = []

    def make(address: str, **settings: Any) -> RedisLink:
        clock, on_change = settings.pop("clock", None), settings.pop("on_change", None)
        links.append(RedisLink(RedisSettings(address, **settings), clock=clock, on_change=on_change))
        return links[-1]

    yield make
    for link in links:
        await link.aclose()


async def ping(client: Redis) -> object:
    return await client.execute_command("PING")


async def answers(link: RedisLink) -> None:
    """Wait until the circuit finds the server again."""
    async with asyncio.timeout(20):
        while True:
            try:
                await link.run(ping)
            except DependencyFailed:
                await asyncio.sleep(0.05)
            else:
                return


async def test_a_server_that_is_not_there_fails_at_once_and_later_calls_do_not_try(
    make_link: MakeLink,
) -> None:
    link = make_link("unix:///nowhere/redis.sock", clock=FixedClock())

    with pytest.raises(DependencyFailed, match=r"unix:///nowhere/redis\.sock cannot be reached"):
        await link.run(ping)
    with pytest.raises(CircuitOpen):
        await link.run(ping)


async def test_many_calls_to_a_hanging_server_end_together_in_time(
    own_redis: RedisServer, make_link: MakeLink
) -> None:
    link = make_link(own_redis.address)
    own_redis.hang()

    before = time.monotonic()
    ends = await asyncio.gather(*(link.run(ping) for _ in range(500)), return_exceptions=True)

    assert time.monotonic() - before < SOON_S  # one after the other they would take 40 s, in turns 1.3 s
    assert all(isinstance(end, DependencyFailed) for end in ends)
    assert link.view().state is not BreakerState.CLOSED


async def test_a_connected_server_that_hangs_fails_in_time_and_is_back_when_it_wakes(
    own_redis: RedisServer, make_link: MakeLink
) -> None:
    link = make_link(own_redis.address, probe_every_s=0.1)
    await answers(link)
    own_redis.hang()

    before = time.monotonic()
    with pytest.raises(DependencyFailed, match="did not answer in time"):
        await link.run(ping)
    assert time.monotonic() - before < SOON_S

    own_redis.wake()
    await answers(link)


async def test_while_a_server_hangs_one_call_probes_and_the_others_fail_at_once(
    own_redis: RedisServer, make_link: MakeLink
) -> None:
    clock = FixedClock()
    link = make_link(own_redis.address, clock=clock)
    own_redis.hang()
    with pytest.raises(DependencyFailed):
        await link.run(ping)

    clock.advance(1)
    ends = await asyncio.gather(*(link.run(ping) for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(end, CircuitOpen) for end in ends) == 19
    assert "did not answer" in str(ends[0])


async def test_a_server_that_is_killed_and_started_again_is_found_again(
    own_redis: RedisServer, make_link: MakeLink
) -> None:
    turns: list[BreakerView] = []
    link = make_link(own_redis.address, probe_every_s=0.1, on_change=turns.append)
    await asyncio.gather(*(link.run(ping) for _ in range(10)))
    own_redis.kill()

    with pytest.raises(DependencyFailed, match="cannot be reached"):
        await link.run(ping)
    own_redis.start()

    await answers(link)
    assert [turn.state for turn in (turns[0], turns[-1])] == [BreakerState.OPEN, BreakerState.CLOSED]


async def test_connections_that_a_restart_broke_while_idle_cost_no_call(
    own_redis: RedisServer, make_link: MakeLink
) -> None:
    link = make_link(own_redis.address, timeout_s=10)
    await asyncio.gather(*(link.run(ping) for _ in range(10)))
    own_redis.kill()
    own_redis.start()
    await asyncio.sleep(0)  # the loop looks at its sockets

    assert all(await asyncio.gather(*(link.run(ping) for _ in range(10))))


async def test_a_wrong_password_is_a_failure_that_does_not_tell_it(make_link: MakeLink) -> None:
    with running_redis(password="right") as server:
        link = make_link(server.address.replace("right", "wrong"))

        with pytest.raises(DependencyFailed, match="refuses the login") as caught:
            await link.run(ping)

        assert "wrong" not in str(caught.value)
        assert await make_link(server.address).run(ping)


async def test_more_calls_than_connections_wait_for_their_turn(
    redis_server: str, make_link: MakeLink
) -> None:
    link = make_link(redis_server, connections=2, timeout_s=10)

    answered = await asyncio.gather(*(link.run(ping) for _ in range(200)))

    assert len(answered) == 200


async def test_an_answer_that_came_while_the_loop_was_blocked_is_no_failure(
    own_redis: RedisServer, make_link: MakeLink
) -> None:
    link = make_link(own_redis.address, timeout_s=0.6)
    await answers(link)
    own_redis.hang()
    call = asyncio.create_task(link.run(ping))
    await asyncio.sleep(0.05)  # it has asked

    own_redis.wake()
    time.sleep(0.8)  # noqa: ASYNC251 - somebody's bad manners are what is tested

    assert await call
    assert link.view().state is BreakerState.CLOSED


async def test_cancelling_a_call_says_nothing_about_the_server(
    own_redis: RedisServer, make_link: MakeLink
) -> None:
    link = make_link(own_redis.address, timeout_s=10)
    own_redis.hang()
    call = asyncio.create_task(link.run(ping))
    await asyncio.sleep(0.05)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    own_redis.wake()

    assert await link.run(ping)


async def test_a_refusal_is_an_answer_and_opens_no_circuit(redis_server: str, make_link: MakeLink) -> None:
    link = make_link(redis_server, timeout_s=10)

    with pytest.raises(DependencyFailed, match=r"refused: .*nonsense"):
        await link.run(lambda client: Script("return redis.error_reply('ERR nonsense')").run(client, (), ()))

    assert await link.run(ping)


async def test_a_full_server_is_full_and_not_down(make_link: MakeLink) -> None:
    with running_redis("--maxmemory", "1", "--maxmemory-policy", "noeviction") as server:
        link = make_link(server.address, timeout_s=10)

        async def put(client: Redis) -> object:
            return await client.execute_command("SET", "k", "v")

        with pytest.raises(StorageFull, match="is full"):
            await link.run(put)
        assert await link.run(ping)


async def test_a_script_is_sent_again_to_a_server_that_lost_it(
    redis_server: str, make_link: MakeLink
) -> None:
    link, script = make_link(redis_server, timeout_s=10), Script("return {KEYS[1], ARGV[1]}")
    for _ in range(2):
        assert await link.run(lambda client: script.run(client, ["k"], ["a"])) == [b"k", b"a"]

    ask(redis_server, "SCRIPT", "FLUSH")

    assert await link.run(lambda client: script.run(client, ["k"], [2])) == [b"k", b"2"]


async def test_workspaces_have_rooms_that_no_name_can_leave(make_link: MakeLink) -> None:
    link = make_link("redis://cache.example", prefix="p")

    rooms = {link.room(name) for name in ("a", "a}:e:b", "a:e", "ä", "%7D")}  # pyright: ignore[reportArgumentType]

    assert len(rooms) == 5
    assert all(room.count("{") == room.count("}") == 1 and room.endswith("}") for room in rooms)
