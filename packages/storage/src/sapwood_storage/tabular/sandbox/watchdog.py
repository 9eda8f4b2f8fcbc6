"""The bound that a query meets: time, processor, memory and disk of its worker, looked at from outside."""

import asyncio
import contextlib
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sapwood_shared.errors import LimitExceeded

_EVERY_S: Final = 0.05
_DISK_EVERY: Final = 10  # looks at the processor for one look at the disk
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may use; `None` is without bound."""

    wall_s: float | None
    cpu_s: float | None
    memory_mb: int
    temp_mb: int


async def watch(pid: int, scratch: Path, bounds: Bounds) -> LimitExceeded:
    """Return, once a bound is passed, the error that says which; until then keep looking."""
    started, cpu_before, looks = time.monotonic(), _cpu_s(pid), 0
    while True:
        await asyncio.sleep(_EVERY_S)
        looks += 1
        if bounds.wall_s is not None and time.monotonic() - started > bounds.wall_s:
            hint = "ask for less, or of fewer rows; this limit cannot be raised"
            return _exceeded(f"took longer than {bounds.wall_s:g} s", hint)
        if bounds.cpu_s is not None and _cpu_s(pid) - cpu_before > bounds.cpu_s:
            return _exceeded(f"used more than {bounds.cpu_s:g} s of processor time", "ask for less")
        if _resident_bytes(pid) > bounds.memory_mb << 20:
            hint = "ask for fewer rows or groups at a time, or raise SAPWOOD_MEMORY_MB"
            return _exceeded(f"needed more than {bounds.memory_mb} MB of memory", hint)
        if looks % _DISK_EVERY == 0 and _size_of(scratch) + _nameless_bytes(pid) > bounds.temp_mb << 20:
            hint = "ask for fewer rows or groups at a time, or raise SAPWOOD_TEMP_MB"
            return _exceeded(f"spilled more than {bounds.temp_mb} MB to disk", hint)


def _exceeded(what: str, hint: str) -> LimitExceeded:
    return LimitExceeded(f"the query {what} and was stopped", hint=hint)


def _cpu_s(pid: int) -> float:
    try:
        # After the command's name, which may hold spaces and brackets, the 12th and 13th are user and system.
        fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except OSError:
        return 0.0  # it ended, or this system has no /proc
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def _resident_bytes(pid: int) -> int:
    try:
        return int(_read(f"/proc/{pid}/statm").split()[1]) * _PAGE
    except OSError:
        return 0


def _read(path: str) -> bytes:
    fd = os.open(path, os.O_RDONLY)
    try:
        return os.read(fd, 1024)
    finally:
        os.close(fd)


def _size_of(directory: Path) -> int:
    total = 0
    with contextlib.suppress(FileNotFoundError):  # files come and go while we look
        for *_, names, at in os.fwalk(directory):
            total += sum(os.stat(name, dir_fd=at, follow_symlinks=False).st_blocks * 512 for name in names)
    return total


def _nameless_bytes(pid: int) -> int:
    """Return what files take that the process has open and deleted; they lie in no directory.

    Only somebody privileged may look: seen from the same user, these count as nothing (docs/sandbox.md).
    """
    sizes: dict[tuple[int, int], int] = {}
    with contextlib.suppress(OSError):
        for descriptor in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):  # descriptors come and go while we look
                status = descriptor.stat()
                if stat.S_ISREG(status.st_mode) and not status.st_nlink:
                    sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(sizes.values())
