"""The first scan: quantiles, frequent values, samples, correlations, from all rows or from a sample of them.

Up to `exact_rows` the pool is whole columns, read once and kept for the statement; beyond, it is a number of
rows drawn with a fixed seed, so that the same table gives the same profile. `exact` reads a column again for
each figure instead of keeping it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import combinations
from typing import Final

import sqlglot.expressions as exp

from sapwood_agents.analyst.profile.templates import fill, literals, place
from sapwood_agents.analyst.sql_conditions import column
from sapwood_storage.tabular.model import Column, ColumnType

RANKS: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
TOP: Final = 10
SHOWN: Final = 120
PROBED: Final = 1_000
WHITE: Final = " \t\r\n\v\f\u00a0\u2003\u3000\u200b\ufeff"
_PROBE_LENGTH: Final = 200
_SEED: Final = 42

_VALUES: Final = """
    SELECT to_json({
        'present': sum(n), 'distinct': count(v), 'most': max(n),
        'top': list_transform(min({'n': -n, 'v': v}, $top), lambda e: {'value': e.v, 'count': -e.n})
    })::VARCHAR
    FROM (SELECT $x AS v, count(*) AS n FROM pool WHERE $usable GROUP BY $x) AS groups
"""
_TEXTS: Final = """
    SELECT to_json({
        'present': sum(n), 'distinct': count(v), 'most': max(n),
        'top': list_transform(min({'n': -n, 'v': v}, $top),
                              lambda e: {'value': left(e.v, $shown), 'count': -e.n}),
        'padded': sum(n) FILTER (WHERE v <> trim(v, $white)),
        'blank': sum(n) FILTER (WHERE trim(v, $white) = '')
    })::VARCHAR
    FROM (SELECT $x AS v, count(*) AS n FROM pool WHERE $usable GROUP BY $x) AS groups
"""
_NUMBER_RANKS: Final = """
    SELECT to_json({'at': quantile_cont(x, $ranks)})::VARCHAR
    FROM (SELECT $x AS x FROM pool WHERE $usable) AS usable
"""
_TIME_RANKS: Final = """
    SELECT to_json({'at': quantile_disc(x, $ranks), 'epochs': quantile_cont(epoch(x), $ranks)})::VARCHAR
    FROM (SELECT $x AS x FROM pool WHERE $usable) AS usable
"""
# Filtered inside, sampled outside: in one SELECT the sample would be taken before the filter.
_PROBE: Final = """
    SELECT to_json(list(v))::VARCHAR
    FROM (SELECT left(v, $length) AS v FROM (SELECT $x::VARCHAR AS v FROM pool WHERE $usable) AS usable
          USING SAMPLE reservoir(1000 ROWS) REPEATABLE (42)) AS probe
"""
_NUMERIC: Final = (ColumnType.INTEGER, ColumnType.NUMBER)
_TIMES: Final = (ColumnType.DATE, ColumnType.TIMESTAMP)


class Pool(Enum):
    """What the figures of the first look are made from."""

    KEPT = "kept"  # all rows, read once and held by DuckDB while the statement runs
    SAMPLE = "sample"
    READ_AGAIN = "read_again"  # all rows, too many to hold


class Part(Enum):
    """What one row of the first look says."""

    SIZE = "size"
    VALUES = "values"
    RANKS = "ranks"
    PROBE = "probe"
    CORRELATIONS = "correlations"


def pool_of(columns: Sequence[tuple[int, Column]], pool: Pool, sample_rows: int) -> exp.Expr:
    """The common table that the parts read: these columns, by our names."""
    chosen = [exp.alias_(column(entry.name), f"c{index}") for index, entry in columns]
    rows = exp.select(*chosen).from_("data")
    if pool is Pool.SAMPLE:
        sample = exp.TableSample(
            method=exp.var("RESERVOIR"),
            size=exp.Literal.number(sample_rows),
            seed=exp.Literal.number(_SEED),
        )
        rows.set("sample", sample)
    return exp.CTE(
        this=rows,
        alias=exp.TableAlias(this=exp.to_identifier("pool")),
        materialized=pool is not Pool.READ_AGAIN,
    )


def statement(pool: exp.Expr, parts: Sequence[exp.Select]) -> exp.Expr:
    """All parts over one pool; each row is `place`, `part` and the JSON it found."""
    whole: exp.Query = parts[0]
    for part in parts[1:]:
        # The builder copies all that there is at each step, which takes seconds for a wide table.
        whole = exp.Union(this=whole, expression=part, distinct=False)
    whole.set("with_", exp.With(expressions=[pool]))
    return whole


def size() -> exp.Select:
    """How many rows the pool has."""
    return _part(-1, Part.SIZE, "SELECT count(*)::VARCHAR FROM pool")


def parts_of(index: int, entry: Column) -> list[exp.Select]:
    """What is looked at in one column."""
    x = place(index)
    usable = fill(
        "$x IS NOT NULL AND isfinite($x)" if entry.type in (ColumnType.NUMBER, *_TIMES) else "$x IS NOT NULL",
        x=x,
    )
    is_text = entry.type is ColumnType.TEXT
    gaps = {"x": x, "usable": usable, "top": TOP}
    found = [
        _part(index, Part.VALUES, _TEXTS, **gaps, shown=SHOWN + 1, white=WHITE)
        if is_text
        else _part(index, Part.VALUES, _VALUES, **gaps)
    ]
    if entry.type in _NUMERIC:
        found.append(_part(index, Part.RANKS, _NUMBER_RANKS, x=x, usable=usable, ranks=literals(RANKS)))
    if entry.type in _TIMES:
        found.append(_part(index, Part.RANKS, _TIME_RANKS, x=x, usable=usable, ranks=literals(RANKS)))
    if is_text or entry.type is ColumnType.INTEGER:
        found.append(_part(index, Part.PROBE, _PROBE, x=x, usable=usable, length=_PROBE_LENGTH))
    return found


def correlations(columns: Sequence[tuple[int, Column]]) -> exp.Select:
    """Pearson's coefficient of each pair in the pool, in the order of `pairs`."""
    usable = [exp.alias_(_finite(entry, place(index)), f"c{index}") for index, entry in columns]
    found = coefficients([place(index) for index, _ in columns])
    rows = exp.select(*usable).from_("pool").subquery("usable")
    return _part(-1, Part.CORRELATIONS, "SELECT to_json($found)::VARCHAR FROM $rows", found=found, rows=rows)


def coefficients(columns: Sequence[exp.Expr]) -> exp.Expr:
    """The list of Pearson's coefficients of every two columns, and of how many rows they are."""
    both = "{'r': corr($x, $y), 'n': regr_count($x, $y)}"
    return exp.Array(expressions=[fill(both, x=left, y=right) for left, right in combinations(columns, 2)])


def _finite(entry: Column, x: exp.Expr) -> exp.Expr:
    return fill("CASE WHEN isfinite($x) THEN $x END", x=x) if entry.type is ColumnType.NUMBER else x


def _part(index: int, part: Part, template: str, **gaps: exp.Expr | str | int) -> exp.Select:
    found = fill(template, **gaps)
    if not isinstance(found, exp.Select):
        raise TypeError("a part is one SELECT")
    place_, kind = exp.Literal.number(index), exp.Literal.string(part.value)
    found.set("expressions", [exp.alias_(place_, "place"), exp.alias_(kind, "part"), *found.expressions])
    return found
