"""The workflows that are killed: every kind of step whose end somebody could lose or do twice."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel

from sapwood_shared import DependencyFailed, Work, WorkspaceId
from sapwood_workflows import RetryPolicy, Tasks, task
from sapwood_workflows.tasks import Backoff

EFFECTS = Path(os.environ.get("SAPWOOD_KILL_EFFECTS", "/dev/null"))
"""Each call of a task is a line here, so that one call too many is seen."""
_AGAIN = RetryPolicy(attempts=100, backoff=Backoff(first_s=0.01, most_s=0.05, jitter=0))


class Number(BaseModel):
    n: int = 0
    by: int = 1


class Numbers(BaseModel):
    all: list[int]


def _note(work: Work, what: str) -> None:
    identity = getattr(work, "identity", None)
    line = f"{identity.name} {identity.attempt} {what}\n" if identity else f"- - {what}\n"
    handle = os.open(EFFECTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


@task("kill.add", retry=_AGAIN)
async def add(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Add."""
    _note(work, "add")
    return Number(n=given.n + given.by)


@task("kill.double", runs="thread", retry=_AGAIN)
def double(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Double, in a thread."""
    _note(work, "double")
    return Number(n=2 * given.n)


@task("kill.flaky", retry=_AGAIN)
async def flaky(workspace: WorkspaceId, given: Number, work: Work) -> Number:
    """Fail the first time that it is tried."""
    _note(work, "flaky")
    identity = getattr(work, "identity", None)
    if identity is not None and identity.attempt == 1:
        raise DependencyFailed("not yet")
    return Number(n=given.n)


@task("kill.total", retry=_AGAIN)
async def total(workspace: WorkspaceId, given: Numbers, work: Work) -> Number:
    """Add all up."""
    _note(work, "total")
    return Number(n=sum(given.all))


TASKS = Tasks([add, double, flaky, total])

INNER = """
name: inner
input: {n: {type: integer}}
steps:
  more: {task: kill.add, with: {n: "${input.n}", by: 5}}
  twice: {task: kill.double, with: {n: "${steps.more.output.n}"}}
output: {n: "${steps.twice.output.n}"}
"""
OUTER = """
name: outer
input: {n: {type: integer, default: 3}}
steps:
  first: {task: kill.add, with: {n: "${input.n}"}}
  left: {task: kill.double, with: {n: "${steps.first.output.n}"}}
  right: {task: kill.flaky, with: {n: "${steps.first.output.n}"}}
  nap: {sleep: 50ms, needs: [first]}
  each: {task: kill.add, foreach: {over: [1, 2, 3, 4, 5, 6], at_once: 3}, needs: [left], with: {n: "${item}", by: "${index}"}}
  wide: {task: kill.double, foreach: [1, 2, 3, 4], needs: [right], with: {n: "${item}"}}
  sum: {task: kill.total, with: {all: ["${steps.each.output[0].n}", "${steps.each.output[5].n}", "${steps.wide.output[3].n}"]}}
  inner: {workflow: inner, needs: [nap], with: {n: "${steps.sum.output.n}"}}
  never: {task: kill.add, when: steps.sum.output.n > 1000}
  any: {task: kill.add, needs: [never, inner], join: any, with: {n: "${steps.inner.output.n}"}}
  c1: {task: kill.add, with: {n: "${steps.any.output.n}"}}
  c2: {task: kill.add, with: {n: "${steps.c1.output.n}"}}
  c3: {task: kill.add, with: {n: "${steps.c2.output.n}"}}
output: {n: "${steps.c3.output.n}"}
"""
EXPECTED = {"n": 54}
"""The first and the last of [1..6] with its index, and twice 4, are 20; plus 5 and doubled; plus 1, four times."""
SUCCESSES = 24
"""Steps and items of both runs that succeed, the waits among them."""
