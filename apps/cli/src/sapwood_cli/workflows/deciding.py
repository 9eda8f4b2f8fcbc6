"""What a person does to runs: end them, let them rest, decide, try again."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Sequence
from typing import Any

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.workflows.opening import named_run, typed_input, with_engine
from sapwood_runtime.engine import Engine
from sapwood_shared.errors import InvalidInput, SapwoodError
from sapwood_workflows.spec.model import Workflow


def cancel(run: str, reason: str) -> int:
    """Ask for its end."""

    async def work(engine: Engine) -> tuple[str, bool]:
        run_id = await named_run(engine, run)
        return run_id, await engine.control.cancel(WORKSPACE, run_id, reason=reason)

    run_id, done = with_engine(work)
    print(f"{run_id} is being ended" if done else f"{run_id} had ended, or is being ended")
    return 0


def set_paused(run: str, *, paused: bool) -> int:
    """Let it rest, or go on."""

    async def work(engine: Engine) -> str:
        run_id = await named_run(engine, run)
        await (engine.control.pause if paused else engine.control.resume)(WORKSPACE, run_id)
        return run_id

    print(f"{with_engine(work)} {'rests' if paused else 'goes on'}")
    return 0


def retry(run: str | None, all_of: str | None, most: int) -> int:
    """Try what failed again, in one run or in all of a workflow; 1 when that was not possible in all."""
    if (run is None) == (all_of is None):
        raise InvalidInput("which run?", hint="give a run, or --all WORKFLOW")

    async def work(engine: Engine) -> tuple[list[str], list[tuple[str, str]]]:
        if run is not None:
            run_id = await named_run(engine, run)
            await engine.control.retry_failed(WORKSPACE, run_id)
            return [run_id], []
        failed = await engine.journal.newest(WORKSPACE, states=["failed"], workflow=all_of, most=most)
        done: list[str] = []
        refused: list[tuple[str, str]] = []
        for row in failed:
            try:
                await engine.control.retry_failed(WORKSPACE, row["id"])
                done.append(row["id"])
            except SapwoodError as error:
                refused.append((row["id"], error.message))
        return done, refused

    done, refused = with_engine(work)
    for run_id in done:
        print(f"{run_id} goes on; its work is left to `sapwood worker`")
    for run_id, why in refused:
        print(f"sapwood: {run_id} was left as it is: {why}", file=sys.stderr)
    if not done and not refused:
        print("nothing has failed")
    return 1 if refused else 0


def fork(run: str, step: str, given: Sequence[str]) -> int:
    """Begin a new run in the middle of another."""

    async def work(engine: Engine) -> str:
        run_id = await named_run(engine, run)
        pinned = (await engine.journal.run(WORKSPACE, run_id))["pinned"]
        values = typed_input(Workflow.model_validate(pinned["workflow"]), given) if pinned else {}
        return await engine.control.fork(WORKSPACE, run_id, step, given=values, created_by="local")

    forked = with_engine(work)
    print(f"{forked}\n  its work is left to `sapwood worker`; watch it: sapwood runs watch {forked}")
    return 0


def approve(run: str, step: str | None, *, approved: bool, comment: str) -> int:
    """Answer a step that waits."""

    async def work(engine: Engine) -> str:
        run_id = await named_run(engine, run)
        waits, name = await _waiting(engine, run_id, step)
        await engine.control.decide(
            WORKSPACE, waits, name, approved=approved, by=getpass.getuser(), comment=comment
        )
        return name

    print(f"{with_engine(work)}: {'yes' if approved else 'no'}")
    return 0


async def _waiting(engine: Engine, run_id: str, step: str | None) -> tuple[str, str]:
    """The run, it or one that it started, and the step that waits for an approval."""
    rows = await engine.journal.waiting(WORKSPACE, run_id, "approval")
    found = [(row["run_id"], row["name"]) for row in rows if step is None or row["name"] == step]
    if len(found) == 1:
        return found[0]
    if step is not None:
        return run_id, step
    if not found:
        raise InvalidInput(f"nothing of {run_id} waits for an approval", hint=f"sapwood runs show {run_id}")
    names = ", ".join(name for _, name in found)
    raise InvalidInput(f"{len(found)} steps wait for an approval", hint=f"say which: {names}")


def event(run: str, name: str, payload: str | None) -> int:
    """Send an event."""
    try:
        given: Any = None if payload is None else json.loads(payload)
    except ValueError as error:
        raise InvalidInput(
            f"--payload is no JSON: {error}", hint="""write --payload '{"paid": true}'"""
        ) from None

    async def work(engine: Engine) -> str:
        run_id = await named_run(engine, run)
        await engine.control.send_event(WORKSPACE, run_id, name, given)
        return run_id

    print(f"{with_engine(work)} has been sent {name}")
    return 0
