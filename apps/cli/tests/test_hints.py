"""What goes wrong is told with what to do, in words that the command understands."""

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import ROOT, spawned, without_another_user

COMMANDS = (
    *("ask", "clean", "columns", "profile", "sql", "doctor", "data du", "data prune", "run", "worker"),
    *("workflow new", "runs list", "runs event", "runs retry", "runs fork", "schedule add"),
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A file of each kind."""
    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        first = book.add_worksheet("first")
        first.write_row(0, 0, ["size", "name"])
        first.write_row(1, 0, [1, "x"])
        book.add_worksheet("second")
    (tmp_path / "plain.csv").write_text("size,name\n1,x\n2,y\n")
    (tmp_path / "latin.csv").write_bytes("name,size\ncafé,1\nrésumé,2\n".encode("latin-1"))
    (tmp_path / "list.json").write_text('[{"size": 1}, {"size": 2}]')
    (tmp_path / "short.parquet").write_bytes(b"PAR1junk")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ("two.xlsx --sheet third", "name one by --sheet, or give its number from 1: first, second"),
        ("two.xlsx --sheet 0", "name one by --sheet, or give its number from 1: first, second"),
        ("two.xlsx --sheet second", "name one by --sheet: first, second"),
        ("plain.csv --quote ab", 'give one by --quote, such as "\'"'),
        ("plain.csv --delimiter ab", 'give one by --delimiter, such as ";"'),
        ("plain.csv --quote ,", "give another --delimiter or --quote"),
        ("plain.csv --types size=date,size=text", "give each column one type"),
        ("plain.csv --types height=date", "the columns are: size, name"),
        ("plain.csv --types size=date", "check --delimiter, --quote and --types"),
        ("latin.csv --encoding utf-8", "leave --encoding out, or name it, such as --encoding cp1252"),
        ("latin.csv --encoding utf-16", "leave --encoding out, or name the encoding"),
        ("latin.csv --encoding klingon", "name the encoding, such as --encoding cp1252"),
        ("short.parquet", "it may be damaged: copy it or make it again"),
    ],
)
def test_the_hint_says_what_to_do(
    sapwood: Sapwood, files: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, hint: str
) -> None:
    monkeypatch.chdir(files)

    said = sapwood("columns", *arguments.split(" "), "--json")

    error = said.json("error")["error"]
    assert (said.code, error["code"]) == (2, "invalid_input")
    assert hint in error["hint"]
    assert "/proc/" not in json.dumps(error)


def test_a_question_without_a_place_in_one_sheet_is_told_of_the_others(sapwood: Sapwood, files: Path) -> None:
    said = sapwood("ask", str(files / "two.xlsx"), "total rainfall", "--json")

    text = said.json("answer")["reason"]["text"]
    assert said.code == 3
    assert "this is the sheet 'first', the others are second: --sheet asks one of them" in text


@pytest.mark.parametrize(
    ("arguments", "doubt"),
    [
        ("two.xlsx --delimiter ;", "--delimiter is for delimited text, and this was read as excel"),
        ("two.xlsx --encoding cp1252", "--encoding is for text, and this was read as excel"),
        (
            "list.json --no-header",
            "--header is for delimited text and Excel files, and this was read as json",
        ),
        ("two.xlsx --no-header", None),
        ("list.json --encoding utf-8", None),
        ("plain.csv --quote ' --encoding utf-8 --header", None),
    ],
)
def test_an_option_without_a_use_is_doubted_on_stderr(
    sapwood: Sapwood, files: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, doubt: str | None
) -> None:
    monkeypatch.chdir(files)

    said = sapwood("columns", *arguments.split(" "))

    assert said.code == 0
    assert (f"sapwood: {doubt}\n" in said.err) if doubt else ("is for" not in said.err)


def test_root_that_may_not_become_another_user_is_told_so(tmp_path: Path, files: Path) -> None:
    """As in a container that drops every capability; whoever is not root needs none."""
    said = spawned(
        tmp_path / "home", "columns", str(files / "plain.csv"), "--json", preexec_fn=without_another_user
    )

    if os.geteuid() != 0:
        assert said.code == 0
        return
    error = said.json("error")["error"]
    assert (said.code, error["code"]) == (4, "dependency_failed")
    assert "without CAP_CHOWN, CAP_SETUID" in error["message"]
    assert "as another user than root" in error["hint"]


def hints() -> Iterator[str]:
    """The code of every hint of ours."""
    for file in [*ROOT.glob("packages/*/src/**/*.py"), *ROOT.glob("apps/*/src/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "hint":
                yield ast.unparse(node.value)


def test_hints_name_options_that_a_command_has(sapwood: Sapwood) -> None:
    had = {
        option
        for command in COMMANDS
        for option in re.findall(r"--[a-z][a-z-]*", sapwood(*command.split(), "--help").out)
    }
    named = {option for hint in hints() for option in re.findall(r"--[a-z][a-z-]*", hint)}

    assert {"--delimiter", "--quote"} <= named
    assert named - had == set()
