import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from sapwood_shared.errors import NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.letting_go import take_down
from sapwood_storage.tabular.model import IngestReport, ReaderOptions
from sapwood_storage.tabular.shelf import DatasetVersion, Shelf, now, version_id

LOCAL = WorkspaceId("local")
PLAIN = ReaderOptions()

REMOVED = """
import os, signal, sys
from pathlib import Path
from sapwood_storage.tabular.shelf import Shelf

unlink, left = os.unlink, int(sys.argv[3])

def unlinking(*args, **kwargs):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    unlink(*args, **kwargs)

os.unlink = unlinking
Shelf(Path(sys.argv[1])).remove("local", sys.argv[2])
"""


def publish(shelf: Shelf, content: bytes = b"rows") -> str:
    version = version_id("0" * 64, PLAIN)
    report = IngestReport((), 1, 1, 0, {}, {}, {})
    with shelf.staging(LOCAL) as staging:
        made = staging / "made"
        made.mkdir()
        (made / "data.parquet").write_bytes(content)
        (made / "quarantine.ndjson").touch()
        described = DatasetVersion(version, "t.csv", 4, "0" * 64, PLAIN, report, now(), len(content))
        shelf.publish(LOCAL, described, made, staging)
    return version


def fill(disk: Path) -> None:
    with suppress(OSError), (disk / "rest").open("wb", buffering=0) as rest:
        while rest.write(bytes(4096)):
            pass


def killed_after(unlinked: int, shelf: Shelf, home: Path) -> str:
    version = publish(shelf)
    command = [sys.executable, "-c", REMOVED, str(home), version, str(unlinked)]
    assert subprocess.run(command, check=False).returncode == -9
    return version


def test_a_version_can_be_removed_from_a_full_disk(small_disk: Path) -> None:
    shelf = Shelf(small_disk)
    version = publish(shelf, bytes(100_000))
    os.rmdir(shelf.root(LOCAL) / ".staging")  # noqa: PTH106 - so that it would have to be made
    fill(small_disk)

    assert shelf.remove(LOCAL, version)
    assert not shelf.remove(LOCAL, version)

    assert os.listdir(shelf.root(LOCAL)) == []  # noqa: PTH208


@pytest.mark.parametrize("unlinked", [1, 2])
def test_a_removal_that_is_killed_leaves_no_version_and_the_next_sweep_ends_it(
    tmp_path: Path, unlinked: int
) -> None:
    shelf = Shelf(tmp_path)
    version = killed_after(unlinked, shelf, tmp_path)

    assert shelf.directory(LOCAL, version).exists()
    assert shelf.versions(LOCAL) == []
    with pytest.raises(NotFound):
        shelf.get(LOCAL, version)
    shelf.sweep(LOCAL)

    assert not shelf.directory(LOCAL, version).exists()


def test_a_version_can_come_again_where_its_removal_was_killed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    version = killed_after(1, shelf, tmp_path)

    assert publish(shelf) == version

    assert shelf.get(LOCAL, version).id == version
    assert (shelf.directory(LOCAL, version) / "data.parquet").read_bytes() == b"rows"


def test_a_version_that_comes_again_while_the_old_one_is_removed_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path)
    place = shelf.directory(LOCAL, publish(shelf))
    listdir = os.listdir

    def listed(at: int) -> list[str]:
        monkeypatch.undo()
        names = listdir(at)
        publish(shelf, b"new rows")
        return names

    monkeypatch.setattr(os, "listdir", listed)

    assert take_down(place)

    assert shelf.versions(LOCAL) == [place.name]
    assert (place / "data.parquet").read_bytes() == b"new rows"


def test_a_memory_of_hashes_that_was_never_finished_is_swept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.root(LOCAL).mkdir(parents=True)
    for name, age_s in ((".hashes.json", 999), (".hashes.jsonab12cd_x", 999), (".hashes.jsonefgh", 0)):
        (shelf.root(LOCAL) / name).write_text("{}")
        if age_s:
            os.utime(shelf.root(LOCAL) / name, (1, 1))

    shelf.sweep(LOCAL)

    assert sorted(os.listdir(shelf.root(LOCAL))) == [".hashes.json", ".hashes.jsonefgh"]  # noqa: PTH208
