"""The input of a run: checked against what its workflow takes, with defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sapwood_workflows.spec.faults import Fault, refusal
from sapwood_workflows.spec.model import InputType, Workflow
from sapwood_workflows.spec.types import of_input


def run_input(workflow: Workflow, given: Mapping[str, Any]) -> dict[str, Any]:
    """All of the workflow's input; `InvalidInput` for what is missing, unknown, or of another type."""
    found: list[Fault] = []
    filled: dict[str, Any] = {}
    for name in given:
        if name not in workflow.input:
            takes = ", ".join(workflow.input) or "nothing"
            found.append(
                Fault("unknown_input", f"{workflow.name} takes no {name!r}", hint=f"it takes {takes}")
            )
    for name, field in workflow.input.items():
        if name not in given:
            if field.is_required:
                found.append(Fault("missing_input", f"{workflow.name} needs {name!r}", hint=f"give {name}=…"))
            filled[name] = field.default
            continue
        value = given[name]
        try:
            strict = field.type not in (InputType.NUMBER, InputType.ARRAY)
            filled[name] = TypeAdapter(of_input(field)).validate_python(value, strict=strict)
        except ValidationError:
            found.append(Fault("wrong_input", f"{name}: {value!r} is no {field.type}"))
            continue
        if field.enum and filled[name] not in field.enum:
            allowed = ", ".join(repr(each) for each in field.enum)
            found.append(Fault("wrong_input", f"{name}: {value!r} is none of {allowed}"))
    if found:
        raise refusal(f"the input of {workflow.name}", found)
    return filled


def written_input(workflow: Workflow, pairs: Mapping[str, str]) -> dict[str, Any]:
    """Values that were typed (`deep=2`), as the types that the workflow takes; others stay text."""
    found: dict[str, Any] = {}
    for name, text in pairs.items():
        field = workflow.input.get(name)
        found[name] = text
        if field is not None and field.type is not InputType.STRING:
            try:
                found[name] = TypeAdapter(of_input(field)).validate_json(text)
            except ValidationError:
                continue  # `run_input` says what is wrong with it
    return found
