"""What commands leave in the records, and that the records are never in their way."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import COMMAND, environment, spawned
from apps.cli.tests.test_clean_command import MESSY

SALES = "price,city\n1,Rome\n2,Oslo\n3,Rome\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A data directory of this test's own."""
    return tmp_path / "home"


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    file = tmp_path / "sales.csv"
    file.write_text(SALES)
    os.utime(file, (1, 1))
    return file


def rows(home: Path, statement: str) -> list[Any]:
    """What a SELECT finds in the records."""
    with closing(sqlite3.connect(home / "workspaces" / "local" / "records.db")) as connection:
        return connection.execute(statement).fetchall()


def test_a_question_is_recorded_with_the_version_it_was_about(
    sapwood: Sapwood, sales: Path, own: Path
) -> None:
    answer = sapwood("ask", str(sales), "total price", "--json", home=own).json("answer")
    sapwood("ask", str(sales), "total price", home=own)
    sapwood("ask", str(sales), "color of the sky", home=own)

    assert rows(own, "SELECT text, declined, reading, cached, engine FROM questions ORDER BY id") == [
        ("total price", None, answer["reading"], 0, "instant"),
        ("total price", None, answer["reading"], 1, "instant"),
        ("color of the sky", "unplaced", None, 0, "instant"),
    ]
    assert rows(own, "SELECT DISTINCT version_id FROM questions") == [(answer["dataset"]["version"],)]
    assert rows(own, "SELECT sql FROM questions WHERE cached") == [(answer["sql"],)]
    assert rows(own, "SELECT name, origin FROM datasets") == [("sales", f"file:{sales}")]
    assert rows(own, "SELECT rows, quarantined, parent_id, removed_at FROM dataset_versions") == [
        (3, 0, None, None)
    ]
    assert all(took > 0 for (took,) in rows(own, "SELECT duration_ms FROM questions"))


def test_every_question_of_a_conversation_is_recorded(sales: Path, own: Path) -> None:
    spawned(own, "ask", str(sales), stdin="total price\nand by city?\n")

    assert rows(own, "SELECT text FROM questions ORDER BY id") == [("total price",), ("and by city?",)]


@pytest.mark.parametrize(
    "command", [("columns",), ("profile",), ("sql", "SELECT 1 FROM data"), ("clean",)], ids=lambda c: c[0]
)
def test_a_file_that_is_read_is_recorded_whatever_it_was_read_for(
    sapwood: Sapwood, sales: Path, own: Path, command: tuple[str, ...]
) -> None:
    for _ in range(2):
        assert sapwood(command[0], str(sales), *command[1:], home=own).code == 0

    assert rows(own, "SELECT source_name FROM dataset_versions") == [("sales.csv",)]
    assert rows(own, "SELECT text FROM questions") == []


def test_a_file_that_changes_is_one_dataset_of_several_versions(
    sapwood: Sapwood, sales: Path, own: Path
) -> None:
    sapwood("ask", str(sales), "total price", home=own)
    sales.write_text(SALES + "4,Lima\n")
    sapwood("ask", str(sales), "total price", home=own)

    assert rows(own, "SELECT count(*) FROM datasets") == [(1,)]
    assert rows(own, "SELECT rows FROM dataset_versions ORDER BY created_at") == [(3,), (4,)]


def test_the_same_stream_is_the_same_dataset(own: Path) -> None:
    for question in ("total price", "average price"):
        spawned(own, "ask", "-", question, stdin=SALES)

    assert rows(own, "SELECT name FROM datasets") == [("stdin",)]
    assert rows(own, "SELECT count(*) FROM questions") == [(2,)]


def test_records_that_could_not_be_read_are_counted_and_forgotten_with_the_table(
    sapwood: Sapwood, own: Path, tmp_path: Path
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("id,price\n" + "".join(f"{n},{n}.5\n" for n in range(3_000)) + "3000,cheap\n")

    found = sapwood("columns", str(file), "--json", home=own).json("columns")

    assert found["quarantined"] == 1
    assert rows(own, 'SELECT "column", records, first_line, sample FROM quarantined_rows') == [
        ("price", 1, 3002, "3000,cheap")
    ]
    sapwood("data", "prune", home=own)
    assert rows(own, "SELECT * FROM quarantined_rows") == []


def test_a_clean_records_its_recipe_with_reasons_and_where_it_came_from(
    sapwood: Sapwood, own: Path, tmp_path: Path
) -> None:
    file, recipe = tmp_path / "messy.csv", tmp_path / "recipe.yaml"
    file.write_text(MESSY)
    sapwood("clean", str(file), "--apply", home=own)
    recipe.write_text("steps:\n- {kind: rename, names: {name: who}, reason: because}\n")

    steps = "SELECT json_extract(steps, '$[#-1].kind'), json_extract(steps, '$[0].reason') FROM recipes"
    assert [(kind, "blanks" in reason) for kind, reason in rows(own, steps)] == [("dedupe", True)]
    assert rows(own, "SELECT count(*) FROM dataset_versions WHERE parent_id IS NOT NULL") == [(1,)]

    sapwood("clean", str(file), "--undo", home=own)
    assert rows(own, "SELECT undone_at IS NOT NULL FROM recipes") == [(1,)]
    sapwood("clean", str(file), "--recipe", str(recipe), home=own)
    assert rows(own, f"{steps} ORDER BY applied_at")[1:] == [("rename", "because")]
    assert rows(own, "SELECT count(*) FROM dataset_versions") == [(3,)]


def test_steps_applied_one_after_the_other_keep_all_their_reasons(
    sapwood: Sapwood, own: Path, tmp_path: Path
) -> None:
    file = tmp_path / "messy.csv"
    file.write_text(MESSY)
    sapwood("clean", str(file), "--apply", home=own)
    before = rows(own, "SELECT version_id FROM recipes")
    shelf = own / "workspaces" / "local" / "datasets"

    sapwood("clean", str(file), "--again", home=own)

    assert rows(own, "SELECT version_id FROM recipes") == before
    assert len(list(shelf.glob("dv_*"))) == 2


def test_pruning_keeps_the_history_and_says_what_is_gone(sapwood: Sapwood, sales: Path, own: Path) -> None:
    sapwood("ask", str(sales), "total price", home=own)

    sapwood("data", "prune", home=own)
    assert rows(own, "SELECT removed_at IS NOT NULL FROM dataset_versions") == [(1,)]
    assert rows(own, "SELECT count(*) FROM questions") == [(1,)]

    sapwood("ask", str(sales), "total price", home=own)
    assert rows(own, "SELECT removed_at IS NOT NULL FROM dataset_versions") == [(0,)]
    assert rows(own, "SELECT cached FROM questions") == [(0,), (0,)]

    pruned = sapwood("data", "prune", "--history", "--json", home=own).json("data-prune")
    assert (pruned["datasets_removed"], pruned["questions_forgotten"]) == (1, 2)
    assert rows(own, "SELECT count(*) FROM questions") == [(0,)]
    assert "forgot 0 questions" in sapwood("data", "prune", "--history", home=own).out


def test_pruning_makes_no_records_where_there_are_none(sapwood: Sapwood, own: Path) -> None:
    assert sapwood("data", "prune", "--history", home=own).code == 0

    assert not (own / "workspaces" / "local" / "records.db").exists()


def test_what_was_deleted_by_hand_is_noted_by_the_next_prune(
    sapwood: Sapwood, sales: Path, own: Path
) -> None:
    sapwood("columns", str(sales), home=own)
    for directory in (own / "workspaces" / "local" / "datasets").glob("dv_*"):
        shutil.rmtree(directory)

    sapwood("data", "prune", "--keep-gb", "10", home=own)

    assert rows(own, "SELECT removed_at IS NOT NULL FROM dataset_versions") == [(1,)]


def test_a_command_killed_between_publishing_and_recording_is_made_up_for(
    sapwood: Sapwood, sales: Path, own: Path
) -> None:
    code = (
        "import os, sys\n"
        "from sapwood_runtime.records import Records\n"
        "async def die(*_): os._exit(9)\n"
        "Records.version = die\n"
        f"sys.argv = ['sapwood', 'columns', {str(sales)!r}]\n"
        "from sapwood_cli.main import main\n"
        "main()"
    )
    died = subprocess.run([sys.executable, "-c", code], env=environment(own), check=False)
    assert died.returncode == 9
    assert len(list((own / "workspaces" / "local" / "datasets").glob("dv_*"))) == 1
    assert not (own / "workspaces" / "local" / "records.db").exists()

    answer = sapwood("ask", str(sales), "total price", "--json", home=own).json("answer")

    assert rows(own, "SELECT id FROM dataset_versions") == [(answer["dataset"]["version"],)]
    assert rows(own, "SELECT text FROM questions") == [("total price",)]


def test_the_doctor_says_what_stands_in_the_records_and_how_to_mend_them(
    sapwood: Sapwood, sales: Path, own: Path
) -> None:
    def finding() -> dict[str, Any]:
        found = sapwood("doctor", "--json", home=own).json("doctor")["findings"]
        return next(one for one in found if one["name"] == "records")

    records, control = own / "workspaces" / "local" / "records.db", own / "control.db"
    assert (finding()["state"], finding()["text"][:8]) == ("ok", "none yet")
    records.parent.mkdir(parents=True)
    records.touch()  # what a process leaves that dies at once
    assert (finding()["state"], finding()["text"][:8]) == ("ok", "none yet")
    sapwood("ask", str(sales), "total price", home=own)
    assert (finding()["state"], finding()["text"]) == ("ok", "1 file read, 1 question asked")

    for file in (control, records):
        whole = file.read_bytes()
        file.write_bytes(b"no database at all" * 400)
        assert finding()["state"] == "broken"
        assert finding()["text"].startswith(str(file))
        assert "or delete it" in finding()["mend"]
        file.write_bytes(whole)
    with closing(sqlite3.connect(control)) as connection:
        connection.execute("UPDATE migrations SET version = version + 1")
        connection.commit()
    assert (finding()["state"], finding()["mend"]) == ("broken", "upgrade Sapwood")


@pytest.mark.parametrize("wreck", [b"no database at all" * 400, b""], ids=["broken", "empty"])
def test_broken_records_cost_a_warning_and_no_answer(
    sapwood: Sapwood, sales: Path, own: Path, wreck: bytes
) -> None:
    sapwood("ask", str(sales), "total price", home=own)
    records = own / "workspaces" / "local" / "records.db"
    for suffix in ("-wal", "-shm"):
        Path(f"{records}{suffix}").unlink(missing_ok=True)
    records.write_bytes(wreck)

    repeated = sapwood("ask", str(sales), "total price", home=own)
    said = sapwood("ask", str(sales), "average price", home=own)

    assert (repeated.code, repeated.err) == (0, "")
    assert said.code == 0
    assert "average" in said.out.casefold() or "mean" in said.out.casefold()
    if wreck:
        assert said.err.startswith("sapwood: this is not in the records (see sapwood doctor): ")
        assert "is damaged" in said.err
    else:  # made anew, and what was asked is there again
        assert said.err == ""
        assert rows(own, "SELECT text FROM questions") == [("average price",)]


def test_records_of_a_newer_release_cost_a_warning_and_no_answer(
    sapwood: Sapwood, sales: Path, own: Path
) -> None:
    sapwood("columns", str(sales), home=own)
    with closing(sqlite3.connect(own / "workspaces" / "local" / "records.db")) as connection:
        connection.execute("UPDATE migrations SET version = version + 1")
        connection.commit()

    said = sapwood("ask", str(sales), "total price", home=own)

    assert said.code == 0
    assert "this release knows" in said.err


@pytest.mark.integration
def test_twins_in_two_processes_record_one_version_and_both_questions(sales: Path, own: Path) -> None:
    twins = [
        subprocess.Popen(
            [*COMMAND, "ask", str(sales), question, "--json"],
            env=environment(own),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for question in ("total price", "average price", "total price")
    ]
    said = [twin.communicate(timeout=120)[1] for twin in twins]

    assert ([twin.returncode for twin in twins], said) == ([0, 0, 0], [b"", b"", b""])
    assert rows(own, "SELECT count(*) FROM datasets") == [(1,)]
    assert rows(own, "SELECT count(*) FROM dataset_versions") == [(1,)]
    assert sorted(rows(own, "SELECT text FROM questions")) == [
        ("average price",),
        ("total price",),
        ("total price",),
    ]
