"""Dataset versions with the sandbox that ships, and with one that does as it is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packages.storage.tests.tabular.house import SALES, FakeSandbox, aged, put, work

from sapwood_shared.errors import InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular import sources
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ColumnType, ReaderOptions
from sapwood_storage.tabular.shelf import version_id

LOCAL = WorkspaceId("local")


PLAIN = ReaderOptions()


async def test_an_unchanged_file_is_not_read_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    first = await datasets.ingest(LOCAL, source, PLAIN, work())

    def unread(*_: object) -> str:
        raise AssertionError("the file was read again")

    monkeypatch.setattr(sources, "sha256", unread)
    again = await datasets.ingest(LOCAL, source, PLAIN, work())

    assert again == first
    assert sandbox.asked == 1


async def test_the_same_bytes_under_another_name_are_the_same_version(source: Path, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())
    copy = tmp_path / "copy.csv"
    copy.write_bytes(SALES)

    first = await datasets.ingest(LOCAL, source, PLAIN, work())
    second = await datasets.ingest(LOCAL, copy, PLAIN, work())

    assert second == first


async def test_other_options_or_bytes_are_another_version(source: Path, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())

    ids = {(await datasets.ingest(LOCAL, source, PLAIN, work())).id}
    ids.add((await datasets.ingest(LOCAL, source, ReaderOptions(delimiter=";"), work())).id)
    put(source, "a\n1\n")
    ids.add((await datasets.ingest(LOCAL, source, PLAIN, work())).id)

    assert len(ids) == 3


def test_the_order_of_options_does_not_matter() -> None:
    one = ReaderOptions(null_tokens=("a", "b"), types={"x": ColumnType.DATE, "y": ColumnType.TEXT})
    two = ReaderOptions(null_tokens=("b", "a", "a"), types={"y": ColumnType.TEXT, "x": ColumnType.DATE})

    assert (
        version_id("00", one) == version_id("00", two) != version_id("00", PLAIN) != version_id("01", PLAIN)
    )


async def test_a_file_written_a_moment_ago_is_hashed_again(tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())
    path = tmp_path / "new.csv"
    path.write_text("a\n1\n")
    first = await datasets.ingest(LOCAL, path, PLAIN, work())
    before = path.stat()

    path.write_text("a\n2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a coarse clock would have it
    second = await datasets.ingest(LOCAL, path, PLAIN, work())

    assert second.id != first.id


async def test_a_version_in_one_workspace_is_not_in_another(source: Path, tmp_path: Path) -> None:
    datasets = Datasets(tmp_path / "home", FakeSandbox())
    version = await datasets.ingest(LOCAL, source, PLAIN, work())

    with pytest.raises(NotFound):
        datasets.get(WorkspaceId("other"), version.id)
    with pytest.raises(InvalidInput):
        datasets.get(WorkspaceId("../local"), version.id)
    with pytest.raises(InvalidInput):
        datasets.directory(LOCAL, "../../secrets")


def taken(datasets: Datasets) -> int:
    """How much disk all versions take."""
    return sum(datasets.shelf.bytes_of(LOCAL, version) for version in datasets.shelf.versions(LOCAL))


async def test_versions_used_longest_ago_go_first(tmp_path: Path) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    ids: list[str] = []
    for number in range(3):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"a\n{number}\n")
        ids.append((await datasets.ingest(LOCAL, path, PLAIN, work())).id)
        aged(datasets.shelf.directory(LOCAL, ids[-1]) / "version.json")
    os.utime(datasets.shelf.directory(LOCAL, ids[1]) / "version.json", (1_600_000_000, 1_600_000_000))
    datasets.directory(LOCAL, ids[0])
    total = taken(datasets)

    assert await datasets.evict_lru(LOCAL, total) == []
    assert await datasets.evict_lru(LOCAL, total - 1) == [ids[1]]
    assert await datasets.evict_lru(LOCAL, total // 3 + 100) == [ids[2]]

    assert sandbox.forgotten == [ids[1], ids[2]]
    assert datasets.get(LOCAL, ids[0]).id == ids[0]
    assert 0 < taken(datasets) < total


async def test_a_deleted_version_is_gone_and_can_come_again(source: Path, tmp_path: Path) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    version = await datasets.ingest(LOCAL, source, PLAIN, work())

    await datasets.delete(LOCAL, version.id)

    with pytest.raises(NotFound):
        datasets.get(LOCAL, version.id)
    with pytest.raises(NotFound):
        await datasets.delete(LOCAL, version.id)
    assert (await datasets.ingest(LOCAL, source, PLAIN, work())).id == version.id
    assert sandbox.asked == 2


async def test_a_damaged_memory_of_hashes_costs_a_hash_and_nothing_else(source: Path, tmp_path: Path) -> None:
    sandbox = FakeSandbox()
    datasets = Datasets(tmp_path / "home", sandbox)
    await datasets.ingest(LOCAL, source, PLAIN, work())
    memory = tmp_path / "home" / "workspaces" / LOCAL / "datasets" / ".hashes.json"
    for damage in ("{", "[]", '{"x": 5}', json.dumps({str(source): [1, 2]})):
        memory.write_text(damage)

        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert len(json.loads(memory.read_text())[str(source)]) == 4


def test_the_parent_s_side_loads_no_duckdb() -> None:
    code = (
        "import sys, sapwood_storage.tabular.datasets;"
        "heavy = ('duckdb', '_duckdb', 'pydantic', 'python_calamine', 'zstandard');"
        "print([name for name in heavy if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
