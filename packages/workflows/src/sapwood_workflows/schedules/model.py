"""When a workflow is run by itself, and what happens when one comes too late or too soon."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from sapwood_shared import InvalidInput
from sapwood_workflows.schedules import cron
from sapwood_workflows.spec.durations import Seconds
from sapwood_workflows.spec.model import Name

SHORTEST_S = 1.0


class CatchUp(StrEnum):
    """What becomes of firings that were missed while nothing ran."""

    NONE = "none"
    """They are let go; the next one is the next."""
    LAST = "last"
    """The latest of them is run, once."""
    ALL = "all"
    """Each of them is run, `catch_up_at_most` of them, the latest ones."""


class Overlap(StrEnum):
    """What happens when it is time again and the run before has not ended."""

    SKIP = "skip"
    QUEUE = "queue"
    """The new run waits for the end of the one before."""
    ALLOW = "allow"
    CANCEL = "cancel"
    """The run before is cancelled, and the new one starts when it has ended."""


class Schedule(BaseModel):
    """One of `cron`, `every` and `at`; instants are in UTC, wall times in `time_zone`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    workflow: Name
    version: int | None = Field(
        default=None, ge=1, description="The newest at the time of firing, by default."
    )
    input: dict[str, Any] = Field(default_factory=dict)

    cron: str | None = Field(
        default=None, description="minute hour day month weekday, or @daily and the like."
    )
    every: Seconds | None = Field(default=None, description="A span of real time, counted from `start`.")
    at: AwareDatetime | None = Field(default=None, description="One instant.")

    time_zone: str = "UTC"
    start: AwareDatetime | None = Field(default=None, description="Nothing fires before it.")
    end: AwareDatetime | None = Field(default=None, description="Nothing fires at it or after.")
    catch_up: CatchUp = CatchUp.LAST
    catch_up_at_most: int = Field(default=100, ge=1, le=10_000)
    overlap: Overlap = Overlap.SKIP
    paused: bool = False
    description: str = ""

    @field_validator("at", "start", "end")
    @classmethod
    def _in_utc(cls, instant: datetime | None) -> datetime | None:
        return instant and instant.astimezone(UTC)

    @model_validator(mode="after")
    def _one_kind(self) -> Schedule:
        given = [name for name in ("cron", "every", "at") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"a schedule has one of cron, every and at; this has {' and '.join(given) or 'none'}"
            )
        if self.every is not None and self.every < SHORTEST_S:
            raise ValueError(f"every {self.every:g} s is too often: give a second or more")
        if self.every is not None and self.start is None:
            raise ValueError("every needs a start to count from")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("the end comes before the start")
        try:
            cron.zone(self.time_zone)
            if self.cron is not None:
                cron.in_words(self.cron)
        except InvalidInput as error:
            raise ValueError(f"{error.message} ({error.hint})") from None
        return self
