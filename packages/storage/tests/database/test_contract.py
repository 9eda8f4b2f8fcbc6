"""What both databases do."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text

from sapwood_shared.errors import Conflict, InvalidInput, NotFound, SapwoodError
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import Database
from sapwood_storage.database.tables import dataset_versions, datasets, workspaces

ANN, BOB = WorkspaceId("ann"), WorkspaceId("ws_0b-b")
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def dataset(name: str) -> dict[str, object]:
    return {"id": f"ds_{name}", "name": name, "created_at": NOW}


def version(name: str, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "dataset_id": "ds_a",
        "id": f"dv_{name}",
        "source_name": "a.csv",
        "source_sha256": "00",
        "schema_version": 1,
        "columns": [{"name": "x", "type": "integer"}],
        "reader": {"delimiter": ","},
        "records": 3,
        "rows": 2,
        "quarantined": 1,
        "size_bytes": 1 << 40,
        "created_at": NOW,
    }
    return row | changes


async def count(database: Database, workspace: WorkspaceId) -> int:
    async with database.read(workspace) as connection:
        return (await connection.execute(select(func.count()).select_from(datasets))).scalar_one()


async def insert(database: Database, row: dict[str, object]) -> None:
    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(row))


async def test_what_is_committed_is_read_in_its_workspace_alone(database: Database) -> None:
    await database.create_workspace(ANN)
    await database.create_workspace(BOB)

    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("a")))

    assert await count(database, ANN) == 1
    assert await count(database, BOB) == 0


async def test_values_come_back_as_they_went_in(database: Database) -> None:
    await database.create_workspace(ANN)
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))
    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("a")))
        await connection.execute(dataset_versions.insert().values(version("1", created_at=elsewhere)))

    async with database.read(ANN) as connection:
        row = (await connection.execute(select(dataset_versions))).one()

    assert (row.created_at, row.created_at.tzinfo) == (NOW, UTC)
    assert (row.size_bytes, row.columns[0]["name"], row.recipe) == (1 << 40, "x", None)


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    await database.create_workspace(ANN)

    with pytest.raises(Exception, match="has no time zone"):
        await insert(database, dataset("a") | {"created_at": NOW.replace(tzinfo=None)})


async def test_a_block_that_raises_changes_nothing(database: Database) -> None:
    await database.create_workspace(ANN)

    async def breaks_off() -> None:
        async with database.write(ANN) as connection:
            await connection.execute(datasets.insert().values(dataset("a")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await breaks_off()

    assert await count(database, ANN) == 0


async def test_a_block_that_is_cancelled_changes_nothing_and_blocks_nobody(database: Database) -> None:
    await database.create_workspace(ANN)
    inserted = asyncio.Event()

    async def hang() -> None:
        async with database.write(ANN) as connection:
            await connection.execute(datasets.insert().values(dataset("a")))
            inserted.set()
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    await inserted.wait()
    waiting = [asyncio.create_task(hang()) for _ in range(3)]
    await asyncio.sleep(0.05)
    for task in (*waiting, hanging):
        task.cancel()
    await asyncio.gather(hanging, *waiting, return_exceptions=True)

    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("b")))
    assert await count(database, ANN) == 1


async def test_a_read_is_a_snapshot_that_refuses_changes(database: Database) -> None:
    await database.create_workspace(ANN)

    with pytest.raises((SapwoodError, Exception), match=r"(?i)read.?only"):
        async with database.read(ANN) as connection:
            await connection.execute(datasets.insert().values(dataset("a")))

    assert await count(database, ANN) == 0


async def test_a_read_sees_nothing_that_was_committed_after_its_first_look(database: Database) -> None:
    await database.create_workspace(ANN)
    all_names = select(datasets.c.name)

    async with database.read(ANN) as connection:
        assert (await connection.execute(all_names)).all() == []
        await insert(database, dataset("a"))
        assert (await connection.execute(all_names)).all() == []

    assert await count(database, ANN) == 1


async def test_writers_of_one_workspace_lose_no_update(database: Database) -> None:
    await database.create_workspace(ANN)
    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("a")))
        await connection.execute(dataset_versions.insert().values(version("1", records=1, rows=0)))

    async def add_one() -> None:
        async with database.write(ANN) as connection:
            one = select(dataset_versions.c.rows).with_for_update()
            rows = (await connection.execute(one)).scalar_one()
            more = {"rows": rows + 1, "records": rows + 2}
            await connection.execute(dataset_versions.update().values(more))

    await asyncio.gather(*(add_one() for _ in range(30)))

    async with database.read(ANN) as connection:
        assert (await connection.execute(select(dataset_versions.c.rows))).scalar_one() == 30


async def test_readers_go_on_while_a_writer_writes(database: Database) -> None:
    await database.create_workspace(ANN)

    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("a")))
        assert await asyncio.gather(*(count(database, ANN) for _ in range(10))) == [0] * 10


async def test_constraints_are_conflicts(database: Database) -> None:
    await database.create_workspace(ANN)
    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("a")))

    for table, row in (
        (datasets, dataset("a")),
        (dataset_versions, version("1", dataset_id="ds_missing")),
        (dataset_versions, version("1", rows=7)),
        (dataset_versions, version("1", parent_id="dv_missing")),
    ):
        with pytest.raises(Conflict) as caught:
            async with database.write(ANN) as connection:
                await connection.execute(table.insert().values(row))
        assert caught.value.hint


async def test_versions_and_their_quarantine_go_with_their_dataset(database: Database) -> None:
    await database.create_workspace(ANN)
    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("a")))
        await connection.execute(dataset_versions.insert().values(version("1")))
        await connection.execute(datasets.delete())

    async with database.read(ANN) as connection:
        assert (await connection.execute(select(dataset_versions))).all() == []


async def test_a_workspace_that_was_not_made_is_not_found(database: Database) -> None:
    for unit in (database.read(ANN), database.write(ANN)):
        with pytest.raises(NotFound, match="no workspace 'ann'"):
            async with unit:
                pass


@pytest.mark.parametrize("name", ["../x", "a;drop", 'a"b', "A", ""])
async def test_a_workspace_id_cannot_name_another_place(database: Database, name: str) -> None:
    with pytest.raises(InvalidInput, match="is no workspace id"):
        await database.create_workspace(WorkspaceId(name))
    with pytest.raises(InvalidInput, match="is no workspace id"):
        async with database.write(WorkspaceId(name)):
            pass


async def test_making_a_workspace_again_keeps_what_is_there(database: Database) -> None:
    await database.create_workspace(ANN)
    async with database.write(ANN) as connection:
        await connection.execute(datasets.insert().values(dataset("a")))

    await database.create_workspace(ANN)

    assert await count(database, ANN) == 1
    async with database.read_control() as connection:
        assert (await connection.execute(select(workspaces.c.id))).scalars().all() == [ANN]


async def test_an_erased_workspace_is_gone_for_all_and_its_neighbour_stays(database: Database) -> None:
    for workspace in (ANN, BOB):
        await database.create_workspace(workspace)
        async with database.write(workspace) as connection:
            await connection.execute(datasets.insert().values(dataset("a")))

    await database.erase_workspace(ANN)
    await database.erase_workspace(ANN)

    with pytest.raises(NotFound):
        await count(database, ANN)
    assert await count(database, BOB) == 1
    async with database.read_control() as connection:
        assert (await connection.execute(select(workspaces.c.id))).scalars().all() == [BOB]
    await database.create_workspace(ANN)
    assert await count(database, ANN) == 0


async def test_our_own_mistakes_are_not_dressed_up(database: Database) -> None:
    await database.create_workspace(ANN)

    with pytest.raises(Exception, match="selekt") as caught:
        async with database.read(ANN) as connection:
            await connection.execute(text("selekt"))

    assert not isinstance(caught.value, NotFound)
