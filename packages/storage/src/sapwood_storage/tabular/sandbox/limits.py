"""Whom the process runs as, what the kernel lets it use, and that it ends with its parent."""

import ctypes
import os
import resource
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38

_CAPABILITIES: Final = {"CAP_CHOWN": 0, "CAP_SETGID": 6, "CAP_SETUID": 7}
"""What becoming another user takes, and giving it its files (linux/capability.h)."""

_BACKSTOP_BYTES: Final = 1536 << 20  # address space beyond memory_limit: code, stacks, arenas, reserves
_FILES: Final = 256

# Above what systemd and container runtimes hand out (https://systemd.io/UIDS-GIDS/), one for each process.
_UNUSED_UID: Final = 0x70000000
# Where only 65,536 ids are mapped: systemd's range for dynamic users, shared out by process id.
_NARROW_UID, _NARROW_COUNT = 61_184, 4_096


def die_with(parent: int) -> None:
    """End this process when `parent` ends; the setting is lost by a change of uid, so it is made again."""
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(0)  # it ended before we asked


def drops_identity() -> bool:
    """Say whether a worker of this process runs as another user: only root can make one."""
    return os.name == "posix" and os.geteuid() == 0


def unused_uid() -> int:
    """Return an id that no file and no other process has."""
    process = os.getpid()
    return (
        _UNUSED_UID + process if _is_mapped(_UNUSED_UID + process) else _NARROW_UID + process % _NARROW_COUNT
    )


def missing_rights() -> list[str]:
    """Return what root lacks to become another user: a container may take capabilities from it."""
    if sys.platform != "linux":
        return []
    with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 - pathlib costs a worker 10 ms
        held = next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))
    return [name for name, number in _CAPABILITIES.items() if not held >> number & 1]


def become(uid: int) -> None:
    """Give up root for good, and with it every capability."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def limit_resources(*, memory_bytes: int, file_bytes: int) -> None:
    """Set the kernel's backstops; the parent's watchdog is the bound that users meet."""
    limits = {
        resource.RLIMIT_AS: memory_bytes + _BACKSTOP_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_FSIZE: file_bytes,
    }
    for kind, wanted in limits.items():
        inherited, _ = resource.getrlimit(kind)
        value = wanted if inherited == resource.RLIM_INFINITY else min(wanted, inherited)
        resource.setrlimit(kind, (value, value))


def forbid_privileges() -> None:
    """No gain of rights by any later exec, and no tracing or core dump by anybody of the same user."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    prctl(_PR_SET_DUMPABLE, 0)


def prctl(option: int, value: int) -> None:
    """Call prctl(2) with one value, or raise `OSError`."""
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _is_mapped(uid: int) -> bool:
    try:
        with open("/proc/self/uid_map") as table:  # noqa: PTH123 - pathlib costs a worker 10 ms to import
            ranges = [tuple(map(int, line.split())) for line in table]
    except OSError:
        return False
    return any(first <= uid < first + count for first, _, count in ranges)
