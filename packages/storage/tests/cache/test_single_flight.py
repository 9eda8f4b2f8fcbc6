import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import (
    BudgetExceeded,
    Cancelled,
    DependencyFailed,
    Forbidden,
    InvalidInput,
    SapwoodError,
)
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.refresh import EarlyRefresh
from sapwood_storage.cache.shared_failure import dump_failure, load_failure
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.wrapper import CacheWrapper

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


class Oven:
    """A computation that counts its runs and ends when told to."""

    def __init__(self, result: bytes | Exception = b"bread") -> None:
        self.result = result
        self.runs = 0
        self.started = asyncio.Event()
        self.done = asyncio.Event()

    async def bake(self) -> bytes:
        self.runs += 1
        self.started.set()
        await self.done.wait()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def ask(flight: SingleFlight, bake: Callable[[], Awaitable[bytes]]) -> asyncio.Task[bytes]:
    async def call() -> bytes:
        return await flight.get_or_compute(ANN, "n:1:k", bake, ttl_s=60)

    return asyncio.create_task(call())


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


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


async def test_two_processes_share_one_computation_through_the_claim() -> None:
    shared = MemoryCache()
    here, there, oven, other = SingleFlight(shared), SingleFlight(shared), Oven(), Oven(b"cake")
    first = ask(here, oven.bake)
    await oven.started.wait()
    second = ask(there, other.bake)
    await settle()
    oven.done.set()

    assert await asyncio.gather(first, second) == [b"bread", b"bread"]
    assert other.runs == 0


async def test_another_process_gets_the_error_it_waited_for_with_its_type_and_hint() -> None:
    shared = MemoryCache()
    here, there = SingleFlight(shared), SingleFlight(shared)
    burnt, other = Oven(InvalidInput("burnt", hint="less heat")), Oven()
    other.done.set()
    first = ask(here, burnt.bake)
    await burnt.started.wait()
    second = ask(there, other.bake)
    await settle()
    burnt.done.set()

    with pytest.raises(InvalidInput, match="burnt"):
        await first
    with pytest.raises(InvalidInput, match="burnt") as caught:
        await second
    assert caught.value.hint == "less heat"
    assert await ask(there, other.bake) == b"bread"


async def test_another_process_takes_over_when_the_holder_cannot_pay() -> None:
    shared = MemoryCache()
    here, there = SingleFlight(shared), SingleFlight(shared)
    poor, rich = Oven(BudgetExceeded("spent")), Oven()
    rich.done.set()
    first = ask(here, poor.bake)
    await poor.started.wait()
    second = ask(there, rich.bake)
    await settle()
    poor.done.set()

    with pytest.raises(BudgetExceeded):
        await first
    assert await second == b"bread"


async def test_a_claim_whose_holder_died_is_taken_over_when_it_runs_out() -> None:
    clock = FixedClock()
    shared = MemoryCache(clock=clock)
    await shared.claim(ANN, "n:1:k", token="dead", ttl_s=10)
    flight, oven = SingleFlight(shared), Oven()
    oven.done.set()
    caller = ask(flight, oven.bake)
    await asyncio.sleep(0.1)
    assert oven.runs == 0

    clock.advance(10)

    assert await caller == b"bread"


async def test_a_holder_renews_its_claim_for_as_long_as_it_computes() -> None:
    shared = MemoryCache()
    here, there = SingleFlight(shared, claim_ttl_s=0.2), SingleFlight(shared, claim_ttl_s=0.2)
    slow, other = Oven(), Oven(b"cake")
    first = ask(here, slow.bake)
    await slow.started.wait()
    second = ask(there, other.bake)
    await asyncio.sleep(0.6)
    slow.done.set()

    assert await asyncio.gather(first, second) == [b"bread", b"bread"]
    assert other.runs == 0


async def test_closing_gives_up_the_claims() -> None:
    shared = MemoryCache()
    flight, oven = SingleFlight(shared), Oven()
    caller = ask(flight, oven.bake)
    await oven.started.wait()

    await flight.aclose()

    with pytest.raises(Cancelled):
        await caller
    assert await shared.claim(ANN, "n:1:k", token="next", ttl_s=10) == "next"


async def test_a_cache_that_is_down_costs_no_answer() -> None:
    class Down(CacheWrapper):
        async def get(self, *_: object, **__: object) -> None:
            raise DependencyFailed("down")

        async def claim(self, *_: object, **__: object) -> str:
            raise DependencyFailed("down")

    oven = Oven()
    oven.done.set()

    assert await ask(SingleFlight(Down(MemoryCache())), oven.bake) == b"bread"


async def test_a_hit_near_its_end_is_served_at_once_and_refreshed_behind() -> None:
    clock = FixedClock()
    shared = MemoryCache(clock=clock)
    flight = SingleFlight(shared, early=EarlyRefresh(draw=lambda: 0.9), clock=clock)

    async def slow() -> bytes:
        clock.advance(10)  # it costs ten seconds: at this draw it is due 23 s before the end
        return b"old"

    new = Oven(b"new")
    new.done.set()
    assert await ask(flight, slow) == b"old"
    clock.advance(30)
    assert await ask(flight, new.bake) == b"old"
    await settle()
    assert new.runs == 0

    clock.advance(10)

    assert await ask(flight, new.bake) == b"old"
    await settle()
    assert await ask(flight, new.bake) == b"new"
    assert new.runs == 1


async def test_a_refresh_that_fails_leaves_the_value_and_is_kept_quiet() -> None:
    clock = FixedClock()
    flight = SingleFlight(MemoryCache(clock=clock), early=EarlyRefresh(draw=lambda: 0.999), clock=clock)

    async def slow() -> bytes:
        clock.advance(20)
        return b"old"

    bad = Oven(InvalidInput("burnt"))
    bad.done.set()
    await ask(flight, slow)
    clock.advance(30)

    assert await ask(flight, bad.bake) == b"old"
    await settle()
    assert bad.runs == 1
    assert await ask(flight, bad.bake) == b"old"


def test_an_early_refresh_is_likelier_the_nearer_the_end_and_the_dearer_the_value() -> None:
    def chance(expires_in_s: float, cost_s: float) -> float:
        draws = [EarlyRefresh(draw=lambda n=n: n / 1000) for n in range(1000)]
        return sum(policy.is_due(expires_in_s=expires_in_s, cost_s=cost_s) for policy in draws) / 1000

    assert chance(0, 1) == 1
    assert chance(1, 1) == pytest.approx(0.368, abs=0.002)
    assert chance(5, 1) < 0.01 < chance(5, 5)
    assert chance(5, 0) == 0


@pytest.mark.parametrize(
    "error", [InvalidInput("a", hint="b"), DependencyFailed("c"), SapwoodError("d"), OSError("e")]
)
def test_an_error_travels_as_text_and_never_as_code(error: Exception) -> None:
    text = dump_failure(error)
    arrived = load_failure(text)

    assert json.loads(text)
    assert isinstance(arrived, type(error) if isinstance(error, SapwoodError) else SapwoodError)
    assert str(error) in arrived.message
