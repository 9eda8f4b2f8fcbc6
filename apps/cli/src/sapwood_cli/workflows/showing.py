"""A run in words: its line, a line for each step, and what happened as it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sapwood_workflows.spec.durations import in_words

SIGNS: Final = {
    "waiting": "·", "ready": "○", "running": "●", "succeeded": "✓", "failed": "✗", "skipped": "–",
    "cancelled": "⊘",
}  # fmt: skip
_PLAIN: Final = {
    "waiting": ".", "ready": "o", "running": "*", "succeeded": "+", "failed": "x", "skipped": "-",
    "cancelled": "/",
}  # fmt: skip
_BAR: Final = 20
_LONGEST: Final = 100
Row = Mapping[str, Any]


def run_line(run: Row, now_ms: int) -> str:
    """`run_… compare-files succeeded in 3.2s`."""
    state = "paused" if run["state"] == "running" and run["paused"] else run["state"]
    ended = run["ended_ms"] or now_ms
    word = "for" if run["state"] == "running" else "in"
    return f"{run['id']} {run['workflow']} {state} {word} {span(ended - run['created_ms'])}"


def step_lines(rows: Sequence[Row], order: Sequence[str], now_ms: int, *, plain: bool = False) -> list[str]:
    """A line for each step, in the order of the workflow; the items of one are counted in its line."""
    signs = _PLAIN if plain else SIGNS
    whole = {row["name"]: row for row in rows if row["item"] < 0}
    names = [name for name in order if name in whole]
    names += sorted(name for name in whole if name not in names)
    width = max((len(name) for name in names), default=0)
    lines: list[str] = []
    for name in names:
        row = whole[name]
        items = [each for each in rows if each["name"] == name and each["item"] >= 0]
        said = "  ".join(
            part for part in (_state(row), _time(row, now_ms), *_extra(row, items, plain)) if part
        )
        lines.append(f"{signs[row['state']]} {name.ljust(width)}  {said}".rstrip())
        if row["error"]:
            lines.append(f"  {'':{width}}  {_one_line(row['error'].get('message', ''))}")
    return lines


def _state(row: Row) -> str:
    if row["state"] == "running" and row["kind"] == "approval":
        return "waits for an approval"
    if row["state"] == "running" and row["kind"] == "wait_for_event":
        return "waits for an event"
    if row["state"] == "running" and row["kind"] == "sleep":
        return "sleeps"
    return str(row["state"])


def _time(row: Row, now_ms: int) -> str:
    if row["started_ms"] is None:
        return ""
    return span((row["ended_ms"] or now_ms) - row["started_ms"])


def _extra(row: Row, items: Sequence[Row], plain: bool) -> list[str]:
    parts: list[str] = []
    if items:
        ended = sum(each["ended_ms"] is not None for each in items)
        parts.append(_bar(ended, len(items), plain))
        failed = sum(each["state"] == "failed" for each in items)
        if failed:
            parts.append(f"{failed} failed")
    elif row["state"] == "running" and row["progress"]:
        parts.append(_progress(row["progress"], plain))
    if row["attempt"] > 1:
        parts.append(f"attempt {row['attempt']}")
    return parts


def _progress(progress: Mapping[str, Any], plain: bool) -> str:
    done, total = progress.get("done") or 0, progress.get("total")
    more = [f"{name} {value}" for name, value in progress.items() if name not in ("done", "total")]
    bar = _bar(done, total, plain) if total else f"{done:,.10g}"
    return " ".join([bar, *more])


def _bar(done: float, total: float, plain: bool) -> str:
    full = round(_BAR * min(1.0, done / total)) if total else 0
    on, off = ("#", ".") if plain else ("━", "╌")
    return f"{on * full}{off * (_BAR - full)} {done:,.10g}/{total:,.10g}"


def event_line(event: Row) -> str:
    """`20:15:01 fetch succeeded`: what happened, for a log."""
    moment = datetime.fromtimestamp(event["at_ms"] / 1000, UTC).astimezone().strftime("%H:%M:%S")
    what, _, happened = event["kind"].partition(".")
    happened = happened.replace("_", " ")
    data = event["data"] or {}
    if what == "run":
        subject = "run" if not event["step"] else event["step"]
    else:
        subject = event["step"] if event["item"] is None else f"{event['step']}[{event['item']}]"
    more = _more(data)
    return f"{moment} {subject} {happened}" + (f": {more}" if more else "")


def _more(data: Mapping[str, Any]) -> str:
    if error := data.get("error"):
        return _one_line(error.get("message", ""))
    if message := data.get("message"):
        return _one_line(str(message))
    if data.get("attempt", 1) > 1:
        return f"attempt {data['attempt']}"
    if items := data.get("items"):
        return f"{items:,} items"
    return str(data.get("reason") or data.get("event") or "")


def span(milliseconds: float) -> str:
    """A span of time: `850ms`, `3.2s`, `2m5s`."""
    if milliseconds < 1000:
        return f"{max(0, round(milliseconds))}ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f}s"
    return in_words(float(round(milliseconds / 1000)))


def moment(at_ms: int | None) -> str:
    """An instant in the time of this machine, to the second."""
    if at_ms is None:
        return "-"
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
