"""The history of questions, on both databases, and what the standard library appends to it."""

import asyncio
import fcntl
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from packages.agents.tests.records.conftest import ANN, NOW, ORIGIN, recorded

from sapwood_agents.records.append import TABLES_VERSION, QuestionRecord, append
from sapwood_agents.records.history import HISTORY
from sapwood_agents.records.questions import QuestionHistory
from sapwood_shared.errors import Conflict, Forbidden
from sapwood_shared.ids import IdKind, WorkspaceId, new_id
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.dataset_records import DatasetRecords
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home

ANSWERED = QuestionRecord(
    id="q_1",
    version="dv_1",
    text="average price by 'city'; DROP TABLE questions",
    asked_at=NOW,
    engine="instant",
    engine_version="1",
    cached=False,
    duration_ms=12.5,
    reading="mean of price by city",
    sql="SELECT 1",
    asked_by="eve",
)
DECLINED = QuestionRecord("q_2", "dv_1", "color?", NOW, "instant", "1", True, 0.25, declined="unplaced")


def asked(number: int, **changes: object) -> QuestionRecord:
    made = replace(ANSWERED, id=f"q_{number:03}", asked_at=NOW + timedelta(seconds=number // 2))
    return replace(made, **changes)


async def kept(database: Database) -> tuple[QuestionRecord, ...]:
    async with database.read(ANN) as unit:
        return await QuestionHistory(ANN, unit).recent()


async def test_what_was_asked_comes_back_the_newest_first(database: Database, dataset: str) -> None:
    async with database.write(ANN) as unit:
        history = QuestionHistory(ANN, unit)
        assert await history.append(dataset, ANSWERED) is True
        assert await history.append(dataset, replace(DECLINED, asked_at=NOW + timedelta(seconds=1))) is True
        assert await history.append(dataset, ANSWERED) is False

    assert await kept(database) == (replace(DECLINED, asked_at=NOW + timedelta(seconds=1)), ANSWERED)


async def test_a_history_is_read_by_pages(database: Database, dataset: str) -> None:
    other = await recorded(database, origin="file:/b.csv")
    async with database.write(ANN) as unit:
        history = QuestionHistory(ANN, unit)
        for number in range(7):  # two in each moment
            await history.append(other if number == 3 else dataset, asked(number))

    seen: list[str] = []
    async with database.read(ANN) as unit:
        history = QuestionHistory(ANN, unit)
        page = await history.recent(limit=3)
        while page:
            seen += [one.id for one in page]
            page = await history.recent(limit=3, before=page[-1])
        about = [one.id for one in await history.about(dataset)]
        later = [one.id for one in await history.about(dataset, before=asked(2))]

    assert seen == [f"q_{number:03}" for number in range(6, -1, -1)]
    assert about == [name for name in seen if name != "q_003"]
    assert later == ["q_001", "q_000"]


async def test_a_question_needs_a_recorded_version_and_one_outcome(database: Database, dataset: str) -> None:
    for wrong in (replace(ANSWERED, version="dv_9"), replace(ANSWERED, declined="unplaced")):
        with pytest.raises(Conflict):
            async with database.write(ANN) as unit:
                await QuestionHistory(ANN, unit).append(dataset, wrong)

    assert await kept(database) == ()


async def test_questions_go_with_their_dataset_and_the_history_at_once(
    database: Database, dataset: str
) -> None:
    other = await recorded(database, origin="file:/b.csv")
    async with database.write(ANN) as unit:
        history = QuestionHistory(ANN, unit)
        for number in range(4):
            await history.append(other if number == 3 else dataset, asked(number))
        await DatasetRecords(ANN, unit).forget(dataset)
        assert [one.id for one in await history.recent()] == ["q_003"]
        assert await history.forget() == 1

    assert await kept(database) == ()


async def test_a_unit_of_work_of_another_workspace_is_refused(database: Database, dataset: str) -> None:
    async with database.read(ANN) as unit:
        with pytest.raises(Forbidden):
            QuestionHistory(WorkspaceId("bob"), unit)


@pytest.fixture
async def home(tmp_path: Path) -> Home:
    home = Home.open(tmp_path / "embedded")
    database = SqliteDatabase(home, installed_histories())
    await recorded(database)
    await database.aclose()
    return home


async def history_of(home: Home) -> tuple[QuestionRecord, ...]:
    database = SqliteDatabase(home, installed_histories())
    try:
        return await kept(database)
    finally:
        await database.aclose()


async def test_the_standard_library_appends_what_the_repository_does(home: Home) -> None:
    whole = replace(ANSWERED, asked_at=datetime(2026, 5, 6, tzinfo=UTC))  # no fraction of a second

    assert append(home.workspace(ANN).records_db, ORIGIN, whole) is True
    assert append(home.workspace(ANN).records_db, ORIGIN, DECLINED) is True
    assert append(home.workspace(ANN).records_db, ORIGIN, DECLINED) is False

    assert await history_of(home) == (whole, DECLINED)


def test_the_statement_fits_the_tables_as_they_are() -> None:
    assert HISTORY.workspace.version == TABLES_VERSION, "look at append, then raise TABLES_VERSION"


async def test_nothing_is_appended_to_what_is_not_recorded(home: Home, tmp_path: Path) -> None:
    records = home.workspace(ANN).records_db

    assert append(records, "file:/other.csv", ANSWERED) is False
    assert append(records, "file:/\udce9.csv", ANSWERED) is False
    assert append(records, ORIGIN, replace(ANSWERED, version="dv_9")) is False
    database = SqliteDatabase(home, installed_histories())
    async with database.write(ANN) as unit:
        await DatasetRecords(ANN, unit).removed(["dv_1"])
    await database.aclose()
    assert append(records, ORIGIN, ANSWERED) is False
    assert await history_of(home) == ()


def test_nothing_is_made_where_there_are_no_records(tmp_path: Path) -> None:
    assert append(tmp_path / "records.db", ORIGIN, ANSWERED) is False
    (tmp_path / "records.db.lock").touch()
    assert append(tmp_path / "records.db", ORIGIN, ANSWERED) is False
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records.db.lock"]

    (tmp_path / "records.db").write_bytes(b"no database" * 100)
    assert append(tmp_path / "records.db", ORIGIN, ANSWERED) is False
    (tmp_path / "records.db").write_bytes(b"")
    assert append(tmp_path / "records.db", ORIGIN, ANSWERED) is False


async def test_a_newer_form_of_the_table_is_left_alone(home: Home) -> None:
    with sqlite3.connect(home.workspace(ANN).records_db) as connection:
        connection.execute("UPDATE migrations SET version = version + 1 WHERE package = 'agents'")
    connection.close()

    assert append(home.workspace(ANN).records_db, ORIGIN, ANSWERED) is False


async def test_a_writer_is_not_waited_for(home: Home) -> None:
    records = home.workspace(ANN).records_db
    lock = os.open(f"{records}.lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)

    assert append(records, ORIGIN, ANSWERED) is False

    os.close(lock)
    assert append(records, ORIGIN, ANSWERED) is True


@pytest.mark.integration
async def test_both_ways_of_writing_take_turns(home: Home) -> None:
    database = SqliteDatabase(home, installed_histories())
    records = home.workspace(ANN).records_db

    async def by_repository(dataset: str) -> None:
        async with database.write(ANN) as unit:
            await QuestionHistory(ANN, unit).append(dataset, replace(ANSWERED, id=new_id(IdKind.QUESTION)))

    async def by_hand() -> bool:
        return await asyncio.to_thread(append, records, ORIGIN, replace(ANSWERED, id=new_id(IdKind.QUESTION)))

    dataset = await recorded(database)
    made = await asyncio.gather(*(by_hand() for _ in range(10)), *(by_repository(dataset) for _ in range(10)))

    assert len(await kept(database)) == 10 + made.count(True)
    await database.aclose()


def test_appending_loads_the_standard_library_only() -> None:
    code = "import sys, sapwood_agents.records.append; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout

    outside = {name.partition(".")[0] for name in loaded.split()} - sys.stdlib_module_names
    assert {
        name for name in outside if not name.startswith(("sapwood", "_", "a1_", "coverage", "$coverage"))
    } == set()
