"""`sapwood run`, `workflow`, `runs` and `schedule`, typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from apps.cli.tests.workflows.conftest import FLIGHTS, ROOT, Sapwood

ASKED = f"""
name: asked
description: Ask and wait.
input: {{question: {{default: how many flights}}, hours: {{type: integer, default: 2}}}}
steps:
  ask: {{task: analyst.ask, with: {{file: {FLIGHTS}, question: "${{input.question}}"}}}}
  ok: {{approval: "Is it ${{steps.ask.output.value}}?", needs: [ask]}}
output: {{n: "${{steps.ask.output.value}}", by: "${{steps.ok.output.by}}"}}
"""
SIMPLE = f"""
name: simple
input: {{question: {{default: how many flights}}}}
steps:
  ask: {{task: analyst.ask, with: {{file: {FLIGHTS}, question: "${{input.question}}"}}}}
output: {{n: "${{steps.ask.output.value}}"}}
"""


@pytest.fixture
def simple(tmp_path: Path) -> str:
    (tmp_path / "simple.yaml").write_text(SIMPLE)
    return "simple.yaml"


def test_a_run_gives_its_output_and_can_be_looked_at_afterwards(sapwood: Sapwood, simple: str) -> None:
    run = sapwood("run", simple, "--json")
    shown = sapwood("runs", "show", "last", "--json").json
    told = sapwood("runs", "show", "last").out
    listed = sapwood("runs", "list").out

    assert (run.code, run.json["output"]) == (0, {"n": 6099})
    assert "ask succeeded" in run.err
    assert (shown["id"], shown["steps"][0]["name"]) == (run.json["run"], "ask")
    assert "✓ ask  succeeded" in told
    assert run.json["run"] in listed


def test_the_same_key_starts_no_second_run(sapwood: Sapwood, simple: str) -> None:
    first = sapwood("run", simple, "--key", "monday", "--json").json["run"]
    again = sapwood("run", simple, "--key", "monday", "--json").json["run"]

    assert first == again
    assert len(sapwood("runs", "list", "--json").json["runs"]) == 1


def test_a_run_that_fails_says_where_and_why(sapwood: Sapwood, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(SIMPLE.replace(str(FLIGHTS), "nowhere.csv"))

    run = sapwood("run", "bad.yaml")

    assert run.code == 1
    assert "failed in ask" in run.err
    assert "nowhere.csv" in run.err


@pytest.mark.parametrize(
    ("spec", "given", "said"),
    [
        ("gone.yaml", [], "there is no file gone.yaml"),
        ("gone", [], "no workflow gone is kept"),
        ("simple.yaml", ["--input", "question"], "has no ="),
        ("simple.yaml", ["--input", "colour=red"], "takes no 'colour'"),
        ("wrong.yaml", [], "line 4, ask.task: no task is called 'analyst.aks'"),
    ],
)
def test_bad_input_is_told_before_anything_runs(
    sapwood: Sapwood, simple: str, tmp_path: Path, spec: str, given: list[str], said: str
) -> None:
    (tmp_path / "wrong.yaml").write_text("name: wrong\nsteps:\n  ask:\n    task: analyst.aks\n")

    run = sapwood("run", spec, *given)

    assert run.code == 2
    assert said in run.err
    assert sapwood("runs", "list").out == "no runs\n"


def test_what_is_left_to_workers_can_be_decided_cancelled_paused_and_forked(
    sapwood: Sapwood, tmp_path: Path
) -> None:
    (tmp_path / "asked.yaml").write_text(ASKED)
    run = sapwood("run", "asked.yaml", "--detach", "--json").json["run"]

    assert sapwood("runs", "pause", run).out == f"{run} rests\n"
    assert "paused" in sapwood("runs", "show", run).out
    assert sapwood("runs", "resume", "last").out == f"{run} goes on\n"
    assert sapwood("runs", "approve", run).code == 2  # nothing waits yet
    assert sapwood("runs", "event", run, "paid", "--payload", "{]").code == 2
    assert sapwood("runs", "event", run, "paid", "--payload", '{"n": 1}').code == 0
    assert sapwood("runs", "retry", run).code == 2  # it has not failed
    forked = sapwood("runs", "fork", run, "--from", "ask", "--input", "hours=5")
    assert sapwood("runs", "show", forked.out.split()[0], "--json").json["input"]["hours"] == 5
    assert sapwood("runs", "cancel", run, "--reason", "no more").code == 0
    assert sapwood("runs", "watch", run).code == 1
    assert sapwood("runs", "show", "nobody").code == 2


def test_failed_runs_of_a_workflow_are_tried_again_together(sapwood: Sapwood, tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(SIMPLE.replace(str(FLIGHTS), "late.csv").replace("simple", "late"))
    assert sapwood("run", "late.yaml").code == 1
    assert sapwood("run", "late.yaml").code == 1
    (tmp_path / "late.csv").write_text("flight\n1\n2\n")

    told = sapwood("runs", "retry", "--all", "late")

    assert told.code == 0
    assert told.out.count("goes on") == 2
    assert sapwood("runs", "retry", "--all", "late").out == "nothing has failed\n"


def test_workflows_are_validated_shown_kept_and_run_by_name(
    sapwood: Sapwood, simple: str, tmp_path: Path
) -> None:
    (tmp_path / "outer.yaml").write_text(
        "name: outer\nsteps:\n  inner: {workflow: simple}\noutput: {n: '${steps.inner.output.n}'}\n"
    )

    assert (
        sapwood("workflow", "validate", "outer.yaml", simple).out
        == "outer.yaml: can run\nsimple.yaml: can run\n"
    )
    assert "ask: analyst.ask" in sapwood("workflow", "show", simple).out
    assert sapwood("workflow", "save", "outer.yaml").out == "kept: outer@1, simple@1\n"
    (tmp_path / "simple.yaml").write_text(SIMPLE.replace("how many flights", "average dep_delay"))
    assert sapwood("workflow", "save", simple).code == 2
    assert sapwood("run", "outer", "--json").json["output"] == {"n": 6099}
    kept = sapwood("workflow", "list", "--json").json
    assert [each["name"] for each in kept["kept"]] == ["outer", "simple"]
    assert {"analyst.ask", "notify.send"} <= {each["name"] for each in kept["tasks"]}


def test_each_template_makes_a_workflow_that_can_run(sapwood: Sapwood) -> None:
    names = [each["name"] for each in sapwood("workflow", "list", "--json").json["templates"]]
    files = [f"{name}.yaml" for name in names]
    for name, file in zip(names, files, strict=True):
        assert sapwood("workflow", "new", file, "--from", name).code == 0

    assert len(names) >= 6
    assert sapwood("workflow", "validate", *files).code == 0
    assert sapwood("workflow", "new", files[0], "--from", names[0]).code == 2
    assert sapwood("workflow", "new", "x.yaml", "--from", "nothing").code == 2


def test_schedules_are_added_shown_paused_and_removed(sapwood: Sapwood, simple: str, tmp_path: Path) -> None:
    added = sapwood("schedule", "add", "nightly", simple, "--cron", "0 2 * * *", "--time-zone", "Europe/Oslo")
    (tmp_path / "plan.yaml").write_text("workflow: simple\nat: 2031-01-01T00:00:00Z\n")

    assert "next: 20" in added.out
    assert sapwood("schedule", "add", "once", "plan.yaml").code == 0
    assert sapwood("schedule", "add", "never", simple).code == 2
    assert sapwood("schedule", "add", "wrong", simple, "--cron", "61 * * * *").code == 2
    assert sapwood("schedule", "pause", "nightly").code == 0
    assert "rests" in sapwood("schedule", "list").out
    assert sapwood("schedule", "resume", "nightly").code == 0
    assert len(sapwood("schedule", "show", "nightly", "--json").json["next"]) == 5
    assert sapwood("schedule", "remove", "nightly").code == 0
    assert sapwood("schedule", "show", "nightly").code == 2
    assert [each["name"] for each in sapwood("schedule", "list", "--json").json["schedules"]] == ["once"]


def test_the_examples_run(sapwood: Sapwood, tmp_path: Path) -> None:
    lines = FLIGHTS.read_text().splitlines(keepends=True)
    for name, days in (("left.csv", ("1", "2", "3")), ("right.csv", ("5", "6", "7"))):
        (tmp_path / name).write_text(
            "".join([lines[0], *(line for line in lines[1:] if line.split(",")[2] in days)])
        )

    compared = sapwood(
        "run",
        str(ROOT / "examples" / "compare_files.yaml"),
        "-i",
        "left=left.csv",
        "-i",
        "right=right.csv",
        "--json",
    ).json
    nightly = sapwood(
        "run", str(ROOT / "examples" / "nightly_profile.yaml"), "-i", f"file={FLIGHTS}", "--json"
    ).json

    assert compared["output"]["drifted"] is True
    assert "day" in compared["output"]["summary"]
    assert "<svg" in (tmp_path / "drift.html").read_text()
    assert nightly["output"]["rows"] == 6099


def test_what_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from sapwood_cli.workflows import apps
    from sapwood_shared.errors import DependencyFailed

    def nothing(**_: str) -> list[object]:
        return []

    monkeypatch.setattr(apps, "entry_points", nothing)
    with pytest.raises(DependencyFailed) as caught:
        apps.start("worker")
    assert "sapwood[server]" in (caught.value.hint or "")
