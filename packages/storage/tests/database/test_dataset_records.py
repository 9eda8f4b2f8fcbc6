"""Datasets and versions as rows, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sapwood_shared.clock import FixedClock
from sapwood_shared.errors import Conflict, Forbidden
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import Database
from sapwood_storage.database.dataset_records import DatasetRecords
from sapwood_storage.tabular.manifests import QuarantineSummary, VersionRecord
from sapwood_storage.tabular.model import Column, ColumnType

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
SUMMARY = QuarantineSummary("price", "is no number", 2, 17, "1,a,b")


def version(name: str, minutes: int = 0, **changes: object) -> VersionRecord:
    made = VersionRecord(
        id=f"dv_{name}",
        source_name="a.csv",
        source_sha256="00",
        columns=(Column("x", ColumnType.INTEGER),),
        reader={"given": {}, "found": {"delimiter": ","}},
        rows=2,
        quarantined=1,
        size_bytes=1 << 40,
        created_at=NOW + timedelta(minutes=minutes),
    )
    return replace(made, **changes)


async def recorded(
    database: Database, origin: str | None, *versions: VersionRecord, workspace: WorkspaceId = ANN
) -> str:
    """A dataset with these versions, in one unit of work."""
    await database.create_workspace(workspace)
    async with database.write(workspace) as unit:
        records = DatasetRecords(workspace, unit)
        dataset = await records.open(origin, "a")
        for one in versions:
            await records.record(dataset, one)
    return dataset


async def test_what_was_recorded_comes_back(database: Database) -> None:
    recipe = [{"kind": "trim", "columns": ["x"]}]
    child = version("2", 1, parent="dv_1", root="dv_1", recipe=recipe)
    dataset = await recorded(database, "file:/a.csv", version("1"), child)

    async with database.read(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        assert await records.version(dataset, "dv_1") == version("1")
        assert await records.lineage(dataset, "dv_2") == (replace(child, root=None), version("1"))
        assert await records.latest(dataset) == replace(child, root=None)
        assert [one.id for one in await records.versions(dataset)] == ["dv_2", "dv_1"]
        assert await records.datasets_of("dv_2") == (dataset,)
        found = await records.find("file:/a.csv")
    assert found is not None
    assert (found.id, found.name, found.origin) == (dataset, "a", "file:/a.csv")


async def test_what_is_not_there_is_none_of_it(database: Database) -> None:
    await database.create_workspace(ANN)

    async with database.read(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        assert await records.find("file:/nowhere") is None
        assert await records.latest("ds_x") is None
        assert (await records.versions("ds_x"), await records.lineage("ds_x", "dv_1")) == ((), ())
        assert (await records.quarantine("ds_x", "dv_1"), await records.present()) == ((), set())


async def test_recording_again_changes_nothing(database: Database) -> None:
    dataset = await recorded(database, "file:/a.csv", version("1"))

    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        assert await records.open("file:/a.csv", "another name") == dataset
        assert await records.record(dataset, version("1", rows=2)) is False
        assert await records.record(dataset, version("1"), [SUMMARY]) is False
        assert await records.quarantine(dataset, "dv_1") == ()
        assert [one.name for one in await records.datasets()] == ["a"]


@pytest.mark.integration
async def test_twins_make_one_dataset_and_one_version(database: Database) -> None:
    await database.create_workspace(ANN)

    async def record() -> tuple[str, bool]:
        async with database.write(ANN) as unit:
            records = DatasetRecords(ANN, unit)
            dataset = await records.open("file:/a.csv", "a")
            await asyncio.sleep(0.02)
            return dataset, await records.record(dataset, version("1"), [SUMMARY])

    made = await asyncio.gather(*(record() for _ in range(8)))

    assert len({dataset for dataset, _ in made}) == 1
    assert sorted(new for _, new in made) == [False] * 7 + [True]
    async with database.read(ANN) as unit:
        assert len(await DatasetRecords(ANN, unit).datasets()) == 1


async def test_a_dataset_without_an_origin_is_always_a_new_one(database: Database) -> None:
    assert await recorded(database, None) != await recorded(database, None)


async def test_the_same_bytes_in_two_files_are_a_version_of_each(database: Database) -> None:
    one = await recorded(database, "file:/a.csv", version("1"))
    other = await recorded(database, "file:/b.csv", version("1"))

    async with database.read(ANN) as unit:
        assert await DatasetRecords(ANN, unit).datasets_of("dv_1") == tuple(sorted((one, other)))


async def test_datasets_are_listed_by_pages_the_newest_first(database: Database) -> None:
    await database.create_workspace(ANN)
    clock = FixedClock(NOW)
    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit, clock=clock)
        made = [await records.open(f"file:/{number}", "a") for number in range(3)]  # in one moment
        clock.advance(1)
        made += [await records.open(f"file:/{number}", "a") for number in range(3, 5)]

    seen: list[str] = []
    async with database.read(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        page = await records.datasets(limit=2)
        while page:
            seen += [one.id for one in page]
            page = await records.datasets(limit=2, before=page[-1])

    assert seen == made[::-1]


async def test_a_removed_version_stays_as_a_parent_and_its_quotations_go(database: Database) -> None:
    child = version("2", 1, parent="dv_1", root="dv_1", recipe=[])
    dataset = await recorded(database, "file:/a.csv", version("0", -1))

    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit, clock=FixedClock(NOW))
        await records.record(dataset, version("1"), [SUMMARY])
        await records.record(dataset, child, [SUMMARY])
        await records.removed(["dv_1", "dv_2", "dv_unheard_of"])

        assert await records.present() == {"dv_0"}
        assert (await records.quarantine(dataset, "dv_1"), await records.quarantine(dataset, "dv_2")) == (
            (),
            (),
        )
        assert [one.removed_at for one in await records.lineage(dataset, "dv_2")] == [NOW, NOW]
        latest = await records.latest(dataset)
    assert latest is not None
    assert latest.id == "dv_0"


async def test_a_version_that_was_made_again_is_present_again(database: Database) -> None:
    dataset = await recorded(database, "file:/a.csv", version("1"))

    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        await records.removed(["dv_1"])
        assert await records.record(dataset, version("1"), [SUMMARY]) is True

        assert await records.present() == {"dv_1"}
        assert await records.quarantine(dataset, "dv_1") == (SUMMARY,)


async def test_the_most_frequent_trouble_is_told_first(database: Database) -> None:
    dataset = await recorded(database, "file:/a.csv")
    found = [SUMMARY, QuarantineSummary("", "not valid JSON", 7, None, None)]

    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        await records.record(dataset, version("1"), found)

        assert await records.quarantine(dataset, "dv_1") == tuple(reversed(found))


async def test_a_parent_that_was_never_recorded_gives_way_to_the_root_and_that_to_none(
    database: Database,
) -> None:
    lost = version("3", 2, parent="dv_2", root="dv_1")
    orphan = version("4", 3, parent="dv_8", root="dv_9")
    dataset = await recorded(database, "file:/a.csv", version("1"), lost, orphan)

    async with database.read(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        assert [one.id for one in await records.lineage(dataset, "dv_3")] == ["dv_3", "dv_1"]
        assert [one.id for one in await records.lineage(dataset, "dv_4")] == ["dv_4"]


async def test_a_forgotten_dataset_goes_with_its_whole_lineage(database: Database) -> None:
    child = version("2", 1, parent="dv_1", root="dv_1")
    dataset = await recorded(database, "file:/a.csv", version("1"), child)

    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        await records.forget(dataset)
        await records.forget(dataset)

        assert (await records.datasets(), await records.present()) == ((), set())


async def test_names_out_of_hostile_files_can_be_kept(database: Database) -> None:
    nasty = "a\x00b\udce9'\"; DROP TABLE datasets"
    columns = (Column(nasty, ColumnType.TEXT),)
    found = version("1", columns=columns, source_name=nasty, reader={"found": {"types": {nasty: "text"}}})
    dataset = await recorded(database, f"file:/{nasty}", found)

    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        await records.record(dataset, version("2"), [QuarantineSummary(nasty, nasty, 1, 1, nasty)])
        kept = await records.version(dataset, "dv_1")

        assert kept is not None
        assert kept.columns[0].name == "a\\x00b\\udce9'\"; DROP TABLE datasets"
        assert await records.open(f"file:/{nasty}", "a") == dataset
        assert len(await records.quarantine(dataset, "dv_2")) == 1


async def test_many_versions_are_removed_in_one_call(database: Database) -> None:
    many = [version(f"{number:04}") for number in range(1_100)]
    await recorded(database, "file:/a.csv", *many[:3])

    async with database.write(ANN) as unit:
        records = DatasetRecords(ANN, unit)
        await records.removed([one.id for one in many])
        assert await records.present() == set()


async def test_a_unit_of_work_of_another_workspace_is_refused(database: Database) -> None:
    await recorded(database, "file:/a.csv", version("1"))
    await recorded(database, "file:/b.csv", workspace=BOB)

    async with database.read(BOB) as unit:
        with pytest.raises(Forbidden, match="a unit of work of 'bob' cannot be used for 'ann'"):
            DatasetRecords(ANN, unit)
        assert await DatasetRecords(BOB, unit).datasets_of("dv_1") == ()
    async with database.read_control() as unit:
        with pytest.raises(Forbidden):
            DatasetRecords(ANN, unit)


async def test_counts_that_do_not_add_up_and_strange_datasets_are_conflicts(database: Database) -> None:
    await recorded(database, "file:/a.csv")

    with pytest.raises(Conflict):
        async with database.write(ANN) as unit:
            await DatasetRecords(ANN, unit).record("ds_unheard_of", version("1"))
