"""Refuse to keep SQLite files where its locks and shared memory are not shared: network file systems.

Linux tells a mount's type in `/proc/self/mountinfo`, FUSE's subtype too, which `statfs` hides; macOS tells it
in what `mount` prints. A system that does not tell is taken for local.
"""

import re
import sys
from pathlib import Path
from typing import Final

from sapwood_shared.errors import InvalidInput

_NETWORK: Final = frozenset(
    {
        "9p",
        "acfs",
        "afpfs",
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
        "fusefs",
        "ftp",
        "gfs2",
        "glusterfs",
        "lustre",
        "macfuse",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "osxfuse",
        "smb2",
        "smb3",
        "smbfs",
        "webdav",
    }
)
_MOUNTS: Final = Path("/proc/self/mountinfo")
_MOUNT: Final = Path("/sbin/mount")
_PRINTED: Final = re.compile(r".*? on (/.*) \(([^,()]+)[^()]*\)")
_ANSWERS_WITHIN_S: Final = 5.0


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

    `mounts` is in the form of proc(5) mountinfo, or of what macOS' `mount` prints.
    """
    mounts = _mounts() if mounts is None else mounts
    target = path.resolve()
    best, kind = -1, None
    for line in mounts.splitlines():
        point, found = _point_and_type(line)
        # Of two mounts on one point the later hides the earlier.
        if len(point.parts) >= best and target.is_relative_to(point):
            best, kind = len(point.parts), found
    return kind


def _mounts() -> str:
    if sys.platform == "darwin":
        return _printed_mounts()
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _printed_mounts() -> str:
    import subprocess  # which nobody else on the way to a cached answer needs

    try:
        return subprocess.run(  # noqa: S603 - the system's own
            [_MOUNT],
            check=True,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=_ANSWERS_WITHIN_S,  # a server that is gone makes it wait
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _point_and_type(line: str) -> tuple[Path, str]:
    if printed := _PRINTED.fullmatch(line):
        return Path(printed[1]), printed[2]
    fields, _, rest = line.partition(" - ")
    return Path(_unescape(fields.split(" ")[4])), rest.split(" ")[0]


def _unescape(field: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field
