"""Histograms as small SVG pictures, drawn without a library and coloured by the page they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from sapwood_agents.analyst.profile.model import Bin
from sapwood_agents.analyst.profile.words import cell

_WIDTH: Final = 320
_HEIGHT: Final = 72
_GATHERS: Final = 1.5  # a bin this much wider than the next one holds a tail
_BAR_LEAST: Final = 1.5  # so that a rare value is still seen


def histogram(bins: Sequence[Bin], name: str) -> str:
    """The bins as an SVG element; each bar says its range and count when pointed at."""
    most = max((one.count for one in bins), default=0)
    if not most:
        return ""
    step = _WIDTH / len(bins)
    bars = "".join(_bar(one, place * step, step, most) for place, one in enumerate(bins))
    label = escape(f"histogram of {name}, from {cell(bins[0].low)} to {cell(bins[-1].high)}")
    left, right = (escape(end) for end in _ends(bins))
    return (
        f'<svg class="histogram" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="{label}">{bars}</svg><div class="axis"><span>{left}</span><span>{right}</span></div>'
    )


def _bar(one: Bin, x: float, step: float, most: int) -> str:
    tall = max(_BAR_LEAST, one.count / most * _HEIGHT) if one.count else 0.0
    said = escape(f"{cell(one.low)} to {cell(one.high)}: {one.count:,}")
    # The see-through column over the whole height makes a short bar easy to point at.
    return (
        f"<g><title>{said}</title>"
        f'<rect x="{x:.2f}" y="{_HEIGHT - tall:.2f}" width="{max(0.5, step - 1):.2f}" height="{tall:.2f}"/>'
        f'<rect class="hit" x="{x:.2f}" y="0" width="{step:.2f}" height="{_HEIGHT}"/></g>'
    )


def _ends(bins: Sequence[Bin]) -> tuple[str, str]:
    """What stands under the outermost bars: their ends, or that one gathers a tail."""
    first, last = bins[0], bins[-1]
    left, right = cell(first.low), cell(last.high)
    if len(bins) > 2:
        usual = _width(bins[1])
        if _width(first) > _GATHERS * usual > 0:
            left = f"up to {cell(first.high)}"
        if _width(last) > _GATHERS * usual > 0:
            right = f"over {cell(last.low)}"
    return left, right


def _width(one: Bin) -> float:
    return 0.0 if isinstance(one.low, str) or isinstance(one.high, str) else one.high - one.low
