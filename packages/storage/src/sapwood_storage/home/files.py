"""How a file gets into the home: whole or not at all, also when the disk fills or the writer is killed.

Bytes go into `.<name>.<random>.part` beside the target, are forced to disk, and are renamed over it.
The writer holds a lock on its part, so a part that nobody holds is what a killed writer left behind.
"""

import errno
import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from sapwood_shared.errors import StorageFull

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The error numbers that mean: no more bytes here."""

_GRACE_S: Final = 60.0  # between the birth of a part and its lock


def no_space_hint(target: Path) -> str:
    """Say what to do when `target` cannot be written for want of space."""
    return f"free some space under {target.parent}, or run `sapwood data prune`"


@contextmanager
def full_disk_named(target: Path) -> Generator[None]:
    """Turn "no space", "over quota" and "file too large" into `StorageFull`; others pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise StorageFull(
            f"no space left to write {target.name} ({os.strerror(error.errno)})",
            hint=no_space_hint(target),
        ) from error


def private_directory(path: Path) -> Path:
    """Make `path` and its missing parents, readable by this user alone; return it."""
    if not path.is_dir():
        private_directory(path.parent)
        with full_disk_named(path):
            path.mkdir(mode=0o700, exist_ok=True)
    return path


@contextmanager
def publishing(path: Path) -> Generator[BinaryIO]:
    """Give a file to write to, which becomes `path` at the end of the block, unless that raises.

    Readers see the old file or the new one. Raises `StorageFull` on a full disk, and leaves nothing.
    """
    part = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
    with full_disk_named(path):
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            with open(descriptor, "wb", closefd=False) as file:
                yield file
            os.fsync(descriptor)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        sync_directory(path.parent)


def atomic_write(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all; raises `StorageFull`."""
    with publishing(path) as file:
        file.write(data)


def sync_directory(path: Path) -> None:
    """Force a directory's entries to disk: a rename lasts only after this."""
    sync_file(path)


def sync_file(path: Path) -> None:
    """Force what was written to `path` to disk, by whomever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_abandoned_parts(directory: Path) -> int:
    """Delete what killed writers left in `directory`, not below it; return how many files."""
    removed = 0
    for part in directory.glob(".*.part"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime < _GRACE_S or _is_held(part):
                continue
            part.unlink()
            removed += 1
    return removed


def _is_held(part: Path) -> bool:
    descriptor = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
