"""Puts together what the two looks found in one column."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isfinite
from typing import Any, Final

from sapwood_agents.analyst.profile import bins, margins
from sapwood_agents.analyst.profile.findings import Figures, FirstFindings
from sapwood_agents.analyst.profile.first_look import PROBED, RANKS, SHOWN
from sapwood_agents.analyst.profile.model import (
    Bin,
    ColumnProfile,
    Lengths,
    Margin,
    Outliers,
    TextTrouble,
    TopValue,
)
from sapwood_agents.analyst.profile.pii import likely_pii
from sapwood_agents.analyst.profile.second_look import Distinct, Wanted
from sapwood_agents.analyst.profile.shapes import share_of_dates, share_of_numbers
from sapwood_storage.tabular.model import Cell, Column, ColumnType

_COUNTED: Final = 64  # distinct values in the sample, and each is counted in the whole table
_CATEGORIES: Final = 20_000  # among more different texts, case and space are not what keeps them apart
_FREQUENT: Final = 10  # times in the sample, below which a value's place among the frequent is chance
_REPEATED: Final = 4  # a value stands this often in the sample on average, and all can be counted exactly
_BEYOND: Final = 0.01  # of a sample's range, where the whole table's ends are to be expected
_MOST_BITS: Final = 1 << 28  # 32 MiB, for each thread
_BITS_A_ROW: Final = 16
_EXACT: Final = 2.0**53
_TIMES: Final = (ColumnType.DATE, ColumnType.TIMESTAMP)
_NUMERIC: Final = (ColumnType.INTEGER, ColumnType.NUMBER)


def wanted(index: int, entry: Column, first: FirstFindings, *, rows: int, whole: bool) -> Wanted:
    """What the second look has to find; `whole` says that the first saw all rows."""
    at = first.at(index)
    upper: tuple[float, ...] = ()
    fences: tuple[float, float] | None = None
    if at and entry.type in _NUMERIC:
        upper = bins.bounds(at, whole=entry.type is ColumnType.INTEGER)
        fences = bins.fences(at)
    elif at:
        upper = bins.time_bounds(at, days=entry.type is ColumnType.DATE)
    seen = first.values[index]
    how = Distinct.KNOWN if whole else _how_distinct(entry, seen, first.size)
    exact = how in (Distinct.KNOWN, Distinct.COUNTED, Distinct.EXACT)
    folded = entry.type is ColumnType.TEXT and exact and 1 < seen["distinct"] <= _CATEGORIES
    within = _within(at, rows) if at and entry.type is ColumnType.INTEGER and not whole else None
    return Wanted(index, entry, how, upper, fences, folded, within, many=not whole)


def _within(at: list[float], rows: int) -> tuple[int, int] | None:
    """About where a column's whole numbers lie, unless they are too far apart to keep a bit for each."""
    low, high = at[0], at[-1]
    beyond = _BEYOND * (high - low) + 1
    least, most = floor(low - beyond), ceil(high + beyond)
    bits = most - least
    return (least, most) if bits <= min(_MOST_BITS, _BITS_A_ROW * rows) and abs(least) < _EXACT else None


def _how_distinct(entry: Column, seen: Figures, size: int) -> Distinct:
    if seen["distinct"] <= _COUNTED:
        return Distinct.COUNTED
    if entry.type is not ColumnType.NUMBER and seen["most"] == 1 and seen["present"] == size:
        return Distinct.PROVED  # not one value came twice
    return Distinct.EXACT if seen["distinct"] * _REPEATED <= seen["present"] else Distinct.SKETCHED


@dataclass(frozen=True, slots=True)
class ColumnWriter:
    """Writes the profile of one column of a table of `rows` rows."""

    rows: int
    want: Wanted
    first: FirstFindings
    second: Figures

    def write(self) -> ColumnProfile:
        """Return the column's profile."""
        entry, second = self.want.entry, self.second
        nulls = self.rows - second["present"]
        distinct = self._distinct()
        number = entry.type in _NUMERIC
        top, top_margin = self._top()
        values = self.first.probes.get(self.want.index, [])
        pii = likely_pii(entry.name, entry.type, values)
        trouble = self._trouble(values) if entry.type is ColumnType.TEXT else None
        return ColumnProfile(
            name=entry.name,
            type=entry.type,
            nulls=nulls,
            null_share=nulls / self.rows,
            distinct=distinct,
            unique=self.want.distinct is not Distinct.SKETCHED and distinct == self.rows,
            approximate=self._approximate(top_margin, sampled_values=bool(pii) and len(values) >= PROBED),
            nonfinite=second["present"] - second.get("usable", second["present"]),
            min=_cell(entry, second.get("low")),
            max=_cell(entry, second.get("high")),
            mean=_finite(second.get("mean")),
            std=_finite(second.get("deviation")),
            quantiles=self._quantiles(),
            zeros=second["zeros"] if number else None,
            negatives=second["negatives"] if number else None,
            outliers=self._outliers(),
            lengths=self._lengths(),
            top=top,
            histogram=self._histogram(),
            trouble=trouble,
            pii=pii,
        )

    @property
    def _seen(self) -> Figures:
        return self.first.values[self.want.index]

    @property
    def _whole(self) -> bool:
        return self.want.distinct is Distinct.KNOWN

    def _distinct(self) -> int:
        if self._whole:
            return int(self._seen["distinct"])
        # A sketch may say more than there are rows, or fewer than the sample already had.
        least = int(self._seen["distinct"]) if self.want.distinct is Distinct.SKETCHED else 0
        return max(least, min(int(self.second["distinct"] or 0), int(self.second["present"])))

    def _top(self) -> tuple[tuple[TopValue, ...], Margin | None]:
        exact = self._whole or self.want.distinct is Distinct.COUNTED
        counted = self.second if self.want.distinct is Distinct.COUNTED else self._seen
        found: list[Figures] = counted.get("top") or []
        part = 1.0 if exact else self.rows / self.first.size
        if not exact:
            found = [one for one in found if one["count"] >= _FREQUENT]
        top = tuple(
            TopValue(
                value=_cell(self.want.entry, one["value"]),
                count=round(one["count"] * part),
                share=one["count"] * part / self.rows,
            )
            for one in found
        )
        return top, None if exact or not top else margins.of_share(top[0].share, self.first.size)

    def _approximate(self, top: Margin | None, *, sampled_values: bool) -> dict[str, Margin]:
        found: dict[str, Margin] = {}
        if sampled_values:
            found["pii"] = margins.of_share(0.5, PROBED)
        if self._whole:
            return found
        if self.want.distinct is Distinct.SKETCHED:
            found["distinct"] = margins.of_sketch()
        if top is not None:
            found["top"] = top
        if self.first.at(self.want.index):
            rank = margins.of_rank(self._seen["present"] or 0)
            found["quantiles"] = rank
            if self.want.fences is not None:
                found["outliers"] = rank
        if self.want.entry.type is ColumnType.TEXT:
            found["trouble"] = margins.of_share(0.5, self.first.size)
        return found

    def _quantiles(self) -> dict[str, Cell]:
        at: list[Cell] | None = self.first.ranks.get(self.want.index, {}).get("at")
        if not at:
            return {}
        inner = {
            f"{rank:g}": _cell(self.want.entry, value)
            for rank, value in zip(RANKS, at, strict=True)
            if 0 < rank < 1
        }
        low, high = (_cell(self.want.entry, self.second.get(end)) for end in ("low", "high"))
        return {"0": low, **inner, "1": high}

    def _outliers(self) -> Outliers | None:
        if self.want.fences is None:
            return None
        below, above = self.want.fences
        return Outliers(below=below, above=above, count=int(self.second["outside"] or 0))

    def _lengths(self) -> Lengths | None:
        shortest = self.second.get("shortest")
        if shortest is None:
            return None
        return Lengths(min=shortest, mean=self.second["length"], max=self.second["longest"])

    def _histogram(self) -> tuple[Bin, ...]:
        counts = self._counts()
        at = self.first.at(self.want.index)
        if not counts or at is None:
            return ()
        upper, kind = self.want.bounds, self.want.entry.type
        if kind in _TIMES:
            return bins.time_bins(upper, counts, (at[0], at[-1]), days=kind is ColumnType.DATE)
        low, high = float(self.second["low"]), float(self.second["high"])
        draw = bins.whole_bins if kind is ColumnType.INTEGER else bins.number_bins
        return draw(upper, counts, low, high)

    def _counts(self) -> list[int]:
        up_to: list[int] | None = self.second.get("up_to")
        if up_to is None:
            return self.second.get("bins") or []
        ends = [0, *up_to, self.second["usable"]] if self.second["usable"] > up_to[-1] else [0, *up_to]
        return [right - left for left, right in pairwise(ends)]

    def _trouble(self, values: list[str]) -> TextTrouble:
        part = self.rows / self.first.size if self.first.size else 1.0
        seen = self._seen
        return TextTrouble(
            padded=round((seen["padded"] or 0) * part),
            blank=round((seen["blank"] or 0) * part),
            variants=self._distinct() - self.second["folded"] if self.want.folded else 0,
            numbers=share_of_numbers(values),
            dates=share_of_dates(values),
        )


def _cell(entry: Column, value: Any) -> Cell:
    if isinstance(value, str):
        if entry.type in _TIMES:
            return value.replace(" ", "T")
        return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    return _finite(value) if isinstance(value, float) else value


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
