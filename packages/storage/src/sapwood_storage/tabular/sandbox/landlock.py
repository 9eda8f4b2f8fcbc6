"""Landlock (Linux 5.13 and later): which files this process may open, whoever it is.

The kernel's documentation: https://docs.kernel.org/userspace-api/landlock.html. A restricted process keeps
its rules for life and hands them to its threads; `stat` and the change of attributes are not covered.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from typing import Final

# The same numbers on every architecture, as all calls since Linux 5.0 are.
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in range(6))
_MAKE_DIR: Final = 1 << 7
_MAKE_REG: Final = 1 << 8
_TRUNCATE: Final = 1 << 14

READ_FILE: Final = _READ_FILE
READ_WRITE_TREE: Final = (
    _READ_FILE | _WRITE_FILE | _READ_DIR | _REMOVE_FILE | _REMOVE_DIR | _MAKE_DIR | _MAKE_REG | _TRUNCATE
)

# Bits of file access that each ABI knows; the newest stands for those after it.
_FILE_RIGHTS: Final = {
    1: (1 << 13) - 1,
    2: (1 << 14) - 1,
    3: (1 << 15) - 1,
    4: (1 << 15) - 1,
    5: (1 << 16) - 1,
}
_TCP_RIGHTS: Final = 0b11  # bind, connect: ABI 4
_SCOPES: Final = 0b11  # abstract sockets, signals: ABI 6


def abi() -> int:
    """Return the version of Landlock in this kernel, 0 if there is none."""
    try:
        version = _syscall(_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0
    return version


def restrict(rules: Iterable[tuple[int, int]]) -> int:
    """Allow the files under each (descriptor, rights), refuse all others; return the ABI used.

    Holds for the calling thread and those it starts later: call it while there is only one.
    """
    version = abi()
    if version < 1:
        raise OSError("this kernel has no Landlock")
    handled = _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]
    attributes = struct.pack(
        "=QQQ", handled, _TCP_RIGHTS if version >= 4 else 0, _SCOPES if version >= 6 else 0
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _syscall(_CREATE_RULESET, ctypes.c_char_p(attributes), size, 0)
    try:
        for descriptor, rights in rules:
            beneath = struct.pack("=Qi", rights & handled, descriptor)
            _syscall(_ADD_RULE, ruleset, 1, ctypes.c_char_p(beneath), 0)
        _syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _syscall(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(number), *map(_argument, arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


def _argument(value: object) -> object:
    return ctypes.c_long(value) if isinstance(value, int) else value
