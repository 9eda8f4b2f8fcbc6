import json
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from sapwood_shared.errors import NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.blobs import Blobs
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.cache.tiered import Tiered
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.database.tables import datasets
from sapwood_storage.home import Home, private_directory
from sapwood_storage.subjects.backups import BackupStore
from sapwood_storage.subjects.files import BlobStore, CacheStore, DirectoryStore
from sapwood_storage.subjects.records import RecordsStore
from sapwood_storage.subjects.walk import SubjectStore, erase, export

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class House:
    """Every store, filled with something of two workspaces and two people."""

    def __init__(self, home: Home, database: Database) -> None:
        self.home, self.database = home, database
        self.blobs = Blobs(home)
        self.file = SqliteCache(home.cache_db)
        self.cache = Tiered(MemoryCache(), self.file)
        self.stores: list[SubjectStore] = [
            CacheStore(self.cache),
            BlobStore(self.blobs),
            DirectoryStore(home, "datasets"),
            DirectoryStore(home, "vectors"),
            BackupStore(home),
            RecordsStore(database),
        ]

    async def fill(self, workspace: WorkspaceId) -> None:
        await self.database.create_workspace(workspace)
        async with self.database.write(workspace) as connection:
            for person in ("eve", "max"):
                row = {"id": f"ds_{person}", "name": f"{person}'s", "created_by": person, "created_at": NOW}
                await connection.execute(datasets.insert().values(row))
        await self.blobs.put(workspace, _one(b"blob of " + workspace.encode()))
        place = private_directory(self.home.workspace(workspace).datasets / "dv_1")
        (place / "data.parquet").write_bytes(b"rows of " + workspace.encode())
        await self.cache.put(workspace, "answer:1:x", b"answer", ttl_s=60)

    async def exported(self, workspace: WorkspaceId, person: str | None = None) -> dict[str, bytes]:
        files: defaultdict[str, bytes] = defaultdict(bytes)
        async for part in export(workspace, self.stores, person=person):
            files[f"{part.store}/{part.name}"] += part.data
        return files


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


@pytest.fixture(params=["sqlite", "postgres"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    home = Home.open(tmp_path / "home")
    histories = installed_histories()
    if request.param == "sqlite":
        database: Database = SqliteDatabase(home, histories)
    else:
        database = PostgresDatabase(PostgresSettings(request.getfixturevalue("postgres")), histories)
    house = House(home, database)
    for workspace in (ANN, BOB):
        await house.fill(workspace)
    yield house
    await house.file.aclose()
    await database.aclose()


async def test_an_export_holds_everything_of_one_workspace_and_nothing_of_another(house: House) -> None:
    files = await house.exported(ANN)

    (blob,) = await house.blobs.ids(ANN)
    assert files.pop(f"blobs/{blob}") == b"blob of ann"
    assert files.pop("datasets/dv_1/data.parquet") == b"rows of ann"
    assert json.loads(files.pop("records/workspaces.ndjson"))["id"] == "ann"
    rows = [json.loads(line) for line in files.pop("records/datasets.ndjson").splitlines()]
    assert {row["created_by"] for row in rows} == {"eve", "max"}
    assert files.keys() == {"records/migrations.ndjson"}


async def test_an_erased_workspace_is_gone_everywhere_and_its_neighbour_stays_whole(house: House) -> None:
    neighbour = await house.exported(BOB)

    await erase(ANN, house.stores)
    await erase(ANN, house.stores)

    assert await house.exported(ANN) == {}
    assert await house.cache.get(ANN, "answer:1:x") is None
    with pytest.raises(NotFound):
        async with house.database.read(ANN):
            pass
    assert not house.home.workspace(ANN).records_db.exists()
    assert await house.exported(BOB) == neighbour
    assert await house.cache.get(BOB, "answer:1:x") is not None


async def test_a_persons_export_holds_their_rows_and_nobody_elses(house: House) -> None:
    files = await house.exported(ANN, person="eve")

    assert files.keys() == {"records/datasets.ndjson"}
    assert json.loads(files["records/datasets.ndjson"])["id"] == "ds_eve"


async def test_an_erased_person_is_named_nowhere_and_the_workspaces_data_stays(house: House) -> None:
    await erase(ANN, house.stores, person="eve")
    await erase(WorkspaceId("nobody"), house.stores, person="eve")

    assert await house.exported(ANN, person="eve") == {}
    async with house.database.read(ANN) as connection:
        rows = (await connection.execute(select(datasets.c.id, datasets.c.created_by))).all()
    assert set(rows) == {("ds_eve", None), ("ds_max", "max")}
    assert await house.exported(BOB, person="eve") != {}
    assert await house.blobs.ids(ANN) != []


@pytest.fixture
async def copied(tmp_path: Path) -> Home:
    """A home that was copied before an upgrade when two workspaces stood in it."""
    home = Home.open(tmp_path / "home")
    copy = Home.open(home.backups / "format-0")
    database = SqliteDatabase(copy, installed_histories())
    for workspace in (ANN, BOB):
        await database.create_workspace(workspace)
        place = private_directory(copy.workspace(workspace).datasets / "dv_1")
        (place / "data.parquet").write_bytes(b"rows")
    await database.aclose()
    return copy


async def test_an_erased_workspace_is_gone_from_the_copies_made_before_an_upgrade(copied: Home) -> None:
    stores = [BackupStore(Home(copied.root.parent.parent))]

    await erase(ANN, stores)
    await erase(ANN, stores)

    assert copied.workspaces() == [BOB]
    assert (copied.workspace(BOB).datasets / "dv_1" / "data.parquet").exists()
    with closing(sqlite3.connect(copied.control_db)) as control:
        assert control.execute("SELECT id FROM workspaces").fetchall() == [("bob",)]


async def test_a_person_takes_the_copied_records_of_their_workspace_along_and_nothing_else(
    copied: Home,
) -> None:
    await erase(ANN, [BackupStore(Home(copied.root.parent.parent))], person="eve")

    assert not copied.workspace(ANN).records_db.exists()
    assert copied.workspace(BOB).records_db.exists()
    assert (copied.workspace(ANN).datasets / "dv_1" / "data.parquet").exists()
