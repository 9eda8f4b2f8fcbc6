"""Answers and tables as plain text, fitted to the terminal."""

import shutil
from typing import Any

from sapwood_agents.analyst.clean.counting import counted

MOST_ROWS = 40
_WIDEST = 40


def render_answer(answer: dict[str, Any]) -> str:
    """The sentence, the table, what was checked and the SQL; or why there is no answer."""
    if answer["answer"] is None:
        return "\n".join([render_reason(answer["reason"]), *_notes(answer)])
    parts = [answer["answer"]]
    rows = answer["rows"]
    if len(rows) > 1 or (rows and len(rows[0]) > 1):
        parts.append(render_table(answer["columns"], rows))
    if notes := _notes(answer):
        parts.append("\n".join(notes))
    parts.append("\n".join(f"  {line}" for line in answer["sql"].splitlines()))
    return "\n\n".join(parts)


def _notes(answer: dict[str, Any]) -> list[str]:
    return [f"  - {check['text']}" for check in answer["checks"]]


def render_reason(reason: dict[str, Any]) -> str:
    """Why a question was not answered, its possible readings, and what can be asked instead."""
    lines = [f"Not answered: {reason['text']}."]
    for reading in reason["readings"]:
        lines.append(f"  - {reading['reading']}")
        lines.extend(f"      {line}" for line in reading["sql"].splitlines())
    if reason["can_answer"]:
        lines.append("This table can answer, for example:")
        lines.extend(f"  - {example}" for example in reason["can_answer"])
    return "\n".join(lines)


def render_table(columns: list[str], rows: list[list[Any]], *, most: int = MOST_ROWS) -> str:
    """Rows under their columns, numbers to the right; long cells and long tables are cut and say so."""
    shown = [[_cell(cell) for cell in row] for row in rows[:most]]
    right = [
        all(isinstance(row[i], int | float) or row[i] is None for row in rows[:most])
        for i in range(len(columns))
    ]
    heads = [_cut(name) for name in columns]
    widths = [max([len(heads[i]), *(len(row[i]) for row in shown)]) for i in range(len(columns))]
    count = _fitting(widths)
    lines = [_line(heads, widths, right, count), "  ".join("-" * width for width in widths[:count])]
    lines += [_line(row, widths, right, count) for row in shown]
    if count < len(columns):
        lines.append(f"… {counted(len(columns) - count, 'more column')}")
    if len(rows) > most:
        lines.append(f"… {counted(len(rows) - most, 'more row')}")
    return "\n".join(lines)


def _fitting(widths: list[int]) -> int:
    room = max(40, shutil.get_terminal_size((120, 24)).columns)
    used = 0
    for count, width in enumerate(widths):
        used += width + 2
        if used - 2 > room and count:
            return count
    return len(widths)


def _line(cells: list[str], widths: list[int], right: list[bool], count: int) -> str:
    padded = [
        cell.rjust(width) if is_number else cell.ljust(width)
        for cell, width, is_number in zip(cells[:count], widths, right, strict=False)
    ]
    return "  ".join(padded).rstrip()


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.2f}".removesuffix(".00")
    if isinstance(value, int):
        return str(value)
    return _cut(str(value).removesuffix("T00:00:00"))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
