"""What only PostgreSQL has: a server that is slow, away, or behind a pooler."""

import asyncio
import sys

import pytest
from packages.storage.tests.database.pooler import Pooler, running
from sqlalchemy import make_url, text

from sapwood_shared.errors import DependencyFailed, InvalidInput, LimitExceeded
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings

ANN = WorkspaceId("ann")

START = """
import asyncio, sys
from sqlalchemy import text
from sapwood_storage.database import installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings

async def main():
    database = PostgresDatabase(PostgresSettings(sys.argv[1]), installed_histories())
    await database.create_workspace("ann")
    async with database.write("ann") as connection:
        await connection.execute(text(
            f"INSERT INTO w_ann.datasets (id, name, created_at) VALUES ('{sys.argv[2]}', 'x', now())"
        ))
    await database.aclose()

asyncio.run(main())
"""


def connect(address: str, *, statement_timeout_s: float = 5.0, pool_size: int = 10) -> PostgresDatabase:
    settings = PostgresSettings(
        address, statement_timeout_s=statement_timeout_s, pool_size=pool_size, max_overflow=0
    )
    return PostgresDatabase(settings, installed_histories())


async def test_a_statement_that_takes_too_long_is_ended(postgres: str) -> None:
    database = connect(postgres, statement_timeout_s=0.2)
    await database.create_workspace(ANN)

    with pytest.raises(LimitExceeded, match="took too long"):
        async with database.write(ANN) as connection:
            await connection.execute(text("SELECT pg_sleep(30)"))
    async with database.read(ANN) as connection:
        assert (await connection.execute(text("SHOW statement_timeout"))).scalar_one() == "200ms"
    await database.aclose()


@pytest.mark.parametrize(
    "address", ["postgresql://u:secret@127.0.0.1:1/x", "postgresql://u@/x?host=/nowhere"]
)
async def test_a_server_that_is_away_is_a_failure_worth_another_try(address: str) -> None:
    database = connect(address)

    with pytest.raises(DependencyFailed) as caught:
        await database.create_workspace(ANN)

    assert caught.value.retryable
    assert "secret" not in str(caught.value)
    await database.aclose()


async def test_a_database_that_does_not_exist_is_a_failure_that_names_it(postgres: str) -> None:
    database = connect(postgres.replace("/test_", "/missing_"))

    with pytest.raises(DependencyFailed, match="missing_"):
        await database.create_workspace(ANN)
    await database.aclose()


async def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no database address"):
        connect("not an address")


async def test_a_connection_that_the_server_closed_is_replaced(postgres: str) -> None:
    database = connect(postgres, pool_size=1)
    await database.create_workspace(ANN)
    killer = connect(postgres)
    async with killer.write_control() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
        await connection.execute(text(others + "datname = current_database()"))

    async with database.read(ANN) as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await database.aclose()
    await killer.aclose()


async def test_an_error_of_the_block_is_not_taken_for_the_servers(postgres: str) -> None:
    database = connect(postgres)
    await database.create_workspace(ANN)

    with pytest.raises(FileNotFoundError):
        async with database.write(ANN):
            raise FileNotFoundError
    await database.aclose()


@pytest.mark.integration
async def test_six_processes_start_at_once_on_nothing(postgres: str) -> None:
    command = [sys.executable, "-c", START, postgres]
    started = [await asyncio.create_subprocess_exec(*command, f"p{number}") for number in range(6)]
    assert [await process.wait() for process in started] == [0] * 6

    database = connect(postgres)
    async with database.read(ANN) as connection:
        found = (await connection.execute(text("SELECT id FROM w_ann.datasets ORDER BY id"))).scalars().all()
    await database.aclose()
    assert found == [f"p{number}" for number in range(6)]


@pytest.mark.integration
async def test_two_hundred_workspaces_are_made_and_found_again(postgres: str) -> None:
    database = connect(postgres)
    names = [WorkspaceId(f"w{number:03}") for number in range(200)]
    for name in names:
        await database.create_workspace(name)

    async with database.read_control() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM control.workspaces"))).scalar_one() == 200
    async with database.read(names[-1]) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM w_w199.datasets"))).scalar_one() == 0
    await database.aclose()


async def test_the_pooler_of_the_tests_does_break_what_keeps_state_in_a_session(pooled_postgres: str) -> None:
    settings = PostgresSettings(pooled_postgres, pool_size=1, max_overflow=0, prepared_statements=True)
    database = PostgresDatabase(settings, installed_histories())

    async def read_again_and_again() -> None:
        await database.create_workspace(ANN)
        for _ in range(6):
            async with database.read(ANN) as connection:
                await connection.execute(text("SELECT 1"))

    with pytest.raises(Exception, match=r"prepared statement .* does not exist"):
        await read_again_and_again()
    await database.aclose()


async def test_the_pooler_of_the_tests_reaches_its_server_over_tcp_too(pooled_postgres: str) -> None:
    with running(Pooler(make_url(pooled_postgres), sessions=1)) as port:  # the other pooler is its server
        address = make_url(pooled_postgres).set(port=port).render_as_string(hide_password=False)
        database = PostgresDatabase(PostgresSettings(address), installed_histories())
        await database.create_workspace(ANN)

        async with database.read(ANN) as connection:
            assert (await connection.execute(text("SELECT count(*) FROM w_ann.datasets"))).scalar_one() == 0

        await database.aclose()
