"""How often a task is tried, how long it waits in between, and how long it may take."""

from __future__ import annotations

import random
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator


class RunsOn(StrEnum):
    """Where a task's function runs, which decides how it can be stopped."""

    LOOP = "loop"
    """A coroutine on the worker's event loop: cancelled at its next `await`."""
    THREAD = "thread"
    """A function in a thread: sees the end at `work.checkpoint()`, and loses its lease at once."""
    PROCESS = "process"
    """A function in a process of its own: ended by SIGTERM, and two seconds later by SIGKILL."""


class QueueClass(StrEnum):
    """What kind of work a step is; workers choose which kinds they take."""

    INTERACTIVE = "interactive"
    DEFAULT = "default"
    SLOW = "slow"
    MODEL = "model"


class Backoff(BaseModel):
    """Waits that grow by `factor`, each shortened by chance so that many steps do not return at once.

    The n-th wait lies between `(1 - jitter)` and 1 times `min(first_s * factor ** n, most_s)`, evenly
    ("equal" to "full" jitter: Brooker, Exponential Backoff And Jitter, AWS 2015).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_s: float = Field(default=1.0, ge=0, le=86_400, description="The first wait, in seconds.")
    factor: float = Field(default=2.0, ge=1, le=100, description="What each wait is multiplied by.")
    most_s: float = Field(default=300.0, ge=0, le=604_800, description="The longest wait, in seconds.")
    jitter: float = Field(default=0.5, ge=0, le=1, description="The part of a wait that chance may take off.")

    def wait_s(self, failures: int, *, chance: float | None = None) -> float:
        """Seconds to wait after so many failures in a row; `chance` from 0 to 1 replaces the dice."""
        dice = random.random() if chance is None else chance  # noqa: S311 - spreads load, guards nothing
        try:
            longest = min(self.first_s * self.factor ** max(0, failures - 1), self.most_s)
        except OverflowError:
            longest = self.most_s
        return longest * (1 - self.jitter * dice)


class RetryPolicy(BaseModel):
    """How often a step is tried, and after which errors.

    An error is named by its code: those of `SapwoodError` have one (`dependency_failed`); any other
    exception has the name of its class (`TimeoutError`). Without `only`, an error is worth another try if
    it says so itself (`retryable`), or if it is no `SapwoodError` at all; `never` wins over both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempts: int = Field(default=3, ge=1, le=1_000, description="How often the step is tried at most.")
    backoff: Backoff = Backoff()
    only: tuple[str, ...] | None = Field(default=None, description="Codes of the errors worth another try.")
    never: tuple[str, ...] = Field(default=(), description="Codes of errors that end the step at once.")

    @model_validator(mode="after")
    def _agree(self) -> RetryPolicy:
        both = sorted(set(self.only or ()) & set(self.never))
        if both:
            raise ValueError(f"{', '.join(both)}: named in only and in never")
        return self

    def retries(self, code: str, *, retryable: bool, failures: int) -> bool:
        """Whether a step that failed `failures` times, the last time by `code`, is tried again."""
        if failures >= self.attempts or code in self.never:
            return False
        return retryable if self.only is None else code in self.only


ONCE = RetryPolicy(attempts=1)
"""For what must not be tried again."""
