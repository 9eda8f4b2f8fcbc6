"""The first scan: quantiles, frequent values, samples, correlations, from all rows or from a sample of them.

Up to `exact_rows` the pool is whole columns, read once and kept for the statement; beyond, each row is drawn
with the same chance and a fixed seed, so that the same table gives the same profile. `exact` reads a column
again for each figure instead of keeping it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import combinations
from typing import Final

from sapwood_agents.analyst.profile.templates import fill, literals, named
from sapwood_storage.tabular.cleaning.casts import trimmed
from sapwood_storage.tabular.model import Column, ColumnType

RANKS: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
TOP: Final = 10
SHOWN: Final = 120
PROBED: Final = 1_000
_PROBE_LENGTH: Final = 200
_SEED: Final = 42

_POOL: Final = "pool AS $kept (SELECT $chosen FROM data $sample)"
_VALUES: Final = """
    SELECT $index AS place, 'values' AS part, to_json({
        'present': sum(n), 'distinct': count(v), 'most': max(n),
        'top': list_transform(min({'n': -n, 'v': v}, $top), lambda e: {'value': e.v, 'count': -e.n})
    })::VARCHAR
    FROM (SELECT $x AS v, count(*) AS n FROM pool WHERE $usable GROUP BY $x) AS groups
"""
_TEXTS: Final = """
    SELECT $index AS place, 'values' AS part, to_json({
        'present': sum(n), 'distinct': count(v), 'most': max(n),
        'top': list_transform(min({'n': -n, 'v': v}, $top),
                              lambda e: {'value': left(e.v, $shown), 'count': -e.n}),
        'padded': sum(n) FILTER (WHERE v <> t),
        'blank': sum(n) FILTER (WHERE t = '')
    })::VARCHAR
    FROM (SELECT *, $trimmed AS t
          FROM (SELECT $x AS v, count(*) AS n FROM pool WHERE $usable GROUP BY $x) AS groups) AS trimmed
"""
# Filtered inside, sampled outside: in one SELECT the sample would be taken before the filter.
_PROBE: Final = """
    SELECT $index AS place, 'probe' AS part, to_json(list(v))::VARCHAR
    FROM (SELECT left(v, $length) AS v
          FROM (SELECT $x::VARCHAR AS v FROM pool WHERE $usable) AS usable
          USING SAMPLE reservoir($probed ROWS) REPEATABLE ($seed)) AS probe
"""
_USABLE: Final = "(SELECT $columns FROM pool) AS usable"
_WHOLE: Final = "SELECT -1 AS place, '$part' AS part, to_json($found)::VARCHAR FROM $rows"
_CONSTANTS: Final = {
    "top": str(TOP), "shown": str(SHOWN + 1), "trimmed": trimmed("v"), "length": str(_PROBE_LENGTH),
    "probed": str(PROBED), "seed": str(_SEED),
}  # fmt: skip
_NUMERIC: Final = (ColumnType.INTEGER, ColumnType.NUMBER)
_TIMES: Final = (ColumnType.DATE, ColumnType.TIMESTAMP)

Numbered = Sequence[tuple[int, Column]]


class Pool(Enum):
    """What the figures of the first look are made from."""

    KEPT = "kept"  # all rows, read once and held by DuckDB while the statement runs
    SAMPLE = "sample"
    READ_AGAIN = "read_again"  # all rows, too many to hold


class Part(Enum):
    """What one row of the first look says: of one column, or of several where the place is -1."""

    SIZE = "size"
    VALUES = "values"
    RANKS = "ranks"
    PROBE = "probe"
    CORRELATIONS = "correlations"


def pool_of(columns: Numbered, pool: Pool, share: float) -> str:
    """The common table that the parts read: these columns, by our names; `share` of the rows in a sample."""
    chosen = ", ".join(named(entry.name, f"c{index}") for index, entry in columns)
    sample = (
        f"USING SAMPLE BERNOULLI ({100 * share:.9f}%) REPEATABLE ({_SEED})" if pool is Pool.SAMPLE else ""
    )
    kept = "NOT MATERIALIZED" if pool is Pool.READ_AGAIN else "MATERIALIZED"
    return fill(_POOL, kept=kept, chosen=chosen, sample=sample)


def statement(pool: str, parts: Sequence[str]) -> str:
    """All parts over one pool; each row is `place`, `part` and the JSON it found."""
    return f"WITH {pool} {' UNION ALL '.join(parts)}"


def size() -> str:
    """How many rows the pool has."""
    return fill(_WHOLE, part=Part.SIZE.value, found="count(*)", rows="pool")


def parts_of(index: int, entry: Column) -> list[str]:
    """What is looked at in one column."""
    gaps = {"index": str(index), "x": f"c{index}", "usable": _usable(index, entry), **_CONSTANTS}
    found = [fill(_TEXTS if entry.type is ColumnType.TEXT else _VALUES, **gaps)]
    if entry.type in (ColumnType.TEXT, ColumnType.INTEGER):
        found.append(fill(_PROBE, **gaps))
    return found


def ranks(columns: Numbered) -> list[str]:
    """The quantiles of all columns that have an order, in one part: each part reads the pool again."""
    ordered = [(index, entry) for index, entry in columns if entry.type in (*_NUMERIC, *_TIMES)]
    if not ordered:
        return []
    found = f"[{', '.join(_ranks(index, entry) for index, entry in ordered)}]"
    return [fill(_WHOLE, part=Part.RANKS.value, found=found, rows="pool")]


def correlations(columns: Numbered) -> str:
    """Pearson's coefficient of each pair in the pool, in the order of `pairs`."""
    usable = ", ".join(f"{_finite(index, entry)} AS c{index}" for index, entry in columns)
    found = coefficients([f"c{index}" for index, _ in columns])
    rows = fill(_USABLE, columns=usable)
    return fill(_WHOLE, part=Part.CORRELATIONS.value, found=found, rows=rows)


def coefficients(columns: Sequence[str]) -> str:
    """The list of Pearson's coefficients of every two columns, and of how many rows they are."""
    pairs = (f"{{'r': corr({x}, {y}), 'n': regr_count({x}, {y})}}" for x, y in combinations(columns, 2))
    return f"[{', '.join(pairs)}]"


def _usable(index: int, entry: Column) -> str:
    finite = f" AND isfinite(c{index})" if entry.type in (ColumnType.NUMBER, *_TIMES) else ""
    return f"c{index} IS NOT NULL{finite}"


def _ranks(index: int, entry: Column) -> str:
    gaps = {"x": f"c{index}", "ranks": literals(RANKS), "usable": _usable(index, entry), "index": str(index)}
    if entry.type in _NUMERIC:
        at = "{'place': $index, 'at': quantile_cont($x, $ranks) FILTER (WHERE $usable)}"
    else:
        found = fill("quantile_disc($x, $ranks) FILTER (WHERE $usable)", **gaps)
        at = f"{{'place': $index, 'at': {found}, 'epochs': list_transform({found}, lambda t: epoch(t))}}"
    return fill(f"to_json({at})", **gaps)


def _finite(index: int, entry: Column) -> str:
    return (
        f"CASE WHEN isfinite(c{index}) THEN c{index} END" if entry.type is ColumnType.NUMBER else f"c{index}"
    )
