"""A lock between processes on a side file: queued by the kernel, and free when its holder dies.

SQLite's own waiting (`busy_timeout`) polls, so that one of eight writers can wait for ever; waiting here
first lets each have its turn.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from sapwood_storage.home.files import full_disk_named


class FileLock:
    """An exclusive `flock` on `path`; each object is its own holder, also within one process.

    The file stays where it is: unlinking it would let two processes lock two different files.
    An object must not be carried over a fork, since parent and child would hold it together.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._held = False

    def acquire(self) -> None:
        """Wait until it is ours; blocks the thread."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)
        self._held = True

    def try_acquire(self) -> bool:
        """Take it if nobody holds it."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._held = True
        return True

    def release(self) -> None:
        """Let the next one in; nothing happens when it is not held."""
        if self._held and self._descriptor is not None:
            self._held = False
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Release it and forget the file."""
        self._held = False
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _open(self) -> int:
        if self._descriptor is None:
            with full_disk_named(self._path):
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor
