"""How a cache file leaves its place, whoever has it open: set aside when damaged, else gone with its bytes.

Done under the file's lock. The name of the database goes first: SQLite takes the log of a file that moved
for nobody's, and a log without a database is started anew.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_FILES: Final = ("", "-wal", "-shm")
_EMPTIED: Final = ("", "-wal")  # the third is mapped into the memory of those who have it open, and small
_ASIDE_S: Final = 7 * 86_400.0


def take_away(path: Path) -> None:
    """Delete the file and give its bytes back at once, also while others hold it open; needs no space.

    Who reads it just now gets holes, and finds the name gone when they look again.
    """
    held = [fd for suffix in _EMPTIED if (fd := _opened(Path(f"{path}{suffix}"))) is not None]
    try:
        for suffix in _FILES:
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        for fd in held:
            os.ftruncate(fd, 0)
    finally:
        for fd in held:
            os.close(fd)


def set_aside(path: Path) -> None:
    """Keep a damaged file for a week under another name, in the place of the one before."""
    for suffix in _FILES:
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{_aside(path)}{suffix}")


def remove_aside(path: Path) -> None:
    """Delete what was set aside."""
    take_away(_aside(path))


def remove_aside_if_old(path: Path) -> None:
    """Delete what was set aside a week ago, when nobody can want to look at it any more."""
    with suppress(OSError):
        if time.time() - _aside(path).stat().st_ctime > _ASIDE_S:  # renaming moves that time
            remove_aside(path)


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def _opened(path: Path) -> int | None:
    try:
        return os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
