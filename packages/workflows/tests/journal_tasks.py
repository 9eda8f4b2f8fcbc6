"""Tasks for the journal's tests, which write down what they did."""

from __future__ import annotations

import asyncio
from collections import Counter

from pydantic import BaseModel

from sapwood_shared import DependencyFailed, InvalidInput, Work, WorkspaceId
from sapwood_workflows import RetryPolicy, Tasks, task
from sapwood_workflows.tasks import ONCE, Backoff

SOON = RetryPolicy(attempts=3, backoff=Backoff(first_s=0.02, jitter=0))
DONE: Counter[str] = Counter()
"""How often each task was called, with what."""
GATE: dict[str, asyncio.Event] = {}


class Number(BaseModel):
    n: int = 0
    by: int = 1


@task("add", retry=SOON)
async def add(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Add."""
    DONE[f"add {given.n}+{given.by}"] += 1
    return Number(n=given.n + given.by)


@task("blocking.double", runs="thread", retry=SOON)
def double(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Double."""
    DONE[f"double {given.n}"] += 1
    return Number(n=2 * given.n)


@task("flaky", retry=SOON)
async def flaky(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Fail `by` times."""
    DONE["flaky"] += 1
    if DONE["flaky"] <= given.by:
        raise DependencyFailed("not yet")
    return Number(n=DONE["flaky"])


@task("refuse", retry=SOON)
async def refuse(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Never work."""
    DONE["refuse"] += 1
    raise InvalidInput(f"no {given.n}")


@task("wait", retry=SOON, timeout_s=30.0)
async def wait(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Wait for the gate."""
    DONE["wait"] += 1
    work.progress(1, 2)
    await GATE["open"].wait()
    return given


@task("once", retry=ONCE)
async def once(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """May not be done twice."""
    DONE["once"] += 1
    await GATE["open"].wait()
    return given


@task("slow", retry=ONCE, timeout_s=0.1)
async def slow(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Take too long."""
    await asyncio.sleep(20)
    return given


TASKS = Tasks([add, double, flaky, refuse, wait, once, slow])
