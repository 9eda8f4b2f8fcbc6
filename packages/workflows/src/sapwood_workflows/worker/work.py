"""The `Work` of a step in a worker's hands."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping

from sapwood_shared import Cancelled, Clock

Tell = Callable[[Mapping[str, float | str | None]], None]


class StepWork:
    """Hands progress on, and ends the step at its next checkpoint once it has lost it."""

    def __init__(self, *, timeout_s: float, clock: Clock, tell: Tell) -> None:
        self._clock, self._tell = clock, tell
        self._until = clock.monotonic_s() + timeout_s
        self._lost = threading.Event()
        self._why = ""

    @property
    def deadline(self) -> float | None:
        """When the step's time is over."""
        return self._until

    def lose(self, why: str) -> None:
        """Make the next checkpoint raise; from any thread."""
        self._why = why
        self._lost.set()

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        """Say how far it is; only the latest is kept."""
        self._tell({"done": done, "total": total, **metrics})

    async def checkpoint(self) -> None:
        """Give others a turn; raise `Cancelled` when the step should stop."""
        if self._lost.is_set():
            raise Cancelled(self._why or "the step was cancelled")
        if self._clock.monotonic_s() >= self._until:
            raise Cancelled("the step's time is over", hint="raise its time limit")
        await asyncio.sleep(0)
