"""`sapwood run`, `workflow`, `runs` and `schedule`, typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from apps.cli.tests.workflows.conftest import FLIGHTS, ROOT, Sapwood

from sapwood_cli.ask import WORKSPACE
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal.tables import logs

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


def test_a_yes_lets_a_run_go_on_and_a_no_fails_it(sapwood: Sapwood, tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(
        "name: gate\nsteps: {ok: {approval: 'Now?'}, two: {approval: 'And now?'}}\n"
    )
    run = sapwood("run", "gate.yaml", "--detach").out.split()[0]

    which = sapwood("runs", "approve", run)
    yes = sapwood("runs", "approve", run, "ok", "--comment", "fine")
    no = sapwood("runs", "approve", run, "two", "--no")

    assert (which.code, yes.out, no.out) == (2, "ok: yes\n", "two: no\n")
    assert "say which: ok, two" in which.err
    assert "two failed" in sapwood("runs", "watch", run).err
    assert sapwood("runs", "approve", run, "ok").code == 2
    assert sapwood("runs", "retry", run).code == 0
    assert sapwood("runs", "list", "--state", "running").out.count(run) == 1
    assert sapwood("runs", "list", "--state", "asleep").code == 2
    assert sapwood("runs", "retry").code == 2


def test_what_a_step_logs_is_shown(sapwood: Sapwood, tmp_path: Path) -> None:
    (tmp_path / "hard.csv").write_text("a,b\n1,2\n")
    (tmp_path / "one.yaml").write_text(
        "name: one\nsteps: {read: {task: analyst.ingest, with: {file: hard.csv}}}\n"
    )
    sapwood("run", "one.yaml")

    run = sapwood("runs", "show", "last", "--json").json["id"]

    async def write() -> None:
        database = SqliteDatabase(Home.open(tmp_path / "home"), installed_histories())
        async with database.write(WORKSPACE) as connection:
            lines = [["2026-03-01T09:30:00.000+00:00", "warning", "one odd row"]]
            row = {"run_id": run, "step": "read", "item": 2, "attempt": 3, "lines": lines, "left_out": 1500}
            await connection.execute(logs.insert().values(row))
        await database.aclose()

    assert sapwood("runs", "logs", run).out == "no logs\n"
    asyncio.run(write())

    assert sapwood("runs", "logs", run, "read").out == (
        "read[2] (attempt 3)\n  09:30:00 warning one odd row\n"
        "  … 1,500 lines between the first and the last are left out\n"
    )
    assert sapwood("runs", "logs", "last", "--json").json["logs"][0]["left_out"] == 1500


def test_runs_are_named_by_their_beginning(sapwood: Sapwood, simple: str) -> None:
    runs = [sapwood("run", simple, "--detach").out.split()[0] for _ in range(2)]

    assert sapwood("runs", "show", runs[0][:-1]).out.startswith(runs[0])
    assert "may be one of 2 runs" in sapwood("runs", "show", "run_0").err
    assert sapwood("runs", "show", "last").out.startswith(runs[1])


def test_a_workflow_is_shown_with_all_that_its_steps_are(sapwood: Sapwood, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(
        "name: all\ndescription: All.\ninput: {n: {type: integer, default: 3, description: How many.}}\n"
        "steps:\n  nap: {sleep: 1s}\n  each: {task: analyst.ask, foreach: [1], needs: [nap],"
        " with: {file: a.csv, question: x}, when: input.n > 1}\n"
    )
    shown = sapwood("workflow", "show", "all.yaml").out

    assert "--input n=… (integer, 3 unless given) How many." in shown
    assert "each: analyst.ask for each item when input.n > 1  after nap" in shown
    assert sapwood("workflow", "show", "watch-a-file", "--json").json["name"] == "watch-a-file"
    assert sapwood("workflow", "validate", "gone.yaml").code == 2
    assert "kept workflows" not in sapwood("workflow", "list").out
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: broken\nsteps: {a: {task: nothing}}\n")
    assert sapwood("workflow", "save", "broken.yaml").code == 2
    assert sapwood("workflow", "validate", "broken.yaml", "--json").json["broken.yaml"][0]["step"] == "a"
    assert sapwood("workflow", "new", "no/where.yaml", "--from", "watch-a-file").code == 2
    assert sapwood("run", "simple@x").code == 2


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
    assert sapwood("runs", "list").out == "no runs\n"
    assert sapwood("schedule", "add", "once", "plan.yaml").code == 0
    assert sapwood("schedule", "add", "never", simple).code == 2
    assert sapwood("schedule", "add", "wrong", simple, "--cron", "61 * * * *").code == 2
    assert (
        sapwood("schedule", "add", "often", simple, "--every", "15m", "-i", "question=how many rows").code
        == 0
    )
    assert "question" in sapwood("schedule", "show", "often").out
    assert sapwood("schedule", "remove", "often").code == 0
    assert sapwood("schedule", "add", "lost", "no.yaml").code == 2
    (tmp_path / "odd.yaml").write_text("workflow: simple\nat: 2031-01-01T00:00:00Z\ncolour: red\n")
    assert "colour" in sapwood("schedule", "add", "odd", "odd.yaml").err
    assert "Europe/Oslo" in sapwood("schedule", "show", "nightly").out
    assert sapwood("schedule", "pause", "nightly").code == 0
    assert "rests" in sapwood("schedule", "show", "nightly").out
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
