"""`sapwood runs list|show|watch|logs`: what became of runs."""

from __future__ import annotations

import json
import time
from typing import Any

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.render import render_table
from sapwood_cli.workflows.following import follow, order_of
from sapwood_cli.workflows.opening import named_run, with_engine
from sapwood_cli.workflows.running import show_outcome
from sapwood_cli.workflows.showing import moment, run_line, span, step_lines
from sapwood_runtime.engine import Engine
from sapwood_shared.errors import InvalidInput
from sapwood_workflows.engine.states import RunState

_OF_RUN = (
    "id", "workflow", "version", "state", "paused", "input", "output", "error", "created_ms", "ended_ms",
    "schedule", "scheduled_ms",
)  # fmt: skip
_OF_STEP = (
    "name", "item", "kind", "state", "attempt", "started_ms", "ended_ms", "worker", "output", "error",
    "progress",
)  # fmt: skip


def list_runs(*, state: str | None, workflow: str | None, most: int, as_json: bool) -> int:
    """Print runs, the newest first."""
    if state is not None and state not in list(RunState):
        raise InvalidInput(f"no run is {state!r}", hint=f"give one of {', '.join(RunState)}")
    states = [state] if state else []

    async def work(engine: Engine) -> list[dict[str, Any]]:
        return await engine.journal.newest(WORKSPACE, states=states, workflow=workflow, most=most)

    rows = with_engine(work)
    if as_json:
        print(json.dumps({"runs": [_part(row, _OF_RUN) for row in rows]}, ensure_ascii=False))
        return 0
    if not rows:
        print("no runs")
        return 0
    now = round(time.time() * 1000)
    table = [
        [row["id"], row["workflow"], "paused" if row["paused"] else row["state"], moment(row["created_ms"]),
         span((row["ended_ms"] or now) - row["created_ms"])]
        for row in rows
    ]  # fmt: skip
    print(render_table(["run", "workflow", "state", "started", "took"], table, most=most))
    return 0


def show(run: str, *, as_json: bool) -> int:
    """Print a run and its steps."""

    async def work(engine: Engine) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
        run_id = await named_run(engine, run)
        row = await engine.journal.run(WORKSPACE, run_id)
        rows = await engine.journal.steps(WORKSPACE, run_id)
        return row, rows, list(await order_of(engine.journal, run_id))

    row, rows, order = with_engine(work)
    if as_json:
        steps = [_part(step, _OF_STEP) for step in rows]
        print(json.dumps({**_part(row, _OF_RUN), "steps": steps}, ensure_ascii=False))
        return 0
    now = round(time.time() * 1000)
    print(run_line(row, now))
    print("\n".join(step_lines(rows, order, now)))
    if row["input"]:
        print(f"input   {json.dumps(row['input'], ensure_ascii=False)}")
    if row["output"]:
        print(f"output  {json.dumps(row['output'], ensure_ascii=False)}")
    return 0


def watch(run: str, *, as_json: bool) -> int:
    """Show a run until it has ended; 1 when it did not succeed."""

    async def work(engine: Engine) -> dict[str, Any]:
        return await follow(engine, await named_run(engine, run))

    return show_outcome(with_engine(work), as_json=as_json)


def logs(run: str, step: str | None, *, as_json: bool) -> int:
    """Print the lines that the steps of a run have logged."""

    async def work(engine: Engine) -> list[dict[str, Any]]:
        return await engine.journal.logs(WORKSPACE, await named_run(engine, run), step)

    rows = with_engine(work)
    if as_json:
        parts = ("step", "item", "attempt", "lines", "left_out")
        print(json.dumps({"logs": [_part(row, parts) for row in rows]}, ensure_ascii=False))
        return 0
    for row in rows:
        item = "" if row["item"] < 0 else f"[{row['item']}]"
        attempt = f" (attempt {row['attempt']})" if row["attempt"] > 1 else ""
        print(f"{row['step']}{item}{attempt}")
        for at, level, text in row["lines"]:
            print(f"  {at[11:19]} {level:7} {text}")
        if row["left_out"]:
            print(f"  … {row['left_out']:,} lines between the first and the last are left out")
    if not rows:
        print("no logs")
    return 0


def _part(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}
