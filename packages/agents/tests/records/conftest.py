"""Both databases, as storage's own tests use them, with a version to refer to."""

from datetime import UTC, datetime

import pytest
from packages.storage.tests.conftest import other_postgres, postgres, postgres_server
from packages.storage.tests.database.conftest import (
    backend,
    database,
    make_database,
    other_database,
    pooled_postgres,
)

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import Database
from sapwood_storage.database.dataset_records import DatasetRecords
from sapwood_storage.tabular.manifests import VersionRecord

__all__ = [
    "backend",
    "database",
    "make_database",
    "other_database",
    "other_postgres",
    "pooled_postgres",
    "postgres",
    "postgres_server",
]

ANN = WorkspaceId("ann")
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ORIGIN = "file:/a.csv"


def version(name: str) -> VersionRecord:
    return VersionRecord(f"dv_{name}", "a.csv", "00", (), {}, 1, 0, 1, NOW)


@pytest.fixture
async def dataset(database: Database) -> str:
    """A dataset of two versions, `dv_1` and `dv_2`."""
    return await recorded(database)


async def recorded(database: Database, workspace: WorkspaceId = ANN, origin: str = ORIGIN) -> str:
    await database.create_workspace(workspace)
    async with database.write(workspace) as unit:
        records = DatasetRecords(workspace, unit)
        dataset = await records.open(origin, "a")
        for name in ("1", "2"):
            await records.record(dataset, version(name))
    return dataset
