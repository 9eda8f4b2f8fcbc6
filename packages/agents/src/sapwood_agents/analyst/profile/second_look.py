"""The second scan, of all rows: what needs no estimate, and histograms in bins that the first look chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import sqlglot.expressions as exp

from sapwood_agents.analyst.profile import first_look
from sapwood_agents.analyst.profile.first_look import SHOWN, TOP, WHITE
from sapwood_agents.analyst.profile.templates import Gap, fill, literals, place, struct
from sapwood_agents.analyst.sql_conditions import column
from sapwood_storage.tabular.model import Column, ColumnType

_NUMBER: Final = {
    "usable": "count($f)", "low": "min($f)", "high": "max($f)", "mean": "avg($f)",
    "deviation": "stddev_samp($f)", "zeros": "count_if($f = 0)", "negatives": "count_if($f < 0)",
}  # fmt: skip
_FIELDS: Final[Mapping[ColumnType, Mapping[str, str]]] = {
    ColumnType.INTEGER: _NUMBER,
    ColumnType.NUMBER: _NUMBER,
    ColumnType.DATE: {"usable": "count($f)", "low": "min($f)", "high": "max($f)"},
    ColumnType.TIMESTAMP: {"usable": "count($f)", "low": "min($f)", "high": "max($f)"},
    ColumnType.TEXT: {
        "shortest": "min(length($x))", "longest": "max(length($x))", "length": "avg(length($x))",
    },
    ColumnType.BOOLEAN: {},
}  # fmt: skip
_COUNTED: Final = """
    list_transform(
        list_sort(
            list_transform(map_entries(histogram($f)), lambda e: {'n': -e.value::BIGINT, 'v': e.key})
        )[1:$top],
        lambda e: {'value': $shown, 'count': -e.n})
"""
# All copies of a row have its hash, so those of one class of hashes stand for all. Two different rows of a
# million have the same hash in one table of thirty million.
_SOME_ROWS: Final = (
    "to_json({'kept': count_if(h % $k = 0), 'kinds': list_unique(list(h) FILTER (WHERE h % $k = 0))})"
)
_ALL_ROWS: Final = "to_json({'kept': count(h), 'kinds': count(DISTINCT h)})"
_CAN_BE_INFINITE: Final = (ColumnType.NUMBER, ColumnType.DATE, ColumnType.TIMESTAMP)


class Distinct(Enum):
    """How distinct values are counted in this scan."""

    KNOWN = "known"  # the first look saw all rows
    COUNTED = "counted"  # a few: each with its rows
    EXACT = "exact"  # thousands: exactly
    PROVED = "proved"  # perhaps as many as rows: exactly, since a key is at stake
    SKETCHED = "sketched"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for in one column."""

    index: int
    entry: Column
    distinct: Distinct
    bounds: tuple[float, ...] = ()  # upper bounds of a histogram's bins, of seconds since 1970 for times
    fences: tuple[float, float] | None = None
    folded: bool = False  # count values apart from case and space around them


@dataclass(frozen=True, slots=True)
class Across:
    """What to look for across columns: `rows` make a row, of whose hashes one in `one_in` is kept."""

    rows: tuple[Column, ...]
    one_in: int = 1
    correlated: tuple[tuple[int, Column], ...] = ()


def statement(wanted: Sequence[Wanted], across: Across | None) -> exp.Expr:
    """One SELECT whose only row has the JSON of each column, then of what was found across them."""
    source: list[exp.Expr] = []
    found: list[exp.Expr] = []
    for want in wanted:
        source += _named(want.index, want.entry)
        found.append(exp.func("to_json", struct(_fields(want)), copy=False))
    if across is not None:
        known = {want.index for want in wanted}
        for index, entry in across.correlated:
            source += _named(index, entry) if index not in known else []
        found.append(
            exp.func("to_json", first_look.coefficients([_usable(*one) for one in across.correlated]))
        )
        row = exp.Anonymous(this="hash", expressions=[column(entry.name) for entry in across.rows])
        source.append(exp.alias_(row, "h"))
        found.append(fill(_SOME_ROWS if across.one_in > 1 else _ALL_ROWS, k=across.one_in))
    # Results have names of their own: a table may have columns with ours.
    named = [
        exp.alias_(exp.cast(part, exp.DataType.Type.VARCHAR, copy=False), f"r{number}", copy=False)
        for number, part in enumerate(found)
    ]
    return exp.select(*named).from_(exp.select(*source).from_("data").subquery("rows"))


def _named(index: int, entry: Column) -> list[exp.Expr]:
    """The column by our name, and what is finite of it."""
    named: list[exp.Expr] = [exp.alias_(column(entry.name), f"c{index}")]
    if entry.type in _CAN_BE_INFINITE:
        finite = fill("CASE WHEN isfinite($x) THEN $x END", x=column(entry.name))
        named.append(exp.alias_(finite, f"f{index}"))
    return named


def _usable(index: int, entry: Column) -> exp.Expr:
    return exp.column(f"f{index}") if entry.type in _CAN_BE_INFINITE else place(index)


def _fields(want: Wanted) -> dict[str, exp.Expr]:
    kind = want.entry.type
    x = place(want.index)
    gaps: dict[str, Gap] = {"x": x, "f": _usable(want.index, want.entry)}
    fields = {"present": "count($x)", **_FIELDS[kind]}
    match want.distinct:
        case Distinct.COUNTED:
            fields |= {"distinct": "cardinality(histogram($f))", "top": _COUNTED}
            shown = "left(e.v, $n)" if kind is ColumnType.TEXT else "e.v"
            gaps |= {"top": TOP, "shown": fill(shown, n=SHOWN + 1)}
        case Distinct.EXACT:
            fields["distinct"] = "count(DISTINCT $f)"
        case Distinct.PROVED:
            # Different hashes are of different values; equal ones prove nothing, and count too low.
            fields["distinct"] = (
                "count(DISTINCT hash($x))" if kind is ColumnType.TEXT else "count(DISTINCT $f)"
            )
        case Distinct.SKETCHED:
            fields["distinct"] = "approx_count_distinct($f)"
        case Distinct.KNOWN:
            pass
    if want.folded:
        fields["folded"] = "count(DISTINCT lower(trim($x, $white)))"
        gaps["white"] = WHITE
    if want.bounds:
        number = "epoch($f)" if kind in (ColumnType.DATE, ColumnType.TIMESTAMP) else "$f::DOUBLE"
        fields["bins"] = "map_values(histogram($number, $bounds))"
        gaps |= {"number": fill(number, **gaps), "bounds": literals(want.bounds)}
    if want.fences is not None:
        fields["outside"] = "count_if($f < $below OR $f > $above)"
        gaps |= {"below": want.fences[0], "above": want.fences[1]}
    return {name: fill(sql, **gaps) for name, sql in fields.items()}
