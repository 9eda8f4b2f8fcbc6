"""A workflow built in Python, to the same spec that YAML gives.

    flow = WorkflowBuilder("compare-files", input={"left": "string", "right": "string"})
    left = flow.step("left", profile, path=flow.input.left)
    right = flow.step("right", profile, path=flow.input.right)
    drift = flow.step("drift", compare, left=left.output, right=right.output)
    flow.step("warn", notify, text="they differ", when=drift.output.share > 0.1)
    spec = flow.build()

A path is built by attributes and items; a comparison of one makes a condition. Nothing runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sapwood_shared import Conflict
from sapwood_workflows.spec.expressions import Reference
from sapwood_workflows.spec.model import InputField, InputType, Step, Workflow
from sapwood_workflows.tasks.task import Task

Given = Any
"""A literal, a `Path`, or a list or mapping that holds some."""
_OPTIONS = frozenset(
    "needs join when foreach on_failure undo retry timeout priority description version".split()
)


class Condition:
    """A condition under construction; `&`, `|` and `~` join them, since `and` cannot be overloaded."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __and__(self, other: Condition) -> Condition:
        return Condition(f"({self.text}) and ({other.text})")

    def __or__(self, other: Condition) -> Condition:
        return Condition(f"({self.text}) or ({other.text})")

    def __invert__(self) -> Condition:
        return Condition(f"not ({self.text})")

    def __bool__(self) -> bool:
        raise TypeError(
            "a condition is not known before the run: join them with &, | and ~, not and, or, not"
        )


class Path:
    """Where a value will be found: attributes and items go deeper, comparisons make conditions."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def __getattr__(self, name: str) -> Path:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, part: str | int) -> Path:
        return Path(Reference(self._reference.root, (*self._reference.path, part)))

    def __str__(self) -> str:
        return f"${{{self._reference}}}"

    def _against(self, sign: str, other: Given) -> Condition:
        return Condition(f"{self._reference} {sign} {_literal(other)}")

    def __eq__(self, other: object) -> Condition:  # type: ignore[override] # a comparison is a condition here
        return self._against("==", other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._against("!=", other)

    def __lt__(self, other: Given) -> Condition:
        return self._against("<", other)

    def __le__(self, other: Given) -> Condition:
        return self._against("<=", other)

    def __gt__(self, other: Given) -> Condition:
        return self._against(">", other)

    def __ge__(self, other: Given) -> Condition:
        return self._against(">=", other)

    def is_in(self, *values: Given) -> Condition:
        """Whether it is one of these."""
        return Condition(f"{self._reference} in [{', '.join(_literal(value) for value in values)}]")

    @property
    def holds(self) -> Condition:
        """Whether it is true, or not empty."""
        return Condition(str(self._reference))

    def __hash__(self) -> int:
        return hash(self._reference)

    def __bool__(self) -> bool:
        raise TypeError(f"{self} is not known before the run: write .holds for a condition")

    def __iter__(self) -> Any:
        raise TypeError(f"{self} is not known before the run: give it to foreach")


class StepHandle:
    """A step that was added: its output for those that follow."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def output(self) -> Path:
        """What the step gives."""
        return Path(Reference("steps", (self.name, "output")))

    @property
    def status(self) -> Path:
        """`succeeded`, `failed` or `skipped`."""
        return Path(Reference("steps", (self.name, "status")))

    @property
    def error(self) -> Path:
        """What a step said that failed and was let pass."""
        return Path(Reference("steps", (self.name, "error")))


class WorkflowBuilder:
    """Gathers steps into a workflow."""

    def __init__(
        self,
        name: str,
        *,
        version: int = 1,
        description: str = "",
        input: Mapping[str, str | InputField] | None = None,  # noqa: A002 - what the spec calls it
    ) -> None:
        self._name = name
        self._version = version
        self._description = description
        self._input = {key: _field(value) for key, value in (input or {}).items()}
        self._steps: dict[str, Step] = {}
        self._output: dict[str, Any] = {}

    @property
    def input(self) -> Path:
        """What the run is started with."""
        return Path(Reference("input"))

    @property
    def item(self) -> Path:
        """What a step with `foreach` is done for."""
        return Path(Reference("item"))

    def step(self, name: str, task: Task[Any, Any] | str, /, **given: Given) -> StepHandle:
        """Add a call of a task. What is no option of a step (`when`, `needs` …) is the task's input.

        A field of the input that is called like an option goes into `with_={...}`.
        """
        options = {key: given.pop(key) for key in list(given) if key in _OPTIONS}
        called = task if isinstance(task, str) else task.name
        return self._add(name, {"task": called, "with": {**given.pop("with_", {}), **given}, **options})

    def workflow(self, name: str, workflow: str, /, **given: Given) -> StepHandle:
        """Add another workflow as one step."""
        options = {key: given.pop(key) for key in list(given) if key in _OPTIONS}
        return self._add(name, {"workflow": workflow, "with": {**given.pop("with_", {}), **given}, **options})

    def sleep(self, name: str, span: str | float, **options: Given) -> StepHandle:
        """Add a wait of so long."""
        return self._add(name, {"sleep": span, **options})

    def wait_for_event(
        self, name: str, event: str, *, timeout: str | None = None, **options: Given
    ) -> StepHandle:
        """Add a wait for an event that somebody sends to the run."""
        return self._add(name, {"wait_for_event": {"event": event, "timeout": timeout}, **options})

    def approval(
        self, name: str, message: str, *, timeout: str | None = None, **options: Given
    ) -> StepHandle:
        """Add a wait for somebody's yes."""
        return self._add(name, {"approval": {"message": message, "timeout": timeout}, **options})

    def gives(self, **output: Given) -> None:
        """Say what the run gives."""
        self._output.update({key: _written(value) for key, value in output.items()})

    def build(self) -> Workflow:
        """The spec; `checking.check` says whether it can run."""
        return Workflow.model_validate(
            {
                "name": self._name,
                "version": self._version,
                "description": self._description,
                "input": self._input,
                "steps": self._steps,
                "output": self._output,
            }
        )

    def _add(self, name: str, written: Mapping[str, Any]) -> StepHandle:
        if name in self._steps:
            raise Conflict(f"there are two steps {name!r}", hint="call one of them otherwise")
        self._steps[name] = Step.model_validate({key: _option(key, value) for key, value in written.items()})
        return StepHandle(name)


def _field(value: str | InputField) -> InputField:
    return value if isinstance(value, InputField) else InputField(type=InputType(value))


def _option(key: str, value: Given) -> Any:
    if key == "needs":
        return [each.name if isinstance(each, StepHandle) else each for each in value]
    if key == "when":
        return value.text if isinstance(value, Condition) else str(value)
    return _written(value)


def _written(value: Given) -> Any:
    """The value as the spec writes it."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, StepHandle):
        return str(value.output)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Mapping):
        return {key: _written(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    return value


def _literal(value: Given) -> str:
    if isinstance(value, Path):
        return str(value).removeprefix("${").removesuffix("}")
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return repr(value)
