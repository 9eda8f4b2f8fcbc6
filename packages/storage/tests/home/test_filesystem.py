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


MAC_MOUNTS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//ann@server.local/My%20Share on /Volumes/My Share (smbfs, nodev, nosuid, mounted by ann)
server:/export on /Volumes/work - all (nfs, nodev, nosuid, automounted)
ann@far:/home on /Volumes/far (old) (macfuse, nodev, nosuid, synchronous, mounted by ann)
/dev/disk4s2 on /Volumes/Stick (msdos, local, nodev, nosuid, noowners)
server:/plain on /Volumes/plain (nfs)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/Users/ann", "apfs"),
        ("/System/Volumes/Data/x", "apfs"),
        ("/Volumes/My Share/sapwood", "smbfs"),
        ("/Volumes/work - all/x", "nfs"),
        ("/Volumes/far (old)/x", "macfuse"),
        ("/Volumes/Stick/x", "msdos"),
        ("/Volumes/plain", "nfs"),
    ],
)
def test_what_mount_prints_on_macos_is_read(path: str, kind: str) -> None:
    assert file_system_type(Path(path), MAC_MOUNTS) == kind


def test_a_network_file_system_is_refused_on_macos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mount = tmp_path / "mount"
    mount.write_text(f"#!/bin/sh\ncat <<'END'\n{MAC_MOUNTS}END\n")
    mount.chmod(0o755)
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(filesystem, "_MOUNT", mount)

    with pytest.raises(InvalidInput, match=r"network file system \(smbfs\)"):
        refuse_network_file_system(Path("/Volumes/My Share/sapwood"))
    refuse_network_file_system(Path("/Users/ann"))

    mount.write_text("#!/bin/sh\nexit 1\n")
    refuse_network_file_system(Path("/Volumes/My Share/sapwood"))


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
