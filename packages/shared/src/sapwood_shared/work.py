"""How a long function tells its progress and learns that it should stop.

A terminal, a durable step and a test each bring their own `Work`; the function does not know which.
"""

from typing import Protocol

from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.errors import Cancelled


class Work(Protocol):
    """The one channel between a long function and whoever runs it."""

    @property
    def deadline(self) -> float | None:
        """When to stop, on `Clock.monotonic_s`; `None` when nobody waits."""
        ...

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        """Say how far it is, in any unit; cheap enough to call for every block."""
        ...

    async def checkpoint(self) -> None:
        """Give others a turn; raise `Cancelled` when the work should stop."""
        ...


class DetachedWork:
    """Work that nobody watches: it ends when told to, or when its deadline passes."""

    def __init__(self, *, timeout_s: float | None = None, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._deadline = None if timeout_s is None else self._clock.monotonic_s() + timeout_s
        self._cancelled = False

    @property
    def deadline(self) -> float | None:
        """When to stop, on the clock given."""
        return self._deadline

    def cancel(self) -> None:
        """Make the next checkpoint raise."""
        self._cancelled = True

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        """Tell nobody."""

    async def checkpoint(self) -> None:
        """Raise `Cancelled` after `cancel()` or the deadline."""
        if self._cancelled:
            raise Cancelled("the work was cancelled")
        if self._deadline is not None and self._clock.monotonic_s() >= self._deadline:
            raise Cancelled("the deadline has passed", hint="allow more time")
        import asyncio  # 20 ms that a command with no long work does not pay

        await asyncio.sleep(0)
