"""Waiting for what runs beside the event loop, with an eye on whether the work was told to stop."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from sapwood_shared.work import Work

_CHECK_S: Final = 0.1  # between two looks at whether the work should stop

_T = TypeVar("_T")


class Watch:
    """Waits for what runs beside the event loop, and ends all of it when the work is told to stop."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._stop = threading.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, job: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Start `job`; its failure ends every wait."""
        task = asyncio.create_task(job)
        self._tasks.add(task)
        return task

    def thread(self, function: Callable[..., _T], *arguments: Any) -> asyncio.Task[_T]:
        """Start `function` in a thread, with something to ask whether it should stop as its last argument."""
        return self.start(asyncio.to_thread(function, *arguments, self._stop.is_set))

    async def until(self, task: asyncio.Task[_T]) -> _T:
        """Return what `task` gives."""
        while not task.done():
            await asyncio.wait(self._tasks, timeout=_CHECK_S, return_when=asyncio.FIRST_COMPLETED)
            for other in [one for one in self._tasks if one.done()]:
                self._tasks.discard(other)
                other.result()
            await self._work.checkpoint()
        self._tasks.discard(task)
        return task.result()

    async def end(self) -> None:
        """Stop what still runs and wait for it."""
        self._stop.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
