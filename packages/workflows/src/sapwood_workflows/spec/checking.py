"""Whether a workflow can run: everything that is sure to be wrong with it, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sapwood_shared import NotFound
from sapwood_workflows.spec import graph
from sapwood_workflows.spec.expressions import (
    Reference,
    Unreadable,
    expression,
    references_in,
    whole_reference,
)
from sapwood_workflows.spec.faults import Fault, refusal
from sapwood_workflows.spec.model import MOST_STEPS, InputField, Step, Undo, Workflow
from sapwood_workflows.spec.reading import Source
from sapwood_workflows.spec.types import ANYTHING, NoSuchPart, fits, item_of, name_of, of_input
from sapwood_workflows.spec.values import Known
from sapwood_workflows.tasks.registry import Tasks

_SHOWN_OF_A_RING = 8


def faults(
    workflow: Workflow,
    tasks: Tasks,
    workflows: Mapping[str, Workflow] | None = None,
    source: Source | None = None,
) -> list[Fault]:
    """All that is wrong with the workflow, in the order of its steps; nothing, when it can run.

    `workflows` are those that its steps may run, by name; `source` tells the lines.
    """
    found = list(_Checker(workflow, tasks, workflows or {}).faults())
    if source is None:
        return found
    return [each.in_line(source.line(_path(each))) for each in found]


def check(workflow: Workflow, tasks: Tasks, workflows: Mapping[str, Workflow] | None = None) -> None:
    """Raise `InvalidInput` unless the workflow can run."""
    if found := faults(workflow, tasks, workflows):
        raise refusal(workflow.name, found)


def _path(fault: Fault) -> tuple[str, ...]:
    inner = tuple(fault.field.split(".")) if fault.field else ()
    return ("steps", fault.step, *inner) if fault.step else inner


class _Checker:
    def __init__(self, workflow: Workflow, tasks: Tasks, workflows: Mapping[str, Workflow]) -> None:
        self.workflow = workflow
        self.tasks = tasks
        self.workflows = workflows
        self.known = Known(workflow, tasks)

    def faults(self) -> Iterator[Fault]:
        if len(self.workflow.steps) > MOST_STEPS:
            yield Fault(
                "too_many_steps", f"{len(self.workflow.steps):,} steps, and {MOST_STEPS:,} are allowed",
                field="steps", hint="use foreach for many alike, and sub-workflows for parts",
            )  # fmt: skip
            return
        for name, field in self.workflow.input.items():
            yield from _input_faults(name, field)
        for name, step in self.workflow.steps.items():
            yield from self._of_step(name, step)
        if ring := graph.cycle(graph.dependencies(self.workflow)):
            shown = [*ring[:_SHOWN_OF_A_RING], "…"] if len(ring) > _SHOWN_OF_A_RING else ring
            yield Fault(
                "cycle", f"these wait for each other: {' ▸ '.join(reversed(shown))}", step=ring[0],
                field="needs", hint="take one of these steps out of the ring",
            )  # fmt: skip
        if ring := graph.nests_in_itself(self.workflow, self.workflows):
            yield Fault(
                "endless", f"it runs itself: {' ▸ '.join(reversed(ring))}", field="steps",
                hint="take that step out: a run of it would have no end",
            )  # fmt: skip
        yield from self._references("output", self.workflow.output, None, None)

    def _of_step(self, name: str, step: Step) -> Iterator[Fault]:
        yield from self._needs(name, step)
        item = yield from self._foreach(name, step)
        if step.task is not None:
            yield from self._call(name, step.task, step.version, step.with_, "with", item)
        elif step.workflow is not None:
            yield from self._sub_workflow(name, step, item)
        if step.approval is not None:
            yield from self._references("approval.message", step.approval.message, name, item)
        if step.when is not None:
            yield from self._condition("when", step.when, name, item)
        if step.wait_for_event is not None and step.wait_for_event.when is not None:
            yield from self._condition("wait_for_event.when", step.wait_for_event.when, name, ANYTHING)
        if step.undo is not None:
            yield from self._undo(name, step.undo, item)

    def _needs(self, name: str, step: Step) -> Iterator[Fault]:
        for needed in step.needs:
            if needed not in self.workflow.steps:
                yield Fault("unknown_step", f"there is no step {needed!r}", step=name, field="needs")
        before = graph.dependencies_of(step, self.workflow)
        if isinstance(step.join, int) and not 1 <= step.join <= max(1, len(before)):
            many = f"it waits for {len(before)}" if before else "it waits for none"
            yield Fault("impossible_join", f"it wants {step.join} steps, and {many}", step=name, field="join")

    def _foreach(self, name: str, step: Step) -> Iterator[Fault]:
        """The kind of each item, beside the faults; generators give it back."""
        if step.foreach is None:
            return None
        yield from self._references("foreach.over", step.foreach.over, name, None)
        try:
            whole = whole_reference(step.foreach.over)
            if whole is not None:
                return item_of(self.known.of(whole))
        except Unreadable:
            return ANYTHING
        except NoSuchPart as problem:
            if "no list" in str(problem):
                yield Fault(
                    "no_list", f"{step.foreach.over} is no list: {problem}", step=name, field="foreach.over"
                )
            return ANYTHING
        if not isinstance(step.foreach.over, list | tuple):
            yield Fault(
                "no_list", f"{step.foreach.over!r} is no list", step=name, field="foreach.over",
                hint="give a list, or a reference to one such as ${steps.list.output.files}",
            )  # fmt: skip
        elif len(step.foreach.over) > step.foreach.at_most:
            many = f"{len(step.foreach.over)} items, and {step.foreach.at_most} are allowed"
            yield Fault("too_many_items", many, step=name, field="foreach.at_most")
        return ANYTHING

    def _call(
        self, step: str, task: str, version: int | None, given: Mapping[str, Any], field: str, item: Any
    ) -> Iterator[Fault]:
        """A task is known, and its input has the fields and the kinds that it takes."""
        yield from self._references(field, given, step, item)
        try:
            takes = self.tasks.get(task, version).takes
        except NotFound as error:
            code = "unknown_version" if task in self.tasks else "unknown_task"
            place = field.removesuffix("with") + ("version" if code == "unknown_version" else "task")
            yield Fault(code, error.message, step=step, field=place, hint=error.hint)
            return
        yield from self._fields(step, takes, given, field, item)

    def _fields(
        self, step: str, takes: type[BaseModel], given: Mapping[str, Any], field: str, item: Any
    ) -> Iterator[Fault]:
        wanted = {
            info.validation_alias or info.alias or name: info for name, info in takes.model_fields.items()
        }
        by_name = takes.model_config.get("populate_by_name") or takes.model_config.get("validate_by_name")
        names = {**wanted, **(takes.model_fields if by_name else {})}
        for name, value in given.items():
            info = names.get(name)
            if info is not None:
                yield from self._value(step, f"{field}.{name}", info, value, item)
            elif takes.model_config.get("extra") != "allow":
                takes_these = ", ".join(str(each) for each in wanted) or "nothing"
                yield Fault(
                    "unknown_field", f"{takes.__name__} has no {name!r}", step=step, field=f"{field}.{name}",
                    hint=f"it has {takes_these}",
                )  # fmt: skip
        for alias, info in wanted.items():
            own = next(name for name, other in takes.model_fields.items() if other is info)
            if info.is_required() and alias not in given and not (by_name and own in given):
                yield Fault(
                    "missing_field", f"{takes.__name__} needs {alias!r}", step=step, field=f"{field}.{alias}"
                )

    def _value(self, step: str, field: str, info: FieldInfo, value: Any, item: Any) -> Iterator[Fault]:
        """One value: a literal is validated, a reference must be of a kind that fits."""
        try:
            held = list(references_in(value))
            whole = whole_reference(value)
        except Unreadable:
            return  # said already
        if not held:
            yield from _literal_faults(step, field, info, value)
        elif whole is not None:
            try:
                kind = self.known.of(whole, item=item)
            except NoSuchPart:
                return  # said already
            if not fits(kind, info.annotation):
                said = f"{value} is {name_of(kind)}, and {name_of(info.annotation)} is needed"
                yield Fault("wrong_type", said, step=step, field=field)
        elif isinstance(value, str) and not fits(str, info.annotation):
            said = f"{value!r} is a text, and {name_of(info.annotation)} is needed"
            yield Fault("wrong_type", said, step=step, field=field)

    def _sub_workflow(self, name: str, step: Step, item: Any) -> Iterator[Fault]:
        yield from self._references("with", step.with_, name, item)
        other = self.workflows.get(step.workflow or "")
        if other is None:
            known = ", ".join(sorted(self.workflows)) or "none"
            yield Fault(
                "unknown_workflow", f"no workflow is called {step.workflow!r}", step=name, field="workflow",
                hint=f"known are: {known}",
            )  # fmt: skip
            return
        for field in step.with_:
            if field not in other.input:
                said = f"the workflow {other.name!r} has no input {field!r}"
                yield Fault("unknown_field", said, step=name, field=f"with.{field}")
        for field, wanted in other.input.items():
            if wanted.is_required and field not in step.with_:
                said = f"the workflow {other.name!r} needs {field!r}"
                yield Fault("missing_field", said, step=name, field=f"with.{field}")

    def _undo(self, name: str, undo: Undo, item: Any) -> Iterator[Fault]:
        yield from self._call(name, undo.task, undo.version, undo.with_, "undo.with", item)

    def _condition(self, field: str, text: str, step: str, item: Any) -> Iterator[Fault]:
        try:
            read = expression(text)
        except Unreadable as error:
            yield Fault("unreadable", str(error), step=step, field=field)
            return
        for each in read.references:
            yield from self._reference(field, each, step, item)

    def _references(self, field: str, value: object, step: str | None, item: Any) -> Iterator[Fault]:
        try:
            for each in references_in(value):
                yield from self._reference(field, each, step, item)
        except Unreadable as error:
            yield Fault("unreadable", str(error), step=step, field=field)

    def _reference(self, field: str, reference: Reference, step: str | None, item: Any) -> Iterator[Fault]:
        try:
            self.known.of(reference, item=item)
        except NoSuchPart as problem:
            yield Fault("bad_reference", f"{reference}: {problem}", step=step, field=field)


def _literal_faults(step: str, field: str, info: FieldInfo, value: Any) -> Iterator[Fault]:
    try:
        _adapter(info).validate_python(value)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            inner = ".".join([field, *(str(part) for part in problem["loc"])])
            yield Fault("wrong_value", problem["msg"], step=step, field=inner)


def _adapter(info: FieldInfo) -> TypeAdapter[Any]:
    kind: Any = info.annotation
    return TypeAdapter(Annotated[(kind, *info.metadata)] if info.metadata else kind)  # type: ignore[valid-type]


def _input_faults(name: str, field: InputField) -> Iterator[Fault]:
    kind = TypeAdapter(of_input(field))
    for where, values in (
        ("default", [] if field.default is None else [field.default]),
        ("enum", field.enum),
    ):
        for value in values:
            try:
                kind.validate_python(value, strict=field.type != "number")
            except ValidationError:
                said = f"{value!r} is no {field.type}"
                yield Fault("wrong_value", said, field=f"input.{name}.{where}")
    if field.enum and field.default is not None and field.default not in field.enum:
        yield Fault("wrong_value", f"{field.default!r} is none of its values", field=f"input.{name}.default")
