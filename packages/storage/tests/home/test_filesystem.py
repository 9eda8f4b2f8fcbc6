from pathlib import Path

import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.home import file_system_type, filesystem, refuse_network_file_system

MOUNTS = r"""21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 21 0:40 / /home rw shared:9 master:2 - nfs4 server:/home rw,vers=4.2
31 30 0:41 / /home/ann/disk rw - xfs /dev/sdb1 rw
32 21 0:42 / /mnt/my\040share rw - cifs //server/share rw
33 21 0:43 / /mnt/far rw - fuse.sshfs ann@far: rw
34 21 0:44 / /twice rw - ext4 /dev/vdc rw
35 21 0:45 / /twice rw - nfs server:/twice rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/x", "ext4"),
        ("/home/ann", "nfs4"),
        ("/home/ann/disk/sapwood", "xfs"),
        ("/home/annabel/disk", "nfs4"),
        ("/homes", "ext4"),
        ("/mnt/my share/x", "cifs"),
        ("/mnt/far/x/y", "fuse.sshfs"),
        ("/twice/x", "nfs"),
    ],
)
def test_the_nearest_and_latest_mount_decides(path: str, kind: str) -> None:
    assert file_system_type(Path(path), MOUNTS) == kind


def test_a_network_file_system_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(filesystem, "_MOUNTS", mounts)

    with pytest.raises(InvalidInput, match=r"network file system \(fuse\.sshfs\)"):
        refuse_network_file_system(Path("/mnt/far/sapwood"))
    refuse_network_file_system(Path("/var/sapwood"))


def test_this_machines_own_disk_is_accepted(tmp_path: Path) -> None:
    refuse_network_file_system(tmp_path)


def test_a_system_that_does_not_tell_is_taken_for_local(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filesystem, "_MOUNTS", tmp_path / "missing")

    refuse_network_file_system(Path("/mnt/far"))
