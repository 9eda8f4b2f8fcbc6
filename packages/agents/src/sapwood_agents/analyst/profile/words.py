"""Figures of a profile in words, the same in the terminal and on the page."""

from __future__ import annotations

from typing import Final

from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.profile.model import Correlation, Margin, Profile
from sapwood_storage.tabular.model import Cell

_BIG: Final = 1e15
_SMALL: Final = 1e-4
_STRONG: Final = 0.1
_MARGINS: Final = {"relative": " %", "share": " points", "rank": " points of rank"}


def cell(value: Cell) -> str:
    """A value for a person: four significant digits, times without midnight."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _grouped(str(value)) if abs(value) < _BIG else f"{value:.4g}"
    if isinstance(value, float):
        return _number(value)
    return value.removesuffix("T00:00:00").replace("T", " ") if value[:4].isdigit() else value


def percent(share: float) -> str:
    """A share in per cent, never 0 or 100 when it is neither."""
    if 0 < share < 0.001:
        return "<0.1 %"
    if 0.999 < share < 1:
        return ">99.9 %"
    return f"{100 * share:.1f} %" if 0 < share < 1 else f"{100 * share:.0f} %"


def margin(one: Margin) -> str:
    """How far an estimate may be off."""
    match one.of:
        case "rows":
            return f"± {one.value:,.0f}"
        case "correlation":
            return f"± {one.value:.2g}"
        case of:
            return f"± {100 * one.value:.2g}{_MARGINS[of]}"


def headline(profile: Profile) -> str:
    """The size of the table, its keys and duplicates, and what its figures stand on."""
    parts = [counted(profile.rows, "row"), counted(len(profile.columns), "column")]
    if profile.keys:
        parts.append(f"key{'s' if len(profile.keys) > 1 else ''}: {', '.join(profile.keys[:5])}")
    rows, off = profile.duplicates.rows, profile.duplicates.margin
    if rows:
        parts.append(f"{'about ' if off else ''}{counted(rows, 'duplicate row')}")
    elif off is None:
        parts.append("no duplicate rows")
    else:
        parts.append(f"no duplicate rows seen (fewer than {off.value:,.0f})")
    return ", ".join(parts)


def strong(profile: Profile, most: int) -> list[Correlation]:
    """The strongest correlations that are worth a line."""
    return [one for one in profile.correlations[:most] if abs(one.coefficient) >= _STRONG]


def standing(profile: Profile) -> str | None:
    """What the estimates stand on; nothing when there are none."""
    if profile.sampled is None:
        return None
    return (
        f"~ marks estimates: from {profile.sampled:,} rows drawn at random, or sketched; the margins hold in "
        "19 cases of 20. Ask for exact figures with --exact."
    )


def _number(value: float) -> str:
    if value == 0:
        return "0"
    size = abs(value)
    if size >= _BIG or size < _SMALL:
        return f"{value:.4g}"
    if size >= 1_000:
        return _grouped(f"{value:.1f}".removesuffix(".0"))
    return f"{value:.4g}"


def _grouped(digits: str) -> str:
    """Thousands apart from five digits on: four may be a year."""
    whole, point, rest = digits.partition(".")
    return f"{int(whole):,}{point}{rest}" if len(whole.lstrip("-")) > 4 else digits
