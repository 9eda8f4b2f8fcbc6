"""Unpacking gzip, zstd, bzip2 and xz in a stream, with bounds that a bomb runs into."""

import bz2
import gzip
import lzma
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import zstandard

from sapwood_shared.errors import InvalidInput

RATIO: Final = 250  # unpacked bytes to packed ones, beyond `FREE`; text packs about 3 to 20 times
FREE: Final = 64 << 20
LARGEST: Final = 64 << 30

_BLOCK: Final = 1 << 20
_ZSTD_BLOCK: Final = 4 << 10  # packed bytes at once: at the worst ratio they become 180 MB


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Zstd:
    """Unpacks frame after frame; unlike the library's own reader it knows whether the last one ended."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._frame = self._next_frame()
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return some bytes, none at the end; how many is not up to the caller."""
        del size
        while True:
            block = self._rest or self._packed.read(_ZSTD_BLOCK)
            if not block:
                if self._begun and not self._frame.eof:
                    raise EOFError("it ends in the middle of a frame")
                return b""
            if self._frame.eof:
                self._frame = self._next_frame()
            self._begun = True
            found = self._frame.decompress(block)
            self._rest = self._frame.unused_data
            if found:
                return found

    def _next_frame(self):
        self._begun = False
        # A frame may ask for a window of gigabytes; 128 MiB is what `zstd --long` writes.
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


def _zstd(packed: BinaryIO) -> _Stream:
    return _Zstd(packed)


def _gzip(packed: BinaryIO) -> _Stream:
    return gzip.GzipFile(fileobj=packed)


def _bzip2(packed: BinaryIO) -> _Stream:
    return bz2.BZ2File(packed)


def _xz(packed: BinaryIO) -> _Stream:
    return lzma.LZMAFile(packed)


_PACKERS: Final[dict[str, tuple[bytes, Callable[[BinaryIO], _Stream]]]] = {
    "gzip": (b"\x1f\x8b", _gzip),
    "zstd": (b"\x28\xb5\x2f\xfd", _zstd),
    "bzip2": (b"BZh", _bzip2),
    "xz": (b"\xfd7zXZ\0", _xz),
}
_BROKEN: Final = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


def packing(head: bytes) -> str | None:
    """Return how a file that begins with `head` is packed."""
    return next((name for name, (magic, _) in _PACKERS.items() if head.startswith(magic)), None)


def unpack(source: Path, target: Path, how: str, tell: Callable[[int], None]) -> None:
    """Unpack `source` into `target`; `tell` hears how many packed bytes were read."""
    size = source.stat().st_size
    with source.open("rb") as packed, target.open("wb") as out:
        stream = _PACKERS[how][1](packed)
        written = 0
        while block := _read(stream, how):
            written += len(block)
            if written > LARGEST or written > FREE + RATIO * size:
                raise InvalidInput(
                    f"the {how} file unpacks to more than {min(LARGEST, FREE + RATIO * size)} bytes",
                    hint=f"at most {RATIO} times the packed size is read; unpack it yourself if you trust it",
                )
            out.write(block)
            tell(os.lseek(packed.fileno(), 0, os.SEEK_CUR))


def _read(stream: _Stream, how: str) -> bytes:
    try:
        return stream.read(_BLOCK)
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InvalidInput(f"the {how} file is damaged: {error}", hint="copy or download it again") from error
