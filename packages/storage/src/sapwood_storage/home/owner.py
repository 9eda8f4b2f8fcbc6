"""Who serves this home: the process that holds `owner.lock`, its address and the token it expects.

The lock decides, never the file's text: what a killed server wrote stays, and blocks nothing.
"""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Final, NamedTuple, Self

from sapwood_shared.errors import Conflict
from sapwood_storage.home.files import full_disk_named

_TRIES: Final = 25  # a reader probes by holding the lock for microseconds; a server must outlast that
_PAUSE_S: Final = 0.01


class Owner(NamedTuple):
    """A running server: `address` and `token` are empty until it listens."""

    pid: int
    address: str
    token: str


class OwnerLock:
    """Held by the one process that owns the parts which only one process may open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Become the owner; raises `Conflict` while another process is."""
        with full_disk_named(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for _ in range(_TRIES):
            if _try_lock(descriptor, fcntl.LOCK_EX):
                os.ftruncate(descriptor, 0)
                lock = cls(descriptor)
                lock.announce("", "")
                return lock
            time.sleep(_PAUSE_S)
        owner = _parse(os.pread(descriptor, 4096, 0))
        os.close(descriptor)
        who = f"process {owner.pid}" if owner else "another process"
        where = f" at {owner.address}" if owner and owner.address else ""
        raise Conflict(f"{who} already serves this data directory{where}", hint="stop it, or use its address")

    def announce(self, address: str, token: str) -> None:
        """Say where this server listens and which token it expects."""
        if self._descriptor is None:
            raise Conflict("the owner lock was released", hint="acquire it again")
        text = json.dumps(Owner(os.getpid(), address, token)._asdict()).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)

    def release(self) -> None:
        """Stop being the owner; nothing happens the second time."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def current_owner(path: Path) -> Owner | None:
    """Return the running owner, or `None` when nobody holds the lock, whatever the file says."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        for _ in range(_TRIES):
            if _try_lock(descriptor, fcntl.LOCK_SH):
                return None
            if (owner := _parse(os.pread(descriptor, 4096, 0))) is not None:
                return owner
            time.sleep(_PAUSE_S)  # locked, and not yet written
    finally:
        os.close(descriptor)
    return None


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parse(text: bytes) -> Owner | None:
    try:
        fields = json.loads(text)
        return Owner(int(fields["pid"]), str(fields["address"]), str(fields["token"]))
    except (ValueError, KeyError, TypeError):
        return None
