from typing import Any

import pytest

from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.units_kept import units_kept, with_unit


def cast(*columns: str, to: str = "number", affixes: tuple[str, ...] = ("$",)) -> dict[str, Any]:
    return {"kind": "cast", "columns": columns, "to": to, "thousands": ",", "affixes": affixes}


RENAME = {"kind": "rename", "names": {"rent": "deposit", "deposit": "rent"}}
DROP = {"kind": "drop_columns", "columns": ["rent"]}
TRIM = {"kind": "trim", "columns": ["rent"]}


@pytest.mark.parametrize(
    ("steps", "units"),
    [
        ([TRIM], {}),
        ([TRIM, cast("rent", "deposit")], {"rent": "$", "deposit": "$"}),
        ([cast("rent", affixes=(" kg ",), to="integer")], {"rent": "kg"}),
        ([cast("rent", affixes=("%",))], {"rent": "%"}),
        ([cast("rent", affixes=())], {}),
        ([cast("rent", affixes=("~",))], {}),
        ([cast("rent", affixes=("$", "€"))], {}),
        ([cast("rent"), cast("rent", affixes=(), to="integer")], {"rent": "$"}),
        ([cast("rent"), cast("rent", affixes=(), to="text")], {}),
        ([cast("rent"), RENAME], {"deposit": "$"}),
        ([cast("rent"), DROP], {}),
    ],
)
def test_the_unit_is_what_was_left_out_beside_the_numbers(
    steps: list[dict[str, Any]], units: dict[str, str]
) -> None:
    recipe = Recipe.model_validate({"steps": steps})

    assert units_kept(recipe.to_wire(), {}) == units


@pytest.mark.parametrize(
    ("steps", "units"),
    [
        ([TRIM], {"rent": "€"}),
        ([RENAME], {"deposit": "€"}),
        ([DROP], {}),
        ([cast("rent", affixes=(), to="text")], {}),
        ([cast("deposit")], {"rent": "€", "deposit": "$"}),
    ],
)
def test_a_unit_that_was_read_lasts_until_a_step_takes_it_away(
    steps: list[dict[str, Any]], units: dict[str, str]
) -> None:
    recipe = Recipe.model_validate({"steps": steps})

    assert units_kept(recipe.to_wire(), {"rent": "€"}) == units


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("5", "$", "$5"),
        ("-5", "US$", "-US$5"),
        ("5", "EUR", "5 EUR"),
        ("5", "kg", "5 kg"),
        ("5", "%", "5 %"),
        ("5", "", "5"),
    ],
)
def test_a_currencys_sign_stands_before_the_number_and_any_other_unit_behind(
    number: str, unit: str, text: str
) -> None:
    assert with_unit(number, unit) == text
