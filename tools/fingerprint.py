"""One hash for all that a check of a member depends on."""

import hashlib
import os
import platform
import sys
from functools import cache
from pathlib import Path

from tools.workspace import Member, Workspace


def fingerprint(workspace: Workspace, member: Member, session: str) -> str:
    """Return a hash that changes with anything that could change the result of `session` for `member`.

    That is: the files it may read (`Workspace.reads`), the lock and the sessions among them, the Python that
    runs them, and every variable of ours, such as the address of a server that its tests then use.
    """
    digest = hashlib.sha256()
    ours = (f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("SAPWOOD_"))
    for part in (session, sys.version, platform.platform(), *ours):
        digest.update(part.encode() + b"\0")
    for path in workspace.files:
        if workspace.reads(member, path):
            digest.update(f"{path}\0{_hash_of(workspace.root / path)}\0".encode())
    return digest.hexdigest()


def _hash_of(path: Path) -> str:
    seen = path.stat()
    return _hash(path, seen.st_mtime_ns, seen.st_size)


@cache  # within one run of nox, which asks for the same file once a check
def _hash(path: Path, _mtime_ns: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
