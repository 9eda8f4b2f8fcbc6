"""Old runs are deleted, a few at a time, so that nobody waits behind it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import WorkspaceId
from sapwood_storage.database import Database
from sapwood_workflows.engine.states import RunState
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.tables import runs

_AT_ONCE: Final = 100
_SOONEST_MS: Final = 60_000
_DAY_MS: Final = 86_400_000
_ENDED: Final = [state.value for state in RunState if state is not RunState.RUNNING]


async def prune(
    database: Database, workspace: WorkspaceId, *, older_than_days: float, most: int = _AT_ONCE
) -> int:
    """Delete runs that ended so long ago, with their steps, events and logs; return how many."""
    async with database.read(workspace) as connection:
        before = await read_clock(connection) - round(older_than_days * _DAY_MS)
        old = select(runs.c.id).where(
            runs.c.state.in_(_ENDED), runs.c.parent_id.is_(None), runs.c.created_ms < before,
            runs.c.ended_ms < before,
        )  # fmt: skip
        found = [row.id for row in await connection.execute(old.order_by(runs.c.created_ms).limit(most))]
    if found:
        async with database.write(workspace) as connection:
            await connection.execute(delete(runs).where(runs.c.root_id.in_(found), runs.c.state.in_(_ENDED)))
    return len(found)


async def next_prune(connection: AsyncConnection, older_than_days: float) -> int | None:
    """When the oldest run may be old enough, in a minute at the soonest; `None` where none has ended."""
    oldest = select(func.min(runs.c.created_ms)).where(runs.c.state.in_(_ENDED))
    created = (await connection.execute(oldest)).scalar_one()
    if created is None:
        return None
    return max(created + round(older_than_days * _DAY_MS), await read_clock(connection) + _SOONEST_MS)
