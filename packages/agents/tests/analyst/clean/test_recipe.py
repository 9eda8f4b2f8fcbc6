"""A recipe in and out of YAML, and what is no recipe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_agents.analyst.clean import steps
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType

FULL = Recipe(
    steps=(
        steps.Trim(columns=("no", " a "), collapse=True, reason="it's: needed # here"),
        steps.Cast(columns=("x",), to=ColumnType.NUMBER, thousands=",", affixes=("$", "%")),
        steps.ParseDates(columns=("2024-01-01",), formats=("%d/%m/%Y",)),
        steps.Dedupe(keep="last"),
        steps.Impute(column="x", strategy="value", value=1.5, flag="x?"),
        steps.Impute(column="b", strategy="value", value=False),
        steps.Split(column="a", separator="\n", into=("l", "r")),
        steps.RegexReplace(columns=("a",), pattern=r"^(\d+)'\"$", replacement=r"\1"),
        steps.RegexExtract(column="a", pattern=r"(\d+)", into="n", on_failure="null"),
        steps.Clip(columns=("d",), low="2024-01-01"),
        steps.Rename(names={"yes": "on", "1": "1e3"}),
        steps.DropColumns(columns=("null",)),
        steps.DropRows(where=(steps.Condition(column="x", operator="in", values=(1, 2.5, "NO", True)),)),
        steps.MapCategories(columns=("c",), mapping={"true": None, "~": "0x1"}),
    )
)


def test_every_kind_of_step_survives_yaml() -> None:
    assert Recipe.from_yaml(FULL.to_yaml()) == FULL
    assert Recipe.from_wire(FULL.to_wire()) == FULL


@given(st.text(max_size=30), st.text(min_size=1, max_size=30), st.none() | st.text(max_size=30))
def test_any_text_survives_yaml(reason: str, old: str, new: str | None) -> None:
    if "\x00" in reason + old + (new or ""):
        return
    step = steps.MapCategories(columns=(old,), mapping={old: new}, reason=reason)

    assert Recipe.from_yaml(Recipe(steps=(step,)).to_yaml()).steps == (step,)


@pytest.mark.parametrize(
    "odd", ["\x85", "\u2028", "\u2029", "\ufeff", "\u00a0", "\u200b", "\t", "\r\n", "\x1b", "🦆"]
)
def test_odd_characters_survive_yaml(odd: str) -> None:
    recipe = Recipe(steps=(steps.MapCategories(columns=("c",), mapping={f"a{odd}b": odd}),))

    assert Recipe.from_yaml(recipe.to_yaml()) == recipe


def test_a_step_written_by_hand_needs_no_more_than_it_says() -> None:
    recipe = Recipe.from_yaml(
        "steps:\n- {kind: trim, columns: [a]}\n- {kind: clip, columns: [d], low: 2024-01-01}\n"
    )

    assert recipe.steps == (steps.Trim(columns=("a",)), steps.Clip(columns=("d",), low="2024-01-01"))


def test_reasons_do_not_change_what_a_recipe_is() -> None:
    with_reason = Recipe(steps=(steps.Dedupe(reason="twice"),))

    assert with_reason.canonical() == Recipe(steps=(steps.Dedupe(),)).canonical()
    assert Recipe().canonical() == ""


ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nsteps: *b\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "steps: [{kind: trim, columns: [a], colour: red}]",
            "step 1, colour: Extra inputs are not permitted",
        ),
        ("steps: [{kind: wash, columns: [a]}]", "step 1.*'wash' found using 'kind'"),
        ("steps: [{columns: [a]}]", "step 1.*'kind'"),
        ("steps: [{kind: trim}]", "step 1, columns: Field required"),
        ("steps: [{kind: trim, columns: []}]", "step 1, columns: "),
        ("steps: [{kind: trim, columns: [true]}]", "step 1, columns.0: it should be a valid string"),
        ("steps: [{kind: dedupe}, {kind: cast, columns: [a], to: money}]", "step 2, to: "),
        ("steps: [{kind: clip, columns: [a], low: .nan}]", "step 1, low"),
        ("steps: [{kind: trim, columns: [a]}]\nversion: 2", "the recipe, version: Extra inputs"),
        ("schema_version: 2\nsteps: []", "the recipe, schema_version: it should be 1"),
        ("just text", "the recipe: it should be a valid dictionary"),
        ("", "the recipe: it should be a valid dictionary"),
        ("steps: [", "not YAML"),
        ("steps: !!python/object/apply:os.system ['true']", "not YAML: could not determine a constructor"),
        (ALIASES, "not YAML: an alias is not allowed"),
        ("steps: []\nsteps: [{kind: dedupe}]", "not YAML: the key 'steps' occurs twice"),
        ("steps: " + "[" * 50_000, "nested too deeply|not YAML"),
        ('steps: [{kind: trim, columns: ["a\\0b"]}]', "step 1, columns.0: "),
        (
            "steps: [" + "{kind: dedupe}," * 10_000 + "]",
            "the recipe, steps: Tuple should have at most 200 items",
        ),
        ("#" * 2_000_000, "longer than"),
    ],
)
def test_what_is_no_recipe_is_named(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as caught:
        Recipe.from_yaml(text)

    assert caught.value.hint
