import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import COMMAND, FLIGHTS, environment, spawned

import sapwood_cli.answering
from sapwood_agents.analyst.version import LONGEST_QUESTION


def test_an_answer_is_a_sentence_a_table_the_checks_and_the_sql(sapwood: Sapwood) -> None:
    said = sapwood("ask", FLIGHTS, "average dep_delay by origin")

    assert said.code == 0
    assert said.err == ""
    assert "mean_dep_delay" in said.out
    assert "35 rows without a value in dep_delay left out" in said.out
    assert "AVG(" in said.out


def test_an_answer_in_json_is_one_object_that_fits_the_schema(sapwood: Sapwood) -> None:
    said = sapwood("ask", FLIGHTS, "how many flights", "--json")

    answer = said.json("answer")
    assert said.code == 0
    assert answer["rows"] == [[6099]]
    assert answer["reason"] is None


def test_an_abstention_ends_with_3_and_says_why(sapwood: Sapwood) -> None:
    said = sapwood("ask", FLIGHTS, "average warranty")
    as_json = sapwood("ask", FLIGHTS, "average warranty", "--json")

    assert (said.code, as_json.code) == (3, 3)
    assert "Not answered" in said.out
    assert "'warranty'" in said.out
    assert "This table can answer" in said.out
    answer = as_json.json("answer")
    assert (answer["answer"], answer["sql"], answer["reading"], answer["rows"]) == (None, None, None, [])
    assert answer["reason"]["code"] == "unplaced"
    assert "warranty" in answer["reason"]["words"]


def test_two_readings_are_shown_with_their_sql(sapwood: Sapwood) -> None:
    said = sapwood("ask", FLIGHTS, "mean delay")

    assert said.code == 3
    assert said.out.count("SELECT") == 2


def test_a_repeated_question_is_answered_without_opening_anything(
    sapwood: Sapwood, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sapwood("ask", FLIGHTS, "median distance", "--json").json("answer")
    monkeypatch.delattr(sapwood_cli.answering, "answer_once")

    second = sapwood("ask", FLIGHTS, "  median   distance ", "--json").json("answer")

    assert second["cached"]
    assert second == first | {"cached": True, "timings_ms": second["timings_ms"]}
    assert set(second["timings_ms"]) == {"cache"}, "what this call took, and not the one that worked"


def test_an_abstention_is_repeated_from_the_cache_too(sapwood: Sapwood) -> None:
    sapwood("ask", FLIGHTS, "average colour")

    repeated = sapwood("ask", FLIGHTS, "average colour", "--json")

    assert repeated.code == 3
    assert repeated.json("answer")["cached"]


def test_a_file_that_changed_is_read_again(sapwood: Sapwood, tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text("price\n1\n2\n")
    first = sapwood("ask", str(file), "total price", "--json").json("answer")
    file.write_text("price\n1\n2\n3\n")

    second = sapwood("ask", str(file), "total price", "--json").json("answer")

    assert (first["rows"], second["rows"], second["cached"]) == ([[3]], [[6]], False)


def test_amounts_with_a_sign_are_added_up_and_shown_with_it(sapwood: Sapwood, tmp_path: Path) -> None:
    table = tmp_path / "leases.csv"
    table.write_text('site,rent\nquay,"$1,200.50"\nmill,$30\nquay,-$10\n', encoding="utf-8")

    said = sapwood("ask", str(table), "total rent")
    as_text = sapwood("ask", str(table), "total rent", "--types", "rent=text")

    assert said.code == 0
    assert "$1,220.50" in said.out
    assert as_text.code == 3


def test_another_reading_of_the_same_file_is_another_answer(sapwood: Sapwood, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("code,kind\n01,a\n1,a\n2,b\n")
    as_numbers = sapwood("ask", str(file), "number of different codes", "--json").json("answer")

    as_text = sapwood("ask", str(file), "number of different codes", "--types", "code=text", "--json")

    assert as_numbers["rows"] in ([[2]], [[3]])
    assert as_text.json("answer")["rows"] == [[3]]


def test_a_broken_cache_costs_time_and_no_answer(sapwood: Sapwood, tmp_path: Path) -> None:
    home = tmp_path / "home"
    sapwood("ask", FLIGHTS, "how many flights", home=home)
    for file in home.glob("cache.db*"):
        file.write_bytes(b"no database at all" * 1_000)

    said = sapwood("ask", FLIGHTS, "how many flights", "--json", home=home)

    assert said.json("answer")["rows"] == [[6099]]


def test_an_answer_out_of_a_newer_cache_is_not_believed(sapwood: Sapwood, tmp_path: Path) -> None:
    home = tmp_path / "home"
    sapwood("ask", FLIGHTS, "how many flights", home=home)
    with sqlite3.connect(home / "cache.db") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()

    assert sapwood("ask", FLIGHTS, "how many flights", home=home).code == 0


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * 10_000, "10,000 characters"),
        ("\udcff\udcfe", "not UTF-8"),
    ],
    ids=["empty", "blank", "10,000 characters", "bytes"],
)
def test_what_is_no_question_is_bad_input(sapwood: Sapwood, question: str, words: str) -> None:
    said = sapwood("ask", FLIGHTS, question)
    as_json = sapwood("ask", FLIGHTS, question, "--json")

    assert (said.code, as_json.code) == (2, 2)
    assert words in said.err
    assert said.out == ""
    assert words in as_json.json("error")["error"]["message"]


@pytest.mark.parametrize("question", ["😀", "¿?", "平均 dep_delay", "x " * (LONGEST_QUESTION // 2)])
def test_what_cannot_be_read_is_an_abstention(sapwood: Sapwood, question: str) -> None:
    said = sapwood("ask", FLIGHTS, question, "--json")

    assert said.code == 3
    assert said.json("answer")["reason"]["can_answer"]


def test_many_unreadable_records_refuse_the_answer_until_it_is_allowed(
    sapwood: Sapwood, tmp_path: Path
) -> None:
    file = tmp_path / "broken.csv"
    file.write_text("a,b\n" + "1,x\n" * 100 + "1,x,stray\n" * 5)

    refused = sapwood("ask", str(file), "how many rows")
    allowed = sapwood("ask", str(file), "how many rows", "--allow-quarantined", "--json")

    assert refused.code == 3
    assert "--allow-quarantined" in refused.out
    assert allowed.code == 0
    assert "quarantined" in {check["code"] for check in allowed.json("answer")["checks"]}


def test_a_table_can_come_on_stdin(home: Path) -> None:
    said = spawned(home, "ask", "-", "total price", "--json", stdin="price\n1\n2\n")

    answer = said.json("answer")
    assert answer["rows"] == [[3]]
    assert answer["dataset"]["title"] == "stdin"


def test_two_processes_that_ask_about_the_same_new_file_both_answer(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "new.csv"
    file.write_text("price,city\n" + "".join(f"{number},c{number % 7}\n" for number in range(20_000)))
    asked = [*COMMAND, "ask", str(file), "average price by city", "--json"]
    env = environment(home)

    running = [
        subprocess.Popen(asked, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in running]

    assert [process.returncode for process in running] == [0, 0], said
    first, second = (json.loads(out) for out, _ in said)
    assert first["rows"] == second["rows"]
    versions = [path for path in (home / "workspaces/local/datasets").iterdir() if path.name[0] != "."]
    assert [path.name for path in versions] == [first["dataset"]["version"]]


def test_a_question_in_a_process_leaves_no_staging_and_no_worker(tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "tmp"
    scratch.mkdir()

    said = spawned(home, "ask", FLIGHTS, "how many flights", env={"TMPDIR": str(scratch)})

    assert said.code == 0
    assert list((home / "workspaces/local/datasets/.staging").iterdir()) == []
    assert os.listdir(scratch) == []  # noqa: PTH208 - names say more in a failure
