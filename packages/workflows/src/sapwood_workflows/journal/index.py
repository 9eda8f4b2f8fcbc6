"""What control knows of the workspaces' journals: who has work and when, and what may run now.

Both can be made again from the journals. A mark in `active` is there before a change is committed that it
speaks of, so that a process which dies between the two leaves a mark too many and none too few: on SQLite it
is committed while the workspace's write lock is held, on PostgreSQL its row is held FOR SHARE until the
change is committed. Whoever takes a mark away looks again under the same lock.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, literal, select, true, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import WorkspaceId
from sapwood_storage.database import Database
from sapwood_storage.database.tables import workspaces
from sapwood_workflows.journal.clock import now_ms, read_clock
from sapwood_workflows.journal.rows import Key
from sapwood_workflows.journal.tables import active, ready
from sapwood_workflows.journal.unit import Due

LOOK_AGAIN_MS: Final = 1_000
"""A step that became ready is looked after so much later: whoever was to tell of it may have died."""
NEVER_MS: Final = 253_402_300_800_000
"""The year 10000: nothing is due by itself, and the workspace has runs still."""
_MANY = 500


_MARKED: Final = select(active.c.next_due_ms).where(active.c.workspace == bindparam("workspace"))
_HOLD: Final = _MARKED.with_for_update(read=True)


def insert_into(connection: AsyncConnection, table: Any) -> Any:
    """An INSERT with ON CONFLICT, of the database at hand."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    return kind.insert(table)


@dataclass
class Index:
    """`control.ready` and `control.active`."""

    database: Database
    _served: dict[str, str] = field(default_factory=dict[str, str])
    """The workspace that was served last, by queue class."""

    @asynccontextmanager
    async def marking(self, workspace: WorkspaceId, *, due_ms: int) -> AsyncGenerator[AsyncConnection | None]:
        """Around the commit of a change: the workspace is to be looked at by `due_ms` at the latest.

        The mark is committed before the change is. Yields an open transaction on control that keeps the mark
        from being taken away, where one may stay open beside that of a workspace.
        """
        while True:
            async with self.database.write_control() as control:
                if control.dialect.name != "postgresql":
                    await self._mark(control, workspace, due_ms)
                else:
                    row = (await control.execute(_HOLD, {"workspace": workspace})).first()
                    if row is not None and row.next_due_ms <= due_ms:
                        yield control
                        return
            if control.dialect.name != "postgresql":
                yield None
                return
            async with self.database.write_control() as control:
                await self._mark(control, workspace, due_ms)

    async def _mark(self, control: AsyncConnection, workspace: WorkspaceId, due_ms: int) -> None:
        row = (await control.execute(_MARKED, {"workspace": workspace})).first()
        if row is not None and row.next_due_ms <= due_ms:
            return
        made = insert_into(control, active).values(workspace=workspace, next_due_ms=due_ms)
        sooner = made.on_conflict_do_update(
            index_elements=[active.c.workspace],
            set_={"next_due_ms": made.excluded.next_due_ms},
            where=active.c.next_due_ms > made.excluded.next_due_ms,
        )
        await control.execute(sooner)

    async def add(
        self, workspace: WorkspaceId, due: Sequence[Due], control: AsyncConnection | None = None
    ) -> None:
        """Tell of steps that may run now; those that are known already stay as they are."""
        if not due:
            return
        rows = [_row(workspace, each) for each in due]
        if control is None:
            async with self.database.write_control() as own:
                await self._add(own, rows)
        else:
            await self._add(control, rows)

    async def _add(self, control: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        for first in range(0, len(rows), _MANY):
            made = insert_into(control, ready).values(list(rows[first : first + _MANY]))
            newer = made.on_conflict_do_update(
                index_elements=[ready.c.workspace, ready.c.run_id, ready.c.step, ready.c.item],
                set_={name: made.excluded[name] for name in ("attempt", "due_ms", "queue", "rank")},
                where=ready.c.attempt < made.excluded.attempt,
            )
            await control.execute(newer)

    async def take(
        self,
        queues: Collection[str],
        tasks: Collection[tuple[str, int]],
        most: int,
        *,
        only: str | None = None,
    ) -> list[tuple[WorkspaceId, Due]]:
        """Take out the fairest steps that may run, `most` of them; each goes to one of those who ask.

        The classes in their order; in a class the workspaces by turns, from behind the one that was served
        last, one step of each and then more: whoever has ten thousand steps keeps nobody waiting who has one.
        """
        able = tuple_(ready.c.task, ready.c.version).in_(list(tasks))
        if only is not None:
            able &= ready.c.root_id == only
        any_ = select(ready.c.run_id).where(ready.c.queue.in_(list(queues)), able).limit(1)
        async with self.database.read_control() as control:  # an idle worker locks nothing
            if (await control.execute(any_)).first() is None:
                return []
        found: list[tuple[WorkspaceId, Due]] = []
        async with self.database.write_control() as control:
            for queue in queues:
                if len(found) < most:
                    found += await self._turns(control, queue, able, most - len(found))
            if found:
                keys = [(workspace, *due.key) for workspace, due in found]
                mine = tuple_(ready.c.workspace, ready.c.run_id, ready.c.step, ready.c.item).in_(keys)
                await control.execute(delete(ready).where(mine))
        return found

    async def _turns(
        self, control: AsyncConnection, queue: str, able: Any, most: int
    ) -> list[tuple[WorkspaceId, Due]]:
        first = select(ready).where(ready.c.queue == queue, able)
        first = first.order_by(ready.c.workspace, ready.c.rank, ready.c.due_ms)
        first = first.with_for_update(skip_locked=True)
        begun = after = self._served.get(queue, "")
        turns: dict[str, list[Due]] = {}
        wrapped = False
        while len(turns) < most:
            turn = first.where(ready.c.workspace > after)
            turn = turn.where(ready.c.workspace <= begun) if wrapped else turn
            rows = (await control.execute(turn.limit(most))).mappings().all()
            for row in rows:
                turns.setdefault(row["workspace"], []).append(_due(row))
            if rows:
                after = rows[-1]["workspace"]
            if len(rows) < most:  # nobody is behind the last of them
                if wrapped:
                    break
                wrapped, after = True, ""
        if turns:
            self._served[queue] = list(turns)[min(len(turns), most) - 1]
        by_turns = [
            (WorkspaceId(workspace), dues[place])
            for place in range(most)
            for workspace, dues in turns.items()
            if place < len(dues)
        ]
        return by_turns[:most]

    async def left_over(
        self, queues: Collection[str], tasks: Collection[tuple[str, int]]
    ) -> list[tuple[str, int]]:
        """The tasks of steps that may run and that none of these can do, by name and version."""
        strange = tuple_(ready.c.task, ready.c.version).not_in(list(tasks))
        found = select(ready.c.task, ready.c.version).where(ready.c.queue.in_(list(queues)), strange)
        async with self.database.read_control() as control:
            rows = await control.execute(found.distinct().order_by(ready.c.task, ready.c.version).limit(20))
            return [(row.task, row.version) for row in rows]

    async def others_wait(self, workspace: WorkspaceId, queue: str) -> bool:
        """Whether another workspace has a step of the class that may run."""
        other = select(ready.c.run_id).where(ready.c.queue == queue, ready.c.workspace != workspace).limit(1)
        async with self.database.read_control() as control:
            return (await control.execute(other)).first() is not None

    async def next_of(self, after: str) -> WorkspaceId | None:
        """The next workspace with work, behind this one or from the first; `None` where none has any."""
        async with self.database.read_control() as control:
            turn = select(active.c.workspace).order_by(active.c.workspace).limit(1)
            row = (await control.execute(turn.where(active.c.workspace > after))).first()
            row = row or (await control.execute(turn)).first()
        return None if row is None else WorkspaceId(row.workspace)

    async def due(self, most: int) -> list[WorkspaceId]:
        """Workspaces that are to be looked at now."""
        async with self.database.read_control() as control:
            found = select(active.c.workspace).where(active.c.next_due_ms <= now_ms())
            rows = await control.execute(found.order_by(active.c.next_due_ms).limit(most))
            return [WorkspaceId(row.workspace) for row in rows]

    async def wake_all(self) -> None:
        """Have every workspace with work looked at now: a worker died, or the index was lost."""
        async with self.database.write_control() as control:
            await control.execute(update(active).values(next_due_ms=await read_clock(control)))

    async def mark_everyone(self) -> None:
        """Have every workspace looked at, whatever is known of it: nobody says that control lost nothing."""
        async with self.database.write_control() as control:
            everyone = select(workspaces.c.id, literal(await read_clock(control), BigInteger()))
            everyone = everyone.where(true())  # SQLite would take ON CONFLICT for the ON of a join
            made = insert_into(control, active).from_select(["workspace", "next_due_ms"], everyone)
            await control.execute(made.on_conflict_do_nothing())

    async def is_lost(self) -> bool:
        """Whether there is work and nothing that may run, which may mean that the index was emptied."""
        async with self.database.read_control() as control:
            return (await control.execute(select(ready.c.run_id).limit(1))).first() is None and (
                await control.execute(select(active.c.workspace).limit(1))
            ).first() is not None

    async def settle(
        self, workspace: WorkspaceId, next_due_ms: int | None, *, control: AsyncConnection | None = None
    ) -> None:
        """When the workspace is to be looked at next; `None` takes its mark away.

        Called while nobody can commit a change that the look did not see: under the workspace's write lock,
        or with its mark locked in `control`.
        """
        mine = active.c.workspace == workspace
        change = delete(active).where(mine)
        if next_due_ms is not None:
            change = update(active).where(mine).values(next_due_ms=next_due_ms)
        if control is not None:
            await control.execute(change)
            return
        async with self.database.write_control() as own:
            await own.execute(change)


def _row(workspace: WorkspaceId, due: Due) -> dict[str, Any]:
    return {
        "workspace": workspace, "run_id": due.key.run_id, "step": due.key.step, "item": due.key.item,
        "root_id": due.root_id, "attempt": due.attempt, "task": due.task, "version": due.version,
        "queue": due.queue, "rank": due.rank, "due_ms": due.due_ms,
    }  # fmt: skip


def _due(row: Mapping[Any, Any]) -> Due:
    key = Key(row["run_id"], row["step"], row["item"])
    return Due(
        key,
        row["root_id"],
        row["attempt"],
        row["task"],
        row["version"],
        row["queue"],
        row["rank"],
        row["due_ms"],
    )
