"""The rows of one tree of runs within a transaction: read once, changed in memory, written together.

A step that ends and the one that follows it cost two rows of one statement, and a hundred items that end
together cost one statement, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import NotFound
from sapwood_workflows.engine.states import StepState
from sapwood_workflows.journal.tables import WHOLE, runs, steps

Row = dict[str, Any]


class Key(NamedTuple):
    """Which step of which run; `item` counts those of a `foreach`, and is `WHOLE` for the step itself."""

    run_id: str
    step: str
    item: int = WHOLE


_HEAVY: Final = frozenset({"output", "progress"})
_LIGHT: Final = [column for column in steps.c if column.name not in _HEAVY]
RUN_COLUMNS: Final = [column for column in runs.c if column.name != "pinned"]
"""What is read of a run: what it was started with is known by its id."""
_MOVED: Final = (
    "state", "attempt", "failures", "losses", "due_ms", "limit_ms", "queue", "worker", "open_items",
    "open_before", "passed_before", "place", "started_ms", "ended_ms", "limit_key", "once_key",
)  # fmt: skip
_ENDED: Final = (*_MOVED, "output", "error")
_OF_RUN: Final = (
    "state", "ending", "output", "error", "paused", "cancelled", "halted", "open_steps", "places", "input",
    "ended_ms", "cursor",
)  # fmt: skip
_USUAL: Final[Row] = {
    "item": WHOLE, "state": StepState.WAITING.value, "attempt": 0, "failures": 0, "losses": 0, "due_ms": None,
    "limit_ms": None, "priority": 0, "queue": "default", "task": None, "task_version": None, "worker": None,
    "open_items": None, "open_before": 0, "passed_before": 0, "place": None, "limit_key": None,
    "once_key": None, "started_ms": None,
    "ended_ms": None, "given": None, "output": None, "error": None, "progress": None,
}  # fmt: skip


def _change(columns: Sequence[str]) -> Any:
    mine = (steps.c.run_id == bindparam("of_run")) & (steps.c.name == bindparam("of_step"))
    mine &= steps.c.item == bindparam("of_item")
    return update(steps).where(mine).values({name: bindparam(f"new_{name}") for name in columns})


_MOVE: Final = _change(_MOVED)
_END: Final = _change(_ENDED)
_CHANGE_RUN: Final = (
    update(runs)
    .where(runs.c.id == bindparam("of_run"))
    .values({name: bindparam(f"new_{name}") for name in _OF_RUN})
)
_STEPS: Final = select(*_LIGHT).where(
    steps.c.run_id == bindparam("of_run"), steps.c.item == WHOLE,
    steps.c.name.in_(bindparam("names", expanding=True)),
)  # fmt: skip
_ITEMS: Final = select(*_LIGHT).where(
    steps.c.run_id == bindparam("of_run"), steps.c.name == bindparam("name"),
    steps.c.item.in_(bindparam("items", expanding=True)),
)  # fmt: skip
_RUN: Final = select(*RUN_COLUMNS).where(runs.c.id == bindparam("of_run"))
_INSERT: Final = insert(steps)


@dataclass
class Rows:
    """Runs and steps by their keys. A row is the same `dict` however it was found."""

    connection: AsyncConnection
    _runs: dict[str, Row] = field(default_factory=dict[str, Row])
    _steps: dict[Key, Row | None] = field(default_factory=dict[Key, Row | None])
    _new: list[Row] = field(default_factory=list[Row])
    _moved: dict[Key, bool] = field(default_factory=dict[Key, bool])
    """Steps that changed, and whether what they gave did."""
    _runs_changed: set[str] = field(default_factory=set[str])

    # -- reading

    def know_run(self, row: Mapping[Any, Any]) -> Row:
        """Keep a run that was read."""
        return self._runs.setdefault(row["id"], dict(row))

    async def run(self, run_id: str) -> Row:
        """The run's row; `NotFound` when there is none."""
        if run_id not in self._runs:
            row = (await self.connection.execute(_RUN, {"of_run": run_id})).mappings().first()
            if row is None:
                raise NotFound(f"there is no run {run_id!r}", hint="look at the list of runs")
            self.know_run(row)
        return self._runs[run_id]

    async def step(self, key: Key) -> Row | None:
        """The step's row; `None` when there is none."""
        if key not in self._steps:
            await self.load([key])
        return self._steps[key]

    async def load(self, keys: Iterable[Key]) -> None:
        """Read rows that will be asked for, in as few statements as may be."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._steps]
        groups: dict[tuple[str, str | None], list[Key]] = {}
        for key in missing:
            groups.setdefault((key.run_id, None if key.item == WHOLE else key.step), []).append(key)
        for (run_id, name), wanted in groups.items():
            if name is None:
                found = await self.connection.execute(
                    _STEPS, {"of_run": run_id, "names": [key.step for key in wanted]}
                )
            else:
                found = await self.connection.execute(
                    _ITEMS, {"of_run": run_id, "name": name, "items": [key.item for key in wanted]}
                )
            for row in found.mappings():
                self._know(row)
        for key in missing:
            self._steps.setdefault(key, None)

    async def find(self, *where: Any, order: Sequence[Any] = (), most: int | None = None) -> list[Row]:
        """The steps for which all of `where` holds, as they are now."""
        await self.write()
        wanted = select(*_LIGHT).where(*where).order_by(*order)
        found = await self.connection.execute(wanted if most is None else wanted.limit(most))
        return [self._know(row) for row in found.mappings()]

    def _know(self, row: Mapping[Any, Any]) -> Row:
        key = key_of(row)
        known = self._steps.get(key)
        if known is None:
            known = self._steps[key] = dict(row)
        return known

    # -- changing

    def set_step(self, key: Key, **values: Any) -> None:
        """Change a row that was read."""
        row = self._steps[key]
        assert row is not None  # noqa: S101 - whoever changes a row has looked at it
        row.update(values)
        self._moved[key] = self._moved.get(key, False) or "output" in values

    def set_run(self, run_id: str, **values: Any) -> None:
        """Change a run that was read."""
        self._runs[run_id].update(values)
        self._runs_changed.add(run_id)

    def add_steps(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """New rows; columns not given have their usual value."""
        for given in rows:
            row = {**_USUAL, **given}
            self._steps[key_of(row)] = row
            self._new.append(row)

    def forget_steps(self) -> None:
        """Rows were changed past this: read them again. Nothing may be unwritten."""
        self._steps.clear()

    # -- writing

    async def write(self) -> None:
        """Bring the database up to what is in memory."""
        if self._new:
            fresh = {key_of(row) for row in self._new}
            self._moved = {key: ended for key, ended in self._moved.items() if key not in fresh}
            await self.connection.execute(_INSERT, [{**row} for row in self._new])
            self._new.clear()
        if any(self._moved.values()) and all(map(self._gave_nothing, self._moved)):
            self._moved = dict.fromkeys(self._moved, True)  # one statement for all
        for statement, columns, ended in ((_MOVE, _MOVED, False), (_END, _ENDED, True)):
            changed = [self._change_of(key, columns) for key, end in self._moved.items() if end is ended]
            if changed:
                await self.connection.execute(statement, changed)
        self._moved.clear()
        if self._runs_changed:
            changes = [
                {"of_run": run_id, **{f"new_{name}": self._runs[run_id][name] for name in _OF_RUN}}
                for run_id in sorted(self._runs_changed)
            ]
            await self.connection.execute(_CHANGE_RUN, changes)
            self._runs_changed.clear()

    def _gave_nothing(self, key: Key) -> bool:
        """Whether a step's output is known: it gave none yet, or gave it in this transaction."""
        row = self._steps[key]
        if row is None or self._moved[key]:
            return True
        fresh = (
            row["state"] in (StepState.WAITING, StepState.READY, StepState.RUNNING)
            and row["open_items"] is None
        )
        if fresh:
            row.setdefault("output", None)
        return fresh

    def _change_of(self, key: Key, columns: Sequence[str]) -> Row:
        row = self._steps[key]
        assert row is not None  # noqa: S101 - it was changed
        named = {f"new_{name}": row[name] for name in columns}
        return {"of_run": key.run_id, "of_step": key.step, "of_item": key.item, **named}


def key_of(row: Mapping[Any, Any]) -> Key:
    """The key of a step's row."""
    return Key(row["run_id"], row["name"], row["item"])


def among(keys: Iterable[Key]) -> Any:
    """The condition that a step is one of these."""
    return tuple_(steps.c.run_id, steps.c.name, steps.c.item).in_([tuple(key) for key in keys])
