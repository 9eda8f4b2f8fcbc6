"""Apply, undo and run again, by the service."""

from typing import Any

import pytest

from sapwood_agents.analyst.clean import steps
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_shared.errors import Conflict, InvalidInput
from sapwood_shared.ids import WorkspaceId

pytestmark = pytest.mark.asyncio(loop_scope="session")

TRIM = steps.Trim(columns=("name",), reason="blanks")
DEDUPE = steps.Dedupe()


async def test_what_was_applied_counts_until_it_is_undone(laundry: Any) -> None:
    table = await laundry.read("id,name\n1, Zoe\n1, Zoe\n")

    made = await laundry.apply(table.version, Recipe(steps=(TRIM,)))
    more = await laundry.apply(made.version, Recipe(steps=(DEDUPE,)))

    assert laundry.cleaner.current(WorkspaceId("local"), table.version) == more
    assert (more.root, more.parent, more.rows) == (table.version, made.version, 1)
    assert [(one.step, one.cells_changed, one.rows_removed) for one in more.steps] == [
        (TRIM, 2, 0),
        (DEDUPE, 0, 1),
    ]
    assert more.steps[1].duplicates == ((2, 1),)
    assert await laundry.undo(more.version) == made
    assert (await laundry.undo(made.version)).steps == ()
    assert laundry.cleaner.current(WorkspaceId("local"), table.version).version == table.version
    with pytest.raises(Conflict, match="nothing to undo"):
        await laundry.undo(table.version)


async def test_the_last_step_alone_can_be_undone(laundry: Any) -> None:
    table = await laundry.read("id,name\n1, Yan\n1, Yan\n")
    made = await laundry.apply(table.version, Recipe(steps=(TRIM, DEDUPE)))

    back = await laundry.undo(made.version, last_step=True)

    assert back.recipe == Recipe(steps=(TRIM,))
    assert back.rows == 2


async def test_a_recipe_of_one_file_runs_on_another(laundry: Any) -> None:
    first = await laundry.read("id,name\n1, Xia\n")
    made = await laundry.apply(first.version, Recipe(steps=(TRIM,)))
    recipe = Recipe.from_yaml(made.recipe.to_yaml())
    other, lacking = await laundry.read("name,n\n Wim,1\n"), await laundry.read("title,n\n Wim,1\n")

    again = await laundry.apply(other.version, recipe)

    assert await laundry.rows(again.version) == [["Wim", 1]]
    with pytest.raises(InvalidInput, match="step 1, trim: there is no column 'name'"):
        await laundry.apply(lacking.version, recipe)


async def test_no_steps_are_the_file_itself(laundry: Any) -> None:
    table = await laundry.read("id,name\n1,Vic\n")

    made = await laundry.apply(table.version, Recipe())

    assert (made.version, made.steps, made.parent) == (table.version, (), None)
