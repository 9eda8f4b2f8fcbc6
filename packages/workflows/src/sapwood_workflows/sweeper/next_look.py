"""When a workspace is to be looked at next."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.index import LOOK_AGAIN_MS, NEVER_MS
from sapwood_workflows.journal.tables import runs, schedules, steps


async def next_due(connection: AsyncConnection, audit_ms: int) -> int | None:
    """When a run or a schedule of the workspace is to be looked at; `None` where none is left."""
    fires = (await connection.execute(select(func.min(schedules.c.next_ms)))).scalar_one()
    alive = select(runs.c.id).where(runs.c.state == RunState.RUNNING).limit(1)
    if (await connection.execute(alive)).first() is None:
        return fires
    now = await read_clock(connection)
    is_live = steps.c.state.in_([StepState.READY, StepState.RUNNING])
    least = select(func.min(steps.c.due_ms), func.min(steps.c.limit_ms)).where(is_live)
    due, limit = (await connection.execute(least)).one()
    deadline = select(func.min(runs.c.deadline_ms)).where(runs.c.state == RunState.RUNNING)
    late = (await connection.execute(deadline)).scalar_one()
    stopping = select(runs.c.id).where(runs.c.state == RunState.RUNNING, runs.c.cancelled)
    if (await connection.execute(stopping.limit(1))).first() is not None:
        return now + LOOK_AGAIN_MS
    first = min((each for each in (due, limit, late, fires) if each is not None), default=NEVER_MS)
    return max(first, now + audit_ms) if first <= now else first
