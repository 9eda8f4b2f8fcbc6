"""Counts beside the answer, in the same scan: rows used, values missing; and what the counts say in words."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlglot.expressions as exp

from sapwood_agents.analyst.answer import Check
from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.intent import Aggregate, Measure, QueryIntent, Shape
from sapwood_agents.analyst.sql import column
from sapwood_storage.tabular.model import Cell, ResultTable

SMALL_SAMPLE = 5
_NEEDS_VALUES = frozenset(
    {Aggregate.SUM, Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.MIN, Aggregate.MAX, Aggregate.DEVIATION,
     Aggregate.VARIANCE}
)  # fmt: skip


@dataclass(frozen=True)
class Instrumented:
    """The statement to run: the answer's columns, then `counters`, which `split` takes off again."""

    statement: exp.Select
    width: int
    measured: tuple[str, ...] = ()
    counted: bool = False
    windowed: bool = field(default=False, metadata={"doc": "the counters hold totals in each row"})

    def split(self, table: ResultTable) -> tuple[list[list[Cell]], list[list[int]]]:
        """The answer's rows and, for each, its counters (rows, then values of each measured column)."""
        rows = [row[: self.width] for row in table.rows]
        counters = [
            [int(cell) if isinstance(cell, int | float) else 0 for cell in row[self.width :]]
            for row in table.rows
        ]
        return rows, counters


def instrument(intent: QueryIntent, statement: exp.Select) -> Instrumented:
    """Add counters where the shape has a place for them; the answer's own columns stay first."""
    width = len(statement.selects)
    measured = tuple(
        dict.fromkeys(m.column for m in intent.measures if m.column and m.aggregate in _NEEDS_VALUES)
    )
    if intent.shape in (Shape.NUMBER, Shape.GROUPS):
        counters: list[exp.Expression] = [exp.Count(this=exp.Star())]
        counters += [exp.Count(this=column(name)) for name in measured]
        return Instrumented(_with(statement, counters), width, measured, counted=True)
    if intent.shape is Shape.RANKING and intent.groups and not intent.count_only:
        inner: list[exp.Expression] = [exp.Count(this=exp.Star())]
        inner += [exp.Count(this=column(name)) for name in measured]
        return Instrumented(_with(statement, inner), width, measured, counted=True, windowed=True)
    return Instrumented(statement, width)


def _with(statement: exp.Select, counters: list[exp.Expression]) -> exp.Select:
    named = [exp.alias_(counter, f"~{place}", quoted=True) for place, counter in enumerate(counters)]
    return statement.select(*named)


def judge(
    intent: QueryIntent,
    plan: Instrumented,
    rows: list[list[Cell]],
    counters: list[list[int]],
    card: TableCard,
) -> list[Check]:
    """What the counters found, in words; nothing is said of what is as it should be."""
    checks: list[Check] = []
    if plan.counted and counters:
        used = sum(counter[0] for counter in counters)
        checks.append(Check(code="rows_used", text=_rows_used(intent, used, card), count=used))
        for place, name in enumerate(plan.measured, start=1):
            missing = used - sum(counter[place] for counter in counters)
            if missing:
                text = f"{_rows(missing)} without a value in {name} left out"
                checks.append(Check(code="nulls_left_out", text=text, count=missing))
        checks += _small_groups(intent, plan, counters)
    checks += _null_group(intent, rows, counters)
    checks += _left_out_keys(intent, card)
    if intent.shape is Shape.RANKING and intent.limit is not None and len(rows) > intent.limit:
        text = (
            f"{len(rows)} share the first {intent.limit}"
            if intent.limit > 1
            else f"{len(rows)} share the first place"
        )
        checks.append(Check(code="ties", text=text, count=len(rows)))
    return checks


def _rows_used(intent: QueryIntent, used: int, card: TableCard) -> str:
    if intent.shape is Shape.RANKING:
        return f"the groups shown stand on {_rows(used)}"
    return f"stands on {_rows(used)} of {card.rows:,}"


def _small_groups(intent: QueryIntent, plan: Instrumented, counters: list[list[int]]) -> list[Check]:
    averaged = any(
        m.aggregate in (Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.SHARE, Aggregate.DEVIATION)
        for m in intent.measures
    )
    if not averaged:
        return []
    small = sum(1 for counter in counters if 0 < (counter[1] if plan.measured else counter[0]) < SMALL_SAMPLE)
    if not small:
        return []
    what = "the answer stands" if intent.shape is Shape.NUMBER else f"{small} of the groups stand"
    return [Check(code="small_sample", text=f"{what} on fewer than {SMALL_SAMPLE} values", count=small)]


def _null_group(intent: QueryIntent, rows: list[list[Cell]], counters: list[list[int]]) -> list[Check]:
    if intent.shape is not Shape.GROUPS:
        return []
    width = len(intent.groups)
    without = [i for i, row in enumerate(rows) if any(cell is None for cell in row[:width])]
    if not without:
        return []
    count = sum(counters[i][0] for i in without) if counters else len(without)
    names = " or ".join(group.column for group in intent.groups)
    return [
        Check(code="null_group", text=f"{_rows(count)} without a value in {names} stand last", count=count)
    ]


def _left_out_keys(intent: QueryIntent, card: TableCard) -> list[Check]:
    if intent.shape not in (Shape.RANKING, Shape.VALUES):
        return []
    checks: list[Check] = []
    for group in intent.groups:
        nulls = card.by_name[group.column].nulls
        if nulls:
            text = f"{_rows(nulls)} without a value in {group.column} left out"
            checks.append(Check(code="null_key_left_out", text=text, count=nulls))
    return checks


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def measured_columns(measures: tuple[Measure, ...]) -> tuple[str, ...]:
    """The columns that are aggregated."""
    return tuple(dict.fromkeys(measure.column for measure in measures if measure.column))
