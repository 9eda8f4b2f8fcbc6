"""Specs from YAML and JSON, and back; what is wrong with their form is said with its line."""

from pathlib import Path

import pytest
from packages.workflows.tests.spec.crawl import CRAWL, TASKS

from sapwood_shared import InvalidInput
from sapwood_workflows.spec import faults, parse, read_file, read_workflow, to_json, to_yaml
from sapwood_workflows.spec.model import MOST_STEPS, OnFailure


def test_a_spec_says_what_it_holds() -> None:
    workflow, source = read_workflow(CRAWL)

    assert faults(workflow, TASKS, source=source) == []
    steps = workflow.steps
    assert [(name, step.kind) for name, step in steps.items()] == [
        ("first", "task"), ("rest", "task"), ("rested", "sleep"), ("paid", "wait_for_event"), ("agreed", "approval"),
        ("told", "task"),
    ]  # fmt: skip
    assert steps["rested"].sleep == 5_400
    assert steps["first"].timeout == 30
    assert steps["rest"].on_failure is OnFailure.CONTINUE
    assert steps["rest"].foreach is not None
    assert steps["rest"].foreach.over == "${steps.first.output.links}"
    assert workflow.input["start"].is_required
    assert not workflow.input["deep"].is_required


@pytest.mark.parametrize("written", [to_yaml, to_json])
def test_a_spec_written_out_reads_back(written: object) -> None:
    workflow, _ = read_workflow(CRAWL)

    again, _ = read_workflow(written(workflow))  # type: ignore[operator]

    assert again == workflow


def test_what_is_written_short_reads_as_what_is_written_long() -> None:
    short, _ = read_workflow(
        "name: a\nsteps:\n  b: {wait_for_event: paid}\n  c: {approval: Sure}\n  d: {task: t, foreach: [1], join: '2'}"
    )

    assert short.steps["b"].wait_for_event is not None
    assert short.steps["b"].wait_for_event.event == "paid"
    assert short.steps["c"].approval is not None
    assert short.steps["c"].approval.message == "Sure"
    assert short.steps["d"].join == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no workflow"),
        ("- a", "holds no workflow"),
        ("name: [", "is no YAML or JSON"),
        ("name: a\nname: b", "the key 'name' occurs twice in line 2"),
        ("name: &a x\nsteps: *a", "an alias is not allowed"),
        ("name: a\nsteps: {}", "steps: Dictionary should have at least 1 item"),
        ("steps:\n  a: {task: t}", "name: Field required"),
        (
            "name: a\nsteps:\n  a:\n    task: t\n    wen: true",
            "line 5, a.wen: Extra inputs are not permitted",
        ),
        ("name: a\nsteps:\n  A b: {task: t}", "line 3"),
        ("name: a\nsteps:\n  a: {task: t, sleep: 5m}", "this has task and sleep"),
        ("name: a\nsteps:\n  a: {}", "this has none"),
        ("name: a\nsteps:\n  a:\n    sleep: soon", "line 4, a.sleep: 'soon' is no span of time"),
        ("name: a\nsteps:\n  a: {sleep: 5m, timeout: 3s}", "'timeout' has no meaning beside 'sleep'"),
        ("name: a\nsteps:\n  a: {approval: x, with: {b: 1}}", "'with' has no meaning beside 'approval'"),
        ("name: a\nsteps:\n  a: {task: t, on_failure: panic}", "Input should be 'fail' or 'continue'"),
        ("name: a\nsteps:\n  a: {task: Te St}", "String should match pattern"),
        ("name: a\nsteps:\n  a: {task: t, retry: {attempts: 0}}", "a.retry.attempts"),
        ("name: a\nversion: 0\nsteps:\n  a: {task: t}", "line 2, version"),
        ("name: a\nsteps:\n  a: " + "[" * 3_000 + "]" * 3_000, "too deep"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_workflow(text)

    assert said in refused.value.message


def test_all_faults_of_form_are_known_at_once() -> None:
    parsed = parse("name: a\nsteps:\n  a: {sleep: x}\n  b: {}")

    assert parsed.workflow is None
    assert [(fault.step, fault.line) for fault in parsed.faults] == [("a", 3), ("b", 4)]
    assert parsed.faults[0].as_dict()["code"] == "form"


def test_a_spec_in_a_file_and_one_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "crawl.yaml"
    file.write_text(CRAWL, encoding="utf-8")

    assert read_file(file)[0].name == "crawl"
    with pytest.raises(InvalidInput, match="there is no file"):
        read_file(tmp_path / "other.yaml")
    file.write_bytes(b"name: \xff")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_file(file)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_file(tmp_path)


def test_a_spec_too_large_to_be_one_is_refused_unread() -> None:
    with pytest.raises(InvalidInput, match="larger than 5 MB"):
        read_workflow("#" * 5_000_001)


def test_ten_thousand_steps_are_one_fault() -> None:
    steps = "\n".join(f"  s{n}: {{task: web.fetch, needs: [s{n - 1}]}}" for n in range(1, 10_000))
    workflow, _ = read_workflow(f"name: long\nsteps:\n  s0: {{task: web.fetch}}\n{steps}")

    found = faults(workflow, TASKS)

    assert [(fault.code, fault.field) for fault in found] == [("too_many_steps", "steps")]
    assert f"{MOST_STEPS:,} are allowed" in found[0].message
