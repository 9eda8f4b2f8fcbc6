"""Workflows that a workspace keeps: a version never changes once it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from sapwood_shared import Conflict, NotFound, WorkspaceId
from sapwood_storage.database import Database
from sapwood_workflows.journal.clock import read_clock
from sapwood_workflows.journal.index import insert_into
from sapwood_workflows.journal.tables import workflows
from sapwood_workflows.spec.model import Workflow


@dataclass(frozen=True, slots=True)
class Saved:
    """A version of a workflow, and when it was saved."""

    workflow: Workflow
    saved_ms: int
    saved_by: str | None


@dataclass(frozen=True, slots=True)
class Library:
    """The workflows of the workspaces of one database."""

    database: Database

    async def save(self, workspace: WorkspaceId, workflow: Workflow, *, by: str | None = None) -> None:
        """Keep a version; `Conflict` when another one is kept under its name and number."""
        spec = _as_json(workflow)
        async with self.database.write(workspace) as connection:
            row = {
                "name": workflow.name, "version": workflow.version, "spec": spec, "saved_by": by,
                "saved_ms": await read_clock(connection),
            }  # fmt: skip
            await connection.execute(insert_into(connection, workflows).values(row).on_conflict_do_nothing())
            mine = (workflows.c.name == workflow.name) & (workflows.c.version == workflow.version)
            kept = (await connection.execute(select(workflows.c.spec).where(mine))).scalar_one()
        if kept != spec:
            raise Conflict(
                f"version {workflow.version} of {workflow.name} is kept already, and another one",
                hint=f"write `version: {workflow.version + 1}` into it",
            )

    async def get(self, workspace: WorkspaceId, name: str, version: int | None = None) -> Workflow:
        """The version, or the newest; `NotFound` when there is none."""
        wanted = select(workflows.c.spec).where(workflows.c.name == name)
        wanted = wanted if version is None else wanted.where(workflows.c.version == version)
        async with self.database.read(workspace) as connection:
            row = (await connection.execute(wanted.order_by(workflows.c.version.desc()).limit(1))).first()
        if row is None:
            which = name if version is None else f"{name} in version {version}"
            raise NotFound(f"no workflow {which} is kept", hint="save it first: sapwood workflow save FILE")
        return Workflow.model_validate(row.spec)

    async def list(self, workspace: WorkspaceId) -> list[Saved]:
        """All of them, the newest version of each first."""
        found = select(workflows).order_by(workflows.c.name, workflows.c.version.desc())
        async with self.database.read(workspace) as connection:
            rows = (await connection.execute(found)).mappings().all()
        return [Saved(Workflow.model_validate(r["spec"]), r["saved_ms"], r["saved_by"]) for r in rows]

    async def beside(self, workspace: WorkspaceId, workflow: Workflow) -> Mapping[str, Workflow]:
        """Those that the workflow runs as steps, and those that they run."""
        found: dict[str, Workflow] = {}
        waiting = [workflow]
        while waiting:
            for step in waiting.pop().steps.values():
                if step.workflow is not None and step.workflow not in found:
                    found[step.workflow] = await self.get(workspace, step.workflow)
                    waiting.append(found[step.workflow])
        return found


def _as_json(workflow: Workflow) -> dict[str, Any]:
    return workflow.model_dump(mode="json", by_alias=True, exclude_defaults=True)
