"""The journal's tables as such: created as migrated, on both databases, and each says whose data it holds."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from packages.storage.tests.conftest import other_postgres, postgres
from packages.storage.tests.database.conftest import makers
from packages.storage.tests.database.test_migrations import only_steps, tables_of

from sapwood_storage.database import Database, History
from sapwood_storage.database.storage_history import HISTORY as STORAGE
from sapwood_storage.subjects import holding_of
from sapwood_workflows.journal.history import HISTORY

__all__ = ["other_postgres", "postgres"]
MakeDatabase = Callable[[Sequence[History]], Database]
HISTORIES = (STORAGE, HISTORY)


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def make_database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[MakeDatabase]:
    async for make in makers(backend, request, tmp_path / "home", "postgres"):
        yield make


@pytest.fixture
async def other_database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[MakeDatabase]:
    async for make in makers(backend, request, tmp_path / "other", "other_postgres"):
        yield make


async def test_created_equals_migrated(make_database: MakeDatabase, other_database: MakeDatabase) -> None:
    created = await tables_of(make_database(HISTORIES))
    migrated = await tables_of(other_database(tuple(map(only_steps, HISTORIES))))

    assert created == migrated


def test_every_table_says_whose_data_it_holds() -> None:
    tables = (*HISTORY.control.tables, *HISTORY.workspace.tables)

    assert len(tables) == 14
    assert all(holding_of(table) for table in tables)
