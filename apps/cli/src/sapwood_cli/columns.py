"""`sapwood columns`: how a file was read."""

import asyncio
import json
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


def run(source: Source, *, as_json: bool) -> int:
    """Print the columns, the reader's choices and what it could not read."""
    described = asyncio.run(_describe(source))
    if as_json:
        print(json.dumps(described, ensure_ascii=False))
        return 0
    rows = [
        [column["name"], column["type"], column["nulls_read"], column["note"]]
        for column in described["columns"]
    ]
    print(f"{described['title']}: {counted(described['rows'], 'row')}, version {described['version']}")
    print(render_table(["column", "type", "read as null", "note"], rows, most=10_000))
    chosen = ", ".join(
        f"{name} {value}"
        for name, value in described["reader"].items()
        if value not in (None, {}, []) and name != "doubts"  # told already
    )
    print(f"read as {chosen}")
    for check in described["checks"]:
        print(check["text"])
    if described["quarantined"]:
        print(f"{counted(described['quarantined'], 'record')} could not be read:")
        for record in described["quarantine"]:
            print(f"  line {record.get('line')}: {record.get('reason')}: {str(record.get('raw'))[:100]!r}")
    return 0


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
