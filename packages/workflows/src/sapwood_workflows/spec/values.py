"""What the references of a spec may lead to, and of what kind it is: the input, steps, the item, the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from sapwood_shared import NotFound
from sapwood_workflows.spec.expressions import Reference
from sapwood_workflows.spec.model import Step, Workflow
from sapwood_workflows.spec.types import ANYTHING, NoSuchPart, of_input, part_of
from sapwood_workflows.tasks.registry import Tasks


class Decision(BaseModel):
    """What a step that waits for an approval gives."""

    approved: bool
    by: str
    comment: str = ""
    at: datetime


class RunFacts(BaseModel):
    """What a step may know of its run."""

    id: str
    workspace: str
    workflow: str
    version: int
    started_at: datetime
    scheduled_at: datetime | None = None
    """For when a schedule wanted it; none where a person started it."""


_OF_STEPS: dict[str, Any] = {
    "status": Literal["succeeded", "failed", "skipped"],
    "error": str | None,
}
"""What a step has beside its output."""


@dataclass
class Known:
    """The kinds of all values of one workflow; `NoSuchPart` says why a reference leads nowhere."""

    workflow: Workflow
    tasks: Tasks
    _outputs: dict[str, Any] = field(default_factory=dict[str, Any])

    def of(self, reference: Reference, *, item: Any = None) -> Any:
        """The annotation of what a reference leads to; `item` is that of the item a step is done for."""
        match reference.root:
            case "input":
                return self._of_input(reference)
            case "steps":
                return self._of_step(reference)
            case "run":
                return _walk(RunFacts, reference.path)
            case _ if item is None:
                raise NoSuchPart(f"{reference.root!r} means something only where a step has foreach")
            case "index":
                return _walk(int, reference.path)
            case _:
                return _walk(item, reference.path)

    def output(self, name: str) -> Any:
        """The annotation of a step's output."""
        if name not in self._outputs:
            self._outputs[name] = self._output(self.workflow.steps[name])
        return self._outputs[name]

    def _output(self, step: Step) -> Any:
        one: Any = ANYTHING
        if step.task is not None:
            try:
                one = self.tasks.get(step.task, step.version).gives
            except NotFound:
                one = ANYTHING
        elif step.approval is not None:
            one = Decision
        elif step.sleep is not None:
            one = type(None)
        return list[one] if step.foreach is not None else one

    def _of_input(self, reference: Reference) -> Any:
        if not reference.path:
            return dict[str, Any]
        name, *rest = reference.path
        if name not in self.workflow.input:
            known = ", ".join(self.workflow.input) or "nothing"
            raise NoSuchPart(f"the workflow has no input {name!r}: it takes {known}")
        return _walk(of_input(self.workflow.input[str(name)]), tuple(rest))

    def _of_step(self, reference: Reference) -> Any:
        if not reference.path:
            raise NoSuchPart("write steps.<step>.output")
        name, *rest = reference.path
        if name not in self.workflow.steps:
            raise NoSuchPart(f"there is no step {name!r}")
        if not rest:
            raise NoSuchPart(f"write steps.{name}.output")
        what, *inner = rest
        if what == "output":
            return _walk(self.output(str(name)), tuple(inner))
        if what in _OF_STEPS:
            return _walk(_OF_STEPS[str(what)], tuple(inner))
        raise NoSuchPart(f"a step has output, {' and '.join(_OF_STEPS)}, no {what!r}")


def _walk(annotation: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        annotation = part_of(annotation, part)
    return annotation
