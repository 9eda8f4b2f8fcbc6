"""Tries again after a random wait that may double each time, so that many callers do not return at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import tenacity

from sapwood_shared.errors import CircuitOpen, DependencyFailed
from sapwood_shared.logging import get_logger

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

_log = get_logger(__name__)


def worth_another_try(error: BaseException) -> bool:
    """Say whether a moment may help: a dependency failed, and was asked at all."""
    return isinstance(error, DependencyFailed) and not isinstance(error, CircuitOpen)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often, how patiently and after which errors to try again; the last error is raised as it was."""

    attempts: int = 3
    give_up_after_s: float = 30.0
    """No new attempt begins after this; an attempt that has begun is ended by `time_limit`, not by this."""

    first_wait_s: float = 0.1
    longest_wait_s: float = 5.0
    on: Callable[[BaseException], bool] = worth_another_try
    sleep: Sleep = asyncio.sleep

    async def call(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Await `operation()` until it delivers, cannot be helped, or was tried often enough."""
        retrying = tenacity.AsyncRetrying(
            # Each wait is drawn from nothing up to a bound that doubles: the whole of it is jitter.
            wait=tenacity.wait_random_exponential(multiplier=self.first_wait_s, max=self.longest_wait_s),
            stop=tenacity.stop_after_attempt(self.attempts)
            | tenacity.stop_before_delay(self.give_up_after_s),
            retry=tenacity.retry_if_exception(self.on),
            sleep=self.sleep,
            before_sleep=_say,
            reraise=True,
        )
        return await retrying(operation)


def _say(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    _log.warning(
        "trying again", attempt=state.attempt_number, wait_s=round(state.upcoming_sleep, 3), error=str(error)
    )
