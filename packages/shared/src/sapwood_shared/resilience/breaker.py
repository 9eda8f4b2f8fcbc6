"""Stops asking a dependency that keeps failing, and lets one caller find out when it is back.

closed ──(failures_to_open in a row)──▶ open ──(open_for_s)──▶ half open ──(one probe)──▶ closed or open
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.errors import CircuitOpen, DependencyFailed

T = TypeVar("T")


class BreakerState(StrEnum):
    """What happens to the next call."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class BreakerView:
    """What a health page shows of one breaker."""

    name: str
    state: BreakerState
    failures: int
    retry_in_s: float


def _is_an_outage(error: BaseException) -> bool:
    return isinstance(error, DependencyFailed)


class CircuitBreaker:
    """Guards one dependency for one event loop.

    Only what `counts` names is a failure; any other error is an answer. A call that was cancelled says
    nothing about the dependency and changes nothing.
    """

    def __init__(
        self,
        name: str,
        *,
        failures_to_open: int = 5,
        open_for_s: float = 30.0,
        counts: Callable[[BaseException], bool] = _is_an_outage,
        on_change: Callable[[BreakerView], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._name = name
        self._failures_to_open = failures_to_open
        self._open_for_s = open_for_s
        self._counts = counts
        self._on_change = on_change
        self._clock = clock or SystemClock()
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False
        self._turns = 0  # how often it opened or closed: an answer to a question asked before is stale

    @property
    def state(self) -> BreakerState:
        """Whether the next call is let through, refused, or a probe."""
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._remaining_s() > 0 else BreakerState.HALF_OPEN

    def view(self) -> BreakerView:
        """Return its state for people and dashboards."""
        return BreakerView(self._name, self.state, self._failures, self._remaining_s())

    async def call(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Await `operation()`, or raise `CircuitOpen` without calling it."""
        is_probe = self._admit()
        turn = self._turns
        try:
            answer = await operation()
        except Exception as error:
            if turn == self._turns:
                self._failed(is_probe) if self._counts(error) else self._answered()
            raise
        else:
            if turn == self._turns:
                self._answered()
            return answer
        finally:
            if is_probe:
                self._probing = False

    def _admit(self) -> bool:
        state = self.state
        if state is BreakerState.CLOSED:
            return False
        if state is BreakerState.OPEN or self._probing:
            wait_s = max(self._remaining_s(), 1.0)
            raise CircuitOpen(
                f"{self._name} keeps failing and was not asked", hint=f"try again in {wait_s:.0f} s"
            )
        self._probing = True
        return True

    def _answered(self) -> None:
        self._failures = 0
        if self._opened_at is not None:
            self._turn(None)

    def _failed(self, is_probe: bool) -> None:
        self._failures += 1
        if is_probe or self._failures >= self._failures_to_open:
            self._turn(self._clock.monotonic_s())

    def _turn(self, opened_at: float | None) -> None:
        self._opened_at = opened_at
        self._turns += 1
        if self._on_change is not None:
            self._on_change(self.view())

    def _remaining_s(self) -> float:
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._opened_at + self._open_for_s - self._clock.monotonic_s())
