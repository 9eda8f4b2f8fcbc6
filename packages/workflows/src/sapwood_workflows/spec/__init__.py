"""Workflows as data: read, built, checked, written."""

from sapwood_workflows.spec.builder import WorkflowBuilder
from sapwood_workflows.spec.checking import check, faults
from sapwood_workflows.spec.faults import Fault, Faults
from sapwood_workflows.spec.model import Step, Workflow
from sapwood_workflows.spec.reading import read_file, read_workflow, to_json, to_yaml
from sapwood_workflows.spec.schema import workflow_schema

__all__ = [
    "Fault", "Faults", "Step", "Workflow", "WorkflowBuilder", "check", "faults", "read_file", "read_workflow",
    "to_json", "to_yaml", "workflow_schema",
]  # fmt: skip
