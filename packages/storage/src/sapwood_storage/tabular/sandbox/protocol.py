"""What parent and worker say to each other: JSON in frames, each after its length in four bytes.

Never pickle, and nothing that the worker sends is believed: a frame has a largest size, holds one JSON
object, and every answer is checked for its shape before anybody uses it.
"""

import json
import os
import struct
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

MAX_FRAME: Final = 16 << 20
HEADER: Final = struct.Struct(">I")

Message = dict[str, Any]


class ProtocolError(Exception):
    """The other side said something that no worker and no pool of ours says."""


def encode(message: Message) -> bytes:
    """Return the frame; NaN and infinity are refused, for JSON has none."""
    return frame(to_json(message))


def to_json(value: object) -> bytes:
    """Return `value` as compact ASCII; a `ValueError` says that it holds NaN or infinity."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")


def frame(body: bytes) -> bytes:
    """Return `body` after its length."""
    if len(body) > MAX_FRAME:
        raise ProtocolError(f"a message of {len(body)} bytes is larger than a frame of {MAX_FRAME}")
    return HEADER.pack(len(body)) + body


def decode(body: bytes) -> Message:
    """Return the message in a frame's body, or raise `ProtocolError`."""
    try:
        message: object = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a frame is not JSON") from error
    if not isinstance(message, dict):
        raise ProtocolError("a frame does not hold an object")
    if b"\\ud" in body.lower():
        _check_surrogates(message)  # pyright: ignore[reportUnknownArgumentType]  # keys of JSON are text
    return message  # pyright: ignore[reportUnknownVariableType]  # keys of JSON are text


def body_size(header: bytes) -> int:
    """Return how many bytes follow the header, or raise `ProtocolError`."""
    (size,) = HEADER.unpack(header)
    if not 0 < size <= MAX_FRAME:
        raise ProtocolError(f"a frame of {size} bytes was announced")
    return int(size)


def check_rows(rows: object, width: int) -> list[list[Any]]:
    """Return `rows` if each has `width` cells of JSON's plain kinds."""
    if not isinstance(rows, list):
        raise ProtocolError("rows are not a list")
    for row in rows:
        if type(row) is not list or len(row) != width:
            raise ProtocolError("a row has another width than its header")
        for cell in row:
            kind = type(cell)
            if cell is None or kind is str or kind is int or kind is bool:
                continue
            if kind is not float or not isfinite(cell):
                raise ProtocolError("a cell is neither text, number, truth nor null")
    return rows  # pyright: ignore[reportUnknownVariableType]  # checked above


def read_frames(fd: int) -> Iterator[Message]:
    """Yield the messages that arrive on `fd` until the other side closes it."""
    while (header := _read_exactly(fd, HEADER.size)) is not None:
        body = _read_exactly(fd, body_size(header))
        if body is None:
            return
        yield decode(body)


def write_frame(fd: int, framed: bytes) -> None:
    """Write the whole frame, however many writes it takes."""
    view = memoryview(framed)
    while view:
        view = view[os.write(fd, view) :]


def _read_exactly(fd: int, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        piece = os.read(fd, min(size - len(parts), 1 << 20))
        if not piece:
            return None
        parts += piece
    return bytes(parts)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _check_surrogates(message: object) -> None:
    # Half a surrogate pair is legal in JSON's escapes and cannot be written out again.
    try:
        json.dumps(message, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ProtocolError("a text is not Unicode") from error
