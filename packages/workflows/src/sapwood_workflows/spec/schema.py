"""The JSON Schema of a spec, for editors and for whoever writes one by machine."""

from __future__ import annotations

from typing import Any

from sapwood_workflows.spec.model import Workflow


def workflow_schema() -> dict[str, Any]:
    """The schema of a workflow as YAML or JSON (draft 2020-12)."""
    schema = Workflow.model_json_schema(by_alias=True, mode="validation")
    # What a person may write short stands for a mapping.
    definitions = schema["$defs"]
    definitions["ForEach"] = {"anyOf": [definitions["ForEach"], {"type": "string"}, {"type": "array"}]}
    for short in ("WaitForEvent", "Approval"):
        definitions[short] = {"anyOf": [definitions[short], {"type": "string"}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sapwood workflow",
        **{key: value for key, value in schema.items() if key != "title"},
    }
