"""An array of records inside one JSON object, as servers answer: `{"count": 2, "data": [{…}, {…}]}`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ENDS: Final = 64 << 10  # bytes at either end in which the object around the array must stand
_AT_ONCE: Final = 1 << 20
_TEXT: Final = r'"(?:[^"\\]|\\.)*"'
_SCALAR: Final = rf"(?:{_TEXT}|[-+.\w]+)"
_FLAT: Final = rf"(?:{_SCALAR}|\[\s*\]|\{{\s*(?:{_TEXT}\s*:\s*{_SCALAR}\s*,?\s*)*\}})"
_BEFORE: Final = re.compile(
    rf"\s*\{{\s*((?:{_TEXT}\s*:\s*{_FLAT}\s*,\s*)*)({_TEXT})\s*:\s*(?=\[\s*\{{)".encode()
)
_AFTER: Final = re.compile(rf"\]((?:\s*,\s*{_TEXT}\s*:\s*{_FLAT})*)\s*\}}\s*$".encode())
_KEY: Final = re.compile(rf"({_TEXT})\s*:\s*{_FLAT}".encode())
_NEXT_OBJECT: Final = re.compile(rb"\n\}\s*\{")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The array as a file of its own, the key it stood under, and what stood beside it."""

    array: Path
    key: str
    beside: tuple[str, ...]

    @property
    def note(self) -> str:
        """What the person should know."""
        left = f"; left out: {', '.join(self.beside)}" if self.beside else ""
        return f"the records under {self.key!r} were read{left}"


def unwrap(source: Path, work: Path) -> Wrapped | None:
    """Copy the array out of the one object that `source` is; `None` when it is something else.

    Only the two ends are looked at, so that a file of any size passes; what is between them is checked by
    whoever reads the array.
    """
    size = source.stat().st_size
    with source.open("rb") as file:
        head = file.read(_ENDS)
        before = _BEFORE.match(head.removeprefix(b"\xef\xbb\xbf"))
        if before is None or _is_one_of_many(source):
            return None
        file.seek(max(0, size - _ENDS))
        tail = file.read()
        after = _AFTER.search(tail)
        if after is None:
            return None
        start = before.end() + 3 * head.startswith(b"\xef\xbb\xbf")
        end = size - len(tail) + after.start() + 1
        target = work / "array.json"
        if not _copied(source, target, start, end):
            return None
    beside = [_said(key) for part in (before[1], after[1]) for key in _KEY.findall(part)]
    return Wrapped(target, _said(before[2]), tuple(beside))


def _is_one_of_many(source: Path) -> bool:
    """Whether the first line is an object and more follows: objects one a line."""
    with source.open("rb") as file:
        before = b""
        while (part := file.readline(_AT_ONCE)) and not part.endswith(b"\n"):
            before = part
        if not (before + part).rstrip().endswith(b"}"):
            return False
        return any(not line.isspace() for line in iter(lambda: file.readline(_AT_ONCE), b""))


def _copied(source: Path, target: Path, start: int, end: int) -> bool:
    kept = b""
    with source.open("rb") as file, target.open("wb") as out:
        file.seek(start)
        left = end - start
        while left > 0 and (chunk := file.read(min(_AT_ONCE, left))):
            if _NEXT_OBJECT.search(kept + chunk):
                return False  # several objects, each over several lines
            kept = chunk[-64:]
            out.write(chunk)
            left -= len(chunk)
    return True


def _said(key: bytes) -> str:
    return key[1:-1].decode("utf-8", "replace")
