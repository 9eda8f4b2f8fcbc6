"""A task: a typed function that a step of a workflow calls, with all that an engine must know of it.

@task(runs="loop", timeout_s=60)
async def fetch(workspace: WorkspaceId, page: Page, work: Work) -> Text: ...
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from sapwood_shared import InvalidInput, Work, WorkspaceId
from sapwood_workflows.tasks.policy import QueueClass, RetryPolicy, RunsOn

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)

NAME = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*")
"""What a task or a workflow may be called: `analyst.profile`, `compare-files`."""
LONGEST_S = 7 * 86_400.0
_PARAMETERS = 3

TaskFunction = Callable[[WorkspaceId, Any, Work], Awaitable[Any]] | Callable[[WorkspaceId, Any, Work], Any]
KeyOf = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """What an engine must know of a task beside its function."""

    runs: RunsOn = RunsOn.LOOP
    version: int = 1
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    timeout_s: float = 300.0
    """After so long the step is taken back, whatever its worker says; every task has an end."""
    queue: QueueClass = QueueClass.DEFAULT
    concurrency_key: KeyOf | None = None
    """Steps with the same key share `concurrency` places, in their workspace."""
    concurrency: int = 1
    idempotency_key: KeyOf | None = None
    """Two steps of a workspace with the same key are one: the second takes the output of the first."""
    cost_hint: float | None = None
    """About how many seconds of a core it takes; what a scheduler may know, and nothing promises."""


@dataclass(frozen=True)
class Task(Generic[In, Out]):
    """A named, versioned function from one model to another. Call it as the function that it was."""

    name: str
    function: TaskFunction
    takes: type[In]
    gives: type[Out]
    options: TaskOptions

    @property
    def version(self) -> int:
        """Raised when the same input may give another output, or the input another form."""
        return self.options.version

    @property
    def summary(self) -> str:
        """The first line of what the function says of itself."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def __call__(self, workspace: WorkspaceId, given: In, work: Work, /) -> Any:
        """Call the function: `await` it if the task runs on the loop."""
        return self.function(workspace, given, work)


def task(
    name: str | None = None,
    *,
    runs: str = "loop",
    options: TaskOptions | None = None,
    **more: Any,
) -> Callable[[TaskFunction], Task[Any, Any]]:
    """Make a task of a function `(workspace, input, work) -> output`, input and output pydantic models.

    `more` are fields of `TaskOptions`. `InvalidInput` for a function of another form: an engine that found
    it out later would have lost a run by then.
    """

    def made(function: TaskFunction) -> Task[Any, Any]:
        chosen = name or getattr(function, "__name__", "")
        given = options or TaskOptions(runs=_runs(chosen, runs), **more)
        _check_options(chosen, given)
        takes, gives = _models(chosen, function)
        _check_colour(chosen, function, given.runs)
        return Task(chosen, function, takes, gives, given)

    return made


def _runs(name: str, runs: str) -> RunsOn:
    try:
        return RunsOn(runs)
    except ValueError:
        known = ", ".join(RunsOn)
        raise InvalidInput(f"the task {name!r} runs on {runs!r}", hint=f"choose one of {known}") from None


def _check_options(name: str, options: TaskOptions) -> None:
    if not NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} is no name of a task", hint="use small letters, digits and _, with dots between parts"
        )
    if options.version < 1:
        raise InvalidInput(f"the task {name!r} has version {options.version}", hint="versions count from 1")
    if not 0 < options.timeout_s <= LONGEST_S:
        raise InvalidInput(
            f"the task {name!r} has a time limit of {options.timeout_s} s",
            hint="give more than 0 s, a week at most",
        )
    if options.concurrency < 1:
        raise InvalidInput(f"the task {name!r} has {options.concurrency} places", hint="give 1 or more")


def _models(name: str, function: TaskFunction) -> tuple[type[BaseModel], type[BaseModel]]:
    """The models that the function takes and gives."""
    parameters = [
        p for p in inspect.signature(function).parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]  # fmt: skip
    form = "write it as (workspace: WorkspaceId, input: YourModel, work: Work) -> YourOutput"
    if len(parameters) != _PARAMETERS:
        raise InvalidInput(f"the task {name!r} takes {len(parameters)} parameters, not three", hint=form)
    try:
        hints = typing.get_type_hints(inspect.unwrap(function))
    except NameError as error:
        raise InvalidInput(f"the types of the task {name!r} cannot be read: {error}", hint=form) from error
    takes, gives = hints.get(parameters[1].name), hints.get("return")
    for what, model in (("input", takes), ("output", gives)):
        if not (inspect.isclass(model) and issubclass(model, BaseModel)):
            raise InvalidInput(f"the {what} of the task {name!r} is {model}, no pydantic model", hint=form)
    return typing.cast("type[BaseModel]", takes), typing.cast("type[BaseModel]", gives)


def _check_colour(name: str, function: TaskFunction, runs: RunsOn) -> None:
    """A coroutine runs on the loop; what blocks would stop every other step of the worker there."""
    is_async = inspect.iscoroutinefunction(inspect.unwrap(function))
    if is_async != (runs is RunsOn.LOOP):
        said = "async" if is_async else "not async"
        raise InvalidInput(
            f"the task {name!r} runs on a {runs} and is {said}",
            hint="async functions run on the loop, others in a thread or a process",
        )
