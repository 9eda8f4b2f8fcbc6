"""A text file that holds a table: from bytes of any encoding to the account of every record."""

import codecs
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import _duckdb

from sapwood_shared.errors import DependencyFailed, InvalidInput
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.readers import careful, delimited, dialect, encodings, sql
from sapwood_storage.tabular.readers.delimited import NotUtf8
from sapwood_storage.tabular.readers.dialect import Dialect
from sapwood_storage.tabular.readers.encodings import Encoding
from sapwood_storage.tabular.readers.outcome import Outcome
from sapwood_storage.tabular.readers.packed import LARGEST
from sapwood_storage.tabular.readers.progress import Tell
from sapwood_storage.tabular.readers.reading import Disagreement
from sapwood_storage.tabular.readers.records import Bytes
from sapwood_storage.tabular.readers.scan import Table

SAMPLE: Final = 1 << 20


@dataclass(slots=True)
class Text:
    """A file that is UTF-8 now; `encoding` is what it was."""

    path: Path
    encoding: Encoding
    notes: list[str] = field(default_factory=list[str])


def as_utf_8(source: Path, options: ReaderOptions, work: Path) -> Text:
    """Return `source` as UTF-8 text: itself, or transcoded into the directory `work`."""
    with source.open("rb") as file:
        sample = file.read(SAMPLE)
    if not sample.strip():
        raise InvalidInput("the file is empty", hint="check that it is the right file")
    encoding = encodings.named(options.encoding) if options.encoding else encodings.detect(sample)
    return Text(source, encoding) if encoding.is_utf_8 else _transcoded(source, encoding, work)


def sniff(text: Text, options: ReaderOptions) -> Dialect:
    """Find the dialect of `text` from its beginning."""
    with text.path.open("rb") as file:
        sample = file.read(SAMPLE)
        whole = not file.read(1)
    if not whole and (end := sample.rfind(b"\n")) > 0:
        sample = sample[: end + 1]
    return dialect.sniff(sample.decode("utf-8-sig", "replace"), options, whole=whole)


def ingest(
    connection: sql.Connection, text: Text, options: ReaderOptions, *, work: Path, target: Path, tell: Tell
) -> tuple[Outcome, Dialect, Text]:
    """Read `text` into the Parquet file `target`, the quick way if it can be trusted."""
    form = sniff(text, options)
    try:
        return _ingest(connection, text, form, options, work=work, target=target, tell=tell), form, text
    except NotUtf8:
        other = _other_encoding(text) if options.encoding is None else None
    if other is not None:
        text = _transcoded(text.path, other, work)
        form = sniff(text, options)
    outcome = _ingest(connection, text, form, options, work=work, target=target, tell=tell, tolerate=True)
    return outcome, form, text


def _ingest(
    connection: sql.Connection,
    text: Text,
    form: Dialect,
    options: ReaderOptions,
    *,
    work: Path,
    target: Path,
    tell: Tell,
    tolerate: bool = False,
) -> Outcome:
    if newline := _newline(text.path, form):
        table = Table(text.path, form.delimiter, form.quote, form.header, form.width, newline)
        origin = Bytes(text.path, form.quote, form.header, blank_counts=form.width == 1)
        try:
            return delimited.ingest(
                connection,
                table,
                form.names,
                options,
                origin,
                trailing=form.trailing,
                target=target,
                tell=tell,
                tolerate=tolerate,
            )
        except (Disagreement, _duckdb.InvalidInputException) as error:
            text.notes.append(f"read the slow way: {str(error).partition(chr(10))[0]}")
    rewritten = careful.rewrite(text.path, form, work / "rewritten.csv", tell)
    if not rewritten.count():
        some = rewritten.quarantined[0].raw[:80] if rewritten.quarantined else ""
        raise InvalidInput(f"no record could be read; the first is {some!r}", hint="check the delimiter")
    try:
        outcome = delimited.ingest(
            connection,
            rewritten.table,
            form.names,
            options,
            rewritten,
            trailing=form.trailing,
            target=target,
            tell=tell,
            tolerate=True,
        )
    except Disagreement as error:
        raise DependencyFailed(
            f"the records of this file cannot be accounted for: {error}",
            hint="name --delimiter, --quote and --encoding; if that does not help, report it with the file",
        ) from error
    outcome.quarantined += rewritten.quarantined
    outcome.records += len(rewritten.quarantined)
    return outcome


def _newline(path: Path, form: Dialect) -> str | None:
    """Return what ends the lines, or None when the file is one for the slow way."""
    if form.skip or form.backslash:
        return None
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if b"\n" not in head or head[:1] in (b"\r", b"\n"):
        return None
    ended = head.count(b"\r\n")
    # A carriage return alone ends a line for csv and not for a count of line feeds.
    if ended != head.count(b"\r"):
        return None
    return "\r\n" if ended and head[head.index(b"\n") - 1 :].startswith(b"\r") else "\n"


def _other_encoding(text: Text) -> Encoding | None:
    """Return the encoding of a file that began like UTF-8, or None if it is UTF-8 with a few bad bytes."""
    foreign = bytearray()
    with text.path.open("rb") as file:
        for line in file:
            if not line.isascii():
                foreign += line
                if len(foreign) > SAMPLE:
                    break
    sample = bytes(foreign)
    return None if encodings.is_mostly_utf_8(sample) else encodings.guess_single_byte(sample)


def _transcoded(source: Path, encoding: Encoding, work: Path) -> Text:
    target = work / "utf-8.txt"
    with source.open("rb") as file:
        replaced = encodings.transcode(file, target, encoding, limit=LARGEST)
    notes = [f"read as {encoding.name}, a guess; --encoding names another"] if encoding.guessed else []
    if replaced:
        are = "character is" if replaced == 1 else "characters are"
        notes.append(f"{replaced} {are} not valid {codecs.lookup(encoding.name).name}")
    return Text(target, encoding, notes)


def describe(source: Path, options: ReaderOptions, work: Path) -> dict[str, Any]:
    """Return how `source` would be read, as JSON."""
    text = as_utf_8(source, options, work)
    form = sniff(text, options)
    return {**form_of(form, text), "columns": list(form.names), "notes": text.notes}


def form_of(form: Dialect, text: Text) -> dict[str, Any]:
    """Return the dialect as resolved, as JSON."""
    return {
        "delimiter": form.delimiter,
        "quote": form.quote,
        "header": form.header,
        "encoding": text.encoding.name,
        "skipped_lines": form.skip,
    }
