"""What a subscriber holds, and who subscribed in this process."""

import asyncio
from collections.abc import Callable
from typing import Self

from sapwood_shared.ids import WorkspaceId

Place = tuple[WorkspaceId, str]
"""A workspace and a topic in it."""


class Wakes:
    """An async iterator of wake-ups, until it is closed; also a context that closes it.

    However many hints come while nobody waits, the next look is one: it holds a single bit. Giving up to
    wait, as `asyncio.timeout` does, loses nothing.
    """

    def __init__(self, leave: Callable[["Wakes"], None]) -> None:
        self._leave = leave
        self._due = asyncio.Event()
        self._closed = False

    def wake(self) -> None:
        """Make the next wait end at once."""
        self._due.set()

    def close(self) -> None:
        """Leave; whoever waits here is at the end."""
        if not self._closed:
            self._closed = True
            self._leave(self)
            self._due.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> None:
        await self._due.wait()
        if self._closed:
            raise StopAsyncIteration
        self._due.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Subscribers:
    """Those of this process, by place; `on_change` is told a place that got its first or lost its last."""

    def __init__(self, *, on_change: Callable[[Place], None] = lambda _: None) -> None:
        self._on_change = on_change
        self._here: dict[Place, set[Wakes]] = {}

    def join(self, place: Place) -> Wakes:
        """Return one more subscription."""

        def leave(wakes: Wakes) -> None:
            here = self._here[place]
            here.discard(wakes)
            if not here:
                del self._here[place]
                self._on_change(place)

        wakes = Wakes(leave)
        here = self._here.setdefault(place, set())
        here.add(wakes)
        if len(here) == 1:
            self._on_change(place)
        return wakes

    def wake(self, place: Place) -> None:
        """Wake those at a place."""
        for wakes in self._here.get(place, ()):
            wakes.wake()

    def at(self, place: Place) -> int:
        """How many wait at a place."""
        return len(self._here.get(place, ()))

    def close(self) -> None:
        """Close all subscriptions."""
        for wakes in [wakes for here in self._here.values() for wakes in here]:
            wakes.close()
