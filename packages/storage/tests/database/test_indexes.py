"""Each query that a page or a walk makes often is answered by an index, on both databases."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import Database
from sapwood_storage.database.tables import dataset_versions, datasets, quarantined_rows

ANN = WorkspaceId("ann")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 2000

QUERIES: dict[str, Select[Any]] = {
    "datasets, newest first": select(datasets.c.id).order_by(datasets.c.created_at.desc()).limit(20),
    "the dataset of an origin": select(datasets.c.id).where(datasets.c.origin == "file:/7"),
    "datasets of a person": select(datasets.c.id).where(datasets.c.created_by == "p7"),
    "versions of a dataset, newest first": (
        select(dataset_versions.c.id)
        .where(dataset_versions.c.dataset_id == "ds_7")
        .order_by(dataset_versions.c.created_at.desc())
        .limit(20)
    ),
    "the version of a dataset made last": (
        select(dataset_versions.c.id)
        .where(dataset_versions.c.dataset_id == "ds_7", dataset_versions.c.removed_at.is_(None))
        .order_by(dataset_versions.c.created_at.desc())
        .limit(1)
    ),
    "datasets that have a version": select(dataset_versions.c.dataset_id).where(
        dataset_versions.c.id == "dv_7"
    ),
    "quarantine of a version": select(quarantined_rows.c.reason).where(
        quarantined_rows.c.dataset_id == "ds_7", quarantined_rows.c.version_id == "dv_7"
    ),
}


async def fill(connection: AsyncConnection) -> None:
    await connection.execute(
        insert(datasets),
        [
            {"id": f"ds_{n}", "name": "d", "created_by": f"p{n}", "created_at": NOW + timedelta(seconds=n)}
            | {"origin": f"file:/{n}"}
            for n in range(ROWS)
        ],
    )
    version = {"source_name": "a", "source_sha256": "0", "schema_version": 1, "columns": [], "reader": {}}
    counts = {"records": 1, "rows": 0, "quarantined": 1, "size_bytes": 1}
    await connection.execute(
        insert(dataset_versions),
        [
            version
            | counts
            | {"dataset_id": dataset, "id": f"dv_{n}", "created_at": NOW + timedelta(seconds=n)}
            for n in range(ROWS)
            for dataset in {f"ds_{n}", "ds_7"}  # and one that was cleaned again and again
        ],
    )
    await connection.execute(
        insert(quarantined_rows),
        [
            {"dataset_id": f"ds_{n}", "version_id": f"dv_{n}", "column": "x", "reason": "r", "records": 1}
            for n in range(ROWS)
        ],
    )
    await connection.execute(text("ANALYZE"))


async def scans(connection: AsyncConnection, query: Select[Any]) -> list[str]:
    """The steps of the plan that read a whole table or sort."""
    assert connection.sync_connection
    options = connection.sync_connection.get_execution_options()
    compiled = str(
        query.compile(
            dialect=connection.dialect,
            schema_translate_map=options["schema_translate_map"],
            render_schema_translate=True,
            compile_kwargs={"literal_binds": True},
        )
    )
    if connection.dialect.name == "sqlite":
        plan = await connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))
        steps = [row.detail for row in plan]
        return [step for step in steps if "INDEX" not in step]
    plan = (await connection.execute(text(f"EXPLAIN (FORMAT JSON) {compiled}"))).scalar_one()
    return [word for word in ("Seq Scan", "Sort") if f'"{word}"' in json.dumps(plan)]


@pytest.mark.integration
async def test_frequent_queries_use_an_index(database: Database) -> None:
    await database.create_workspace(ANN)
    async with database.write(ANN) as connection:
        await fill(connection)

    async with database.read(ANN) as connection:
        found = {name: await scans(connection, query) for name, query in QUERIES.items()}
        without = await scans(connection, select(datasets.c.id).where(datasets.c.name == "d"))

    assert found == {name: [] for name in QUERIES}
    assert without, "a query without an index must be told apart"
