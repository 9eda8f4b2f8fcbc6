"""Steps that may run and are in no index: their retry is due, or whoever was to tell of them died."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import WorkspaceId
from sapwood_workflows.engine.states import StepState
from sapwood_workflows.journal.index import Index
from sapwood_workflows.journal.rows import Key
from sapwood_workflows.journal.tables import ready, runs, steps
from sapwood_workflows.journal.unit import Due

_MOST: Final = 5_000
_COLUMNS: Final = [
    steps.c[name]
    for name in (
        "run_id", "name", "item", "root_id", "attempt", "task", "task_version", "queue", "priority", "due_ms",
    )
]  # fmt: skip


async def may_run(connection: AsyncConnection, now_ms: int) -> list[Due]:
    """The steps of a workspace that may be claimed, the oldest of them; parked ones are left out."""
    found = (
        select(*_COLUMNS)
        .join(runs, runs.c.id == steps.c.root_id)
        .where(
            steps.c.state == StepState.READY, steps.c.due_ms <= now_ms, steps.c.limit_key.is_(None),
            runs.c.paused.is_(False),
        )
        .order_by(steps.c.due_ms)
        .limit(_MOST)
    )  # fmt: skip
    return [
        Due(
            Key(row["run_id"], row["name"], row["item"]), row["root_id"], row["attempt"], row["task"],
            row["task_version"], row["queue"], -row["priority"], row["due_ms"],
        )
        for row in (await connection.execute(found)).mappings()
    ]  # fmt: skip


async def add_missing(index: Index, workspace: WorkspaceId, dues: list[Due]) -> int:
    """Tell the index of those that it does not know; how many these were."""
    if not dues:
        return 0
    known = select(ready.c.run_id, ready.c.step, ready.c.item, ready.c.attempt)
    async with index.database.read_control() as control:
        rows = await control.execute(known.where(ready.c.workspace == workspace))
        told = {(Key(row.run_id, row.step, row.item), row.attempt) for row in rows}
    missing = [due for due in dues if (due.key, due.attempt) not in told]
    await index.add(workspace, missing)
    return len(missing)
