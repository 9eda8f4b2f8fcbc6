"""Which reader a file gets: by its first bytes, by its name where these leave a choice, or as it was told."""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import _duckdb

from sapwood_shared.errors import DependencyFailed, InvalidInput
from sapwood_storage.tabular.model import IngestReport, ReaderOptions
from sapwood_storage.tabular.readers import columnar, objects, packed, quarantine, text, workbook, wrapped
from sapwood_storage.tabular.readers.outcome import DATA_FILE, Outcome
from sapwood_storage.tabular.readers.progress import Tell
from sapwood_storage.tabular.readers.sql import Connection

_WORK: Final = "work"
_HEAD: Final = 4096
_UNREADABLE: Final = (
    _duckdb.InvalidInputException,
    _duckdb.ConversionException,
    _duckdb.NotImplementedException,
    _duckdb.OutOfRangeException,
    _duckdb.SerializationException,
)
_WHERE: Final = re.compile(
    r"""^(?:[A-Z]\w*\ )+Error:\ |(?:File\ )?['"]/proc/self/fd/\d+['"]:?\ ?""", re.VERBOSE
)
"""What DuckDB's messages say of their kind, and of the file as the worker knows it."""

_JSON: Final = re.compile(rb"(\xef\xbb\xbf)?\s*(\{\s*[\"}]|\[\s*[{\[\]])")
_ARRAY: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[")
_LETTERS: Final = r'"(?:[^"\\]|\\.)*+'
_TEXT: Final = rf'{_LETTERS}"'
_CUT_TEXT: Final = rf'{_LETTERS}(?:"\s*|\\?)'
_BEGUN: Final = re.compile(
    rf"""
    (?:\xef\xbb\xbf)? \s*+ \[ \s*+
    (?: (?: {_TEXT} | -?\d[-+.\deE]* | true | false | null ) \s*+ , \s*+ )*+
    (?: [-+.\w]*\s* | {_CUT_TEXT} | \{{ \s* (?: {_TEXT} \s* : .* | {_CUT_TEXT} )? )
    """.encode(),
    re.VERBOSE | re.DOTALL,
)
"""The first bytes of an array: plain values, and one that is cut off or the first object among them."""
_TAIL: Final = 4096
_PARSED: Final = 8 << 20  # bytes of a file that is parsed to see whether it is one array


@dataclass(frozen=True, slots=True)
class Task:
    """One file to be read, with all that a reader needs for it."""

    connection: Connection
    source: Path
    options: ReaderOptions
    work: Path  # a directory for what is not kept
    target: Path
    tell: Tell


def ingest(
    connection: Connection, source: Path, options: ReaderOptions, staging: Path, tell: Tell
) -> IngestReport:
    """Read `source` into `staging`, and prove that every record is accounted for."""
    work = staging / _WORK
    work.mkdir()
    try:
        plain, how = _unpacked(source, work, tell)
        kind = _format(plain, options)
        task = Task(connection, plain, options, work, staging / DATA_FILE, tell)
        outcome, reader = _READERS[kind](task)
    except _UNREADABLE as error:
        reason = _WHERE.sub("", str(error).partition("\n")[0])
        raise InvalidInput(
            f"this file cannot be read: {reason}", hint="it may be damaged: copy it or make it again"
        ) from error
    finally:
        shutil.rmtree(work)
    if not outcome.records:
        raise InvalidInput(
            "the file has no records", hint="it may hold a header only: check that it is the right file"
        )
    if not outcome.rows:
        first = outcome.quarantined[0]
        raise InvalidInput(
            f"no record could be read; the first, {first.raw[:80]!r}: {first.reason}",
            hint="check --delimiter, --quote and --types",
        )
    count = quarantine.write(staging, outcome.quarantined)
    if outcome.records != outcome.rows + count:
        raise DependencyFailed(
            f"{outcome.records} records are not {outcome.rows} rows and {count} in quarantine",
            hint="this is a fault in Sapwood: report it with the file",
        )
    return IngestReport(
        columns=outcome.columns,
        records=outcome.records,
        rows=outcome.rows,
        quarantined=count,
        null_tokens=outcome.null_tokens,
        widened=outcome.widened,
        reader={
            "format": kind,
            "compression": how,
            **reader,
            "notes": outcome.notes,
            **({"units": outcome.units} if outcome.units else {}),
        },
    )


def sniff(source: Path, options: ReaderOptions, staging: Path, tell: Tell) -> dict[str, Any]:
    """Return how `source` would be read."""
    work = staging / _WORK
    work.mkdir()
    try:
        plain, how = _unpacked(source, work, tell)
        kind = _format(plain, options)
        found = text.describe(plain, options, work) if kind == "csv" else {}
    finally:
        shutil.rmtree(work)
    return {"format": kind, "compression": how, **found}


def _unpacked(source: Path, work: Path, tell: Tell) -> tuple[Path, str | None]:
    with source.open("rb") as file:
        how = packed.packing(file.read(_HEAD))
    if how is None:
        return source, None
    target = work / "unpacked"
    total = source.stat().st_size
    packed.unpack(source, target, how, lambda done: tell({"done": done, "total": total}))
    return target, how


def _format(source: Path, options: ReaderOptions) -> str:
    if options.format is not None:
        if options.format not in _READERS:
            raise InvalidInput(f"there is no format {options.format!r}", hint=f"one of {', '.join(_READERS)}")
        return options.format
    with source.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "excel"
    return "json" if _JSON.match(head) or _is_array(source, head) else "csv"


def _is_array(source: Path, head: bytes) -> bool:
    """Whether the file is one array, be it of numbers; lines of CSV may begin with a bracket too.

    A large one is told by its two ends.
    """
    if not _ARRAY.match(head):
        return False
    if source.stat().st_size > _PARSED:
        return _BEGUN.fullmatch(head) is not None and _ends_as_array(source)
    try:
        json.loads(source.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


def _ends_as_array(source: Path) -> bool:
    with source.open("rb") as file:
        file.seek(-_TAIL, os.SEEK_END)
        return file.read().rstrip().endswith(b"]")


def _csv(task: Task) -> tuple[Outcome, dict[str, Any]]:
    found = text.as_utf_8(task.source, task.options, task.work)
    outcome, form, found = text.ingest(
        task.connection, found, task.options, work=task.work, target=task.target, tell=task.tell
    )
    outcome.notes[:0] = found.notes
    return outcome, {**text.form_of(form, found), "types": outcome.shapes}


def _json(task: Task) -> tuple[Outcome, dict[str, Any]]:
    found = text.as_utf_8(task.source, task.options, task.work)
    inside = wrapped.unwrap(found.path, task.work)
    records = found.path if inside is None else inside.array
    outcome, layout = objects.ingest(task.connection, records, task.options, task.target, task.tell)
    outcome.notes[:0] = [*found.notes, *([inside.note] if inside is not None else [])]
    return outcome, {"layout": layout, "encoding": found.encoding.name, "types": outcome.shapes}


def _parquet(task: Task) -> tuple[Outcome, dict[str, Any]]:
    outcome = columnar.ingest(
        task.connection, task.source, task.options, task.target, task.tell, work=task.work
    )
    return outcome, {"types": outcome.shapes}


def _excel(task: Task) -> tuple[Outcome, dict[str, Any]]:
    sheet = workbook.read(task.source, task.options, task.work)
    outcome = workbook.ingest(task.connection, sheet, task.options, task.target, task.tell)
    said = {
        "sheet": sheet.name,
        "other_sheets": list(sheet.others),
        "header": sheet.header,
        "types": outcome.shapes,
    }
    return outcome, said | ({"doubts": sheet.doubts} if sheet.doubts else {})


_READERS: Final[dict[str, Callable[[Task], tuple[Outcome, dict[str, Any]]]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "json": _json,
    "excel": _excel,
}
