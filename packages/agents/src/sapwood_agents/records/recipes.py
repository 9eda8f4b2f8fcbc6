"""The recipes that were applied, as rows: one for each version that a recipe made of a dataset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_agents.analyst.clean.recipe import RECIPE_SCHEMA, Recipe
from sapwood_agents.records.tables import recipes
from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.port import check_workspace
from sapwood_storage.database.statements import insert_new
from sapwood_storage.storable import storable


@dataclass(frozen=True, slots=True)
class RecipeRecord:
    """All steps since the file was read, and the version that they made."""

    version: str
    recipe: Recipe
    applied_by: str | None
    applied_at: datetime
    undone_at: datetime | None


class AppliedRecipes:
    """Works inside the caller's unit of work, which must be one of `workspace`; it never commits."""

    def __init__(
        self, workspace: WorkspaceId, connection: AsyncConnection, *, clock: Clock | None = None
    ) -> None:
        check_workspace(workspace, connection)
        self._connection = connection
        self._clock = clock or SystemClock()

    async def applied(
        self, dataset: str, version: str, recipe: Recipe, *, applied_by: str | None = None
    ) -> None:
        """Record that a recipe made a version, which must be recorded; the last time counts."""
        document = recipe.model_dump(mode="json")
        now = {"applied_by": applied_by, "applied_at": self._clock.now()}
        row = {
            "dataset_id": dataset,
            "version_id": version,
            "schema_version": RECIPE_SCHEMA,
            "steps": storable(document["steps"]),
            **now,
        }
        if not await insert_new(self._connection, recipes, row, one=recipes.c.version_id):
            again = recipes.update().where(recipes.c.dataset_id == dataset, recipes.c.version_id == version)
            await self._connection.execute(again.values(**now, undone_at=None, steps=row["steps"]))

    async def undone(self, dataset: str, version: str) -> None:
        """Note that a version was taken back; nothing happens when it is not recorded."""
        mine = (recipes.c.dataset_id == dataset) & (recipes.c.version_id == version)
        await self._connection.execute(
            recipes.update().where(mine, recipes.c.undone_at.is_(None)).values(undone_at=self._clock.now())
        )

    async def of(self, dataset: str, version: str) -> RecipeRecord | None:
        """Return the recipe that made a version."""
        query = select(recipes).where(recipes.c.dataset_id == dataset, recipes.c.version_id == version)
        row = (await self._connection.execute(query)).first()
        return None if row is None else _recipe(row)

    async def about(self, dataset: str, *, limit: int = 50) -> tuple[RecipeRecord, ...]:
        """Return the recipes of a dataset, undone ones too, the one applied last first."""
        query = select(recipes).where(recipes.c.dataset_id == dataset)
        query = query.order_by(recipes.c.applied_at.desc()).limit(limit)
        return tuple(_recipe(row) for row in await self._connection.execute(query))


def _recipe(row: Row[Any]) -> RecipeRecord:
    recipe = Recipe.read({"schema_version": row.schema_version, "steps": row.steps})
    return RecipeRecord(row.version_id, recipe, row.applied_by, row.applied_at, row.undone_at)
