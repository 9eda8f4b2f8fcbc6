"""`sapwood clean` as a person runs it.

Renew its schema with `python -m apps.cli.tests.test_clean_command`.
"""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import SCHEMAS, spawned

from sapwood_agents.analyst.clean.report import CleaningReport

SCHEMA = SCHEMAS / "clean.json"
MESSY = (
    'id,name,price,city\n1, Ann ,"1,200.50 kr",NYC\n2,Bob,30.00 kr,nyc\n3,Cy,4.00 kr,NYC\n'
    '4,Dee,"12,000 kr",Rio\n'
    '4,Dee,"12,000 kr",Rio\n'
)
CLEAN = "id,name,price,city\n1,Ann,1200.5,NYC\n2,Bob,30.0,NYC\n3,Cy,4.0,NYC\n4,Dee,12000.0,Rio\n"


def clean_schema() -> dict[str, Any]:
    made = CleaningReport.model_json_schema(mode="serialization")
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **made, "title": "sapwood clean --json"}


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    file = tmp_path / "messy.csv"
    file.write_text(MESSY)
    return file


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A data directory of this test's own, where nobody has cleaned these bytes."""
    return tmp_path / "home"


def test_the_published_schema_is_that_of_the_model() -> None:
    published = json.loads(SCHEMA.read_text())

    assert published == clean_schema(), "renew it: python -m apps.cli.tests.test_clean_command"


def test_a_proposal_is_shown_and_nothing_is_done(sapwood: Sapwood, messy: Path, own: Path) -> None:
    said = sapwood("clean", str(messy), home=own)

    assert said.code == 0
    assert "1. trim: 1 value of name with blanks" in said.out
    assert "' Ann ' -> 'Ann'  (1)" in said.out
    assert "1 row would go" in said.out
    assert f"Nothing was changed. To apply: sapwood clean {messy} --apply" in said.out
    assert messy.read_text() == MESSY


def test_the_command_to_go_on_with_reads_the_file_in_the_same_way(
    sapwood: Sapwood, own: Path, tmp_path: Path
) -> None:
    file = tmp_path / "two words.csv"
    file.write_text("'a, b';1;x\n' c';2;-\n' d';3;x\n")
    options = (
        "--delimiter", ";", "--quote", "'", "--no-header", "--nulls", "-,no value", "--encoding", "utf-8",
        "--types", "column1=number",
    )  # fmt: skip

    said = sapwood("clean", str(file), *options, home=own)

    last = said.out.splitlines()[-1].partition("To apply: ")[2]
    assert '--quote "\'"' in last
    assert set(options) < set(shlex.split(last))
    applied = sapwood(*shlex.split(last)[1:], home=own)
    assert applied.code == 0, applied.err
    assert "1. trim column0: 2 cells changed" in applied.out


def test_a_table_of_one_row_is_said_in_the_singular(sapwood: Sapwood, own: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("name\n alpha\n")

    proposed, seen = sapwood("clean", str(file), home=own), sapwood("columns", str(file), home=own)
    applied = sapwood("clean", str(file), "--apply", home=own)
    again = sapwood("clean", str(file), home=own)

    assert proposed.out.startswith("one: 1 row, 1 column\n")
    assert seen.out.startswith("one: 1 row, version")
    assert applied.out.startswith("one: 1 row, 1 column, version")
    assert "cleaned with 1 step already" in again.out


def test_apply_cleans_writes_and_can_be_undone(
    sapwood: Sapwood, messy: Path, own: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"

    applied = sapwood("clean", str(messy), "--apply", "--out", str(out), home=own)
    again = sapwood("clean", str(messy), home=own)
    undone = sapwood("clean", str(messy), "--undo", home=own)
    nothing = sapwood("clean", str(messy), "--undo", home=own)

    assert (applied.code, out.read_text()) == (0, CLEAN)
    assert "rows 5 (same as 4)" in applied.out
    assert "cleaned with 4 steps already" in again.out
    assert "as the file was read, no step applied" in undone.out
    assert (nothing.code, nothing.out) == (2, "")
    assert "nothing to undo" in nothing.err
    assert messy.read_text() == MESSY


def test_a_saved_recipe_cleans_another_file(sapwood: Sapwood, messy: Path, own: Path, tmp_path: Path) -> None:
    recipe, other, out = tmp_path / "recipe.yaml", tmp_path / "other.csv", tmp_path / "out.json"
    other.write_text('city,price,id,name\nnyc,"1,000 kr",9,"Zoe "\n')

    sapwood("clean", str(messy), "--save", str(recipe), home=own)
    said = sapwood("clean", str(other), "--recipe", str(recipe), "--out", str(out), home=own)

    assert said.code == 0
    assert json.loads(out.read_text()) == [{"city": "NYC", "price": 1000.0, "id": 9, "name": "Zoe"}]


def test_a_recipe_begins_with_the_file_however_often_it_is_applied(
    sapwood: Sapwood, messy: Path, own: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("steps:\n- {kind: rename, names: {name: who}}\n")

    versions = [
        sapwood("clean", str(messy), "--recipe", str(recipe), "--json", home=own).json("clean")["cleaned"]
        for _ in range(2)
    ]

    assert versions[0] == versions[1]


def test_choices_are_saved_as_comments(sapwood: Sapwood, own: Path, tmp_path: Path) -> None:
    file, recipe = tmp_path / "gaps.csv", tmp_path / "recipe.yaml"
    file.write_text("id,x\n" + "".join(f"{n},{n % 5}\n" for n in range(20)) + "20,\n")

    sapwood("clean", str(file), "--save", str(recipe), home=own)

    assert "steps: []" in recipe.read_text()
    assert "# - kind: impute\n" in recipe.read_text()
    uncommented = recipe.read_text().replace("steps: []", "steps:").replace("# -", "-").replace("#   ", "  ")
    recipe.write_text(uncommented.replace("# These", "#These"))
    said = sapwood("clean", str(file), "--recipe", str(recipe), home=own)
    assert "x filled with 2" in said.out


@pytest.mark.parametrize("ending", ["parquet", "xlsx", "json", "csv"])
def test_what_is_written_reads_back_the_same(
    sapwood: Sapwood, messy: Path, own: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"out.{ending}"

    sapwood("clean", str(messy), "--apply", "--out", str(out), home=own)
    back = sapwood("sql", str(out), "SELECT * FROM data ORDER BY id", "--json", home=own).json("sql")

    assert back["rows"] == [
        [1, "Ann", 1200.5, "NYC"],
        [2, "Bob", 30.0, "NYC"],
        [3, "Cy", 4.0, "NYC"],
        [4, "Dee", 12000.0, "Rio"],
    ]


def test_json_is_one_object_that_fits_the_schema(sapwood: Sapwood, messy: Path, own: Path) -> None:
    said = sapwood("clean", str(messy), "--json", home=own)

    found = said.json("clean")
    assert (said.err, found["changed"], found["cleaned"]["rows"]) == ("", False, 5)
    assert [one["step"]["kind"] for one in found["proposal"]["proposed"]] == [
        "trim", "cast", "map_categories", "dedupe",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--apply", "--undo"), "exclude each other"),
        (("--recipe", "nowhere.yaml"), "nowhere.yaml cannot be read: No such file"),
        (("--out", "x.doc"), "--out cannot write .doc"),
        (("--save", "/nowhere/r.yaml"), "there is no directory /nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_work(
    sapwood: Sapwood, messy: Path, own: Path, arguments: tuple[str, ...], told: str
) -> None:
    said = sapwood("clean", str(messy), *arguments, "--json", home=own)

    assert said.code == 2
    assert told in said.json("error")["error"]["message"]
    assert not own.exists()


def test_a_recipe_that_does_not_fit_names_the_step(
    sapwood: Sapwood, messy: Path, own: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        "steps:\n- {kind: trim, columns: [name]}\n- {kind: cast, columns: [city], to: number}\n"
    )

    said = sapwood("clean", str(messy), "--recipe", str(recipe), home=own)

    assert said.code == 2
    assert "step 2, cast: 5 values of city do not fit, for example 'NYC' in row 1" in said.err


def test_a_stream_can_be_cleaned(own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"

    said = spawned(own, "clean", "-", "--apply", "--out", str(out), stdin=MESSY)

    assert (said.code, out.read_text()) == (0, CLEAN)


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(clean_schema(), indent=2, ensure_ascii=False) + "\n")
