"""`sapwood run`: submit a run, and do its steps in this process until it has ended."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.workflows.following import follow
from sapwood_cli.workflows.opening import named_workflow, typed_input, with_engine
from sapwood_runtime.engine import Engine
from sapwood_workflows.spec.checking import faults
from sapwood_workflows.spec.faults import refusal


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How it is run."""

    key: str | None = None
    detach: bool = False
    as_json: bool = False


def run_spec(spec: str, given: Sequence[str], options: RunOptions) -> int:
    """Run it and print what it gives; 1 when it did not succeed."""
    return with_engine(lambda engine: _run(engine, spec, given, options))


async def _run(engine: Engine, spec: str, given: Sequence[str], options: RunOptions) -> int:
    named = await named_workflow(engine, spec)
    if found := faults(named.workflow, engine.tasks, named.beside, named.source):
        raise refusal(spec, found)
    run_id = await engine.journal.submit(
        WORKSPACE,
        named.workflow,
        typed_input(named.workflow, given),
        engine.tasks,
        workflows=named.beside,
        created_by="local",
        request_key=options.key,
    )
    if options.detach:
        if options.as_json:
            print(json.dumps({"run": run_id, "state": "running"}))
        else:
            print(f"{run_id}\n  watch it: sapwood runs watch {run_id}")
        return 0
    try:
        async with engine.working(only=run_id):
            run = await follow(engine, run_id)
    except asyncio.CancelledError:
        print(
            f"sapwood: stopped, and {run_id} is kept. `sapwood worker` goes on with it,"
            f" `sapwood runs cancel {run_id}` ends it",
            file=sys.stderr,
        )
        raise
    return show_outcome(run, as_json=options.as_json)


def show_outcome(run: dict[str, Any], *, as_json: bool) -> int:
    """Print how a run has ended and what it gives; 0 when it succeeded."""
    if as_json:
        shown = {"run": run["id"], "state": run["state"], "output": run["output"], "error": run["error"]}
        print(json.dumps(shown, ensure_ascii=False))
    elif run["state"] == "succeeded":
        print(json.dumps(run["output"], ensure_ascii=False, indent=2) if run["output"] else "done")
    else:
        error = run["error"] or {}
        where = f" in {error['step']}" if error.get("step") else ""
        print(
            f"sapwood: {run['id']} {run['state']}{where}: {error.get('message', '')}".rstrip(": "),
            file=sys.stderr,
        )
        if error.get("hint"):
            print(f"  {error['hint']}", file=sys.stderr)
    return 0 if run["state"] == "succeeded" else 1
