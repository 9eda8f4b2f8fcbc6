"""The `Work` of a step in a worker's hands."""

from __future__ import annotations

import threading
import types
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sapwood_shared import Cancelled, Clock, WorkspaceId

Tell = Callable[[Mapping[str, float | str | None]], None]


@dataclass(frozen=True, slots=True)
class StepIdentity:
    """Which attempt at which step this is."""

    workspace: WorkspaceId
    run_id: str
    step: str
    item: int
    attempt: int

    @property
    def name(self) -> str:
        """The step, whatever the attempt."""
        item = "" if self.item < 0 else f"[{self.item}]"
        return f"{self.workspace}/{self.run_id}/{self.step}{item}"


class StepWork:
    """Hands progress on, and ends the step at its next checkpoint once it has lost it."""

    def __init__(
        self, *, timeout_s: float, clock: Clock, tell: Tell, identity: StepIdentity | None = None
    ) -> None:
        self._clock, self._tell = clock, tell
        self._until = clock.monotonic_s() + timeout_s
        self._lost = threading.Event()
        self._why = ""
        self.identity = identity

    @property
    def deadline(self) -> float | None:
        """When the step's time is over."""
        return self._until

    @property
    def remaining_s(self) -> float:
        """How much of the step's time is left."""
        return max(0.0, self._until - self._clock.monotonic_s())

    @property
    def is_lost(self) -> bool:
        """Whether the step is somebody else's, or nobody's, by now."""
        return self._lost.is_set()

    def lose(self, why: str) -> None:
        """Make the next checkpoint raise; from any thread."""
        self._why = why
        self._lost.set()

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        """Say how far it is; only the latest is kept."""
        self._tell({"done": done, "total": total, **metrics})

    def checkpoint(self) -> types.CoroutineType[Any, Any, None]:
        """Raise `Cancelled` when the step should stop; awaited, give others a turn.

        It looks when it is called, so that a function in a thread or a process calls it without `await`.
        """
        if self._lost.is_set():
            raise Cancelled(self._why or "the step was cancelled")
        if self._clock.monotonic_s() >= self._until:
            raise Cancelled("the step's time is over", hint="raise its time limit")
        return cast("types.CoroutineType[Any, Any, None]", _turn())


@types.coroutine
def _turn() -> Generator[None]:
    yield
