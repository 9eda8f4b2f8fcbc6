"""A file that a recipe was applied to: every command works on what came of it, and says so."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import spawned
from apps.cli.tests.test_clean_command import MESSY
from apps.cli.tests.test_import_cost import HEAVY, loaded_by

ROWS = "how many rows"
SAID = "cleaned by 4 steps; --original asks the file as it is"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A data directory of this test's own."""
    return tmp_path / "home"


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Five rows, of which two are alike."""
    file = tmp_path / "messy.csv"
    file.write_text(MESSY)
    os.utime(file, (1, 1))  # old enough for its hash to be remembered
    return file


@pytest.fixture
def cleaned(sapwood: Sapwood, messy: Path, own: Path) -> Path:
    """The same file, after `clean --apply`: four rows, and prices are numbers."""
    assert sapwood("clean", str(messy), "--apply", home=own).code == 0
    return messy


def asked(sapwood: Sapwood, home: Path, file: Path, *more: str) -> tuple[Any, list[str], bool]:
    """The number of rows, what was said of cleaning, and whether it came from the cache."""
    answer = sapwood("ask", str(file), ROWS, *more, "--json", home=home).json("answer")
    notes = [check["code"] for check in answer["checks"] if check["code"] in ("cleaned", "recipe_set_aside")]
    return answer["rows"], notes, answer["cached"]


def test_a_question_is_about_the_cleaned_table_until_that_is_taken_back(
    sapwood: Sapwood, messy: Path, own: Path
) -> None:
    assert asked(sapwood, own, messy) == ([[5]], [], False)

    sapwood("clean", str(messy), "--apply", home=own)
    assert asked(sapwood, own, messy) == ([[4]], ["cleaned"], False)
    assert asked(sapwood, own, messy) == ([[4]], ["cleaned"], True)
    assert asked(sapwood, own, messy, "--original") == ([[5]], [], True)

    sapwood("clean", str(messy), "--undo", home=own)
    assert asked(sapwood, own, messy) == ([[5]], [], True)
    assert asked(sapwood, own, messy, "--original") == ([[5]], [], True)


def test_an_answer_and_an_abstention_say_how_the_table_came_about(
    sapwood: Sapwood, cleaned: Path, own: Path
) -> None:
    answered = sapwood("ask", str(cleaned), "total price", home=own)
    declined = sapwood("ask", str(cleaned), "color of the sky", home=own)
    as_json = sapwood("ask", str(cleaned), "total price", "--json", home=own).json("answer")

    assert (answered.code, declined.code) == (0, 3)
    assert f"  - {SAID}" in answered.out.splitlines()
    assert f"  - {SAID}" in declined.out.splitlines()
    assert as_json["rows"] == [[13234.5]]
    assert as_json["checks"][-1] == {"code": "cleaned", "text": SAID, "count": 4}


def test_sql_columns_and_profile_work_on_the_cleaned_table(
    sapwood: Sapwood, cleaned: Path, own: Path
) -> None:
    count = ("sql", str(cleaned), "SELECT count(*) FROM data")

    new, old = (sapwood(*count, *more, "--json", home=own).json("sql") for more in ((), ("--original",)))
    assert (new["rows"], [check["code"] for check in new["checks"]]) == ([[4]], ["cleaned"])
    assert (old["rows"], old["checks"]) == ([[5]], [])
    assert f"({SAID})" in sapwood(*count, home=own).out

    new, old = (
        sapwood("columns", str(cleaned), *more, "--json", home=own).json("columns")
        for more in ((), ("--original",))
    )
    assert [new["columns"][2]["type"], old["columns"][2]["type"]] == ["number", "text"]
    assert (new["rows"], new["checks"][0]["text"], old["checks"]) == (4, SAID, [])
    assert SAID in sapwood("columns", str(cleaned), home=own).out

    new, old = (
        sapwood("profile", str(cleaned), *more, "--json", home=own).json("profile")
        for more in ((), ("--original",))
    )
    assert (new["rows"], new["warnings"][-1]["code"], old["rows"]) == (4, "cleaned", 5)
    assert "cleaned" not in [one["code"] for one in old["warnings"]]


def test_a_conversation_is_about_the_cleaned_table(own: Path, messy: Path, cleaned: Path) -> None:
    said = spawned(own, "ask", str(cleaned), stdin=f"{ROWS}\n")
    original = spawned(own, "ask", str(cleaned), "--original", stdin=f"{ROWS}\n")

    assert said.out.splitlines()[:2] == ["messy: 4 rows, 4 columns. An empty line ends.", SAID]
    assert "Number of rows: 4" in said.out
    assert original.out.splitlines()[0] == "messy: 5 rows, 4 columns. An empty line ends."
    assert "cleaned" not in original.out


def test_a_file_that_changed_is_asked_as_it_is_until_its_recipe_runs_again(
    sapwood: Sapwood, cleaned: Path, own: Path
) -> None:
    assert asked(sapwood, own, cleaned)[0] == [[4]]
    cleaned.write_text(MESSY + "5, Eva ,7.00 kr,Rio\n")

    rows, notes, _ = asked(sapwood, own, cleaned)
    said = sapwood("ask", str(cleaned), "how many rows are there", home=own).out
    proposal = sapwood("clean", str(cleaned), home=own).out

    assert (rows, notes) == ([[6]], ["recipe_set_aside"])
    told = (
        "not cleaned: 4 steps of this file's recipe were applied before it changed; "
        "sapwood clean --again applies them to it as it is now"
    )
    assert told in said
    assert told in proposal
    assert asked(sapwood, own, cleaned, "--original")[1] == []

    again = sapwood("clean", str(cleaned), "--again", "--json", home=own).json("clean")
    assert (again["changed"], again["cleaned"]["rows"], len(again["cleaned"]["steps"])) == (True, 5, 4)
    assert asked(sapwood, own, cleaned)[:2] == ([[5]], ["cleaned"])


def test_a_file_that_only_looks_new_is_still_cleaned(sapwood: Sapwood, cleaned: Path, own: Path) -> None:
    os.utime(cleaned, (5, 5))

    assert asked(sapwood, own, cleaned)[:2] == ([[4]], ["cleaned"])


def test_a_table_that_was_let_go_of_is_made_again(sapwood: Sapwood, cleaned: Path, own: Path) -> None:
    pruned = sapwood("data", "prune", "--json", home=own).json("data-prune")
    assert pruned["datasets_removed"] == 2

    assert asked(sapwood, own, cleaned)[:2] == ([[4]], ["cleaned"])
    assert "no step applied" in sapwood("clean", str(cleaned), "--undo", home=own).out
    assert asked(sapwood, own, cleaned)[:2] == ([[5]], [])


def test_undoing_works_when_only_the_cleaned_table_is_left(
    sapwood: Sapwood, cleaned: Path, own: Path
) -> None:
    shelf = own / "workspaces" / "local" / "datasets"
    for directory in shelf.glob("dv_*"):
        if json.loads((directory / "version.json").read_text())["lineage"] is None:
            shutil.rmtree(directory)

    assert asked(sapwood, own, cleaned)[:2] == ([[4]], ["cleaned"])
    assert "no step applied" in sapwood("clean", str(cleaned), "--undo", home=own).out


def test_a_copy_of_a_cleaned_file_is_another_file(
    sapwood: Sapwood, cleaned: Path, own: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.csv"
    shutil.copy(cleaned, copy)

    assert asked(sapwood, own, copy)[:2] == ([[5]], [])
    assert asked(sapwood, own, cleaned)[:2] == ([[4]], ["cleaned"])


def test_a_recipe_belongs_to_the_way_in_which_the_file_was_read(
    sapwood: Sapwood, cleaned: Path, own: Path
) -> None:
    answer = sapwood("ask", str(cleaned), ROWS, "--types", "id=text", "--json", home=own).json("answer")

    assert answer["rows"] == [[5]]
    assert answer["checks"][-1]["text"].startswith(
        "not cleaned: 4 steps of this file's recipe were applied when it was read with other options; "
    )


def test_a_stream_is_cleaned_by_its_bytes(own: Path) -> None:
    assert spawned(own, "clean", "-", "--apply", stdin=MESSY).code == 0

    same = spawned(own, "ask", "-", ROWS, "--json", stdin=MESSY).json("answer")
    other = spawned(own, "ask", "-", ROWS, "--json", stdin=MESSY + "9,x,1,y\n").json("answer")
    undone = spawned(own, "clean", "-", "--undo", stdin=MESSY)

    assert (same["rows"], same["checks"][-1]["code"]) == ([[4]], "cleaned")
    assert other["rows"] == [[6]]
    assert "no step applied" in undone.out


def test_there_is_nothing_to_do_again_for_a_file_that_was_never_cleaned(
    sapwood: Sapwood, messy: Path, own: Path
) -> None:
    said = sapwood("clean", str(messy), "--again", "--json", home=own)

    assert said.code == 2
    assert said.json("error")["error"]["message"] == "no recipe was applied to this file before"
    refused = sapwood("clean", str(messy), "--again", "--undo", home=own)
    assert (refused.code, "exclude each other" in refused.err) == (2, True)


def test_a_cached_answer_about_a_cleaned_file_loads_no_more_than_another(
    sapwood: Sapwood, cleaned: Path, own: Path
) -> None:
    assert asked(sapwood, own, cleaned) == ([[4]], ["cleaned"], False)

    loaded = loaded_by(own, "ask", str(cleaned), ROWS, "--json")

    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert "asyncio" not in loaded


def test_amounts_keep_their_currency_when_they_became_numbers(
    sapwood: Sapwood, tmp_path: Path, own: Path
) -> None:
    file = tmp_path / "stays.csv"
    file.write_text("guest,bill\n" + "".join(f'g{n % 3},"${1_200 + n:,}.50"\n' for n in range(9)))
    assert sapwood("clean", str(file), "--apply", home=own).code == 0

    answer = sapwood("ask", str(file), "highest bill", "--json", home=own).json("answer")
    grouped = sapwood("ask", str(file), "average bill by guest", "--json", home=own).json("answer")

    assert answer["answer"].endswith(": $1,208.50.")
    assert answer["rows"] == [[1208.5]]
    assert grouped["answer"].endswith(": 3 groups, in $.")
