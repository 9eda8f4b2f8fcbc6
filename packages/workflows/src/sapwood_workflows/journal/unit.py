"""One transaction on one tree of runs: rows in, rows out, and what must be told when it is committed.

The root's row is locked before anything is decided, so that no two ends of steps are looked at side by
side, and the cursor of an event is the order of its commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import InvalidInput, NotFound, WorkspaceId
from sapwood_storage.database.port import check_workspace
from sapwood_workflows.engine.states import NOT_ENDED, StepState
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.pinned import Pinned
from sapwood_workflows.journal.tables import WHOLE, events, runs, steps

Row = RowMapping


class Key(NamedTuple):
    """Which step of which run; `item` counts those of a `foreach`, and is `WHOLE` for the step itself."""

    run_id: str
    step: str
    item: int = WHOLE


class Due(NamedTuple):
    """A step that may be claimed."""

    key: Key
    root_id: str
    attempt: int
    task: str
    version: int
    queue: str
    rank: int
    due_ms: int


class Signal(NamedTuple):
    """An attempt that its worker is to end."""

    worker: str
    key: Key
    attempt: int


@dataclass
class Unit:
    """The rows of one tree of runs, within one transaction."""

    connection: AsyncConnection
    workspace: WorkspaceId
    root: Row
    pinned: Pinned
    now_ms: int
    due: list[Due] = field(default_factory=list[Due])
    """Steps that became ready: the index is told of them after the commit."""
    next_due_ms: int | None = None
    """When something is due that is not ready now."""
    signals: list[Signal] = field(default_factory=list[Signal])
    """Steps that were cancelled while a worker has them in hand."""
    unsettled: list[str] = field(default_factory=list[str])
    """Runs in which something ended, and what follows is not yet decided."""
    ended: list[str] = field(default_factory=list[str])
    """Runs that ended."""
    _events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    # -- rows

    async def run(self, run_id: str) -> Row:
        """The run's row; `NotFound` when there is none."""
        row = (await self.connection.execute(select(runs).where(runs.c.id == run_id))).mappings().first()
        if row is None:
            raise NotFound(f"there is no run {run_id!r}", hint="look at the list of runs")
        return row

    async def step(self, key: Key) -> Row | None:
        """The step's row."""
        return (await self.connection.execute(select(steps).where(_is(key)))).mappings().first()

    async def states(self, run_id: str) -> dict[str, StepState]:
        """How each step of the run stands; what undoes others is not among them."""
        found = await self.connection.execute(
            select(steps.c.name, steps.c.state).where(
                steps.c.run_id == run_id, steps.c.item == WHOLE, steps.c.kind != "undo"
            )
        )
        return {name: StepState(state) for name, state in found}

    async def values(self, run: Row, item: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What references of the run's steps lead to."""
        found = await self.connection.execute(
            select(steps.c.name, steps.c.state, steps.c.output, steps.c.error).where(
                steps.c.run_id == run["id"], steps.c.item == WHOLE, steps.c.kind != "undo"
            )
        )
        known = {name: (StepState(state), output, error) for name, state, output, error in found}
        said = {
            name: {"status": state.value, "output": output, "error": error and error["message"]}
            if state.has_ended
            else NOT_ENDED
            for name, (state, output, error) in known.items()
        }
        about = {
            "id": run["id"],
            "workspace": str(self.workspace),
            "workflow": run["workflow"],
            "version": run["version"],
            "started_at": datetime.fromtimestamp(run["created_ms"] / 1000, UTC).isoformat(),
        }
        return {"input": run["input"], "run": about, "steps": said, **(item or {})}

    async def add_steps(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows; columns not given have their usual value."""
        whole = [{**_USUAL, "root_id": self.root["id"], **row} for row in rows]
        if whole:
            await self.connection.execute(insert(steps), whole)

    async def set_step(self, key: Key, **values: Any) -> None:
        """Change a row."""
        await self.connection.execute(update(steps).where(_is(key)).values(**values))

    async def swap(self, key: Key, was: Mapping[str, Any], **values: Any) -> bool:
        """Change a row if it is still as it was; whether it was."""
        still = [steps.c[name] == value for name, value in was.items()]
        done = await self.connection.execute(update(steps).where(_is(key), *still).values(**values))
        return done.rowcount == 1

    async def set_run(self, run_id: str, **values: Any) -> None:
        """Change a run's row."""
        await self.connection.execute(update(runs).where(runs.c.id == run_id).values(**values))

    async def next_place(self, run_id: str) -> int:
        """The place of the step that ends now."""
        last = select(func.coalesce(func.max(steps.c.place), 0)).where(steps.c.run_id == run_id)
        return int((await self.connection.execute(last)).scalar_one()) + 1

    # -- what is told

    def emit(self, kind: str, key: Key, /, **data: Any) -> None:
        """Note an event; it has its cursor when the transaction ends."""
        item = None if key.item == WHOLE else key.item
        self._events.append(
            {"kind": kind, "run_id": key.run_id, "step": key.step or None, "item": item, "data": data or None}
        )

    def will_be_due(self, at_ms: int) -> None:
        """Something is to be looked at then."""
        self.next_due_ms = at_ms if self.next_due_ms is None else min(self.next_due_ms, at_ms)

    async def flush(self) -> None:
        """Write the events; their cursors follow the newest one."""
        if not self._events:
            return
        first = int(self.root["cursor"]) + 1
        rows = [
            {"root_id": self.root["id"], "cursor": first + place, "at_ms": self.now_ms, **event}
            for place, event in enumerate(self._events)
        ]
        await self.connection.execute(insert(events), rows)
        await self.set_run(self.root["id"], cursor=first + len(rows) - 1)
        self._events.clear()


_USUAL: dict[str, Any] = {
    "item": WHOLE, "state": StepState.WAITING.value, "attempt": 0, "failures": 0, "losses": 0, "due_ms": None,
    "limit_ms": None, "priority": 0, "queue": "default", "task": None, "task_version": None, "worker": None,
    "open_items": None, "place": None, "started_ms": None, "ended_ms": None, "given": None, "output": None,
    "error": None, "progress": None,
}  # fmt: skip


def _is(key: Key) -> Any:
    return (steps.c.run_id == key.run_id) & (steps.c.name == key.step) & (steps.c.item == key.item)


async def opened(connection: AsyncConnection, workspace: WorkspaceId, root_id: str) -> Unit:
    """Lock the tree of `root_id`, in a write transaction of its workspace; `NotFound` when there is none."""
    check_workspace(workspace, connection)
    locked = select(runs).where(runs.c.id == root_id).with_for_update()
    row = (await connection.execute(locked)).mappings().first()
    if row is None:
        raise NotFound(f"there is no run {root_id!r}", hint="look at the list of runs")
    pinned = Pinned.model_validate(row["pinned"])
    return Unit(connection, workspace, row, pinned, await read_clock(connection))


def packed(value: Any, what: str) -> Any:
    """`value` if it can be kept as JSON; `InvalidInput` for what is no JSON, such as a number without end."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{what} cannot be kept: {error}", hint="give JSON: no NaN, no infinity") from None
    return value


def keys_of(rows: Iterable[Row]) -> list[Key]:
    """The keys of rows of steps."""
    return [Key(row["run_id"], row["name"], row["item"]) for row in rows]
