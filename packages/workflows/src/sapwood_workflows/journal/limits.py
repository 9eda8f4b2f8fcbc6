"""Steps that share places: by a key so many run at once, and by another only one ever has to.

A step that finds its key full is parked: it stays ready in its workspace and is in no index, until the one
that ends before it, or the sweeper, lets it in. Whoever counts holds the key's row, so that two who count
at once do not both find the last place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_workflows.engine.states import StepState
from sapwood_workflows.journal.index import insert_into
from sapwood_workflows.journal.rows import Key
from sapwood_workflows.journal.tables import limits, once, steps
from sapwood_workflows.journal.unit import Due, Unit

_HOLD: Final = select(limits.c.key).where(limits.c.key == bindparam("of_key")).with_for_update()
_LIVE: Final = steps.c.state == StepState.RUNNING
_PARKED: Final = (steps.c.state == StepState.READY) & steps.c.limit_key.is_not(None)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a step with this input shares with others: `places` for `limit`, and one for `once`."""

    limit: str | None = None
    places: int = 1
    once: str | None = None


class Gates(Protocol):
    """Known to whoever has the tasks."""

    def has(self, task: str, version: int) -> bool:
        """Whether steps of the task share anything."""
        ...

    def of(self, task: str, version: int, given: Any) -> Gate | None:
        """The gate of a step with this input."""
        ...


async def let_in(unit: Unit, key: Key, gate: Gate) -> bool:
    """Whether a place is free for the step; it is parked where none is."""
    shared = [(gate.once, 1, steps.c.once_key), (gate.limit, gate.places, steps.c.limit_key)]
    for name, places, held in sorted(shared, key=lambda each: each[0] or ""):  # all lock them in this order
        if name is not None and not await _has_place(unit, name, places, held):
            unit.set_step(key, limit_key=name)
            unit.emit("step.parked", key, limit=name)
            return False
    unit.set_step(key, limit_key=gate.limit, once_key=gate.once)
    return True


async def _has_place(unit: Unit, name: str, places: int, held: Any) -> bool:
    row = {"key": name, "places": places}
    made = insert_into(unit.connection, limits).values(row)
    await unit.connection.execute(
        made.on_conflict_do_update(index_elements=[limits.c.key], set_={"places": places})
    )
    await unit.connection.execute(_HOLD, {"of_key": name})
    await unit.rows.write()
    taken = await unit.connection.execute(select(func.count()).where(held == name, _LIVE))
    return int(taken.scalar_one()) < places


async def done_before(unit: Unit, name: str) -> tuple[bool, Any]:
    """Whether a step with this key has given something already, and what."""
    found = (await unit.connection.execute(select(once.c.output).where(once.c.key == name))).first()
    return (False, None) if found is None else (True, found.output)


async def note_done(unit: Unit, key: Key, name: str, output: Any) -> None:
    """Keep what a step gave, for others with its key; it goes with its run."""
    row = {"key": name, "run_id": key.run_id, "step": key.step, "item": key.item, "output": output}
    made = insert_into(unit.connection, once).values(row)
    await unit.connection.execute(made.on_conflict_do_nothing())


async def let_go(unit: Unit, key: Key) -> None:
    """The step gives its places back: who waits longest for one may run, in whatever run that is."""
    row = await unit.step(key)
    if row is None or row["worker"] is None or (row["limit_key"] is None and row["once_key"] is None):
        return
    held = [name for name in (row["limit_key"], row["once_key"]) if name is not None]
    unit.set_step(key, limit_key=None, once_key=None)
    for name in held:
        unit.due.extend(await _waiting(unit.connection, name, 1))


async def free_places(connection: AsyncConnection) -> list[Due]:
    """The parked steps of a workspace that may run: as many of each key as have a place."""
    found: list[Due] = []
    full = select(steps.c.limit_key, limits.c.places).join(limits, limits.c.key == steps.c.limit_key)
    for name, places in (await connection.execute(full.where(_PARKED).distinct())).all():
        mine = (steps.c.limit_key == name) | (steps.c.once_key == name)
        taken = (await connection.execute(select(func.count()).where(mine, _LIVE))).scalar_one()
        if taken < places:
            found += await _waiting(connection, name, places - int(taken))
    return found


async def _waiting(connection: AsyncConnection, name: str, most: int) -> list[Due]:
    oldest = select(steps).where(_PARKED, steps.c.limit_key == name)
    oldest = oldest.order_by(steps.c.priority.desc(), steps.c.due_ms, steps.c.run_id, steps.c.item).limit(
        most
    )
    return [
        Due(
            Key(row["run_id"], row["name"], row["item"]), row["root_id"], row["attempt"], row["task"],
            row["task_version"], row["queue"], -row["priority"], row["due_ms"],
        )
        for row in (await connection.execute(oldest)).mappings()
    ]  # fmt: skip
