"""How a version goes, and what killed processes left: only by unlinking, which a full disk lets one do.

A version is what has a description. That file goes first, so a removal which is killed half-way leaves no
version but a remnant, and the next `sweep` or the next publishing of that version finishes it.
"""

import fcntl
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

VERSION_FILE: Final = "version.json"
HASHES_FILE: Final = ".hashes.json"
STAGING: Final = ".staging"


def take_down(directory: Path) -> bool:
    """Delete a version, or what is left of one; say whether it was we who ended it.

    Everything goes by the descriptor of this directory: a version that somebody else publishes in its place
    meanwhile is not touched.
    """
    try:
        at = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        ended = _unlink(VERSION_FILE, at)
        for name in os.listdir(at):  # noqa: PTH208 - by descriptor
            _unlink(name, at)
    finally:
        os.close(at)
    with suppress(OSError):  # it went already, or is another's by now
        directory.rmdir()
    return ended


def is_remnant(directory: Path) -> bool:
    """Say whether a version's directory holds no version (any more)."""
    return not (directory / VERSION_FILE).exists()


def sweep(root: Path, *, young_s: float) -> None:
    """Finish what killed processes left among the versions in `root`.

    A living process holds a lock on its staging directory; between making and locking it is young.
    """
    for remnant in filter(is_remnant, root.glob("dv_*")):
        with suppress(OSError):
            take_down(remnant)
    for part in root.glob(f"{HASHES_FILE}?*"):
        with suppress(OSError):
            if not _is_young(part, young_s):
                part.unlink()
    for directory in (root / STAGING).glob("*"):
        with suppress(OSError):
            if not _is_young(directory, young_s):
                _remove_unheld(directory)


def _remove_unheld(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(directory)
    finally:
        os.close(fd)


def _is_young(path: Path, young_s: float) -> bool:
    return time.time() - path.stat().st_mtime < young_s


def _unlink(name: str, at: int) -> bool:
    try:
        os.unlink(name, dir_fd=at)
    except FileNotFoundError:
        return False
    return True
