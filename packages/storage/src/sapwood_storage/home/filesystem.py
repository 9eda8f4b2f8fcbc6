"""Refuse to keep SQLite files where its locks and shared memory are not shared: network file systems.

Linux tells a mount's type in `/proc/self/mountinfo`, FUSE's subtype too, which `statfs` hides. Systems
without that file are taken for local.
"""

from pathlib import Path
from typing import Final

from sapwood_shared.errors import InvalidInput

_NETWORK: Final = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "fuse.ceph",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.goofys",
        "fuse.grpcfuse",
        "fuse.osxfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "smb2",
        "smb3",
        "smbfs",
    }
)
_MOUNTS: Final = Path("/proc/self/mountinfo")


def refuse_network_file_system(path: Path) -> None:
    """Raise `InvalidInput` when `path` (or where it would be made) lies on a network file system."""
    kind = file_system_type(path)
    if kind in _NETWORK:
        raise InvalidInput(
            f"{path} is on a network file system ({kind}), where SQLite loses writes",
            hint="set SAPWOOD_HOME to a local disk, or use PostgreSQL",
        )


def file_system_type(path: Path, mounts: str | None = None) -> str | None:
    """Return the type of the file system that holds `path`, `None` if the system does not tell.

    `mounts` is in the form of proc(5) mountinfo.
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
    target = path.resolve()
    best, kind = -1, None
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        point = Path(_unescape(fields.split(" ")[4]))
        # Of two mounts on one point the later hides the earlier.
        if len(point.parts) >= best and target.is_relative_to(point):
            best, kind = len(point.parts), rest.split(" ")[0]
    return kind


def _unescape(field: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field
