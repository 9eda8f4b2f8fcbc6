"""A run that begins, in a transaction which may hold more than that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import WorkspaceId
from sapwood_workflows.engine.states import RunState
from sapwood_workflows.journal.advance import begin, settle
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.pinned import Pinned, PinnedRuns
from sapwood_workflows.journal.tables import runs
from sapwood_workflows.journal.unit import Unit, opened


@dataclass(frozen=True, slots=True)
class Start:
    """Which run begins, and who or what began it."""

    run_id: str
    created_by: str | None = None
    request_key: str | None = None
    schedule: str | None = None
    scheduled_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """Starts runs in the transaction of `connection`."""

    connection: AsyncConnection
    begin_run: Callable[[Start, Pinned, Mapping[str, Any]], Awaitable[Unit]]

    async def __call__(self, start: Start, pinned: Pinned, values: Mapping[str, Any]) -> None:
        """Start one; `Conflict` when the id or the request key is known."""
        await self.begin_run(start, pinned, values)


async def begun(
    connection: AsyncConnection,
    workspace: WorkspaceId,
    start: Start,
    pinned: Pinned,
    values: Mapping[str, Any],
    known: PinnedRuns,
) -> Unit:
    """Write the run and its steps, and start the first of them."""
    workflow = pinned.workflow
    now = await read_clock(connection)
    deadline = None if workflow.timeout is None else now + round(workflow.timeout * 1000)
    await connection.execute(
        insert(runs).values(
            id=start.run_id, root_id=start.run_id, workflow=workflow.name, version=workflow.version,
            pinned=pinned.model_dump(mode="json", by_alias=True, exclude_defaults=True), input=dict(values),
            state=RunState.RUNNING, paused=False, cancelled=False, created_by=start.created_by,
            created_ms=now, deadline_ms=deadline, cursor=0, places=0, halted=False,
            request_key=start.request_key, schedule=start.schedule, scheduled_ms=start.scheduled_ms,
        )
    )  # fmt: skip
    unit = await opened(connection, workspace, start.run_id, known)
    await begin(unit, start.run_id)
    await settle(unit)
    await unit.flush()
    if deadline is not None:
        unit.will_be_due(deadline)
    return unit
