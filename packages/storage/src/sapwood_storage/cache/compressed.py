"""Keeps large values small, in a form that the standard library reads.

The first byte says what follows: `r` the value itself, `z` its zlib stream (RFC 1950). zlib and not
zstandard, since a one-shot command reads it without another import.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from sapwood_storage.cache.wrapper import CacheWrapper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sapwood_shared.ids import WorkspaceId
    from sapwood_storage.cache.port import Cache, Entry

_RAW: Final = b"r"
_ZLIB: Final = b"z"
_LEVEL: Final = 1  # of JSON, level 6 takes four times as long for an eighth less
_MAX_BYTES: Final = 256 << 20  # what a broken or hostile entry may grow to


def pack(value: bytes, *, threshold: int = 1024) -> bytes:
    """Return the stored form; values under `threshold` bytes, or that do not shrink, stay as they are."""
    if len(value) >= threshold:
        packed = zlib.compress(value, _LEVEL)
        if len(packed) < len(value):
            return _ZLIB + packed
    return _RAW + value


def unpack(stored: bytes) -> bytes | None:
    """Return the value of a stored form, `None` if it is none."""
    if stored[:1] == _RAW:
        return stored[1:]
    if stored[:1] != _ZLIB:
        return None
    stream = zlib.decompressobj()
    try:
        value = stream.decompress(memoryview(stored)[1:], _MAX_BYTES)
    except zlib.error:
        return None
    return value if stream.eof else None


class Compressed(CacheWrapper):
    """Packs values on their way into `inner`; a value that does not unpack is a miss."""

    def __init__(self, inner: Cache, *, threshold: int = 1024) -> None:
        super().__init__(inner)
        self._threshold = threshold

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the entry with its value as it was put."""
        entry = await self._inner.get(workspace, key)
        if entry is None or (value := unpack(entry.value)) is None:
            return None
        return entry._replace(value=value)

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember the packed value."""
        await self._inner.put(workspace, key, pack(value, threshold=self._threshold), ttl_s=ttl_s, tags=tags)
