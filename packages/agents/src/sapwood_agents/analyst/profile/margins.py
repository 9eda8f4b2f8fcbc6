"""How far estimates may be off, at 95 % confidence."""

from __future__ import annotations

from math import sqrt
from typing import Final

from sapwood_agents.analyst.profile.model import Margin

_Z: Final = 1.96
_SKETCH_DEVIATION: Final = 0.035
"""Of DuckDB 2's approx_count_distinct, measured over 60 sets of 100,000 values."""


def of_rank(seen: int) -> Margin:
    """Of the place of a quantile among `seen` sampled values; the widest is that of the median."""
    return Margin(of="rank", value=min(1.0, _Z * sqrt(0.25 / max(1, seen))))


def of_share(share: float, seen: int) -> Margin:
    """Of a share found among `seen` sampled rows; never less than one row's."""
    seen = max(1, seen)
    return Margin(of="share", value=min(1.0, max(_Z * sqrt(share * (1 - share) / seen), 3 / seen)))


def of_sketch() -> Margin:
    """Of a sketched number of distinct values."""
    return Margin(of="relative", value=2 * _SKETCH_DEVIATION)


def of_correlation(coefficient: float, seen: int) -> Margin:
    """Of Pearson's coefficient over `seen` sampled rows (its large-sample error)."""
    return Margin(of="correlation", value=min(2.0, _Z * (1 - coefficient**2) / sqrt(max(1, seen))))


def of_duplicates(found: int, one_in: int) -> Margin:
    """Of a number of rows when `found` were seen in one part of so many; for none seen, the rule of three."""
    return Margin(of="rows", value=(_Z * sqrt(found) if found else 3.0) * one_in)
