import asyncio

import pytest
from packages.storage.tests.cache.oven import Oven, ask, settle

from sapwood_shared.errors import (
    BudgetExceeded,
    Cancelled,
    DependencyFailed,
    Forbidden,
    InvalidInput,
)
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.wrapper import CacheWrapper

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


async def test_many_callers_share_one_computation_and_later_ones_read_the_cache() -> None:
    flight, oven = SingleFlight(MemoryCache()), Oven()
    callers = [ask(flight, oven.bake) for _ in range(50)]
    await oven.started.wait()
    oven.done.set()

    assert set(await asyncio.gather(*callers)) == {b"bread"}
    assert await ask(flight, oven.bake) == b"bread"
    assert oven.runs == 1


async def test_each_workspace_computes_for_itself() -> None:
    flight = SingleFlight(MemoryCache())
    ann, bob = Oven(b"ann's"), Oven(b"bob's")
    ann.done.set()
    bob.done.set()

    one = await flight.get_or_compute(ANN, "k", ann.bake, ttl_s=60)
    other = await flight.get_or_compute(BOB, "k", bob.bake, ttl_s=60)

    assert (one, other) == (b"ann's", b"bob's")


@pytest.mark.parametrize("leaver", [0, 1])
async def test_cancelling_one_caller_cancels_nobody_else(leaver: int) -> None:
    flight, oven = SingleFlight(MemoryCache()), Oven()
    callers = [ask(flight, oven.bake) for _ in range(3)]
    await oven.started.wait()

    callers[leaver].cancel()
    await settle()
    oven.done.set()
    results = await asyncio.gather(*callers, return_exceptions=True)

    assert isinstance(results.pop(leaver), asyncio.CancelledError)
    assert results == [b"bread", b"bread"]
    assert oven.runs == 1


async def test_a_computation_that_all_have_left_still_fills_the_cache() -> None:
    flight, oven = SingleFlight(MemoryCache()), Oven()
    caller = ask(flight, oven.bake)
    await oven.started.wait()
    caller.cancel()
    oven.done.set()
    await settle()

    assert await ask(flight, oven.bake) == b"bread"
    assert oven.runs == 1


async def test_an_error_that_nobody_waits_for_any_more_is_kept_quiet() -> None:
    flight, oven = SingleFlight(MemoryCache()), Oven(InvalidInput("no"))
    caller = ask(flight, oven.bake)
    await oven.started.wait()
    caller.cancel()
    oven.done.set()
    await settle()

    assert caller.cancelled()


async def test_an_error_goes_to_all_who_waited_and_is_not_cached() -> None:
    flight, burnt = SingleFlight(MemoryCache()), Oven(InvalidInput("burnt", hint="less heat"))
    callers = [ask(flight, burnt.bake) for _ in range(3)]
    await burnt.started.wait()
    burnt.done.set()
    results = await asyncio.gather(*callers, return_exceptions=True)

    assert {str(result) for result in results} == {"burnt"}
    assert burnt.runs == 1
    fine = Oven()
    fine.done.set()
    assert await ask(flight, fine.bake) == b"bread"


@pytest.mark.parametrize(
    "personal", [BudgetExceeded("spent"), Cancelled("late"), Forbidden("no"), TimeoutError()]
)
async def test_what_befalls_one_caller_alone_is_not_shared(personal: Exception) -> None:
    flight, poor, rich = SingleFlight(MemoryCache()), Oven(personal), Oven()
    first = ask(flight, poor.bake)
    await poor.started.wait()
    others = [ask(flight, rich.bake) for _ in range(3)]
    await settle()
    poor.done.set()
    rich.done.set()

    with pytest.raises(type(personal)):
        await first
    assert await asyncio.gather(*others) == [b"bread"] * 3
    assert rich.runs == 1


async def test_a_computation_that_is_cancelled_inside_is_taken_over() -> None:
    flight, rich = SingleFlight(MemoryCache()), Oven()
    rich.done.set()
    started = asyncio.Event()

    async def gives_up() -> bytes:
        started.set()
        await settle()
        raise asyncio.CancelledError

    first = ask(flight, gives_up)
    await started.wait()
    other = ask(flight, rich.bake)

    with pytest.raises(Cancelled, match="computation was cancelled"):
        await first
    assert await other == b"bread"


async def test_a_cache_that_is_down_costs_no_answer() -> None:
    class Down(CacheWrapper):
        async def get(self, *_: object, **__: object) -> None:
            raise DependencyFailed("down")

        async def claim(self, *_: object, **__: object) -> str:
            raise DependencyFailed("down")

    oven = Oven()
    oven.done.set()

    assert await ask(SingleFlight(Down(MemoryCache())), oven.bake) == b"bread"
