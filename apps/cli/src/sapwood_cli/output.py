"""Writes rows and charts to files; the ending says the format, and a file appears whole or not at all."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sapwood_runtime.settings import Settings
from sapwood_shared.errors import DependencyFailed, InvalidInput
from sapwood_storage.home import atomic_write, full_disk_named

_EXCEL_ROWS = 1_048_575

Rows = Sequence[Sequence[Any]]


def write_rows(target: str, columns: Sequence[str], rows: Rows, settings: Settings) -> None:
    """Write `rows` as CSV, Parquet, Excel or JSON."""
    path = _target(target)
    match path.suffix.casefold():
        case ".csv":
            atomic_write(path, _csv(columns, rows))
        case ".json":
            records = [dict(zip(columns, row, strict=True)) for row in rows]
            atomic_write(path, json.dumps(records, ensure_ascii=False, indent=1).encode())
        case ".xlsx":
            _excel(path, columns, rows)
        case ".parquet":
            asyncio.run(_parquet(path, columns, rows, settings))
        case other:
            raise InvalidInput(
                f"--out cannot write {other or 'a file without an ending'}",
                hint="use .csv, .parquet, .xlsx or .json",
            )


def write_chart(target: str, spec: dict[str, Any] | None) -> None:
    """Draw a Vega-Lite specification as PNG, SVG or a page that needs no network."""
    path = _target(target)
    if spec is None:
        raise InvalidInput(
            "this answer has no chart: it is a single number or a list of words",
            hint="ask by group or over time",
        )
    try:
        import vl_convert
    except ImportError as error:
        raise DependencyFailed(
            "drawing needs vl-convert-python", hint="pip install 'sapwood[charts]'"
        ) from error
    match path.suffix.casefold():
        case ".png":
            drawn: bytes = vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[])
        case ".svg":
            drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode()
        case ".html":
            drawn = vl_convert.vegalite_to_html(spec, bundle=True).encode()
        case other:
            raise InvalidInput(
                f"--chart cannot draw {other or 'a file without an ending'}", hint="use .png, .svg or .html"
            )
    atomic_write(path, drawn)


def _target(target: str) -> Path:
    path = Path(target).expanduser().absolute()
    if not path.parent.is_dir():
        raise InvalidInput(f"there is no directory {path.parent}", hint="make it first")
    return path


def _csv(columns: Sequence[str], rows: Rows) -> bytes:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue().encode()


def _excel(path: Path, columns: Sequence[str], rows: Rows) -> None:
    if len(rows) > _EXCEL_ROWS:
        raise InvalidInput(
            f"a sheet holds {_EXCEL_ROWS:,} rows, these are {len(rows):,}", hint="write .parquet or .csv"
        )
    import xlsxwriter

    with tempfile.TemporaryDirectory(dir=path.parent) as scratch, full_disk_named(path):
        draft = Path(scratch) / "draft.xlsx"
        options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
        with xlsxwriter.Workbook(str(draft), options) as book:
            sheet = book.add_worksheet("answer")
            sheet.write_row(0, 0, list(columns))
            for place, row in enumerate(rows, start=1):
                sheet.write_row(place, 0, list(row))
        draft.replace(path)


async def _parquet(path: Path, columns: Sequence[str], rows: Rows, settings: Settings) -> None:
    """Through the sandbox's own reader, which is what writes Parquet."""
    from sapwood_cli.ask import WORKSPACE
    from sapwood_runtime.parts import open_parts
    from sapwood_shared.work import DetachedWork
    from sapwood_storage.tabular.model import ReaderOptions
    from sapwood_storage.tabular.shelf import DATA_FILE

    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "rows.ndjson"
        lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in rows)
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        async with open_parts(settings, spares=0) as parts:
            options = ReaderOptions(format="json", null_tokens=())
            version = await parts.datasets.ingest(WORKSPACE, source, options, DetachedWork())
            made = parts.datasets.directory(WORKSPACE, version.id) / DATA_FILE
            atomic_write(path, made.read_bytes())
            await parts.datasets.delete(WORKSPACE, version.id)
