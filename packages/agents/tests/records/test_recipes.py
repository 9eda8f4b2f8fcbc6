"""Recipes as rows, on both databases."""

from datetime import timedelta

import pytest
from packages.agents.tests.records.conftest import ANN, NOW

from sapwood_agents.analyst.clean import steps
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.records.recipes import AppliedRecipes, RecipeRecord
from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import Conflict, Forbidden
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import Database

TRIM = Recipe(steps=(steps.Trim(columns=("name",), reason="3 values with blanks"),))
MORE = Recipe(steps=(*TRIM.steps, steps.MapCategories(columns=("a",), mapping={"x\x01": None, "y": "z"})))


async def test_a_recipe_comes_back_with_its_reasons(database: Database, dataset: str) -> None:
    async with database.write(ANN) as unit:
        recipes = AppliedRecipes(ANN, unit, clock=FixedClock(NOW))
        await recipes.applied(dataset, "dv_1", MORE, applied_by="eve")

        assert await recipes.of(dataset, "dv_1") == RecipeRecord("dv_1", MORE, "eve", NOW, None)
        assert await recipes.of(dataset, "dv_2") is None


async def test_the_last_application_counts_and_an_undone_one_is_marked(
    database: Database, dataset: str
) -> None:
    clock = FixedClock(NOW)
    async with database.write(ANN) as unit:
        recipes = AppliedRecipes(ANN, unit, clock=clock)
        await recipes.applied(dataset, "dv_1", TRIM)
        clock.advance(1)
        await recipes.applied(dataset, "dv_2", MORE)
        await recipes.undone(dataset, "dv_2")
        clock.advance(1)
        await recipes.undone(dataset, "dv_2")
        await recipes.undone(dataset, "dv_9")
        assert [(one.version, one.undone_at) for one in await recipes.about(dataset)] == [
            ("dv_2", NOW + timedelta(seconds=1)),
            ("dv_1", None),
        ]

        await recipes.applied(dataset, "dv_1", TRIM)
        await recipes.applied(dataset, "dv_2", MORE)
        clock.advance(1)
        await recipes.applied(dataset, "dv_1", TRIM, applied_by="max")

        assert await recipes.about(dataset) == (
            RecipeRecord("dv_1", TRIM, "max", NOW + timedelta(seconds=3), None),
            RecipeRecord("dv_2", MORE, None, NOW + timedelta(seconds=2), None),
        )


async def test_a_recipe_needs_a_recorded_version(database: Database, dataset: str) -> None:
    with pytest.raises(Conflict):
        async with database.write(ANN) as unit:
            await AppliedRecipes(ANN, unit).applied(dataset, "dv_9", TRIM)


async def test_a_unit_of_work_of_another_workspace_is_refused(database: Database, dataset: str) -> None:
    async with database.read(ANN) as unit:
        with pytest.raises(Forbidden):
            AppliedRecipes(WorkspaceId("bob"), unit)
