"""Statements that both databases know, and SQLAlchemy in two dialects or not at all."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement


async def insert_new(
    connection: AsyncConnection, table: Table, row: Mapping[str, Any], *, one: ColumnElement[Any]
) -> bool:
    """Insert `row` unless its key is there already; say whether it was new. `one` is any column of it.

    A twin that has not committed yet is waited for, so that the row is there afterwards in any case.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(row)).on_conflict_do_nothing().returning(one)
    return (await connection.execute(statement)).first() is not None


def add_column(connection: Connection, column: Column[Any]) -> None:
    """Add an empty column to a table that is there; for migrations, whose tables are of their own making."""
    table = column.table
    schema = connection.get_execution_options()["schema_translate_map"][table.schema]
    quote = connection.dialect.identifier_preparer.quote
    place = f"{quote(schema)}.{quote(table.name)}" if schema else quote(table.name)
    kind = connection.dialect.type_compiler_instance.process(column.type)
    connection.execute(text(f"ALTER TABLE {place} ADD COLUMN {quote(column.name)} {kind}"))
