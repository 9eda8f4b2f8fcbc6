"""Migrations: one line a package, taken once, whoever comes and whatever dies."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, Table, Text, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared.errors import InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import CONTROL, WORKSPACE, Database, History, Migration, installed_histories
from sapwood_storage.database.history import Scope, in_order
from sapwood_storage.database.metadata import workspace_metadata
from sapwood_storage.database.storage_history import HISTORY as STORAGE
from sapwood_storage.database.versions import CONTROL_VERSIONS, WORKSPACE_VERSIONS

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")
MakeDatabase = Callable[[tuple[History, ...]], Database]

NOTES = Table("notes", workspace_metadata(), Column("id", Integer, primary_key=True), Column("text", Text))


def create_notes(connection: Connection) -> None:
    table = Table("notes", workspace_metadata(), Column("id", Integer, primary_key=True))
    table.create(connection)


def add_text(connection: Connection) -> None:
    schema = connection.get_execution_options()["schema_translate_map"]["workspace"]
    connection.execute(text(f"ALTER TABLE {schema + '.' if schema else ''}notes ADD COLUMN text TEXT"))


CREATE, ADD = Migration("create notes", create_notes), Migration("add text", add_text)
OLD_NOTES = Table("notes", workspace_metadata(), Column("id", Integer, primary_key=True))
OLD = History("notes", workspace=Scope((OLD_NOTES,), (CREATE,)), requires=("storage",))
NEW = History("notes", workspace=Scope((NOTES,), (CREATE, ADD)), requires=("storage",))


def schema_of(connection: AsyncConnection, name: str) -> str | None:
    assert connection.sync_connection
    return connection.sync_connection.get_execution_options()["schema_translate_map"].get(name, name)


def described(connection: Connection, schema: str | None) -> dict[str, Any]:
    """Everything a database tells of its tables, in an order of its own."""
    inspector = inspect(connection)
    described: dict[str, Any] = {}
    for name in inspector.get_table_names(schema=schema):
        described[name] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(name, schema=schema)
            },
            "primary key": inspector.get_pk_constraint(name, schema=schema),
            "foreign keys": sorted(map(str, inspector.get_foreign_keys(name, schema=schema))),
            "indexes": sorted(map(str, inspector.get_indexes(name, schema=schema))),
            "unique": sorted(map(str, inspector.get_unique_constraints(name, schema=schema))),
            "checks": sorted(map(str, inspector.get_check_constraints(name, schema=schema))),
        }
    return described


def only_steps(history: History) -> History:
    """The same package, but a new scope is made by taking every step."""

    def by_steps(scope: Scope) -> Scope:
        tables = tuple(_Steps(scope.steps) for _ in scope.steps[:1])
        return replace(scope, tables=tables)  # pyright: ignore[reportArgumentType] - creates like a table

    return replace(history, control=by_steps(history.control), workspace=by_steps(history.workspace))


class _Steps:
    """Stands for tables: "creating" it takes the steps."""

    def __init__(self, steps: tuple[Migration, ...]) -> None:
        self.steps = steps

    def create(self, connection: Connection, *, checkfirst: bool) -> None:
        assert not checkfirst
        for step in self.steps:
            step.apply(connection)


async def tables_of(database: Database) -> tuple[dict[str, Any], dict[str, Any]]:
    await database.create_workspace(ANN)
    async with database.read_control() as connection:
        control = await connection.run_sync(described, schema_of(connection, "control"))
    async with database.read(ANN) as connection:
        workspace = await connection.run_sync(described, schema_of(connection, "workspace"))
    return control, workspace


async def test_created_equals_migrated(make_database: MakeDatabase, other_database: MakeDatabase) -> None:
    histories = (STORAGE, NEW)

    created = await tables_of(make_database(histories))
    migrated = await tables_of(other_database(tuple(map(only_steps, histories))))

    assert created == migrated
    assert {"workspaces", "migrations"} <= created[0].keys()
    assert {"datasets", "dataset_versions", "quarantined_rows", "notes", "migrations"} == created[1].keys()


def test_packages_come_after_those_they_require() -> None:
    a, b, c = History("a", requires=("c",)), History("b"), History("c", requires=("b",))

    assert [history.package for history in in_order([a, b, c])] == ["b", "c", "a"]
    with pytest.raises(InvalidInput, match="require b"):
        in_order([a, c])
    with pytest.raises(InvalidInput, match="require each other"):
        in_order([a, replace(b, requires=("a",)), c])


def test_every_table_belongs_to_one_installed_history() -> None:
    histories = installed_histories()
    control = [table for history in histories for table in history.control.tables]
    workspace = [table for history in histories for table in history.workspace.tables]

    assert {*control, CONTROL_VERSIONS} == set(CONTROL.tables.values())
    assert {*workspace, WORKSPACE_VERSIONS} == set(WORKSPACE.tables.values())
    assert len(control) + len(workspace) == len({*control, *workspace})


async def test_an_older_workspace_is_brought_up_to_date_when_first_used(make_database: MakeDatabase) -> None:
    storage = installed_histories()
    before = make_database((*storage, OLD))
    await before.create_workspace(ANN)
    async with before.write(ANN) as connection:
        await connection.execute(OLD_NOTES.insert().values(id=1))

    after = make_database((*storage, NEW))
    async with after.read(ANN) as connection:
        assert (await connection.execute(select(NOTES))).all() == [(1, None)]

    again = make_database((*storage, NEW))
    async with again.write(ANN) as connection:
        await connection.execute(NOTES.insert().values(id=2, text="new"))


async def test_a_package_installed_later_brings_its_tables(make_database: MakeDatabase) -> None:
    storage = installed_histories()
    await make_database(storage).create_workspace(ANN)

    async with make_database((*storage, NEW)).read(ANN) as connection:
        assert (await connection.execute(select(NOTES))).all() == []


async def test_records_of_a_newer_release_are_refused(make_database: MakeDatabase) -> None:
    storage = installed_histories()
    await make_database((*storage, NEW)).create_workspace(ANN)

    with pytest.raises(InvalidInput, match="version 2, this release knows 1") as caught:
        async with make_database((*storage, OLD)).read(ANN):
            pass
    assert caught.value.hint == "upgrade Sapwood"


async def test_a_migration_that_dies_leaves_the_version_it_found(make_database: MakeDatabase) -> None:
    storage = installed_histories()

    def dies(connection: Connection) -> None:
        add_text(connection)
        raise ZeroDivisionError

    await make_database((*storage, OLD)).create_workspace(ANN)
    broken = History("notes", workspace=Scope((NOTES,), (CREATE, Migration("dies", dies))))
    with pytest.raises(ZeroDivisionError):
        async with make_database((*storage, broken)).read(ANN):
            pass

    async with make_database((*storage, NEW)).read(ANN) as connection:
        assert (await connection.execute(select(NOTES))).all() == []


async def test_a_creation_that_dies_leaves_no_workspace(make_database: MakeDatabase) -> None:
    impossible = Table("datasets", workspace_metadata(), Column("id", Integer, primary_key=True))
    broken = History("clash", workspace=Scope((impossible,), ()), requires=("storage",))

    with pytest.raises(Exception, match="already exists"):
        await make_database((*installed_histories(), broken)).create_workspace(ANN)

    whole = make_database(installed_histories())
    with pytest.raises(NotFound):
        async with whole.read(ANN):
            pass
    await whole.create_workspace(ANN)
