"""The commands beside `ask`, and what holds for all of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import FLIGHTS, environment, spawned

import sapwood_cli.doctor
from sapwood_storage.tabular.sandbox.layers import LayerStatus


def test_sql_prints_a_table_and_gives_types_in_json(sapwood: Sapwood) -> None:
    statement = "SELECT origin, count(*) AS n, max(time_hour) AS last FROM data GROUP BY 1 ORDER BY 1"

    said = sapwood("sql", FLIGHTS, statement)
    found = sapwood("sql", FLIGHTS, statement, "--json").json("sql")

    assert said.code == 0
    assert said.out.splitlines()[0].split() == ["origin", "n", "last"]
    assert found["columns"] == [
        {"name": "origin", "type": "text"},
        {"name": "n", "type": "integer"},
        {"name": "last", "type": "timestamp"},
    ]
    assert found["rows"][0] == ["EWR", 2211, "2013-01-08T02:00:00"]


def test_sql_says_when_rows_were_cut_and_values_are_not_finite(sapwood: Sapwood) -> None:
    many = "SELECT range FROM range(200000)"

    said = sapwood("sql", FLIGHTS, many)
    cut = sapwood("sql", FLIGHTS, many, "--json").json("sql")
    odd = sapwood("sql", FLIGHTS, "SELECT 'nan'::DOUBLE, 'inf'::DOUBLE", "--json").json("sql")

    assert "more rows were found" in said.out
    assert cut["truncated"]
    assert (odd["rows"], odd["nonfinite"]) == ([[None, None]], 2)


def test_columns_shows_how_a_file_was_read_and_what_could_not_be(sapwood: Sapwood, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("price,city\n" + "1,Rome\nNA,Oslo\n" * 500 + "3,Lima,stray\n")

    said = sapwood("columns", str(file))
    found = sapwood("columns", str(file), "--json").json("columns")

    assert said.code == 0
    assert "1,000 rows" in said.out
    assert "line 1002" in said.out
    assert [(column["name"], column["type"]) for column in found["columns"]] == [
        ("price", "integer"),
        ("city", "text"),
    ]
    assert found["columns"][0]["nulls_read"] == 500
    assert found["quarantined"] == len(found["quarantine"]) == 1


def test_columns_tells_the_readers_choices_in_words(sapwood: Sapwood, tmp_path: Path) -> None:
    file = tmp_path / "entries.csv"
    file.write_text("1;31/12/2023;1.234,5;a\n2;30/11/2023;2,5;b\n3;13/01/2024;2,75;c\n", encoding="latin-1")

    said = sapwood("columns", str(file), "--no-header", "--encoding", "latin-1")

    told = {words[0]: words[1:] for line in said.out.splitlines() if (words := line.split())}
    assert told["column1"] == ["date", "like", "31/12/2023", "0"]
    assert told["column2"] == ["number", "with", "a", "decimal", "comma", "0"]
    assert told["column3"] == ["text", "0"]
    assert (told["delimiter"], told["quote"], told["header"]) == (["semicolon"], ["double", "quote"], ["no"])
    assert told["format"] == ["csv"]
    assert "compression" not in told
    assert not {"{", "[", "'", "True", "False"} & set(said.out)


def test_columns_says_what_the_reader_noted(sapwood: Sapwood, tmp_path: Path) -> None:
    file = tmp_path / "boxes.json"
    file.write_text('[{"size": 1, "of": {"depth": 2}}, {"size": 2}]')

    said = sapwood("columns", str(file))

    assert "\nof: nested values (object) became text\n" in said.out


def test_the_reader_can_be_overridden(sapwood: Sapwood, tmp_path: Path) -> None:
    file = tmp_path / "orders.txt"
    file.write_bytes("Straße|code\nAllee|01\n".encode("cp1252"))

    found = sapwood(
        "columns", str(file), "--delimiter", "|", "--encoding", "cp1252", "--types", "code=text", "--json"
    ).json("columns")

    assert [(column["name"], column["type"]) for column in found["columns"]] == [
        ("Straße", "text"),
        ("code", "text"),
    ]


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (("--quote", '"'), [["'a", "b'", None], ["'-", "d'", 3]]),
        (("--quote", "'"), [["a,b", None], ["-,d", 3]]),
        (("--quote", "'", "--nulls", ""), [["a,b", "NA"], ["-,d", "3"]]),
        (("--quote", "'", "--nulls", "3"), [["a,b", "NA"], ["-,d", None]]),
        (("--quote", "'", "--no-header"), [["name", "v"], ["a,b", None], ["-,d", "3"]]),
    ],
    ids=["as it is", "quote", "no words for no value", "another word for no value", "no header"],
)
def test_what_a_file_cannot_say_is_told(
    sapwood: Sapwood, tmp_path: Path, options: tuple[str, ...], rows: list[list[str | int | None]]
) -> None:
    file = tmp_path / "quoted.csv"
    file.write_text("name,v\n'a,b',NA\n'-,d',3\n")

    found = sapwood("sql", str(file), "SELECT * FROM data", *options, "--json").json("sql")

    assert found["rows"] == rows


def test_values_in_single_quotes_are_not_torn_but_the_option_is_named(
    sapwood: Sapwood, tmp_path: Path
) -> None:
    file = tmp_path / "quoted.csv"
    file.write_text("name,v\n'a,b',1\n'c,d',3\n")

    said = sapwood("ask", str(file), "average v")

    assert (said.code, said.out) == (2, "")
    assert """pass --quote "'\"""" in said.err


@pytest.mark.parametrize(
    "command", [("columns",), ("ask", "how many rows"), ("sql", "FROM data"), ("profile",)]
)
def test_a_header_that_was_told_to_be_none_is_doubted_on_stderr(
    sapwood: Sapwood, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / f"stock {command[0]}.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("stock")
        for place, row in enumerate([["price", "weight"], [2.5, 10], [3, 20], [4, 30]]):
            sheet.write_row(place, 0, row)

    said = sapwood(command[0], str(file), *command[1:], "--no-header", "--json")
    plain = sapwood(command[0], str(file), *command[1:], "--json")

    assert (said.code, plain.code, plain.err) == (0, 0, "")
    assert "the first row looks like a header" in said.err
    assert "price, weight" in said.err
    json.loads(said.out)


def test_a_sheet_of_a_file_that_has_none_is_doubted_on_stderr(sapwood: Sapwood) -> None:
    said = sapwood("columns", FLIGHTS, "--sheet", "3", "--json")

    assert said.code == 0
    assert said.err == "sapwood: --sheet is for Excel files, and this was read as csv\n"


def test_data_du_counts_and_prune_empties(sapwood: Sapwood, tmp_path: Path) -> None:
    home = tmp_path / "home"
    sapwood("ask", FLIGHTS, "how many flights", home=home)

    before = sapwood("data", "du", "--json", home=home).json("data-du")
    told = sapwood("data", "du", home=home)
    pruned = sapwood("data", "prune", "--json", home=home).json("data-prune")
    after = sapwood("data", "du", "--json", home=home).json("data-du")
    again = sapwood("ask", FLIGHTS, "how many flights", "--json", home=home).json("answer")

    assert before["home"] == str(home)
    assert before["total"] == sum(before["bytes"].values())
    assert before["bytes"]["datasets"] > 0
    assert "datasets" in told.out
    assert pruned["datasets_removed"] == 1
    assert before["bytes"]["cache"] > 0
    assert pruned["bytes_freed"] == before["total"] - after["total"]
    assert after["bytes"].get("cache", 0) == 0
    assert after["bytes"]["datasets"] < before["bytes"]["datasets"]
    assert not again["cached"]
    assert again["rows"] == [[6099]]


def test_prune_keeps_what_fits(sapwood: Sapwood, tmp_path: Path) -> None:
    home = tmp_path / "home"
    sapwood("ask", FLIGHTS, "how many flights", home=home)

    said = sapwood("data", "prune", "--keep-gb", "1", home=home)

    assert said.out == "removed 0 datasets, 0 B\n"
    assert sapwood("ask", FLIGHTS, "how many flights", "--json", home=home).json("answer")["cached"]


def test_doctor_tells_what_there_is(sapwood: Sapwood, home: Path) -> None:
    said = sapwood("doctor")
    found = sapwood("doctor", "--json").json("doctor")

    assert "data directory" in said.out
    assert str(home) in said.out
    names = {finding["name"] for finding in found["findings"]}
    assert names == {"sapwood", "data directory", "records", "disk", "sandbox", "charts", "installed"}
    assert said.code == (4 if any(one["state"] == "broken" for one in found["findings"]) else 0)


def test_doctor_names_a_missing_layer_and_how_to_mend_it(
    sapwood: Sapwood, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = LayerStatus()
    monkeypatch.setattr(sapwood_cli.doctor, "available", lambda: bare)

    said = sapwood("doctor", "--json")

    assert said.code == 4
    sandbox = next(one for one in said.json("doctor")["findings"] if one["name"] == "sandbox")
    assert (sandbox["state"], bool(sandbox["mend"])) == ("broken", True)
    assert "Landlock" in sandbox["text"]


def test_doctor_finds_a_home_that_cannot_be_used(sapwood: Sapwood, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")

    said = sapwood("doctor", "--json", home=taken)

    assert said.code == 4
    assert any(
        one["name"] == "data directory" and one["state"] == "broken"
        for one in said.json("doctor")["findings"]
    )


def test_nothing_but_text_goes_to_a_pipe(home: Path) -> None:
    for more in ({}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "xterm-256color"}):
        said = spawned(home, "ask", FLIGHTS, "flights by weekday", env=more)

        assert said.code == 0
        assert "\x1b" not in said.out + said.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_shown_for_each_shell(home: Path, shell: str) -> None:
    said = as_installed(home, "--show-completion", shell)

    assert "_SAPWOOD_COMPLETE" in said


def test_completion_completes_the_commands(home: Path) -> None:
    asking = {"_SAPWOOD_COMPLETE": "complete_bash", "COMP_WORDS": "sapwood co", "COMP_CWORD": "1"}

    assert as_installed(home, **asking).split() == ["columns"]


def as_installed(home: Path, *arguments: str, **env: str) -> str:
    """What the script says that the package installs, whose name completion is for."""
    script = str(Path(sys.executable).parent / "sapwood")
    done = subprocess.run(
        [script, *arguments],
        env=environment(home, env),
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    return done.stdout


def test_help_of_every_command_names_its_options(sapwood: Sapwood) -> None:
    for command in (("ask",), ("columns",), ("sql",), ("doctor",), ("data", "du"), ("data", "prune")):
        said = sapwood(*command, "--help")

        assert said.code == 0
        assert "--json" in said.out


def test_the_data_directory_is_private(sapwood: Sapwood, tmp_path: Path) -> None:
    home = tmp_path / "home"
    sapwood("ask", FLIGHTS, "how many flights", home=home)

    assert oct(os.stat(home).st_mode & 0o777) == "0o700"  # noqa: PTH116 - the mode is the point
