"""Which workers live: a lease of each process, on the database's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from sapwood_shared import WorkspaceId
from sapwood_storage.database import Database
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.index import insert_into
from sapwood_workflows.journal.rows import Key
from sapwood_workflows.journal.tables import leaders, signals, workers
from sapwood_workflows.journal.unit import Signal


@dataclass(frozen=True, slots=True)
class Leases:
    """The leases of worker processes; each lasts `lease_s` from its last renewal."""

    database: Database
    lease_s: float = 15.0

    async def renew(self, worker: str, about: Mapping[str, Any]) -> list[tuple[WorkspaceId, Key, int]]:
        """Say that the worker lives; the reply are attempts of its steps that were cancelled."""
        async with self.database.write_control() as control:
            now = await read_clock(control)
            until = now + round(self.lease_s * 1000)
            row = {"id": worker, "started_ms": now, "lease_ms": until, "about": dict(about)}
            made = insert_into(control, workers).values(row)
            await control.execute(
                made.on_conflict_do_update(index_elements=[workers.c.id], set_={"lease_ms": until})
            )
            mine = signals.c.worker == worker
            found = (await control.execute(select(signals).where(mine))).mappings().all()
            if found:
                await control.execute(delete(signals).where(mine))
        return [
            (WorkspaceId(row["workspace"]), Key(row["run_id"], row["step"], row["item"]), row["attempt"])
            for row in found
        ]

    async def signal(self, workspace: WorkspaceId, told: Sequence[Signal]) -> None:
        """Leave word for workers; those that are dead never read it, and it goes with their lease."""
        rows = [
            {
                "worker": each.worker, "workspace": workspace, "run_id": each.key.run_id,
                "step": each.key.step,
                "item": each.key.item, "attempt": each.attempt,
            }
            for each in told
        ]  # fmt: skip
        async with self.database.write_control() as control:
            made = insert_into(control, signals).values(rows)
            await control.execute(made.on_conflict_do_nothing())

    async def release(self, worker: str) -> None:
        """The worker ends by itself."""
        async with self.database.write_control() as control:
            await control.execute(delete(workers).where(workers.c.id == worker))

    async def leads(self, name: str, holder: str, lead_s: float) -> bool:
        """Whether this holder has the lead, kept or taken from one that was not heard of for `lead_s`."""
        async with self.database.read_control() as control:
            now = await read_clock(control)
            row = (await control.execute(select(leaders).where(leaders.c.name == name))).mappings().first()
        if row is not None and row["holder"] != holder and row["until_ms"] > now:
            return False
        if row is not None and row["holder"] == holder and row["until_ms"] > now + 1000 * lead_s / 2:
            return True
        async with self.database.write_control() as control:
            now = await read_clock(control)
            mine = {"name": name, "holder": holder, "until_ms": now + round(1000 * lead_s)}
            made = insert_into(control, leaders).values(mine)
            taken = made.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": holder, "until_ms": mine["until_ms"]},
                where=(leaders.c.holder == holder) | (leaders.c.until_ms <= now),
            )
            return (await control.execute(taken)).rowcount == 1

    async def living(self) -> frozenset[str]:
        """The workers whose lease has not run out."""
        async with self.database.read_control() as control:
            now = await read_clock(control)
            found = await control.execute(select(workers.c.id).where(workers.c.lease_ms > now))
            return frozenset(row.id for row in found)

    async def forget_the_dead(self) -> list[str]:
        """Take away the leases that ran out, and say whose they were."""
        async with self.database.read_control() as control:
            now = await read_clock(control)
            found = await control.execute(select(workers.c.id).where(workers.c.lease_ms <= now))
            dead = [row.id for row in found]
        if dead:
            async with self.database.write_control() as control:
                gone = delete(workers).where(workers.c.id.in_(dead), workers.c.lease_ms <= now)
                await control.execute(gone)
                await control.execute(delete(signals).where(signals.c.worker.in_(dead)))
        return dead
