"""Workflows as data: read, built, checked, written."""

from sapwood_workflows.spec.builder import WorkflowBuilder
from sapwood_workflows.spec.checking import check, faults
from sapwood_workflows.spec.faults import Fault
from sapwood_workflows.spec.model import Step, Workflow
from sapwood_workflows.spec.reading import parse, read_file, read_workflow, to_json, to_yaml
from sapwood_workflows.spec.schema import workflow_schema

__all__ = [
    "Fault", "Step", "Workflow", "WorkflowBuilder", "check", "faults", "parse", "read_file", "read_workflow",
    "to_json", "to_yaml", "workflow_schema",
]  # fmt: skip
