"""One sheet of an Excel, LibreOffice or older workbook; it is held in memory, so its size bounds it.

The cells are written out as text and read like any other table: a number in Excel may be a zip code, and
what looks like a date may be text, so what a column is follows from all of its values here as well.
"""

import csv
from array import array
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Final

import python_calamine

from sapwood_shared.errors import DependencyFailed, InvalidInput
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.readers import delimited, sql
from sapwood_storage.tabular.readers.careful import Rewritten
from sapwood_storage.tabular.readers.dialect import has_header, names_plainly, unique_names
from sapwood_storage.tabular.readers.headings import Heading, Numbered, heading
from sapwood_storage.tabular.readers.outcome import Outcome
from sapwood_storage.tabular.readers.progress import Tell
from sapwood_storage.tabular.readers.reading import Disagreement
from sapwood_storage.tabular.readers.scan import Table

LARGEST: Final = 256 << 20  # bytes of the file

_SAMPLE: Final = 1000
_SHOWN: Final = 200
_WORDS: Final = 3  # in one cell; more are prose
_EXACT: Final = 1e15

_Cell = int | float | str | bool | time | date | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet as a text file, and what its columns are called."""

    name: str
    others: tuple[str, ...]  # of the same workbook
    header: bool
    columns: tuple[str, ...]
    rows: Rewritten
    notes: list[str]
    doubts: list[str]


def read(source: Path, options: ReaderOptions, work: Path) -> Sheet:
    """Write the wanted sheet of `source` into the directory `work`."""
    if source.stat().st_size > LARGEST:
        raise InvalidInput(
            f"a workbook of more than {LARGEST >> 20} MB is not read", hint="save the sheet as CSV"
        )
    try:
        # By descriptor: in the sandbox the path is not one that calamine could read an extension from.
        with source.open("rb") as file, python_calamine.load_workbook(file) as book:
            chosen = _chosen(book, options.sheet)
            return _written(chosen, options, work, book.sheet_names)
    except python_calamine.PasswordError as error:
        raise InvalidInput("the workbook needs a password", hint="save it without one") from error
    except python_calamine.CalamineError as error:
        raise InvalidInput(
            f"this is no workbook that can be read: {error}", hint="save it as .xlsx"
        ) from error


def ingest(
    connection: sql.Connection, sheet: Sheet, options: ReaderOptions, target: Path, tell: Tell
) -> Outcome:
    """Write `sheet` to the Parquet file `target`."""
    try:
        outcome = delimited.ingest(
            connection,
            sheet.rows.table,
            sheet.columns,
            options,
            sheet.rows,
            trailing=False,
            target=target,
            tell=tell,
            tolerate=True,
        )
    except Disagreement as error:
        raise DependencyFailed(
            f"the rows of this sheet cannot be accounted for: {error}", hint="report it with the file"
        ) from error
    outcome.notes[:0] = sheet.notes
    return outcome


@dataclass(frozen=True, slots=True)
class _Chosen:
    sheet: python_calamine.CalamineSheet
    passed_over: tuple[str, ...] = ()  # sheets before it that hold no table


def _chosen(book: python_calamine.CalamineWorkbook, wanted: str | None) -> _Chosen:
    names = book.sheet_names
    if not names:
        raise InvalidInput("the workbook has no sheets", hint="check that it is the right file")
    if wanted is None:
        return _first_table(book, names)
    if wanted in names:
        return _Chosen(book.get_sheet_by_name(wanted))
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return _Chosen(book.get_sheet_by_index(int(wanted) - 1))
    raise InvalidInput(
        f"there is no sheet {wanted!r}",
        hint=f"name one by --sheet, or give its number from 1: {', '.join(names[:20])}",
    )


def _first_table(book: python_calamine.CalamineWorkbook, names: list[str]) -> _Chosen:
    for at, name in enumerate(names):
        sheet = book.get_sheet_by_name(name)
        if _holds_table(sheet):
            return _Chosen(sheet, tuple(names[:at]))
    several_rows = (sheet for name in names if (sheet := book.get_sheet_by_name(name)).height > 1)
    return _Chosen(next(several_rows, book.get_sheet_by_name(names[0])))


def _holds_table(sheet: python_calamine.CalamineSheet) -> bool:
    """Whether two rows hold several cells, or one column holds something other than prose."""
    rows = [[cell for cell in row if _holds(cell)] for row in islice(sheet.iter_rows(), _SAMPLE)]
    if sum(len(row) > 1 for row in rows) > 1:
        return True
    cells = [cell for row in rows for cell in row]
    prose = any(isinstance(cell, str) and len(cell.split()) > _WORDS for cell in cells)
    return len(cells) > 1 and all(len(row) < 2 for row in rows) and not prose


def _written(chosen: _Chosen, options: ReaderOptions, work: Path, names: list[str]) -> Sheet:
    sheet = chosen.sheet
    _, first_column = sheet.start or (0, 0)  # rows are given from the sheet's first, columns are not
    numbered = (
        (at, [_text(cell) for cell in row])
        for at, row in enumerate(sheet.iter_rows(), 1)
        if any(map(_holds, row))
    )
    sample = list(islice(numbered, _SAMPLE))
    if not sample:
        raise InvalidInput(
            f"the sheet {sheet.name!r} is empty", hint=f"name one by --sheet: {', '.join(names[:20])}"
        )
    found = Heading([], None, 0)
    if options.header is not False:
        found = heading(sample, sheet.merged_cell_ranges or [], first_column)
    sample = sample[found.rows :]
    called = found.names
    doubts = _doubts(sample) if options.header is False else []
    if called is None:
        first, rest = sample[0][1], [fields for _, fields in sample[1:]]
        if has_header(first, rest) if options.header is None else options.header:
            called, sample = first, sample[1:]
    width = len(called) if called is not None else len(sample[0][1])
    target = work / "sheet.csv"
    lines: array[int] = array("Q")
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        for line, fields in chain(sample, numbered):
            writer.writerow(fields)
            lines.append(line)
    table = Table(target, ",", '"', header=False, width=width, newline="\r\n")
    others = tuple(one for one in names if one != sheet.name)
    notes = _sheets_said(sheet.name, others, chosen.passed_over)
    if found.titles:
        shown = "; ".join(cell for fields in found.titles for cell in fields if cell)[:_SHOWN]
        notes.append(f"what stands above the header was left out: {shown}")
    if found.names is not None:
        notes.append("two rows are the header: the columns are called by both")
    columns = unique_names(called if called is not None else [""] * width)
    rows = Rewritten(table, lines, [])
    return Sheet(sheet.name, others, called is not None, columns, rows, notes, doubts)


def _sheets_said(name: str, others: tuple[str, ...], passed_over: tuple[str, ...]) -> list[str]:
    if not others:
        return []
    why = ""
    if passed_over:
        holds = "holds" if len(passed_over) == 1 else "hold"
        why = f" because {', '.join(passed_over[:20])} before it {holds} no table"
    return [f"the sheet {name!r} was read{why}; the others are {', '.join(others[:20])}; --sheet names one"]


def _doubts(sample: list[Numbered]) -> list[str]:
    first, rest = sample[0][1], [fields for _, fields in sample[1:]]
    if not names_plainly(first, rest):
        return []
    shown = ", ".join(first)[:_SHOWN]
    return [f"the first row looks like a header; without --no-header it names the columns: {shown}"]


def _holds(cell: _Cell) -> bool:
    return cell is not None and cell != ""


def _text(cell: _Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))  # Excel has no integers
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)
