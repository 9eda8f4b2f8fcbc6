"""Manifests as rows: a version with what it was made of, and its quarantine counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.cleaning.lineage import Lineage, StepOutcome
from sapwood_storage.tabular.manifests import QuarantineSummary, gather, summaries
from sapwood_storage.tabular.model import Column, ColumnType, IngestReport, ReaderOptions
from sapwood_storage.tabular.shelf import DatasetVersion, Shelf, now, version_id

ANN = WorkspaceId("ann")
OPTIONS = ReaderOptions(delimiter=";")


def published(shelf: Shelf, recipe: tuple[str, ...] = (), before: int = 0) -> DatasetVersion:
    """A version on the shelf, out of the first `before` steps of its recipe."""
    steps: tuple[Any, ...] = tuple({"kind": "trim", "columns": [column]} for column in recipe)

    def name(count: int) -> str:
        return version_id("ab", OPTIONS, json.dumps(steps[:count]) if count else "")

    lineage = Lineage(name(0), name(before), before, steps, (StepOutcome(),) * len(steps))
    report = IngestReport((Column("x", ColumnType.TEXT),), 3, 2, 1, {}, {}, {"format": "csv"})
    version = DatasetVersion(
        name(len(steps)), "a.csv", 9, "ab", OPTIONS, report, now(), 4, lineage if steps else None
    )
    with shelf.staging(ANN) as staging:
        made = staging / "made"
        made.mkdir()
        (made / "data.parquet").write_bytes(b"PAR1")
        entry = {"line": 4, "columns": ["x"], "reason": "is no date", "raw": "1;2"}
        (made / "quarantine.ndjson").write_text(json.dumps(entry) + "\n")
        shelf.publish(ANN, version, made, staging)
    return version


def test_a_version_comes_after_all_that_it_was_made_of(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    root, middle, last = published(shelf), published(shelf, ("x",)), published(shelf, ("x", "y"), 1)

    found = gather(shelf, ANN, last.id)

    assert [one.version.id for one in found] == [root.id, middle.id, last.id]
    assert [one.version.parent for one in found] == [None, root.id, middle.id]
    assert [step["columns"] for step in found[2].version.recipe or ()] == [["x"], ["y"]]
    assert found[0].version.reader["given"]["delimiter"] == ";"
    assert found[0].version.created_at < found[1].version.created_at < found[2].version.created_at
    assert found[1].quarantine == (QuarantineSummary("x", "is no date", 1, 4, "1;2"),)


def test_an_ancestor_that_was_let_go_of_is_left_out(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    root, middle, last = published(shelf), published(shelf, ("x",)), published(shelf, ("x", "y"), 1)

    shelf.remove(ANN, middle.id)
    assert [one.version.id for one in gather(shelf, ANN, last.id)] == [root.id, last.id]
    shelf.remove(ANN, root.id)
    assert [one.version.id for one in gather(shelf, ANN, last.id)] == [last.id]
    shelf.remove(ANN, last.id)
    with pytest.raises(NotFound):
        gather(shelf, ANN, last.id)


def test_a_quarantine_is_counted_by_column_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "quarantine.ndjson"
    entries = [
        {"line": 2, "columns": ["a"], "reason": "is no number", "raw": "x" * 500},
        {"line": 5, "columns": ["a", "b"], "reason": "is no number", "raw": "y"},
        {"line": 9, "columns": [], "reason": "too few fields", "raw": ""},
    ]
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))

    assert summaries(file) == (
        QuarantineSummary("a", "is no number", 2, 2, "x" * 200),
        QuarantineSummary("b", "is no number", 1, 5, "y"),
        QuarantineSummary("", "too few fields", 1, 9, ""),
    )
    assert summaries(tmp_path / "none") == ()


def test_a_quarantine_that_a_hostile_file_wrote_is_bounded_and_harmless(tmp_path: Path) -> None:
    file = tmp_path / "quarantine.ndjson"
    lines = [json.dumps({"line": 1 << 70, "columns": [f"c{n}"], "reason": "r"}) for n in range(1_000)]
    file.write_text("\n".join(["[]", "{", '{"columns": 3}', *lines, "\x00"]))

    found = summaries(file)

    assert len(found) == 101
    assert sum(one.records for one in found) == 1_000
    assert {one.first_line for one in found} == {None}
