"""The slow way for text that DuckDB and a count of line ends read differently: Python's `csv`, then DuckDB.

Quotes in the middle of a value, mixed line ends, lines above the header, backslashes: `csv` reads them all,
at about a tenth of the speed. What it read is written again in the plainest dialect there is.
"""

import csv
from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.readers import records
from sapwood_storage.tabular.readers.dialect import Dialect, csv_form
from sapwood_storage.tabular.readers.encodings import NOT_UTF_8
from sapwood_storage.tabular.readers.progress import Tell
from sapwood_storage.tabular.readers.quarantine import Quarantined
from sapwood_storage.tabular.readers.records import Record
from sapwood_storage.tabular.readers.scan import Table

_LONGEST_FIELD: Final = 8 << 20
_RUNAWAY: Final = 100  # lines in a record that does not have the right number of fields
_SHOWN: Final = 16 << 10
_TELL_EVERY: Final = 50_000


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The good records in a file of their own, and where each of them came from."""

    table: Table
    lines: "array[int]"  # of the source, by record
    quarantined: list[Quarantined]

    def count(self, known: int = 0) -> int:
        """Return how many records there are, whatever is `known`."""
        del known
        return len(self.lines)

    def find(
        self, accepted: Collection[int], refused: Collection[int]
    ) -> tuple[dict[int, Record], dict[int, Record]]:
        """Return records by their number among those accepted, and by DuckDB's number those refused."""
        whole = records.Bytes(self.table.path, self.table.quote, header=False, blank_counts=True)
        here, there = whole.find(accepted, refused)
        return (
            {ordinal: replace(one, line=self.lines[one.number - 1]) for ordinal, one in here.items()},
            {number: replace(one, line=self.lines[number - 1]) for number, one in there.items()},
        )


class _Lines:
    """Lines of a text file, remembering those since the last record."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.read: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.read.append(line)
        return line


def rewrite(source: Path, dialect: Dialect, target: Path, tell: Tell) -> Rewritten:
    """Read `source` record by record and write the good ones to `target`."""
    csv.field_size_limit(_LONGEST_FIELD)
    found = Rewritten(
        Table(target, ",", '"', header=False, width=dialect.width, newline="\r\n"), array("Q"), []
    )
    size = source.stat().st_size
    with (
        source.open("rb") as file,
        TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        # Lines that end in \r\n make the writer quote both characters.
        writer = csv.writer(out, lineterminator="\r\n")
        for line, fields, raw in _records(text, dialect):
            if problem := _problem(fields, raw, dialect):
                found.quarantined.append(Quarantined(line, (), problem, raw[:_SHOWN]))
                continue
            writer.writerow(fields + [""] * (dialect.width - len(fields)))
            found.lines.append(line)
            if len(found.lines) % _TELL_EVERY == 0:
                tell({"done": file.tell(), "total": size})
    return found


def _records(text: Iterable[str], dialect: Dialect) -> Iterator[tuple[int, list[str], str]]:
    """Yield (first line, fields, text) of every record after the header."""
    lines = _Lines(text)
    for _ in range(dialect.skip):
        next(lines, None)
    lines.read.clear()
    form = csv_form(dialect.delimiter, dialect.quote, backslash=dialect.backslash)
    reader = csv.reader(lines, **form)
    to_skip = dialect.header
    while True:
        line = dialect.skip + reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise InvalidInput(
                f"the record on line {line} cannot be read: {error}",
                hint='if quotes are ordinary characters in this file, say so with --quote ""',
            ) from error
        raw = "".join(lines.read)
        lines.read.clear()
        if fields is None:
            return
        if not fields and dialect.width > 1:
            continue
        if to_skip:
            to_skip = False
            continue
        yield line, fields or [""], raw.rstrip("\r\n")


def _problem(fields: list[str], raw: str, dialect: Dialect) -> str | None:
    wanted = (dialect.width, dialect.width - 1) if dialect.trailing else (dialect.width,)
    if len(fields) not in wanted:
        if raw.count("\n") > _RUNAWAY:
            raise InvalidInput(
                f"a quote is opened and not closed within {_RUNAWAY} lines, in the record {raw[:80]!r}",
                hint='if quotes are ordinary characters in this file, say so with --quote ""',
            )
        return f"fields expected: {dialect.width} found: {len(fields)}"
    return NOT_UTF_8 if _has_surrogates(raw) else None


def _has_surrogates(raw: str) -> bool:
    if raw.isascii():
        return False
    return any("\ud800" <= character <= "\udfff" for character in raw)
