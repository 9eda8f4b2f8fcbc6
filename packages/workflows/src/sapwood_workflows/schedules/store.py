"""Schedules of workspaces: kept, changed, and fired once for each of their moments.

A run's id follows from the schedule and the moment, and is written in the transaction that moves the
schedule on: whoever else looks at the same time finds it moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update

from sapwood_shared import Conflict, IdKind, NotFound, SapwoodError, WorkspaceId, new_id
from sapwood_shared.logging import get_logger
from sapwood_workflows.engine.states import RunState
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.control import Control
from sapwood_workflows.journal.index import insert_into
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.journal.library import Library
from sapwood_workflows.journal.pinned import Pinned
from sapwood_workflows.journal.rows import Row
from sapwood_workflows.journal.starting import Begin, Start
from sapwood_workflows.journal.tables import runs, schedules
from sapwood_workflows.schedules.model import Overlap, Schedule
from sapwood_workflows.schedules.timing import due, next_after
from sapwood_workflows.tasks.registry import Tasks

_ASK_AGAIN_MS = 1_000
"""A run that waits for the one before is looked after so often."""


@dataclass(frozen=True, slots=True)
class Schedules:
    """The schedules of one database; `tasks` are those that a firing is checked against."""

    journal: Journal
    tasks: Tasks

    async def save(
        self, workspace: WorkspaceId, name: str, schedule: Schedule, *, by: str | None = None
    ) -> None:
        """Keep a schedule, or change the one of this name; it fires for moments that are still to come.

        `NotFound` or `InvalidInput` when its workflow could not be run as things are.
        """
        await self._pinned(workspace, schedule)
        async with self.journal.database.write(workspace) as connection:
            now = await read_clock(connection)
            following = next_after(schedule, _instant(now))
            next_ms = None if schedule.paused else _ms(following)
            row = {
                "name": name, "id": new_id(IdKind.SCHEDULE), "spec": schedule.model_dump(mode="json"),
                "looked_ms": now, "next_ms": next_ms, "waiting": [], "missed": 0, "error": None,
                "created_by": by,
            }  # fmt: skip
            made = insert_into(connection, schedules).values(row)
            kept = {each: made.excluded[each] for each in ("spec", "looked_ms", "next_ms", "error")}
            await connection.execute(made.on_conflict_do_update(index_elements=["name"], set_=kept))
            async with self.journal.index.marking(workspace, due_ms=next_ms or now):
                pass

    async def get(self, workspace: WorkspaceId, name: str) -> Row:
        """The schedule as it is kept; `NotFound` when there is none."""
        async with self.journal.database.read(workspace) as connection:
            found = select(schedules).where(schedules.c.name == name)
            row = (await connection.execute(found)).mappings().first()
        if row is None:
            raise NotFound(f"there is no schedule {name!r}", hint="look at: sapwood schedule list")
        return dict(row)

    async def list(self, workspace: WorkspaceId) -> list[Row]:
        """All of them, by name."""
        async with self.journal.database.read(workspace) as connection:
            found = await connection.execute(select(schedules).order_by(schedules.c.name))
            return [dict(row) for row in found.mappings()]

    async def set_paused(self, workspace: WorkspaceId, name: str, *, paused: bool) -> None:
        """Let it rest, or go on: what fell due while it rested is let go."""
        kept = Schedule.model_validate((await self.get(workspace, name))["spec"])
        await self.save(workspace, name, kept.model_copy(update={"paused": paused}))

    async def remove(self, workspace: WorkspaceId, name: str) -> None:
        """Forget it; the runs that it has started stay."""
        await self.get(workspace, name)
        async with self.journal.database.write(workspace) as connection:
            await connection.execute(delete(schedules).where(schedules.c.name == name))

    # -- firing

    async def fire(self, workspace: WorkspaceId) -> list[str]:
        """Start what is due in a workspace, and return the ids of the runs."""
        started: list[str] = []
        async with self.journal.database.read(workspace) as connection:
            now = await read_clock(connection)
            found = select(schedules.c.name).where(schedules.c.next_ms <= now).order_by(schedules.c.next_ms)
            names = [row.name for row in await connection.execute(found)]
        for name in names:
            started += await self._fire_one(workspace, name)
        return started

    async def _fire_one(self, workspace: WorkspaceId, name: str) -> list[str]:
        row = await self.get(workspace, name)
        schedule = Schedule.model_validate(row["spec"])
        try:
            values, pinned = await self._pinned(workspace, schedule)
        except SapwoodError as error:
            get_logger(__name__).warning("schedule_failed", schedule=name, error=error.message)
            await self._pass_over(workspace, name, error.message)
            return []
        if schedule.overlap is Overlap.CANCEL:
            await self._cancel_those_before(workspace, name)
        try:
            async with self.journal.starting(workspace) as begin:
                return await self._start(begin, row, pinned, values)
        except Conflict:  # another has just fired it
            return []

    async def _start(self, begin: Begin, seen: Row, pinned: Pinned, values: Mapping[str, Any]) -> list[str]:
        connection, name, schedule = begin.connection, seen["name"], Schedule.model_validate(seen["spec"])
        locked = select(schedules).where(schedules.c.name == name).with_for_update()
        row = (await connection.execute(locked)).mappings().first()
        now = await read_clock(connection)
        if row is None or row["next_ms"] is None or row["next_ms"] > now or row["spec"] != seen["spec"]:
            return []  # another was faster, or it was changed
        fallen = due(schedule, _instant(row["looked_ms"]), _instant(now))
        moments = [*row["waiting"], *(_exact_ms(each) for each in fallen.runs)]
        running = await connection.execute(
            select(runs.c.id).where(runs.c.schedule == name, runs.c.state == RunState.RUNNING).limit(1)
        )
        busy = running.first() is not None
        missed = fallen.missed
        match schedule.overlap:
            case Overlap.ALLOW:
                now_due, waiting = moments, []
            case Overlap.SKIP:
                now_due, waiting = ([] if busy else moments[-1:]), []
                missed += len(moments) - len(now_due)
            case Overlap.QUEUE:
                now_due, waiting = ([], moments) if busy else (moments[:1], moments[1:])
            case Overlap.CANCEL:
                now_due, waiting = ([], moments[-1:]) if busy else (moments[-1:], [])
                missed += len(moments) - len(now_due) - len(waiting)
        kept = waiting[-schedule.catch_up_at_most :]
        started: list[str] = []
        for moment in now_due:
            run_id = _run_id(row["id"], moment)
            await begin(
                Start(run_id, created_by=row["created_by"], schedule=name, scheduled_ms=moment),
                pinned,
                values,
            )
            started.append(run_id)
        next_ms = _ms(fallen.next_at)
        if kept:
            next_ms = min(now + _ASK_AGAIN_MS, next_ms or now + _ASK_AGAIN_MS)
        changed = update(schedules).where(schedules.c.name == name)
        await connection.execute(
            changed.values(
                looked_ms=now, next_ms=next_ms, waiting=kept, error=None,
                missed=row["missed"] + missed + len(waiting) - len(kept),
            )
        )  # fmt: skip
        return started

    async def _pinned(self, workspace: WorkspaceId, schedule: Schedule) -> tuple[Mapping[str, Any], Pinned]:
        library = Library(self.journal.database)
        workflow = await library.get(workspace, schedule.workflow, schedule.version)
        beside = await library.beside(workspace, workflow)
        return self.journal.checked(workflow, schedule.input, self.tasks, beside)

    async def _cancel_those_before(self, workspace: WorkspaceId, name: str) -> None:
        async with self.journal.database.read(workspace) as connection:
            found = select(runs.c.id).where(runs.c.schedule == name, runs.c.state == RunState.RUNNING)
            before = [row.id for row in await connection.execute(found)]
        for run_id in before:
            await Control(self.journal).cancel(workspace, run_id, reason=f"the schedule {name} fired again")

    async def _pass_over(self, workspace: WorkspaceId, name: str, error: str) -> None:
        """What cannot be run is told, and the schedule goes on to its next moment."""
        async with self.journal.database.write(workspace) as connection:
            locked = select(schedules).where(schedules.c.name == name).with_for_update()
            row = (await connection.execute(locked)).mappings().first()
            now = await read_clock(connection)
            if row is None or row["next_ms"] is None or row["next_ms"] > now:
                return
            following = next_after(Schedule.model_validate(row["spec"]), _instant(now))
            await connection.execute(
                update(schedules).where(schedules.c.name == name).values(
                    looked_ms=now, next_ms=_ms(following), error=error, missed=row["missed"] + 1
                )
            )  # fmt: skip


def _run_id(schedule_id: str, moment_ms: int) -> str:
    digest = hashlib.sha256(f"{schedule_id}\0{moment_ms}".encode()).hexdigest()[:26]
    return f"{IdKind.RUN}_{digest}"


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else _exact_ms(instant)


def _exact_ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
