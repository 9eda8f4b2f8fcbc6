"""Where a histogram is cut: round steps over the middle of the values, so that a tail does not flatten it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from sys import float_info
from typing import Final

from sapwood_agents.analyst.profile.model import Bin

_BINS: Final = 20
_MOST: Final = 64
_TAIL: Final = 0.5  # of the range between the 5th and the 95th percentile, on either side
_FENCE: Final = 1.5
_INSTANT: Final = 1e-6  # the resolution of timestamps, in seconds: bins of times end just before the next
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SECONDS: Final = (
    1, 5, 15, 30, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR,
    _DAY,
)  # fmt: skip
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def bounds(at: Sequence[float], *, whole: bool) -> tuple[float, ...]:
    """Upper bounds of bins for values with these quantiles, as in `first_look.RANKS`; none for a constant."""
    low, high = _core(at)
    if not isfinite(high - low) or (high - low) / _BINS < float_info.min:  # narrower than numbers go
        return ()
    step = _round_step((high - low) / _BINS)
    return _cut(low, high, max(1.0, float(ceil(step))) if whole else step, shift=1.0 if whole else 0.0)


def time_bounds(at: Sequence[float], *, days: bool) -> tuple[float, ...]:
    """The same for seconds since 1970; bins of a column of `days` are whole days."""
    low, high = _core(at)
    if not low < high:
        return ()
    least = (high - low) / _BINS
    step = next((float(second) for second in _SECONDS if second >= least), 0.0)
    if days or not step:
        step = ceil(_round_step(least / _DAY)) * float(_DAY)
    return _cut(low, high, step, shift=_INSTANT)


def fences(at: Sequence[float]) -> tuple[float, float] | None:
    """Tukey's fences around these quantiles; none when half of the values are the same."""
    q1, q3 = at[2], at[4]
    reach = _FENCE * (q3 - q1)
    return (q1 - reach, q3 + reach) if reach > 0 and isfinite(q3 + reach) and isfinite(q1 - reach) else None


def number_bins(upper: Sequence[float], counts: Sequence[int], low: float, high: float) -> tuple[Bin, ...]:
    """Join bounds and counts; the outermost bins reach to the least and the greatest value."""
    return tuple(
        Bin(low=start, high=end, count=count) for start, end, count in _spans(upper, counts, low, high, 0.0)
    )


def whole_bins(upper: Sequence[float], counts: Sequence[int], low: float, high: float) -> tuple[Bin, ...]:
    """The same for whole numbers, whose bins begin one after the last ends."""
    spans = _spans(upper, counts, low, high, 1.0)
    return tuple(Bin(low=round(start), high=round(end), count=count) for start, end, count in spans)


def time_bins(
    upper: Sequence[float], counts: Sequence[int], ends: tuple[float, float], *, days: bool
) -> tuple[Bin, ...]:
    """The same for seconds since 1970."""
    spans = _spans(upper, counts, *ends, _INSTANT)
    return tuple(
        Bin(low=moment(start, days=days), high=moment(end, days=days), count=count)
        for start, end, count in spans
    )


def _spans(
    upper: Sequence[float], counts: Sequence[int], low: float, high: float, gap: float
) -> list[tuple[float, float, int]]:
    # One count more than bounds: values above the last of them.
    ends = [*upper, max(high, upper[-1])] if len(counts) > len(upper) else list(upper)
    step = upper[1] - upper[0] if len(upper) > 1 else max(upper[0] - low, gap)
    starts = [min(low, upper[0] - step + gap), *(end + gap for end in ends[:-1])]
    return list(zip(starts, ends, counts, strict=True))


def moment(seconds: float, *, days: bool) -> str:
    """Seconds since 1970 as ISO 8601; years that Python cannot write are kept as seconds."""
    try:
        if days:
            return (_EPOCH + timedelta(days=seconds // _DAY)).date().isoformat()
        return (_EPOCH + timedelta(seconds=round(seconds, 3))).isoformat().removesuffix("+00:00")
    except OverflowError:
        return f"{seconds:.0f} s"


def _core(at: Sequence[float]) -> tuple[float, float]:
    least, low, high, greatest = at[0], at[1], at[5], at[6]
    reach = _TAIL * (high - low)
    return (max(least, low - reach), min(greatest, high + reach)) if reach > 0 else (least, greatest)


def _round_step(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(part * power for part in (1.0, 2.0, 2.5, 5.0, 10.0) if part * power >= least * 0.999)


def _cut(low: float, high: float, step: float, *, shift: float) -> tuple[float, ...]:
    # Whole numbers are binned as 10 to 19, 20 to 29: bounds stand one below the round number.
    start = floor(low / step) * step
    found: list[float] = []
    for number in range(1, _MOST + 1):
        found.append(float(f"{start + number * step:.15g}") - shift)
        if found[-1] >= high:
            break
    # A step too small for the size of the numbers gives the same bound again.
    rising = [found[0], *(right for left, right in pairwise(found) if right > left)]
    return tuple(rising)
