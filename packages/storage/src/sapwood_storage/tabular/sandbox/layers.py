"""The layers together: whether this machine has them, and putting them on.

What each holds is written in docs/sandbox.md. Threads started earlier would stay outside Landlock, so the
process has to have one.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Iterable
from typing import Final, NamedTuple

from sapwood_storage.tabular.sandbox import landlock, seccomp

_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2


class LayerStatus(NamedTuple):
    """What this machine can put around a worker."""

    landlock_abi: int = 0  # 0: none
    seccomp: bool = False

    @property
    def missing(self) -> list[str]:
        """Name the layers that are not there, in words for a person."""
        if sys.platform != "linux":
            return [f"the layers need Linux, this is {sys.platform}"]
        found = {
            "Landlock (Linux 5.13 or later, with it among the security modules)": self.landlock_abi,
            "seccomp with libseccomp (the package libseccomp2)": self.seccomp,
        }
        return [name for name, there in found.items() if not there]

    @property
    def complete(self) -> bool:
        """Say whether SQL from a person or a model may run here."""
        return not self.missing


def available() -> LayerStatus:
    """Look at the kernel and the library; changes nothing in this process and loads no DuckDB."""
    if sys.platform != "linux":
        return LayerStatus()
    return LayerStatus(landlock.abi(), _kernel_filters() and seccomp.library() is not None)


def put_on(rules: Iterable[tuple[int, int]], status: LayerStatus) -> None:
    """Restrict this process for life to the descriptors in `rules`, by every layer in `status`."""
    if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208 - pathlib costs a worker 10 ms to import
        raise OSError("a thread was started before the sandbox was closed")
    if status.landlock_abi:
        landlock.restrict(rules)
    if status.seccomp:
        seccomp.restrict()


def _kernel_filters() -> bool:
    # A filter at address 0 is looked for only by a kernel that has filters.
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), zero, zero, zero)
    return ctypes.get_errno() == errno.EFAULT
