"""The records' port over both databases."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from packages.storage.tests.database.pooler import Pooler, running
from sqlalchemy import make_url

from sapwood_storage.database import Database, History, installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home

MakeDatabase = Callable[[Sequence[History]], Database]


@pytest.fixture
def pooled_postgres(postgres: str) -> Iterator[str]:
    """The address of a transaction pooler in front of an empty database."""
    pooler = Pooler(make_url(postgres))
    with running(pooler) as port:
        yield f"postgresql://{pooler.user}@127.0.0.1:{port}/{pooler.database}"


@pytest.fixture(params=["sqlite", "postgres", "pooled"])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


async def makers(
    backend: str, request: pytest.FixtureRequest, directory: Path, address_from: str
) -> AsyncIterator[MakeDatabase]:
    address: str | None = None
    if backend != "sqlite":
        address = request.getfixturevalue("pooled_postgres" if backend == "pooled" else address_from)
    home = Home.open(directory)
    async with AsyncExitStack() as stack:

        def make(histories: Sequence[History]) -> Database:
            if address is None:
                database: Database = SqliteDatabase(home, histories)
            else:
                settings = PostgresSettings(address, statement_timeout_s=5)
                database = PostgresDatabase(settings, histories)
            stack.push_async_callback(database.aclose)
            return database

        yield make


@pytest.fixture
async def make_database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[MakeDatabase]:
    """Makes databases on the same data, each as a process of its own would."""
    async for make in makers(backend, request, tmp_path / "home", "postgres"):
        yield make


@pytest.fixture
async def other_database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[MakeDatabase]:
    """Makes databases on other data."""
    async for make in makers(backend, request, tmp_path / "other", "other_postgres"):
        yield make


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database(installed_histories())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")
