"""One transaction on one tree of runs: rows in, rows out, and what must be told when it is committed.

The root's row is locked before anything is decided, so that no two ends of steps are looked at side by
side, and the cursor of an event is the order of its commit.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import InvalidInput, NotFound, WorkspaceId
from sapwood_storage.database.port import check_workspace
from sapwood_workflows.engine.states import NOT_ENDED, StepState
from sapwood_workflows.journal.clock import now_ms
from sapwood_workflows.journal.pinned import Pinned, PinnedRuns
from sapwood_workflows.journal.rows import RUN_COLUMNS, Key, Row, Rows
from sapwood_workflows.journal.tables import WHOLE, events, runs, steps


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
    rows: Rows
    due: list[Due] = field(default_factory=list[Due])
    """Steps that became ready: the index is told of them after the commit."""
    next_due_ms: int | None = None
    """When something is due that is not ready now."""
    signals: list[Signal] = field(default_factory=list[Signal])
    """Steps that were cancelled while a worker has them in hand."""
    unsettled: list[Key] = field(default_factory=list[Key])
    """Steps that ended, and what follows is not yet decided; a run without a step is looked at as a whole."""
    ended: list[str] = field(default_factory=list[str])
    """Runs that ended."""
    _events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _given: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])
    """What steps said, by run and name, for those that refer to it."""

    # -- rows

    async def run(self, run_id: str) -> Row:
        """The run's row; `NotFound` when there is none."""
        return await self.rows.run(run_id)

    async def step(self, key: Key) -> Row | None:
        """The step's row."""
        return await self.rows.step(key)

    def set_step(self, key: Key, **values: Any) -> None:
        """Change a row that was read; it is written at the end of the transaction."""
        self.rows.set_step(key, **values)

    def set_run(self, run_id: str, **values: Any) -> None:
        """Change a run's row."""
        self.rows.set_run(run_id, **values)

    async def states(self, run_id: str) -> dict[str, StepState]:
        """How each step of the run stands; what undoes others is not among them."""
        mine = (steps.c.run_id == run_id, steps.c.item == WHOLE, steps.c.kind != "undo")
        return {row["name"]: StepState(row["state"]) for row in await self.rows.find(*mine)}

    async def values(
        self, run: Row, names: Collection[str], item: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """What references lead to that name these steps of the run."""
        missing = [name for name in names if (run["id"], name) not in self._given]
        if missing:
            await self.rows.write()
            found = await self.connection.execute(_SAID, {"of_run": run["id"], "names": missing})
            for name, state, output, error in found:
                self._given[run["id"], name] = _said(StepState(state), output, error)
        about = {
            "id": run["id"],
            "workspace": str(self.workspace),
            "workflow": run["workflow"],
            "version": run["version"],
            "started_at": _instant(run["created_ms"]),
            "scheduled_at": _instant(self.root["scheduled_ms"]),
        }
        said = {name: self._given.get((run["id"], name), NOT_ENDED) for name in names}
        return {"input": run["input"], "run": about, "steps": said, **(item or {})}

    def says(self, key: Key, state: StepState, output: Any, error: Any) -> None:
        """Know what a step has given in this transaction, for those that follow it."""
        if key.item == WHOLE:
            self._given[key.run_id, key.step] = _said(state, output, error)

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
        """Write the rows and the events; the cursors of these follow the newest one."""
        if self._events:
            first = int(self.root["cursor"]) + 1
            told = [
                {"root_id": self.root["id"], "cursor": first + place, "at_ms": self.now_ms, **event}
                for place, event in enumerate(self._events)
            ]
            await self.connection.execute(_TELL, told)
            self.set_run(self.root["id"], cursor=first + len(told) - 1)
            self._events.clear()
        await self.rows.write()


def _instant(at_ms: int | None) -> str | None:
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()


def _said(state: StepState, output: Any, error: Mapping[str, Any] | None) -> Any:
    if not state.has_ended:
        return NOT_ENDED
    return {"status": state.value, "output": output, "error": error and error["message"]}


_TELL: Final = insert(events)
_SAID: Final = select(steps.c.name, steps.c.state, steps.c.output, steps.c.error).where(
    steps.c.run_id == bindparam("of_run"), steps.c.item == WHOLE,
    steps.c.name.in_(bindparam("names", expanding=True)),
)  # fmt: skip
_LOCK: Final = (
    select(*RUN_COLUMNS, now_ms().label("now_ms")).where(runs.c.id == bindparam("of_run")).with_for_update()
)


async def opened(
    connection: AsyncConnection, workspace: WorkspaceId, root_id: str, known: PinnedRuns
) -> Unit:
    """Lock the tree of `root_id`, in a write transaction of its workspace; `NotFound` when there is none."""
    check_workspace(workspace, connection)
    row = (await connection.execute(_LOCK, {"of_run": root_id})).mappings().first()
    if row is None:
        raise NotFound(f"there is no run {root_id!r}", hint="look at the list of runs")
    rows = Rows(connection)
    root = rows.know_run({name: value for name, value in row.items() if name != "now_ms"})
    pinned = await known.of(connection, root_id)
    return Unit(connection, workspace, root, pinned, int(row["now_ms"]), rows)


def packed(value: Any, what: str) -> Any:
    """`value` if it can be kept as JSON; `InvalidInput` for what is no JSON, such as a number without end."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{what} cannot be kept: {error}", hint="give JSON: no NaN, no infinity") from None
    return value
