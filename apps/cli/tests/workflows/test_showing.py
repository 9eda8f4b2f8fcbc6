"""A run in words, and on a terminal."""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.workflows.following import follow
from sapwood_cli.workflows.showing import event_line, moment, run_line, span, step_lines
from sapwood_runtime.engine import open_engine
from sapwood_runtime.settings import Settings
from sapwood_workflows.spec.reading import read_workflow

RUN = {
    "id": "run_1", "workflow": "w", "state": "running", "paused": False, "created_ms": 1_000, "ended_ms": None,
}  # fmt: skip


def _step(name: str, state: str, **more: Any) -> dict[str, Any]:
    usual = {
        "name": name, "item": -1, "kind": "task", "state": state, "attempt": 1, "started_ms": 1_000,
        "ended_ms": None, "error": None, "progress": None,
    }  # fmt: skip
    return {**usual, **more}


def test_each_state_has_its_sign_and_what_matters_in_it() -> None:
    rows = [
        _step("read", "succeeded", ended_ms=3_500, attempt=2),
        _step("scan", "running", progress={"done": 5, "total": 10, "column": "rent"}),
        _step("each", "running"),
        _step("each", "succeeded", item=0, ended_ms=2),
        _step("each", "failed", item=1, ended_ms=2),
        _step("each", "ready", item=2),
        _step("ok", "running", kind="approval"),
        _step("event", "running", kind="wait_for_event"),
        _step("nap", "running", kind="sleep"),
        _step("bad", "failed", ended_ms=1_200, error={"message": "no\nroom"}),
        _step("later", "waiting", started_ms=None),
    ]  # fmt: skip
    lines = step_lines(rows, ["scan", "read", "each", "ok", "event", "nap", "bad", "later"], 11_000)
    plain = step_lines(rows, ["scan"], 11_000, plain=True)

    assert lines[0] == "● scan   running  10.0s  ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌ 5/10 column rent"
    assert lines[1] == "✓ read   succeeded  2.5s  attempt 2"
    assert lines[2] == "● each   running  10.0s  ━━━━━━━━━━━━━╌╌╌╌╌╌╌ 2/3  1 failed"
    assert lines[3].endswith("waits for an approval  10.0s")
    assert "waits for an event" in lines[4]
    assert "sleeps" in lines[5]
    assert lines[6:8] == ["✗ bad    failed  200ms", "         no room"]
    assert lines[8] == "· later  waiting"
    assert plain[0] == "* scan   running  10.0s  ##########.......... 5/10 column rent"


def test_a_run_has_a_line() -> None:
    assert run_line(RUN, 4_200) == "run_1 w running for 3.2s"
    assert run_line({**RUN, "paused": True}, 4_200) == "run_1 w paused for 3.2s"
    assert run_line({**RUN, "state": "failed", "ended_ms": 1_900}, 9_999) == "run_1 w failed in 900ms"
    assert (span(125_000), moment(None)) == ("2m5s", "-")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"kind": "run.started", "step": None, "item": None, "data": {}}, "run started"),
        ({"kind": "step.started", "step": "a", "item": 3, "data": {"attempt": 2}}, "a[3] started: attempt 2"),
        (
            {"kind": "step.started", "step": "a", "item": None, "data": {"items": 1200}},
            "a started: 1,200 items",
        ),
        (
            {"kind": "step.failed", "step": "a", "item": None, "data": {"error": {"message": "x"}}},
            "a failed: x",
        ),
        ({"kind": "step.waiting", "step": "a", "item": None, "data": {"message": "Go?"}}, "a waiting: Go?"),
        (
            {"kind": "run.cancelling", "step": None, "item": None, "data": {"reason": "late"}},
            "run cancelling: late",
        ),
    ],
)
def test_an_event_has_a_line(event: dict[str, Any], said: str) -> None:
    assert event_line({"at_ms": 0, **event}).partition(" ")[2] == said


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    encoding = "utf-8"  # pyright: ignore[reportAssignmentType, reportIncompatibleVariableOverride]


async def test_on_a_terminal_it_is_drawn_until_it_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    spec = "name: naps\nsteps: {a: {sleep: 200ms}, b: {sleep: 100ms, needs: [a]}}"
    async with open_engine(Settings(home=tmp_path / "home"), workspaces=[WORKSPACE]) as engine:
        run_id = await engine.journal.submit(WORKSPACE, read_workflow(spec)[0], {}, engine.tasks)
        async with engine.working(only=run_id), asyncio.timeout(30):
            run = await follow(engine, run_id)

    assert run["state"] == "succeeded"
    assert "sleeps" in screen.getvalue()
    assert "✓ b  succeeded" in screen.getvalue()
