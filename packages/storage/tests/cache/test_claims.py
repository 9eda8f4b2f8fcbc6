"""Between processes a claim says who computes; here two flights over one cache stand for two processes."""

import asyncio

import pytest
from packages.storage.tests.cache.oven import Oven, ask, settle

from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import (
    BudgetExceeded,
    Cancelled,
    InvalidInput,
)
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


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
