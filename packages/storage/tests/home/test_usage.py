import os
from pathlib import Path

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home import Home, private_directory, usage


def write(path: Path, kib: int) -> None:
    private_directory(path.parent)
    path.write_bytes(os.urandom(kib << 10))


def test_bytes_are_counted_by_kind_and_workspace(tmp_path: Path) -> None:
    home = Home.open(tmp_path)
    ann, bob = home.workspace(WorkspaceId("ann")), home.workspace(WorkspaceId("bob"))
    write(home.control_db, 8)
    write(home.root / "cache.db-wal", 16)
    write(ann.records_db, 24)
    write(ann.datasets / "dv_1" / "data.parquet", 64)
    write(bob.blobs / "b1", 40)

    measured = usage(home)

    kinds = {kind: size >> 10 for kind, size in measured.by_kind.items() if kind != "other"}
    assert kinds == {"control": 8, "cache": 16, "records": 24, "datasets": 64, "blobs": 40}
    assert {name: size >> 10 for name, size in measured.by_workspace.items()} == {"ann": 88, "bob": 40}
    assert measured.total >= 152 << 10


def test_a_file_with_two_names_counts_once_and_a_link_out_counts_nothing(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    write(tmp_path / "outside", 64)
    blobs = home.workspace(WorkspaceId("ann")).blobs
    write(blobs / "b1", 8)
    (blobs / "b2").hardlink_to(blobs / "b1")
    (blobs / "b3").symlink_to(tmp_path / "outside")

    assert usage(home).by_kind["blobs"] == 8 << 10
