"""Records seen as bytes: counted without parsing them, and found again by their number.

The count is independent of DuckDB's: it knows line ends and quotes and nothing else. A quote in the middle
of an unquoted field misleads it; then the two counts differ and the file is read the slow way.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sapwood_shared.errors import InvalidInput

_BLOCK: Final = 1 << 16
_LONGEST_LINE: Final = 64 << 20
_SHOWN: Final = 8 << 10  # of a record's text, in a quarantine


@dataclass(frozen=True, slots=True)
class Record:
    """`number` counts records and blank lines from 1, as DuckDB does; `line` counts line ends."""

    number: int
    line: int
    raw: str


def count_line_ends(path: Path) -> int:
    """Return how many lines `path` has, inside quotes or not."""
    found, last = 0, b"\n"
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            found += block.count(b"\n")
            last = block[-1:]
    return found + (last != b"\n")


def count_lines(path: Path, quote: str) -> int:
    """Return how many records and blank lines `path` holds, its header included."""
    mark = quote.encode() or b"\n"  # without quoting no line end is ever inside
    others = bytes(byte for byte in range(256) if byte not in (mark[0], 0x0A))
    found, inside, last = 0, False, b"\n"
    for block in _blocks(path):
        last = block[-1:]
        if not quote or mark not in block:
            found += 0 if inside else block.count(b"\n")
            continue
        # Of quotes and line ends alone; a pair side by side changes nothing for the line ends around it.
        pieces = block.translate(None, others).replace(mark * 2, b"").split(mark)
        found += sum(map(len, pieces[inside::2]))
        inside ^= len(pieces) % 2 == 0
    return found + (last != b"\n" or inside)


def count_blank(path: Path, quote: str) -> int:
    """Return how many lines of `path` are blank and outside quotes."""
    mark = quote.encode()
    found, inside = 0, False
    for block in _blocks(path):
        for text in block.split(b"\n")[:-1]:  # what stands behind the last line end is not blank
            found += not inside and text in (b"", b"\r")
            if mark and text.count(mark) % 2:
                inside = not inside
    return found


def records(path: Path, quote: str) -> Iterator[Record]:
    """Yield every record and blank line of `path`."""
    mark = quote.encode()
    number, line, start, size, inside = 0, 0, 1, 0, False
    held: list[bytes] = []
    with path.open("rb") as file:
        for text in file:
            line += 1
            if mark and text.count(mark) % 2:
                inside = not inside
            if size < _SHOWN:
                held.append(text)
                size += len(text)
            if not inside:
                number += 1
                yield Record(number, start, _show(b"".join(held)))
                held, start, size = [], line + 1, 0
    if held:
        yield Record(number + 1, start, _show(b"".join(held)))


def _show(raw: bytes) -> str:
    return raw[:_SHOWN].decode("utf-8", "replace").rstrip("\r\n")


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield blocks that end where a line ends, but for the last one."""
    held = b""
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            end = block.rfind(b"\n") + 1
            if not end:
                held += block
                if len(held) > _LONGEST_LINE:
                    raise InvalidInput(
                        f"a line is longer than {_LONGEST_LINE} bytes", hint="is this a table, and text?"
                    )
                continue
            yield held + block[:end]
            held = block[end:]
    if held:
        yield held


@dataclass(frozen=True, slots=True)
class Bytes:
    """The records of a file that DuckDB reads as it is."""

    path: Path
    quote: str
    header: bool
    blank_counts: bool

    def count(self, known: int) -> int:
        """Return how many records there are, the header left out, when `known` were read."""
        # When every line is a known record, none is blank and none is part of another: nothing is to be found
        # by looking at the quotes, which costs twice as much.
        if count_line_ends(self.path) - self.header == known:
            return known
        lines = max(count_lines(self.path, self.quote) - self.header, 0)
        return lines if self.blank_counts or lines == known else lines - count_blank(self.path, self.quote)

    def find(
        self, accepted: Collection[int], refused: Collection[int]
    ) -> tuple[dict[int, Record], dict[int, Record]]:
        """Return records by their number among those accepted, and by DuckDB's number those refused."""
        here: dict[int, Record] = {}
        there: dict[int, Record] = {}
        ordinal = 0
        for record in records(self.path, self.quote):
            if record.number in refused:
                there[record.number] = record
            elif record.number > self.header and (record.raw or self.blank_counts):
                ordinal += 1
                if ordinal in accepted:
                    here[ordinal] = record
        return here, there
