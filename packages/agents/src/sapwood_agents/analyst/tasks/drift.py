"""How a table differs from an earlier one: its columns, its gaps, and how its values are spread.

Numbers and moments are counted between the tenths of the left table, texts by their most frequent values.
The population stability index is the sum of (b - a) ln(b / a) over the shares of both; above 0.1 a change
is worth a look and above 0.25 it is a large one (Siddiqi, Credit Risk Scorecards, 2006). The
Kolmogorov-Smirnov distance is the largest difference of the two cumulative shares at those tenths. The
Jensen-Shannon distance (Lin 1991, its root, to the base 2) lies between 0 for the same shares and 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlglot.expressions as exp
from pydantic import BaseModel, ConfigDict, Field

from sapwood_agents.analyst.ports import Dataset, Tables
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular.model import Column, ColumnType

LARGE_PSI: Final = 0.25
SMALL_PSI: Final = 0.1
LARGE_NULLS: Final = 0.05
"""So much more, or less, of a column is empty."""
_TENTHS: Final = 10
_MOST_VALUES: Final = 50
_LEAST: Final = 1e-4
"""The share that stands for none in a logarithm."""
_OTHER: Final = "(other)"
_ORDERED: Final = {ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.DATE, ColumnType.TIMESTAMP}


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(_Value):
    """One part of a column: a value, or all up to an edge; shares of the rows that have a value."""

    value: str
    left: float
    right: float


class ColumnDrift(_Value):
    """How one column of both tables differs."""

    name: str
    left_type: ColumnType
    right_type: ColumnType
    left_nulls: float = Field(description="the share of rows without a value")
    right_nulls: float
    psi: float | None = Field(default=None, description="population stability index; null for other types")
    ks: float | None = Field(
        default=None, description="Kolmogorov-Smirnov distance, of columns with an order"
    )
    js: float | None = Field(default=None, description="Jensen-Shannon distance, of texts")
    new: tuple[str, ...] = Field(default=(), description="frequent values of the right that the left lacks")
    gone: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    drifted: bool = False
    why: tuple[str, ...] = ()


class Drift(_Value):
    """What changed from the left table to the right one."""

    left: str
    right: str
    left_rows: int
    right_rows: int
    added: tuple[str, ...] = Field(default=(), description="columns that only the right one has")
    removed: tuple[str, ...] = ()
    columns: tuple[ColumnDrift, ...] = ()
    drifted: bool = False
    summary: str = ""


async def drift(tables: Tables, workspace: WorkspaceId, left: Dataset, right: Dataset, work: Work) -> Drift:
    """Compare two versions column by column, each in two statements; the tables are not read into memory."""
    of_right = {column.name: column for column in right.columns}
    both = [(column, of_right[column.name]) for column in left.columns if column.name in of_right]
    found: list[ColumnDrift] = []
    for done, (mine, theirs) in enumerate(both):
        work.progress(done, len(both), column=mine.name)
        await work.checkpoint()
        found.append(await _column(tables, workspace, (left, mine), (right, theirs)))
    added = tuple(name for name in of_right if name not in {column.name for column in left.columns})
    removed = tuple(column.name for column in left.columns if column.name not in of_right)
    drifted = [column for column in found if column.drifted]
    said = [f"{column.name}: {', '.join(column.why)}" for column in drifted]
    said += [f"{name} is new" for name in added] + [f"{name} is gone" for name in removed]
    return Drift(
        left=left.title, right=right.title, left_rows=left.rows, right_rows=right.rows, added=added,
        removed=removed, columns=tuple(found), drifted=bool(said),
        summary="; ".join(said) or f"no drift in {len(found)} columns",
    )  # fmt: skip


async def _column(
    tables: Tables, workspace: WorkspaceId, left: tuple[Dataset, Column], right: tuple[Dataset, Column]
) -> ColumnDrift:
    (a, mine), (b, theirs) = left, right
    nulls = [await _nulls(tables, workspace, each, mine.name) for each in (a, b)]
    measured: dict[str, Any] = {}
    if mine.type in _ORDERED and theirs.type in _ORDERED:
        measured = await _ordered(tables, workspace, a, b, mine)
    elif mine.type == theirs.type:
        measured = await _values(tables, workspace, a, b, mine.name)
    why: list[str] = []
    if mine.type is not theirs.type:
        why.append(f"{mine.type} became {theirs.type}")
    if abs(nulls[1] - nulls[0]) >= LARGE_NULLS:
        why.append(f"{nulls[0]:.1%} empty became {nulls[1]:.1%}")
    if (measured.get("psi") or 0.0) >= LARGE_PSI:
        why.append(f"its values are spread another way (PSI {measured['psi']:.2f})")
    return ColumnDrift(
        name=mine.name, left_type=mine.type, right_type=theirs.type, left_nulls=nulls[0],
        right_nulls=nulls[1], drifted=bool(why), why=tuple(why), **measured,
    )  # fmt: skip


async def _nulls(tables: Tables, workspace: WorkspaceId, dataset: Dataset, name: str) -> float:
    sql = f"SELECT count(*) - count({_quoted(name)}) FROM data"  # noqa: S608 - quoted
    rows = (await tables.query(workspace, dataset.version, sql)).rows
    return float(rows[0][0] or 0) / dataset.rows if dataset.rows else 0.0


async def _ordered(
    tables: Tables, workspace: WorkspaceId, a: Dataset, b: Dataset, column: Column
) -> dict[str, Any]:
    name = _quoted(column.name)
    ranks = ", ".join(str(n / _TENTHS) for n in range(1, _TENTHS + 1))  # the last is the largest value
    sql = f"SELECT unnest(list_distinct(quantile_disc({name}, [{ranks}])))::VARCHAR AS edge FROM data"  # noqa: S608
    rows = (await tables.query(workspace, a.version, f"SELECT edge FROM ({sql}) ORDER BY edge")).rows  # noqa: S608
    kind = {"date": "DATE", "timestamp": "TIMESTAMP"}.get(column.type, "DOUBLE")
    edges = [str(row[0]) for row in rows if row[0] is not None]
    if column.type in (ColumnType.INTEGER, ColumnType.NUMBER):
        edges = sorted(edges, key=float)
    if not edges:
        return {}
    counts = [await _between(tables, workspace, each, name, edges, kind) for each in (a, b)]
    shares = [_shares(each) for each in counts]
    if not all(shares):
        return {}
    labels = [f"up to {edge}" for edge in edges] + [f"over {edges[-1]}"]
    return {
        "psi": psi(*shares),
        "ks": max(abs(x - y) for x, y in zip(*map(_cumulated, shares), strict=True)),
        "shares": tuple(
            Share(value=label, left=x, right=y) for label, x, y in zip(labels, *shares, strict=True)
        ),
    }


async def _between(
    tables: Tables, workspace: WorkspaceId, dataset: Dataset, name: str, edges: Sequence[str], kind: str
) -> list[int]:
    limits = [f"CAST({_literal(edge)} AS {kind})" for edge in edges]
    below = [f"count(*) FILTER (WHERE {name} <= {limit})" for limit in limits]
    sql = f"SELECT {', '.join([*below, f'count({name})'])} FROM data"  # noqa: S608 - quoted
    row = (await tables.query(workspace, dataset.version, sql)).rows[0]
    upto = [int(str(each or 0)) for each in row]
    return [upto[0], *(upto[n] - upto[n - 1] for n in range(1, len(upto)))]


async def _values(
    tables: Tables, workspace: WorkspaceId, a: Dataset, b: Dataset, name: str
) -> dict[str, Any]:
    counts = [await _frequent(tables, workspace, each, name) for each in (a, b)]
    names = sorted({*counts[0], *counts[1]} - {_OTHER}, key=lambda each: -counts[0].get(each, 0))
    totals = [sum(each.values()) for each in counts]
    if not all(totals) or (max(map(len, counts)) > _MOST_VALUES and _is_free(counts, totals)):
        return {}
    kept = [*names[:_MOST_VALUES], _OTHER]
    shares = [
        [each.get(name, 0) / total for name in kept[:-1]] for each, total in zip(counts, totals, strict=True)
    ]
    shares = [[*each, max(0.0, 1 - sum(each))] for each in shares]
    return {
        "psi": psi(*shares),
        "js": jensen_shannon(*shares),
        "new": tuple(each for each in names if each not in counts[0] and len(counts[0]) <= _MOST_VALUES),
        "gone": tuple(each for each in names if each not in counts[1] and len(counts[1]) <= _MOST_VALUES),
        "shares": tuple(
            Share(value=v, left=x, right=y) for v, x, y in zip(kept, *shares, strict=True) if x or y
        ),
    }


async def _frequent(tables: Tables, workspace: WorkspaceId, dataset: Dataset, name: str) -> Mapping[str, int]:
    """How often each frequent value is there, and all others together."""
    column = _quoted(name)
    sql = f"""
        SELECT CAST({column} AS VARCHAR) AS value, count(*) AS n FROM data WHERE {column} IS NOT NULL
        GROUP BY 1 ORDER BY n DESC, value LIMIT {_MOST_VALUES}
    """  # noqa: S608 - quoted
    rows = (await tables.query(workspace, dataset.version, sql)).rows
    found = {str(value)[:120]: int(str(count)) for value, count in rows}
    total = (await tables.query(workspace, dataset.version, f"SELECT count({column}) FROM data")).rows[0][0]  # noqa: S608
    rest = int(str(total or 0)) - sum(found.values())
    return {**found, _OTHER: rest} if rest else found


def _is_free(counts: Sequence[Mapping[str, int]], totals: Sequence[int]) -> bool:
    """Texts that seldom repeat tell nothing by their shares."""
    return all(each.get(_OTHER, 0) / total > 0.5 for each, total in zip(counts, totals, strict=True))


def psi(left: Sequence[float], right: Sequence[float]) -> float:
    """The population stability index of two lists of shares; none is taken for a ten-thousandth."""
    pairs = [(max(a, _LEAST), max(b, _LEAST)) for a, b in zip(left, right, strict=True)]
    return sum((b - a) * math.log(b / a) for a, b in pairs)


def jensen_shannon(left: Sequence[float], right: Sequence[float]) -> float:
    """The Jensen-Shannon distance of two lists of shares, from 0 to 1."""
    middle = [(a + b) / 2 for a, b in zip(left, right, strict=True)]
    return math.sqrt(max(0.0, (_divergence(left, middle) + _divergence(right, middle)) / 2))


def _divergence(shares: Sequence[float], of: Sequence[float]) -> float:
    return sum(a * math.log2(a / b) for a, b in zip(shares, of, strict=True) if a)


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts] if total else []


def _cumulated(shares: Sequence[float]) -> list[float]:
    return [sum(shares[: place + 1]) for place in range(len(shares))]


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")


def _literal(text: str) -> str:
    return exp.Literal.string(text).sql(dialect="duckdb")
