"""A profile as plain text that is read in 100 columns."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.profile.model import Bin, ColumnProfile, Lengths, Profile, Severity
from sapwood_agents.analyst.profile.words import cell, headline, margin, percent, standing, strong
from sapwood_storage.tabular.model import ColumnType

_LEVELS: Final = "▁▂▃▄▅▆▇█"
_WIDTH: Final = 100
_PICTURE: Final = 14
_NAME: Final = 20
_VALUES: Final = 28
_SHOWN_WARNINGS: Final = 40
_SHOWN_CORRELATIONS: Final = 5
_SHOWN_PAIRS: Final = 5  # of columns that say the same: ten that grow together make 45
_MARKS: Final = {Severity.HIGH: "!!", Severity.MEDIUM: "! ", Severity.LOW: "  "}


def render_profile(profile: Profile) -> str:
    """The table's size, a line for each column, what is worth knowing, and the strongest correlations."""
    parts = [f"{profile.dataset.title}: {headline(profile)}", "\n".join(_table(profile))]
    if (note := standing(profile)) is not None:
        parts.append(textwrap.fill(note, _WIDTH))
    if profile.warnings:
        parts.append("\n".join(["Worth knowing:", *_warnings(profile)]))
    if correlations := list(_correlations(profile)):
        parts.append("\n".join(["Strongest correlations:", *correlations]))
    return "\n\n".join(parts)


def sparkline(bins: Sequence[Bin], width: int = _PICTURE) -> str:
    """The shape of a histogram in block characters; empty bins are blank, no other one is."""
    per = -(-len(bins) // width) or 1
    counts = [sum(one.count for one in bins[at : at + per]) for at in range(0, len(bins), per)]
    most = max(counts, default=0)
    return "".join(_LEVELS[min(7, count * 8 // most)] if count else " " for count in counts)


def _table(profile: Profile) -> Iterator[str]:
    yield _line("column", "type", "empty", "distinct", "values", "shape")
    yield _line("-" * _NAME, "-" * 9, "-" * 7, "-" * 11, "-" * _VALUES, "-" * 5)
    for column in profile.columns:
        about = "~" if "distinct" in column.approximate else ""
        distinct = "key" if column.unique else f"{about}{column.distinct:,}"
        empty = percent(column.null_share) if column.nulls else "-"
        yield _line(column.name, column.type, empty, distinct, _values(column), sparkline(column.histogram))


def _line(name: str, kind: str, empty: str, distinct: str, values: str, shape: str) -> str:
    cells = (_cut(name, _NAME), f"{kind:<9}", f"{empty:>7}", f"{distinct:>11}", _cut(values, _VALUES), shape)
    return "  ".join(cells).rstrip()


def _values(column: ColumnProfile) -> str:
    """Least, middle and greatest of what is ordered; the most frequent of the rest."""
    if column.min is not None:
        ends = [cell(column.min), cell(column.max)]
        if column.type is ColumnType.TIMESTAMP:
            ends = [end[:10] for end in ends]
        if column.mean is None or column.min == column.max:
            return " … ".join(dict.fromkeys(ends))
        about = "~" if "quantiles" in column.approximate else ""
        return f"{ends[0]} … {about}{cell(column.quantiles.get('0.5'))} … {ends[1]}"
    if column.top and not column.unique:
        return _frequent(column)
    return _lengths(column.lengths) if column.lengths else ""


def _lengths(lengths: Lengths) -> str:
    if lengths.min == lengths.max:
        return counted(lengths.max, "character")
    return f"{lengths.min:,} to {lengths.max:,} characters"


def _frequent(column: ColumnProfile) -> str:
    shown = ""
    for one in column.top:
        more = f"{', ' if shown else ''}{_short(cell(one.value))} {percent(one.share)}"
        if shown and len(shown) + len(more) > _VALUES:
            break
        shown += more
    return shown


def _warnings(profile: Profile) -> Iterator[str]:
    pairs = [one for one in profile.warnings if one.code == "correlated"]
    kept = [one for one in profile.warnings if one not in pairs[_SHOWN_PAIRS:]]
    for one in kept[:_SHOWN_WARNINGS]:
        yield f"  {_MARKS[one.severity]} {one.text}"
    if more := len(profile.warnings) - min(len(kept), _SHOWN_WARNINGS):
        yield f"     … {more} more, in --json and --html"


def _correlations(profile: Profile) -> Iterator[str]:
    for one in strong(profile, _SHOWN_CORRELATIONS):
        off = f" {margin(one.margin)}" if one.margin else ""
        yield f"  {one.coefficient:+.2f}{off}  {one.left}, {one.right}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 16 else f"{text[:15]}…"


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"
