import pytest
from packages.storage.tests.cache.oven import Oven, ask, settle

from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import (
    InvalidInput,
)
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.refresh import EarlyRefresh
from sapwood_storage.cache.single_flight import SingleFlight

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


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
