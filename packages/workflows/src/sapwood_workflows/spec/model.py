"""A workflow as data: what a person writes in YAML, a builder makes in Python, a planner plans.

name: compare-files
input:
  left: {type: string}
steps:
  profile:
    task: analyst.profile
    with: {path: "${input.left}"}
  warn:
    task: notify
    needs: [profile]
    when: steps.profile.output.rows > 1000
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from sapwood_workflows.spec.durations import Seconds
from sapwood_workflows.tasks.policy import RetryPolicy
from sapwood_workflows.tasks.task import NAME

StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""What a step is called, so that `steps.<id>` is a path."""
Name = Annotated[str, StringConstraints(pattern=rf"^(?:{NAME.pattern})$", max_length=128)]
MOST_STEPS = 1_000
"""A spec with more of them is refused; a wider run comes of `foreach`, and a deeper one of sub-workflows."""
MOST_ITEMS = 100_000
_KINDS = ("task", "workflow", "sleep", "wait_for_event", "approval")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class InputType(StrEnum):
    """The types of JSON."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ARRAY = "array"
    OBJECT = "object"


class InputField(_Strict):
    """One value that a run is started with."""

    type: InputType = InputType.STRING
    description: str = ""
    default: Any = None
    required: bool | None = Field(
        default=None, description="Whether it must be given; not, where it has a default."
    )
    enum: tuple[Any, ...] = Field(default=(), description="The values allowed; empty for any.")

    @property
    def is_required(self) -> bool:
        """Whether a run cannot start without it."""
        return self.default is None if self.required is None else self.required


class OnFailure(StrEnum):
    """What becomes of a run when one of its steps has failed for good."""

    FAIL = "fail"
    """The run fails: what runs is let end, what waits does not start, and what was done is undone."""
    CONTINUE = "continue"
    """The run goes on: `steps.<id>.output` is null, `steps.<id>.error` says what happened."""


class ForEach(_Strict):
    """One step for each item of a list that is only known when the run comes to it."""

    over: Any = Field(description="A reference to a list, or a list.")
    at_most: int = Field(default=1_000, ge=1, le=MOST_ITEMS, description="More items fail the step.")
    at_once: int | None = Field(
        default=None, ge=1, description="So many run beside each other; all, by default."
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        """`foreach: ${steps.list.output.files}` is short for `foreach: {over: …}`."""
        is_long = isinstance(written, dict) and "over" in written
        return written if is_long else {"over": written}


class Undo(_Strict):
    """The task that takes back what a finished step did."""

    task: Name
    version: int | None = Field(default=None, ge=1)
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")


class WaitForEvent(_Strict):
    """Wait until somebody sends the run an event of this name."""

    event: str = Field(min_length=1, max_length=128)
    timeout: Seconds | None = None
    when: str | None = Field(default=None, description="A condition on `item`, the event's payload.")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        """`wait_for_event: paid` is short for `wait_for_event: {event: paid}`."""
        return {"event": written} if isinstance(written, str) else written


class Approval(_Strict):
    """Wait until somebody says yes; a no fails the step."""

    message: str = Field(min_length=1, description="What is to be decided; may hold references.")
    by: tuple[str, ...] = Field(default=(), description="Who may decide; empty for anyone with the scope.")
    timeout: Seconds | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        return {"message": written} if isinstance(written, str) else written


def _as_join(written: Any) -> Any:
    return int(written) if isinstance(written, str) and written.isdigit() else written


Join = Annotated[Literal["all", "any"] | int, BeforeValidator(_as_join)]
"""How many of the steps that it needs must have ended well before a step starts."""


class Step(_Strict):
    """One node of the graph: a call of a task, another workflow, or a wait."""

    task: Name | None = Field(default=None, description="The task to call.")
    workflow: Name | None = Field(default=None, description="The workflow to run as one step.")
    sleep: Seconds | None = Field(default=None, description="Wait so long, through restarts.")
    wait_for_event: WaitForEvent | None = None
    approval: Approval | None = None

    version: int | None = Field(
        default=None, ge=1, description="Of the task or workflow; the newest, by default."
    )
    with_: dict[str, Any] = Field(
        default_factory=dict, alias="with", description="The input: literals and references."
    )
    needs: tuple[StepId, ...] = Field(
        default=(), description="Steps that come before; those referred to do anyway."
    )
    join: Join = Field(default="all", description="all, any, or how many of them.")
    when: str | None = Field(default=None, description="A condition; where it is false, the step is skipped.")
    foreach: ForEach | None = None
    on_failure: OnFailure = OnFailure.FAIL
    undo: Undo | None = None
    retry: RetryPolicy | None = Field(default=None, description="Instead of the task's own policy.")
    timeout: Seconds | None = Field(default=None, description="Instead of the task's own limit.")
    priority: int = Field(default=0, ge=-100, le=100, description="Higher runs first, within a workspace.")
    description: str = ""

    @property
    def kind(self) -> str:
        """Which of the kinds of step it is."""
        return next(kind for kind in _KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> Step:
        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            said = " and ".join(given) or "none"
            raise ValueError(f"a step is one of {', '.join(_KINDS)}; this has {said}")
        waits = self.kind in ("sleep", "wait_for_event", "approval")
        for field in ("with_", "version", "foreach", "undo", "retry", "timeout"):
            if waits and getattr(self, field):
                raise ValueError(f"{field.rstrip('_')!r} has no meaning beside {self.kind!r}")
        return self


class Workflow(_Strict):
    """Steps and how they hang together; checked by `checking.faults` before anything runs."""

    name: Name
    version: int = Field(
        default=1, ge=1, description="Raise it with each change: a run keeps the one it began with."
    )
    description: str = ""
    category: str = Field(default="", max_length=64)
    input: dict[StepId, InputField] = Field(default_factory=dict)
    steps: dict[StepId, Step] = Field(min_length=1)
    output: dict[str, Any] = Field(
        default_factory=dict, description="What the run gives: references into its steps."
    )
    timeout: Seconds | None = Field(default=None, description="After so long the run is cancelled.")
