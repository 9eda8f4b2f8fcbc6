"""The records as a store of the data map: every table of every package, by what it declared."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from sqlalchemy import ColumnElement, Table, true
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared.errors import InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database.metadata import CONTROL, WORKSPACE
from sapwood_storage.database.port import Database
from sapwood_storage.subjects.declaration import Holding, OnErase, holding_of
from sapwood_storage.subjects.walk import Part

_ROWS_A_PART: Final = 500


class RecordsStore:
    """Exports a file of JSON lines for each table; tables without rows give none."""

    name = "records"
    holding = Holding("schema", subject="as each table declares")

    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, workspace: WorkspaceId, person: str | None) -> AsyncIterator[Part]:
        """Yield the rows of the workspace, or those that name the person."""
        async with self._database.read_control() as connection:
            for table in CONTROL.sorted_tables:
                async for part in _rows(connection, table, _mine(table, workspace, person, control=True)):
                    yield part
        try:
            async with self._database.read(workspace) as connection:
                for table in WORKSPACE.sorted_tables:
                    async for part in _rows(
                        connection, table, _mine(table, workspace, person, control=False)
                    ):
                        yield part
        except NotFound:
            return  # it has no records

    async def erase(self, workspace: WorkspaceId, person: str | None) -> None:
        """Delete the workspace's rows, or delete and blank what names the person."""
        if person is not None:
            with suppress(NotFound):
                async with self._database.write(workspace) as connection:
                    for table in reversed(WORKSPACE.sorted_tables):
                        await _forget(connection, table, _mine(table, workspace, person, control=False))
        async with self._database.write_control() as connection:
            for table in reversed(CONTROL.sorted_tables):
                # The row in `workspaces` goes with the workspace itself, after all that refers to it.
                if table.name != "workspaces":
                    await _forget(connection, table, _mine(table, workspace, person, control=True))
        if person is None:
            await self._database.erase_workspace(workspace)


def _mine(
    table: Table, workspace: WorkspaceId, person: str | None, *, control: bool
) -> ColumnElement[bool] | None:
    holding = holding_of(table)
    if holding is None:
        raise InvalidInput(
            f"{table.fullname} declares no holding", hint="call declare_table where it is made"
        )
    if control and holding.workspace == "schema":
        return None  # it belongs to no workspace
    mine = table.c[holding.workspace] == workspace if control else true()
    if person is None:
        return mine
    return None if holding.subject is None else mine & (table.c[holding.subject] == person)


async def _rows(
    connection: AsyncConnection, table: Table, mine: ColumnElement[bool] | None
) -> AsyncIterator[Part]:
    if mine is None:
        return
    result = await connection.stream(table.select().where(mine))
    async for rows in result.mappings().partitions(_ROWS_A_PART):
        lines = "".join(json.dumps(dict(row), default=str, ensure_ascii=False) + "\n" for row in rows)
        yield Part("records", f"{table.name}.ndjson", lines.encode())


async def _forget(connection: AsyncConnection, table: Table, mine: ColumnElement[bool] | None) -> None:
    holding = holding_of(table)
    if mine is None or holding is None:
        return
    if holding.subject is not None and holding.on_erase is OnErase.FORGET:
        await connection.execute(table.update().where(mine).values({holding.subject: None}))
    else:
        await connection.execute(table.delete().where(mine))
