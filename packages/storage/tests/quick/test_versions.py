"""What the standard library records is what the repository does, or nothing."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.dataset_records import DatasetRecords
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.database.storage_history import HISTORY
from sapwood_storage.home import Home
from sapwood_storage.quick.tables import TABLES_VERSION
from sapwood_storage.quick.turn import records_of
from sapwood_storage.quick.versions import record
from sapwood_storage.tabular.manifests import Gathered, QuarantineSummary, VersionRecord
from sapwood_storage.tabular.model import Column, ColumnType

ANN = WorkspaceId("ann")
NASTY = "a\x00b\udce9'\""
FOUND = Gathered(
    VersionRecord(
        id="dv_1",
        source_name=NASTY,
        source_sha256="00",
        columns=(Column(NASTY, ColumnType.TEXT), Column("größe", ColumnType.NUMBER)),
        reader={"given": {"types": {NASTY: "text"}}, "found": {"delimiter": ",", "header": True}},
        rows=2,
        quarantined=3,
        size_bytes=1 << 40,
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    ),
    (QuarantineSummary("x", "is no date", 2, 7, NASTY), QuarantineSummary("", "cut off", 1, None, None)),
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(Home.open(tmp_path / "home"), [HISTORY])
    await database.create_workspace(ANN)
    yield database
    await database.aclose()


@pytest.fixture
def records_db(database: SqliteDatabase, tmp_path: Path) -> Path:
    return Home.open(tmp_path / "home").workspace(ANN).records_db


def contents(records_db: Path) -> dict[str, list[Any]]:
    """Every row as it is stored, but for what differs between any two datasets."""
    with closing(sqlite3.connect(records_db)) as connection:
        found: dict[str, list[Any]] = {}
        for table in ("datasets", "dataset_versions", "quarantined_rows"):
            cursor = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
            names = [name for name, *_ in cursor.description]
            kept = [place for place, name in enumerate(names) if name != "dataset_id"]
            if table == "datasets":
                kept = [names.index("name"), names.index("origin"), names.index("created_by")]
            found[table] = [[(type(row[place]), row[place]) for place in kept] for row in cursor]
        return found


async def by_repository(database: SqliteDatabase, found: Gathered) -> None:
    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        dataset = await records.open(f"file:/{NASTY}", NASTY)
        await records.record(dataset, found.version, found.quarantine)


async def test_the_rows_are_those_of_the_repository_to_the_letter(
    database: SqliteDatabase, records_db: Path
) -> None:
    assert record(records_db, f"file:/{NASTY}", NASTY, FOUND) is True
    quick = contents(records_db)
    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        (dataset,) = await records.datasets()
        assert await records.latest(dataset.id) is not None
        await records.forget(dataset.id)

    await by_repository(database, FOUND)

    assert contents(records_db) == quick


async def test_each_way_knows_what_the_other_has_recorded(database: SqliteDatabase, records_db: Path) -> None:
    for _ in range(2):
        assert record(records_db, f"file:/{NASTY}", NASTY, FOUND) is True
        await by_repository(database, FOUND)

    assert [len(rows) for rows in contents(records_db).values()] == [1, 1, 2]


async def test_what_is_not_plain_is_left_to_the_repository(
    database: SqliteDatabase, records_db: Path
) -> None:
    child = Gathered(replace(FOUND.version, id="dv_2", parent="dv_1", root="dv_1"), ())
    assert record(records_db, "file:/a", "a", child) is False

    assert record(records_db, "file:/a", "a", FOUND) is True
    async with database.write(ANN) as unit:
        await DatasetRecords(ANN, unit).removed(["dv_1"])
    assert record(records_db, "file:/a", "a", FOUND) is False
    assert contents(records_db)["quarantined_rows"] == []


async def test_nothing_is_half_written(database: SqliteDatabase, records_db: Path) -> None:
    with closing(sqlite3.connect(records_db)) as connection:
        connection.execute(
            "CREATE TRIGGER no BEFORE INSERT ON quarantined_rows BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    assert record(records_db, "file:/a", "a", FOUND) is False
    assert [len(rows) for rows in contents(records_db).values()] == [0, 0, 0]


def test_the_records_are_where_the_home_says(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")

    assert records_of(home.root, ANN) == home.workspace(ANN).records_db


def test_nothing_is_made_where_there_are_no_records(tmp_path: Path) -> None:
    assert record(tmp_path / "records.db", "file:/a", "a", FOUND) is False
    assert list(tmp_path.iterdir()) == []


async def test_a_newer_form_of_the_tables_is_left_alone(database: SqliteDatabase, records_db: Path) -> None:
    with closing(sqlite3.connect(records_db)) as connection:
        connection.execute("UPDATE migrations SET version = version + 1")
        connection.commit()

    assert record(records_db, "file:/a", "a", FOUND) is False


def test_the_statements_fit_the_tables_as_they_are() -> None:
    assert HISTORY.workspace.version == TABLES_VERSION, "look at the statements, then raise TABLES_VERSION"


@pytest.mark.integration
async def test_both_ways_at_once_make_one_dataset_and_one_version(
    database: SqliteDatabase, records_db: Path
) -> None:
    await asyncio.gather(
        *(asyncio.to_thread(record, records_db, f"file:/{NASTY}", NASTY, FOUND) for _ in range(8)),
        *(by_repository(database, FOUND) for _ in range(8)),
    )

    assert [len(rows) for rows in contents(records_db).values()] == [1, 1, 2]


def test_recording_loads_the_standard_library_only() -> None:
    code = "import sys, sapwood_storage.quick.versions; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout

    outside = {name.partition(".")[0] for name in loaded.split()} - sys.stdlib_module_names
    assert {
        name for name in outside if not name.startswith(("sapwood", "_", "a1_", "coverage", "$coverage"))
    } == set()
