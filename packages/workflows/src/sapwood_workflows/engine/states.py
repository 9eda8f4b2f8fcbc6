"""What may be said of a step and of a run.

waiting ─▶ ready ─▶ running ─▶ succeeded
   │                   ├─────▶ failed
   ├─▶ skipped         └─────▶ cancelled
   └─▶ cancelled
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class StepState(StrEnum):
    """Where a step is."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Its condition was false, or too few of those that it waits for ended well."""
    CANCELLED = "cancelled"
    """The run ended before it."""

    @property
    def has_ended(self) -> bool:
        """Whether it will never change again."""
        return self not in (StepState.WAITING, StepState.READY, StepState.RUNNING)


class RunState(StrEnum):
    """Where a run is."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended: `output` is JSON, `error` what it said when it failed."""

    state: StepState
    output: Any = None
    error: str | None = None

    def as_value(self) -> dict[str, Any]:
        """What `steps.<id>` leads to in references."""
        return {"status": self.state.value, "output": self.output, "error": self.error}


NOT_ENDED = {"status": None, "output": None, "error": None}
"""What a reference to a step finds that has not ended, or never ran: with `join: any` that may be."""
