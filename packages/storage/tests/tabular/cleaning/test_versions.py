"""Versions that come of recipes: names, lineage, undo, twins, full disks, killed workers."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import (
    Cancelled,
    Conflict,
    DependencyFailed,
    InvalidInput,
    LimitExceeded,
    NotFound,
    StorageFull,
)
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.cleaning.heads import Heads
from sapwood_storage.tabular.heads import Head, head_file, head_of, head_text, origin_of
from sapwood_storage.tabular.shelf import QUARANTINE_FILE

TABLE = "k,v\n a ,1\nb,2\nb,2\n"


async def test_lineage_tells_the_parent_the_recipe_and_what_each_step_did(bench: Any) -> None:
    read = await bench.read(TABLE)
    trim, dedupe = bench.step("trim", columns=["k"], reason="blanks"), bench.step("dedupe")

    first = await bench.apply(read, trim)
    second = await bench.apply(first, dedupe)

    lineage = bench.datasets.get(bench.workspace, second.id).lineage
    assert (lineage.root, lineage.parent, lineage.steps_before) == (read.id, first.id, 1)
    assert list(lineage.recipe) == [trim, dedupe]
    assert [(one.cells_changed, one.rows_removed) for one in lineage.outcomes] == [(1, 0), (0, 1)]
    assert (second.source_sha256, second.options) == (read.source_sha256, read.options)


async def test_steps_at_once_and_one_by_one_make_the_same_version(bench: Any) -> None:
    read = await bench.read(TABLE)
    trim, dedupe = bench.step("trim", columns=["k"]), bench.step("dedupe")

    together = await bench.apply(read, trim, dedupe)
    apart = await bench.apply(await bench.apply(read, trim), dedupe)

    assert apart.id == together.id


async def test_undo_gives_the_parent_and_undoing_a_step_the_recipe_without_it(bench: Any) -> None:
    read = await bench.read(TABLE)
    work = DetachedWork()
    trim, rename, dedupe = (
        bench.step("trim", columns=["k"]),
        bench.step("rename", names={"k": "key"}),
        bench.step("dedupe"),
    )
    first = await bench.apply(read, trim)
    second = await bench.apply(first, rename, dedupe)

    assert await bench.versions.undo(bench.workspace, second.id, work) == first
    shorter = await bench.versions.undo_step(bench.workspace, second.id, work)
    assert bench.rows(shorter) == [("a", 1), ("b", 2), ("b", 2)]
    assert list(shorter.lineage.recipe) == [trim, rename]
    assert await bench.versions.undo_step(bench.workspace, first.id, work) == read


async def test_a_parent_that_was_evicted_is_made_again(bench: Any) -> None:
    read = await bench.read(TABLE)
    first = await bench.apply(read, bench.step("trim", columns=["k"]))
    second = await bench.apply(first, bench.step("dedupe"))
    await bench.datasets.delete(bench.workspace, first.id)

    again = await bench.versions.undo(bench.workspace, second.id, DetachedWork())

    assert again.id == first.id
    assert bench.rows(again) == [("a", 1), ("b", 2), ("b", 2)]


async def test_without_the_file_as_it_was_read_undo_says_so(bench: Any) -> None:
    read = await bench.read(TABLE)
    first = await bench.apply(read, bench.step("dedupe"))
    await bench.datasets.delete(bench.workspace, read.id)

    with pytest.raises(NotFound, match="the file as it was read is gone"):
        await bench.versions.undo(bench.workspace, first.id, DetachedWork())


async def test_a_file_as_it_was_read_has_nothing_to_undo(bench: Any) -> None:
    read = await bench.read(TABLE)

    with pytest.raises(Conflict, match="nothing to undo"):
        await bench.versions.undo(bench.workspace, read.id, DetachedWork())


async def test_a_recipe_runs_again_on_a_new_file_by_the_names_of_its_columns(bench: Any) -> None:
    steps = (bench.step("trim", columns=["k"]), bench.step("drop_columns", columns=["v"]))
    await bench.clean(TABLE, *steps)

    other = await bench.apply(await bench.read("w,v,k\nx,1, b \n", "other.csv"), *steps)
    with pytest.raises(InvalidInput, match="step 2, drop_columns: there is no column 'v'"):
        await bench.apply(await bench.read("k,w\n a,1\n", "third.csv"), *steps)

    assert bench.rows(other) == [("x", "b")]


async def test_records_that_could_not_be_read_are_still_counted(bench: Any) -> None:
    text = "k,v\n" + "".join(f"{n},{n}\n" for n in range(3000)) + "bad,1,2\n"
    read = await bench.read(text, delimiter=",")

    made = await bench.apply(
        read, bench.step("drop_rows", where=[{"column": "v", "operator": ">=", "values": [10]}])
    )

    report = made.report
    assert (report.records, report.rows, report.quarantined) == (11, 10, 1)
    file = bench.datasets.directory(bench.workspace, made.id) / QUARANTINE_FILE
    assert "bad,1,2" in file.read_text()


async def test_twins_make_one_version(make_bench: Any, tmp_path: Path) -> None:
    one, other = make_bench(), make_bench()
    read = await one.read(TABLE)
    steps = (one.step("trim", columns=["k"]), one.step("dedupe"))

    made = await asyncio.gather(*(bench.apply(read, *steps) for bench in (one, other, one)))

    assert len({version.id for version in made}) == 1
    assert one.rows(made[0]) == [("a", 1), ("b", 2)]
    assert sorted(one.datasets.shelf.versions(one.workspace)) == sorted([read.id, made[0].id])
    assert one.left_in_staging() == []


async def test_a_killed_worker_leaves_nothing(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sapwood_storage.tabular.sandbox.remote import RemoteWorker

    read = await bench.read(TABLE)
    run = RemoteWorker.run

    async def killed(self: RemoteWorker, *arguments: Any) -> Any:
        os.kill(self.pid, signal.SIGKILL)
        return await run(self, *arguments)

    monkeypatch.setattr(RemoteWorker, "run", killed)

    with pytest.raises(DependencyFailed, match="during clean"):
        await bench.apply(read, bench.step("dedupe"))

    assert bench.datasets.shelf.versions(bench.workspace) == [read.id]
    assert bench.left_in_staging() == []


async def test_cancelled_work_leaves_nothing(bench: Any) -> None:
    read = await bench.read(TABLE)
    work = DetachedWork()
    work.cancel()

    with pytest.raises(Cancelled):
        await bench.versions.apply(bench.workspace, read.id, [bench.step("dedupe")], work)

    assert bench.datasets.shelf.versions(bench.workspace) == [read.id]
    assert bench.left_in_staging() == []


async def test_a_full_disk_is_said_and_leaves_nothing(make_bench: Any, small_disk: Path) -> None:
    bench = make_bench(small_disk / "home")
    (bench.root.parent / "table.csv").unlink(missing_ok=True)
    read = await bench.read("k\n" + "".join(f"{n * 7919 % 65_536:05d}x{n}\n" for n in range(9_000)))
    wide = [
        bench.step("regex_extract", column="k", pattern="(.*)", into=f"copy {place}") for place in range(9)
    ]
    (small_disk / "table.csv").unlink()

    with pytest.raises((StorageFull, LimitExceeded)):
        await bench.apply(read, *wide)

    assert bench.datasets.shelf.versions(bench.workspace) == [read.id]
    assert bench.left_in_staging() == []


@pytest.mark.integration
async def test_the_memory_limit_holds_on_a_table_of_many_distinct_rows(
    make_bench: Any, tmp_path: Path
) -> None:
    import _duckdb

    bench = make_bench(memory_mb=128, headroom_mb=256)
    source = tmp_path / "table.parquet"
    with _duckdb.connect(":memory:") as connection:
        connection.execute(
            "COPY (SELECT n AS id, md5(n::VARCHAR) || md5((n + 1)::VARCHAR) AS text FROM range(500000) t(n))"
            f" TO '{source}' (FORMAT parquet)"
        )
    from sapwood_storage.tabular.model import ReaderOptions

    read = await bench.datasets.ingest(bench.workspace, source, ReaderOptions(), DetachedWork())

    made = await bench.apply(read, bench.step("dedupe"), bench.step("trim", columns=["text"]))

    assert made.report.rows == 500_000
    assert bench.outcome(made, 0).rows_removed == 0


async def test_the_head_is_the_version_cleaned_last(bench: Any) -> None:
    read = await bench.read(TABLE)
    made = await bench.apply(read, bench.step("dedupe"))
    heads = Heads(bench.datasets.shelf)

    assert heads.get(bench.workspace, read.id) == read
    heads.set(bench.workspace, made)
    assert heads.get(bench.workspace, read.id) == made
    heads.set(bench.workspace, read)
    heads.set(bench.workspace, read)
    assert heads.get(bench.workspace, read.id) == read


async def test_a_file_is_cleaned_and_its_copy_elsewhere_is_not(bench: Any) -> None:
    read = await bench.read(TABLE)
    made = await bench.apply(read, bench.step("dedupe"))
    heads = Heads(bench.datasets.shelf)
    home = bench.datasets.shelf.root(bench.workspace).parents[2]

    heads.set(bench.workspace, made, origin=origin_of("/a.csv"))

    head = head_of(home, bench.workspace, origin_of("/a.csv"))
    assert head == heads.remembered(bench.workspace, origin_of("/a.csv"))
    assert head is not None
    assert (head.root, head.version, head.source_sha256) == (read.id, made.id, read.source_sha256)
    assert [step["kind"] for step in head.steps] == ["dedupe"]
    assert heads.get(bench.workspace, read.id, origin=origin_of("/b.csv")) == read
    assert heads.get(bench.workspace, read.id) == read


async def test_a_head_that_is_gone_broken_or_of_another_file_does_not_count(bench: Any) -> None:
    read = await bench.read(TABLE)
    other = await bench.apply(await bench.read("k,v\nz,1\nz,1\n", "other.csv"), bench.step("dedupe"))
    heads, shelf = Heads(bench.datasets.shelf), bench.datasets.shelf
    file = head_file(shelf.root(bench.workspace), read.id)

    for wrong in (other.id, "dv_" + "0" * 40, "../../etc"):
        heads.set(bench.workspace, other, origin=read.id)
        file.write_bytes(head_text(Head(read.id, wrong, read.source_sha256, ())))
        assert heads.get(bench.workspace, read.id) == read
    for text in (b"", b"{", b"[]", b'{"schema_version": 2}', b"\xff"):
        file.write_bytes(text)
        assert heads.get(bench.workspace, read.id) == read
