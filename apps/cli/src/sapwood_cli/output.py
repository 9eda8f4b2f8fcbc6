"""Writes rows and charts to files; the ending says the format, and a file appears whole or not at all."""

import asyncio
import json
import re
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sapwood_cli.source import Source
from sapwood_cli.targets import own_file, target
from sapwood_runtime.settings import Settings
from sapwood_shared.errors import DependencyFailed, InvalidInput
from sapwood_storage.home import full_disk_named
from sapwood_storage.tabular.model import ColumnType

_ROWS: Final = (".csv", ".parquet", ".xlsx", ".json")
_CHARTS: Final = (".png", ".svg", ".html")
_EXCEL_ROWS: Final = 1_048_575
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")

Rows = Sequence[Sequence[Any]]


def check_targets(source: Source, out: str | None = None, chart: str | None = None) -> None:
    """Refuse a file that could not be written before any work is done for it."""
    if out is not None:
        target("--out", out, _ROWS, source=source)
    if chart is not None:
        target("--chart", chart, _CHARTS, source=source)
        if find_spec("vl_convert") is None:
            raise DependencyFailed("drawing needs vl-convert-python", hint="pip install 'sapwood[charts]'")


def write_rows(name: str, columns: Sequence[str], rows: Rows, settings: Settings) -> None:
    """Write `rows` as CSV, Parquet, Excel or JSON."""
    path = target("--out", name, _ROWS)
    names = _distinct(columns)
    match path.suffix.casefold():
        case ".csv":
            _write(path, _csv(names, rows))
        case ".json":
            records = [dict(zip(names, row, strict=True)) for row in rows]
            _write(path, json.dumps(records, ensure_ascii=False, indent=1).encode())
        case ".xlsx":
            _write(path, _excel(names, rows))
        case _:
            _write(path, asyncio.run(_parquet(names, rows, settings)))


def write_chart(name: str, spec: dict[str, Any]) -> None:
    """Draw a Vega-Lite specification as PNG, SVG or a page that needs no network."""
    path = target("--chart", name, _CHARTS)
    import vl_convert

    match path.suffix.casefold():
        case ".png":
            drawn: bytes = vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[])
        case ".svg":
            drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode()
        case _:
            drawn = vl_convert.vegalite_to_html(spec, bundle=True).encode()
    _write(path, drawn)


def _write(path: Path, data: bytes) -> None:
    with own_file(path) as file:
        file.write(data)


def _distinct(columns: Sequence[str]) -> list[str]:
    """Names of which no two are alike, since a record cannot hold both."""
    names: list[str] = []
    for column in columns:
        name, number = column, 2
        while name in names:
            name, number = f"{column}_{number}", number + 1
        names.append(name)
    return names


def _csv(columns: Sequence[str], rows: Rows) -> bytes:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue().encode()


def _excel(columns: Sequence[str], rows: Rows) -> bytes:
    if len(rows) > _EXCEL_ROWS:
        raise InvalidInput(
            f"a sheet holds {_EXCEL_ROWS:,} rows, these are {len(rows):,}", hint="write .parquet or .csv"
        )
    import io

    import xlsxwriter

    made = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet("answer")
        sheet.write_row(0, 0, list(columns))
        for place, row in enumerate(rows, start=1):
            sheet.write_row(place, 0, list(row))
    return made.getvalue()


async def _parquet(columns: Sequence[str], rows: Rows, settings: Settings) -> bytes:
    """Through the sandbox's own reader, which is what writes Parquet."""
    from sapwood_cli.ask import WORKSPACE
    from sapwood_runtime.parts import open_parts
    from sapwood_shared.work import DetachedWork
    from sapwood_storage.tabular.model import ReaderOptions
    from sapwood_storage.tabular.shelf import DATA_FILE

    if not rows:
        raise InvalidInput("there are no rows to write as Parquet", hint="write .csv or .json")
    types = {name: _type([row[place] for row in rows]) for place, name in enumerate(columns)}
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "rows.ndjson"
        with full_disk_named(source), source.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n")
        async with open_parts(settings, spares=0) as parts:
            options = ReaderOptions(format="json", null_tokens=(), types=types)
            version = await parts.datasets.ingest(WORKSPACE, source, options, DetachedWork())
            made = parts.datasets.directory(WORKSPACE, version.id) / DATA_FILE
            data = made.read_bytes()
            await parts.datasets.delete(WORKSPACE, version.id)
            return data


def _type(cells: Sequence[Any]) -> ColumnType:
    """The type of a column of an answer, whose dates are ISO text."""
    present = [cell for cell in cells if cell is not None]
    if not present or any(isinstance(cell, str) for cell in present):
        texts = [str(cell) for cell in present]
        for pattern, kind in ((_DATE, ColumnType.DATE), (_TIMESTAMP, ColumnType.TIMESTAMP)):
            if texts and all(pattern.fullmatch(text) for text in texts):
                return kind
        return ColumnType.TEXT
    if all(isinstance(cell, bool) for cell in present):
        return ColumnType.BOOLEAN
    return ColumnType.NUMBER if any(isinstance(cell, float) for cell in present) else ColumnType.INTEGER
