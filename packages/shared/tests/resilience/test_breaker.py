import asyncio

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sapwood_shared import CircuitOpen, DependencyFailed, FixedClock, InvalidInput
from sapwood_shared.resilience import BreakerState, BreakerView, CircuitBreaker


async def works() -> str:
    return "answer"


async def fails() -> str:
    raise DependencyFailed("down")


async def complains() -> str:
    raise InvalidInput("no such model")


async def fail(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(DependencyFailed, match="down"):
            await breaker.call(fails)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def breaker(clock: FixedClock) -> CircuitBreaker:
    return CircuitBreaker("model", failures_to_open=3, open_for_s=30, clock=clock)


async def test_it_opens_after_so_many_failures_in_a_row_and_then_asks_no_more(
    breaker: CircuitBreaker,
) -> None:
    await fail(breaker, 3)
    asked: list[int] = []

    async def ask() -> None:
        asked.append(1)

    with pytest.raises(CircuitOpen, match="model keeps failing") as refused:
        await breaker.call(ask)

    assert asked == []
    assert refused.value.hint == "try again in 30 s"


async def test_one_success_forgives_the_failures_before_it(breaker: CircuitBreaker) -> None:
    await fail(breaker, 2)
    await breaker.call(works)
    await fail(breaker, 2)

    assert breaker.state is BreakerState.CLOSED


async def test_an_error_that_is_an_answer_is_not_an_outage(breaker: CircuitBreaker) -> None:
    for _ in range(5):
        with pytest.raises(InvalidInput):
            await breaker.call(complains)

    assert breaker.state is BreakerState.CLOSED


async def test_after_a_while_one_caller_probes_and_the_others_are_still_refused(
    breaker: CircuitBreaker, clock: FixedClock
) -> None:
    await fail(breaker, 3)
    clock.advance(30)
    answer = asyncio.Event()

    async def slow() -> str:
        await answer.wait()
        return "answer"

    probe = asyncio.create_task(breaker.call(slow))
    await asyncio.sleep(0)
    with pytest.raises(CircuitOpen):
        await breaker.call(works)
    answer.set()

    assert await probe == "answer"
    assert breaker.state is BreakerState.CLOSED


async def test_a_failed_probe_opens_it_again(breaker: CircuitBreaker, clock: FixedClock) -> None:
    await fail(breaker, 3)
    clock.advance(30)

    await fail(breaker)

    assert breaker.state is BreakerState.OPEN
    clock.advance(30)
    assert await breaker.call(works) == "answer"


async def test_a_cancelled_probe_says_nothing_and_leaves_room_for_the_next(
    breaker: CircuitBreaker, clock: FixedClock
) -> None:
    await fail(breaker, 3)
    clock.advance(30)
    probe = asyncio.create_task(breaker.call(asyncio.Event().wait))
    await asyncio.sleep(0)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe

    assert breaker.state is BreakerState.HALF_OPEN
    assert await breaker.call(works) == "answer"


async def test_an_answer_to_a_question_from_before_it_opened_is_stale(
    breaker: CircuitBreaker, clock: FixedClock
) -> None:
    late = asyncio.Event()

    async def slow() -> str:
        await late.wait()
        return "answer"

    old = asyncio.create_task(breaker.call(slow))
    await asyncio.sleep(0)
    await fail(breaker, 3)
    late.set()
    await old

    assert breaker.state is BreakerState.OPEN


async def test_its_state_and_every_change_of_it_can_be_seen(clock: FixedClock) -> None:
    seen: list[BreakerView] = []
    breaker = CircuitBreaker("model", failures_to_open=1, open_for_s=30, clock=clock, on_change=seen.append)
    await fail(breaker)
    clock.advance(10)

    assert breaker.view() == BreakerView("model", BreakerState.OPEN, failures=1, retry_in_s=20)
    clock.advance(20)
    await breaker.call(works)
    assert [view.state for view in seen] == [BreakerState.OPEN, BreakerState.CLOSED]


class Breaker(RuleBasedStateMachine):
    """Whatever happens: it opens only after failures, and is never stuck."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock()
        self.breaker = CircuitBreaker("model", failures_to_open=2, open_for_s=10, clock=self.clock)
        self.in_a_row = 0

    @rule()
    def succeed(self) -> None:
        try:
            asyncio.run(self.breaker.call(works))
        except CircuitOpen:
            assert self.in_a_row >= 2
        else:
            self.in_a_row = 0

    @rule()
    def fail(self) -> None:
        try:
            asyncio.run(self.breaker.call(fails))
        except CircuitOpen:
            assert self.in_a_row >= 2
        except DependencyFailed:
            self.in_a_row += 1

    @precondition(lambda self: self.in_a_row >= 2)
    @rule()
    def wait(self) -> None:
        self.clock.advance(10)
        assert self.breaker.state is BreakerState.HALF_OPEN

    @invariant()
    def open_means_it_failed(self) -> None:
        assert (self.breaker.state is BreakerState.CLOSED) == (self.in_a_row < 2)


TestBreaker = Breaker.TestCase
TestBreaker.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
