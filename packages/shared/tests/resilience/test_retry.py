import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_shared import CircuitOpen, DependencyFailed, InvalidInput
from sapwood_shared.resilience import Retry, worth_another_try


class Flaky:
    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


class Naps:
    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


async def test_a_dependency_that_recovers_is_asked_until_it_does() -> None:
    flaky = Flaky(DependencyFailed("one"), DependencyFailed("two"))

    assert await Retry(attempts=3, sleep=Naps()).call(flaky) == "answer"
    assert flaky.calls == 3


async def test_the_last_error_comes_out_as_it_was() -> None:
    flaky = Flaky(*(DependencyFailed(f"{n}") for n in range(5)))

    with pytest.raises(DependencyFailed, match=r"^1$"):
        await Retry(attempts=2, sleep=Naps()).call(flaky)

    assert flaky.calls == 2


@pytest.mark.parametrize("error", [InvalidInput("bad"), CircuitOpen("gone"), ValueError("bug")])
async def test_what_another_try_cannot_help_is_tried_once(error: Exception) -> None:
    flaky = Flaky(error)

    with pytest.raises(type(error)):
        await Retry(sleep=Naps()).call(flaky)

    assert flaky.calls == 1
    assert not worth_another_try(error)


async def test_cancelling_the_caller_ends_it_at_once() -> None:
    flaky = Flaky(asyncio.CancelledError())

    with pytest.raises(asyncio.CancelledError):
        await Retry(sleep=Naps()).call(flaky)

    assert flaky.calls == 1


@given(
    attempts=st.integers(2, 12),
    first=st.floats(0.01, 2, allow_nan=False),
    longest=st.floats(0.01, 10, allow_nan=False),
)
async def test_each_wait_is_drawn_below_a_bound_that_doubles(
    attempts: int, first: float, longest: float
) -> None:
    naps = Naps()
    flaky = Flaky(*(DependencyFailed("down") for _ in range(attempts - 1)))

    await Retry(
        attempts=attempts, first_wait_s=first, longest_wait_s=longest, give_up_after_s=1e9, sleep=naps
    ).call(flaky)

    bounds = [min(longest, first * 2**n) for n in range(attempts - 1)]
    assert len(naps.taken) == attempts - 1
    assert all(0 <= nap <= bound for nap, bound in zip(naps.taken, bounds, strict=True))


async def test_waits_differ_so_that_callers_do_not_return_together() -> None:
    naps = Naps()
    for _ in range(20):
        await Retry(sleep=naps).call(Flaky(DependencyFailed("down")))

    assert len(set(naps.taken)) > 10


async def test_no_new_attempt_begins_after_the_time_to_give_up() -> None:
    flaky = Flaky(*(DependencyFailed("down") for _ in range(100)))

    with pytest.raises(DependencyFailed):
        await Retry(attempts=100, give_up_after_s=0.05, first_wait_s=0.02).call(flaky)

    assert flaky.calls < 100
