"""Ids are a kind and a UUIDv7 (RFC 9562): readable in a log, sorted by time of birth."""

import os
import threading
import time
from enum import StrEnum
from typing import Final, NewType

WorkspaceId = NewType("WorkspaceId", str)

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32 keeps byte order
_MAX_RANDOM: Final = (1 << 74) - 1

_last: tuple[int, int] = (0, 0)
_making = threading.Lock()


class IdKind(StrEnum):
    """The prefixes in use."""

    DATASET = "ds"
    QUESTION = "q"
    RUN = "run"
    SCHEDULE = "sch"
    WORKSPACE = "ws"


def new_id(kind: IdKind) -> str:
    """Return `<kind>_<26 characters>`; ids made by one process sort in the order of their making."""
    return f"{kind}_{_encode(_uuid7())}"


def _uuid7() -> int:
    global _last  # the monotonic counter of RFC 9562 §6.2, method 2
    with _making:
        now_ms = time.time_ns() // 1_000_000
        last_ms, last_random = _last
        if now_ms > last_ms:
            random = int.from_bytes(os.urandom(10), "big") & (_MAX_RANDOM >> 1)
        else:
            now_ms, random = last_ms, last_random + 1 + os.urandom(1)[0]
        _last = (now_ms, random)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return (now_ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low


def _forget() -> None:
    # A forked child that went on counting from its parent's last id would soon make the same ones.
    global _last, _making
    _last, _making = (0, 0), threading.Lock()


os.register_at_fork(after_in_child=_forget)


def _encode(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
