"""Workflows in a line a step: `d: b c join=any on_failure=continue undo`."""

from typing import Any

from sapwood_workflows.spec.model import Workflow


def flow(*lines: str) -> Workflow:
    """A workflow of steps that only wait a moment."""
    steps: dict[str, Any] = {}
    for line in lines:
        name, _, rest = line.partition(":")
        step: dict[str, Any] = {"task": "note", "with": {"text": name}, "needs": []}
        for word in rest.split():
            key, is_option, value = word.partition("=")
            if word == "undo":
                step["undo"] = {"task": "note", "with": {"text": f"not {name}"}}
            elif is_option:
                step[key] = value
            else:
                step["needs"].append(word)
        steps[name] = step
    return Workflow.model_validate({"name": "drawn", "steps": steps})
