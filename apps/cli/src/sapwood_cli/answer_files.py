"""The files that an answer was to be written to; what there is none for is told, and the answer stands."""

import sys
from typing import Any

from sapwood_cli.output import write_chart, write_rows
from sapwood_runtime.settings import Settings
from sapwood_shared.errors import InvalidInput


def write_files(answer: dict[str, Any], out: str | None, chart: str | None, settings: Settings) -> None:
    """Write the rows and the chart; a warning on stderr names each file that there is nothing for."""
    if answer["answer"] is None:
        for name in (chart, out):
            if name:
                _warn("there is no answer", name)
        return
    if chart and answer["chart"] is None:
        _warn(_why_no_chart(answer), chart, "ask by group or over time")
    elif chart:
        write_chart(chart, answer["chart"])
    if out:
        try:
            write_rows(out, answer["columns"], answer["rows"], settings)
        except InvalidInput as error:
            _warn(error.message, out, error.hint)


def _why_no_chart(answer: dict[str, Any]) -> str:
    rows, columns = answer["rows"], answer["columns"]
    if not rows:
        return "a table without rows has no chart"
    if len(rows) == 1 and len(columns) == 1:
        is_number = isinstance(rows[0][0], int | float) and not isinstance(rows[0][0], bool)
        return f"a single {'number' if is_number else 'value'} has no chart"
    if len(rows) == 1:
        return "a single row has no chart"
    if len(columns) == 1 or not any(isinstance(row[-1], int | float) for row in rows):
        return "a list without numbers has no chart"
    return f"{len(rows):,} rows with {len(columns)} columns are too much for one chart"


def _warn(why: str, name: str, hint: str | None = None) -> None:
    print(f"sapwood: {why}: {name} is not written" + (f"\n  {hint}" if hint else ""), file=sys.stderr)
