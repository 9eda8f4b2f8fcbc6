"""Writes what was done into the records: one unit of work for each thing done, opened and committed here.

Loads SQLAlchemy, so `records` imports it when the first row is to be written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.service import Cleaned
from sapwood_agents.records.append import QuestionRecord
from sapwood_agents.records.questions import QuestionHistory
from sapwood_agents.records.recipes import AppliedRecipes
from sapwood_runtime.records import Named
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.dataset_records import DatasetRecords
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_storage.tabular.manifests import Gathered, gather
from sapwood_storage.tabular.shelf import Shelf


class Recorder:
    """Records versions, questions and recipes, and whatever they refer to if it is missing."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self.database = database
        self._shelf = shelf

    @classmethod
    def embedded(cls, home: Home) -> Recorder:
        """Return a recorder over the SQLite files of a home."""
        return cls(SqliteDatabase(home, installed_histories()), Shelf(home.root))

    async def version(self, workspace: WorkspaceId, named: Named, version: str) -> None:
        """Record a version, with what it was made of."""
        async with self._about(workspace, named, version):
            pass

    async def asked(self, workspace: WorkspaceId, named: Named, question: QuestionRecord) -> None:
        """Append a question to the history."""
        async with self._about(workspace, named, question.version) as (unit, dataset):
            await QuestionHistory(workspace, unit).append(dataset, question)

    async def cleaned(
        self, workspace: WorkspaceId, named: Named, cleaned: Cleaned, applied: Recipe | None
    ) -> None:
        """Record a cleaned version and its recipe; `applied` are the steps added now, with their reasons."""
        async with self._about(workspace, named, cleaned.version) as (unit, dataset):
            if not cleaned.steps:
                return
            recipes = AppliedRecipes(workspace, unit)
            before = await recipes.of(dataset, cleaned.parent) if cleaned.parent else None
            reasoned = (
                *(before.recipe.steps if before is not None else ()),
                *(applied.steps if applied is not None else ()),
            )
            whole = Recipe(steps=reasoned)
            # The lineage knows no reasons: they are kept where the steps are the same ones.
            recipe = whole if whole.canonical() == cleaned.recipe.canonical() else cleaned.recipe
            await recipes.applied(dataset, cleaned.version, recipe)

    async def undone(self, workspace: WorkspaceId, named: Named, version: str, back_to: str) -> None:
        """Note that a version was taken back, and record the one that counts now."""
        async with self._about(workspace, named, back_to) as (unit, dataset):
            await AppliedRecipes(workspace, unit).undone(dataset, version)

    async def removed(self, workspace: WorkspaceId, versions: Collection[str]) -> None:
        """Note that the tables of these versions are gone."""
        await self.database.create_workspace(workspace)  # at most a look, when it is there
        async with self.database.write(workspace) as unit:
            await DatasetRecords(workspace, unit).removed(versions)

    async def reconcile(self, workspace: WorkspaceId) -> None:
        """Note which versions have gone without notice, after a kill or by hand."""
        await self.database.create_workspace(workspace)
        async with self.database.write(workspace) as unit:
            records = DatasetRecords(workspace, unit)
            present = await records.present()
            # Looked at inside the unit of work: a version is on the shelf before it is recorded.
            gone = present - set(await asyncio.to_thread(self._shelf.versions, workspace))
            await records.removed(gone)

    async def forget_questions(self, workspace: WorkspaceId) -> int:
        """Delete the history of questions; return how many there were."""
        await self.database.create_workspace(workspace)
        async with self.database.write(workspace) as unit:
            return await QuestionHistory(workspace, unit).forget()

    async def aclose(self) -> None:
        """Close every connection."""
        await self.database.aclose()

    @asynccontextmanager
    async def _about(
        self, workspace: WorkspaceId, named: Named, version: str
    ) -> AsyncGenerator[tuple[AsyncConnection, str]]:
        found = await asyncio.to_thread(gather, self._shelf, workspace, version)
        await self.database.create_workspace(workspace)
        async with self.database.write(workspace) as unit:
            yield unit, await _recorded(workspace, unit, named, found)


async def _recorded(
    workspace: WorkspaceId, unit: AsyncConnection, named: Named, found: tuple[Gathered, ...]
) -> str:
    records = DatasetRecords(workspace, unit)
    dataset = await records.open(named.origin, named.title)
    for one in found:
        await records.record(dataset, one.version, one.quarantine)
    return dataset
