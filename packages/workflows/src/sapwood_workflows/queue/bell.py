"""Wakes whoever waits for work in this process; what is missed is found by looking."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from sapwood_workflows.queue.port import WakeUps


class Bell:
    """Rung when something became ready or ended. It carries nothing: whoever hears it looks."""

    def __init__(self, others: WakeUps | None = None) -> None:
        self.others = others
        """Where other processes hear of it."""
        self._waiting: set[asyncio.Event] = set()

    def ring(self, steps: Mapping[str, int] | None = None) -> None:
        """Wake all who wait, and other processes where steps became ready: how many, by queue class."""
        for event in self._waiting:
            event.set()
        if steps and self.others is not None:
            self.others.send(steps)

    async def wait(self, most_s: float) -> None:
        """Return when it rings, and after `most_s` at the latest."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            # Not `wait_for`: before Python 3.12 it forgets a cancellation if the bell rings just then.
            with suppress(TimeoutError):
                async with asyncio.timeout(most_s):
                    await event.wait()
        finally:
            self._waiting.discard(event)
