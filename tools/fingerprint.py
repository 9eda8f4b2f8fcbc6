"""One hash for all that a check of a member depends on."""

import hashlib
import os
import platform
import sys
from functools import cache
from pathlib import Path

from tools.workspace import SHARED_BY_ALL, Member, Workspace


def fingerprint(workspace: Workspace, member: Member, session: str) -> str:
    """Return a hash that changes with anything that could change the result of `session` for `member`.

    That is: its own files, those of all it leans on, the lock, the sessions themselves, and the Python
    that runs them.
    """
    read = {member, *workspace.below(member)}
    digest = hashlib.sha256()
    for part in (session, sys.version, platform.platform(), os.environ.get("SAPWOOD_OFFLINE", "")):
        digest.update(part.encode() + b"\0")
    for path in workspace.files:
        if path.startswith(SHARED_BY_ALL) or workspace.owner(path) in read:
            digest.update(f"{path}\0{_hash_of(workspace.root / path)}\0".encode())
    return digest.hexdigest()


def _hash_of(path: Path) -> str:
    seen = path.stat()
    return _hash(path, seen.st_mtime_ns, seen.st_size)


@cache  # within one run of nox, which asks for the same file once a check
def _hash(path: Path, _mtime_ns: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
