"""The analyst is written from English and the table at hand, never from the questions it is measured by."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVALUATION = ROOT / "benchmarks" / "instant"
FOLDERS = sorted(path.parent for path in EVALUATION.glob("*/*/questions.jsonl"))


def sources() -> dict[Path, str]:
    analyst = ROOT / "packages" / "agents" / "src" / "sapwood_agents" / "analyst"
    return {path: path.read_text(encoding="utf-8") for path in analyst.rglob("*.py")}


def names(folder: Path) -> set[str]:
    """The table's columns as they stand in its file, where that can be read without a library."""
    file = next(path for path in folder.iterdir() if path.stem == "table")
    if file.suffix == ".csv":
        header = file.read_text(encoding="utf-8").partition("\n")[0]
        return {name.strip().strip('"') for name in header.split(",") if name.strip()}
    if file.suffix == ".json":
        return set(json.loads(file.read_text(encoding="utf-8"))[0])
    return set()


KINDS_OF_PERSONAL_DATA = {"date_of_birth"}
"""Names of the product's own, which tables may have as well."""


def is_identifier(name: str) -> bool:
    """Whether a name is written as no English word is: `dep_delay`, `UnitPrice`, `Body Mass (g)`."""
    return re.fullmatch(r"[A-Za-z]?[a-z]+", name) is None and len(name) > 4


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_question_occurs_in_the_analyst(folder: Path) -> None:
    questions = [
        json.loads(line)["q"].strip(" ?.!").casefold()
        for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    code = " ".join(sources().values()).casefold()

    found = [question for question in questions if len(question.split()) >= 4 and question in code]

    assert found == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_column_or_table_name_occurs_in_the_analyst(folder: Path) -> None:
    wanted = {name for name in names(folder) | {folder.name} if is_identifier(name)} - KINDS_OF_PERSONAL_DATA

    found = {
        (name, path.name)
        for path, text in sources().items()
        for name in wanted
        if re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text)
    }

    assert found == set()
