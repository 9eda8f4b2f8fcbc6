"""`sapwood columns`: how a file was read."""

import asyncio
import json
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sapwood_agents.analyst.clean.counting import counted
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.opening import notes, open_source, opening
from sapwood_cli.progress import TerminalWork
from sapwood_cli.render import render_table
from sapwood_cli.source import Source
from sapwood_storage.tabular.shelf import QUARANTINE_FILE

_SHOWN = 20
_MOST_COLUMNS = 10_000
_EXAMPLE = datetime(2023, 12, 31, 17, 45, 59)
_CHOICES = {
    "format": "format",
    "compression": "compression",
    "layout": "layout",
    "sheet": "sheet",
    "delimiter": "delimiter",
    "quote": "quote",
    "header": "header",
    "encoding": "encoding",
    "skipped_lines": "lines skipped",
}
_SIGNS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "space",
    '"': "double quote",
    "'": "single quote",
}


def run(source: Source, *, as_json: bool) -> int:
    """Print the columns, the reader's choices and what it could not read."""
    described = asyncio.run(_describe(source))
    if as_json:
        print(json.dumps(described, ensure_ascii=False))
        return 0
    reader = described["reader"]
    print(f"{described['title']}: {counted(described['rows'], 'row')}, version {described['version']}")
    print(_columns(described["columns"], reader.get("types", {})))
    choices = [
        [told, _said(choice)]
        for name, told in _CHOICES.items()
        if (choice := reader.get(name)) or choice is False
    ]
    print("\n" + render_table(["read as", ""], choices) + "\n")
    for note in reader.get("notes", ()):
        print(note)
    for check in described["checks"]:
        print(check["text"])
    if described["quarantined"]:
        print(f"{counted(described['quarantined'], 'record')} could not be read:")
        for record in described["quarantine"]:
            print(f"  line {record.get('line')}: {record.get('reason')}: {str(record.get('raw'))[:100]!r}")
    return 0


def _columns(columns: list[dict[str, Any]], shapes: dict[str, str]) -> str:
    rows = [
        [
            one["name"],
            one["type"],
            _shape(one["type"], shapes.get(one["name"], "")),
            one["nulls_read"],
            one["note"],
        ]
        for one in columns
    ]
    heads = ["column", "type", "written", "read as null", "note"]
    filled = [place for place in range(len(heads)) if place != 2 or any(row[2] for row in rows)]
    return render_table(
        [heads[place] for place in filled],
        [[row[place] for place in filled] for row in rows],
        most=_MOST_COLUMNS,
    )


def _shape(kind: str, shape: str) -> str:
    """How the values are written, where the type does not say it: a date by an example."""
    if "%" in shape:
        return f"like {_EXAMPLE:{shape}}"
    return "" if shape == kind else shape.removeprefix(kind).strip()


def _said(choice: Any) -> str:
    if isinstance(choice, bool):
        return "yes" if choice else "no"
    return _SIGNS.get(choice, str(choice))


async def _describe(source: Source) -> dict[str, Any]:
    async with opening(source) as parts:
        with TerminalWork(source.title) as work:
            opened = await open_source(parts, source, work)
        version = parts.datasets.get(WORKSPACE, opened.dataset.version)
        report = version.report
        return {
            "title": source.title,
            "version": version.id,
            "rows": report.rows,
            "quarantined": report.quarantined,
            "columns": [
                {
                    "name": column.name,
                    "type": column.type.value,
                    "nulls_read": sum(report.null_tokens.get(column.name, {}).values()),
                    "note": report.widened.get(column.name, ""),
                }
                for column in report.columns
            ],
            "reader": report.reader,
            "checks": [check.model_dump(mode="json") for check in notes(opened)],
            "quarantine": _quarantine(parts.datasets.directory(WORKSPACE, version.id) / QUARANTINE_FILE),
        }


def _quarantine(file: Path) -> list[dict[str, Any]]:
    """The first records that could not be read."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, _SHOWN)]
