"""The second scan, of all rows: what needs no estimate, and histograms in bins that the first look chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sapwood_agents.analyst.profile import first_look
from sapwood_agents.analyst.profile.first_look import SHOWN, TOP
from sapwood_agents.analyst.profile.templates import fill, literal, literals, named, struct
from sapwood_storage.tabular.cleaning.casts import trimmed
from sapwood_storage.tabular.cleaning.quoting import quoted
from sapwood_storage.tabular.model import Column, ColumnType

_NUMBER: Final = {
    "usable": "count($f)", "low": "min($f)", "high": "max($f)", "mean": "avg($f)",
    "deviation": "stddev_samp($f)", "zeros": "count_if($f = 0)", "negatives": "count_if($f < 0)",
}  # fmt: skip
_TIME: Final = {"usable": "count($f)", "low": "min($f)", "high": "max($f)"}
_FIELDS: Final[Mapping[ColumnType, Mapping[str, str]]] = {
    ColumnType.INTEGER: _NUMBER,
    ColumnType.NUMBER: _NUMBER,
    ColumnType.DATE: _TIME,
    ColumnType.TIMESTAMP: _TIME,
    ColumnType.TEXT: {
        "shortest": "min(length($x))", "longest": "max(length($x))", "length": "avg(length($x))",
    },
    ColumnType.BOOLEAN: {},
}  # fmt: skip
_COUNTED: Final = f"""
    list_transform(
        list_sort(
            list_transform(map_entries(histogram($f)), lambda e: {{'n': -e.value::BIGINT, 'v': e.key}})
        )[1:{TOP}],
        lambda e: {{'value': $shown, 'count': -e.n}})
"""
# A bit for each number in a range, and what lies beyond it in the usual way: a fifth of the time of a count
# of distinct values, and exact wherever the range is put.
_BITS: Final = """
    coalesce(bit_count(bitstring_agg(
        CASE WHEN $f BETWEEN $least AND $most THEN $f::BIGINT END, $least, $most)), 0)
    + count(DISTINCT CASE WHEN $f NOT BETWEEN $least AND $most THEN $f END)
"""
_FOLDED: Final = f"len(list_distinct(list_transform($kinds, lambda v: lower({trimmed('v')}))))"
# All copies of a row have its hash, so those of one class of hashes stand for all. Two different rows of a
# million have the same hash in one table of thirty million.
_SOME_ROWS: Final = (
    "to_json({'kept': count_if(h % $k = 0), 'kinds': list_unique(list(h) FILTER (WHERE h % $k = 0))})"
)
_ALL_ROWS: Final = "to_json({'kept': count(h), 'kinds': count(DISTINCT h)})"
_TIMES: Final = (ColumnType.DATE, ColumnType.TIMESTAMP)
_CAN_BE_INFINITE: Final = (ColumnType.NUMBER, *_TIMES)


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
    within: tuple[int, int] | None = None  # whole numbers, about all of them between these
    many: bool = False  # rows: then a count for each bin costs less than finding each value's bin


@dataclass(frozen=True, slots=True)
class Across:
    """What to look for across columns: `rows` make a row, of whose hashes one in `one_in` is kept."""

    rows: tuple[Column, ...]
    one_in: int = 1
    correlated: tuple[tuple[int, Column], ...] = ()


def statement(wanted: Sequence[Wanted], across: Across | None) -> str:
    """One SELECT whose only row has the JSON of each column, then of what was found across them."""
    source: list[str] = []
    found: list[str] = []
    for want in wanted:
        source += _named(want.index, want.entry)
        found.append(f"to_json({struct(_fields(want))})")
    if across is not None:
        known = {want.index for want in wanted}
        for index, entry in across.correlated:
            source += _named(index, entry) if index not in known else []
        found.append(f"to_json({first_look.coefficients([_usable(*one) for one in across.correlated])})")
        source.append(f"hash({', '.join(quoted(entry.name) for entry in across.rows)}) AS h")
        found.append(fill(_SOME_ROWS if across.one_in > 1 else _ALL_ROWS, k=str(across.one_in)))
    # Results have names of their own: a table may have columns with ours.
    results = ", ".join(f"({part})::VARCHAR AS r{number}" for number, part in enumerate(found))
    return f"SELECT {results} FROM (SELECT {', '.join(source)} FROM data) AS rows"  # noqa: S608 - quoted names


def _named(index: int, entry: Column) -> list[str]:
    """The column by our name, and what is finite of it."""
    column = quoted(entry.name)
    finite = f"CASE WHEN isfinite({column}) THEN {column} END AS f{index}"
    return [named(entry.name, f"c{index}"), *([finite] if entry.type in _CAN_BE_INFINITE else [])]


def _usable(index: int, entry: Column) -> str:
    return f"f{index}" if entry.type in _CAN_BE_INFINITE else f"c{index}"


def _fields(want: Wanted) -> dict[str, str]:
    kind = want.entry.type
    gaps = {"x": f"c{want.index}", "f": _usable(want.index, want.entry)}
    fields = {"present": "count($x)", **_FIELDS[kind], **_distinct(want)}
    gaps["shown"] = f"left(e.v, {SHOWN + 1})" if kind is ColumnType.TEXT else "e.v"
    if want.within is not None:
        gaps["least"], gaps["most"] = (f"({end}::BIGINT)" for end in want.within)
    if want.bounds:
        number = "epoch($f)" if kind in _TIMES else "$f::DOUBLE"
        if want.many:
            fields["up_to"] = f"[{', '.join(f'count_if({number} <= {literal(one)})' for one in want.bounds)}]"
        else:
            fields["bins"] = f"map_values(histogram({number}, {literals(want.bounds)}))"
    if want.fences is not None:
        below, above = map(literal, want.fences)
        fields["outside"] = f"count_if($f < {below} OR $f > {above})"
    return {name: fill(sql, **gaps) for name, sql in fields.items()}


def _distinct(want: Wanted) -> dict[str, str]:
    found: dict[str, str] = {}
    kinds = "list(DISTINCT $x) FILTER (WHERE $x IS NOT NULL)"
    match want.distinct:
        case Distinct.COUNTED:
            found = {"distinct": "cardinality(histogram($f))", "top": _COUNTED}
            kinds = "map_keys(histogram($x))"
        case Distinct.EXACT | Distinct.PROVED if want.within is not None:
            found["distinct"] = _BITS
        case Distinct.PROVED if want.entry.type is ColumnType.TEXT:
            # Different hashes are of different values; equal ones prove nothing, and count too low.
            found["distinct"] = "count(DISTINCT hash($x))"
        case Distinct.EXACT if want.folded:
            found["distinct"] = f"len({kinds})"
        case Distinct.EXACT | Distinct.PROVED:
            found["distinct"] = "count(DISTINCT $f)"
        case Distinct.SKETCHED:
            found["distinct"] = "approx_count_distinct($f)"
        case Distinct.KNOWN:
            pass
    if want.folded:
        found["folded"] = _FOLDED.replace("$kinds", kinds)
    return found
