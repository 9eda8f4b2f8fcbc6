"""The published schema takes what reads, and refuses what does not."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from packages.workflows.tests.spec.crawl import CRAWL

from sapwood_workflows.spec import workflow_schema

PUBLISHED = Path(__file__).parents[4] / "docs" / "schemas" / "workflow.json"
VALIDATOR = Draft202012Validator(workflow_schema())


def test_the_schema_that_is_published_is_that_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == workflow_schema()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(workflow_schema())


@pytest.mark.parametrize(
    "spec",
    [
        CRAWL,
        "name: a\nsteps: {b: {wait_for_event: paid}, c: {approval: Sure}, d: {task: t, foreach: [1], join: 2}}",
        "name: a\nsteps: {b: {sleep: 5m}, c: {sleep: 3}, d: {task: t, foreach: '${input.x}', timeout: PT5M}}",
    ],
)
def test_what_reads_is_valid(spec: str) -> None:
    assert list(VALIDATOR.iter_errors(yaml.safe_load(spec))) == []


@pytest.mark.parametrize(
    "spec",
    ["name: a", "name: A b\nsteps: {b: {sleep: 1}}", "name: a\nsteps: {b: {sleep: 1, wen: x}}",
     "name: a\nsteps: {b: {task: t, on_failure: panic}}", "name: a\nsteps: {b: {task: t, needs: x}}"],
)  # fmt: skip
def test_what_does_not_read_is_not(spec: str) -> None:
    assert list(VALIDATOR.iter_errors(yaml.safe_load(spec)))
