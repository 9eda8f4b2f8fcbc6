"""Counts beside the answer, in the same statement: rows used, values missing; and what they say in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlglot.expressions as exp

from sapwood_agents.analyst.answer import Check
from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.intent import (
    Aggregate,
    Condition,
    Either,
    Every,
    Measure,
    Missing,
    QueryIntent,
    Shape,
    columns_of,
    every,
)
from sapwood_agents.analyst.sql import SqlWriter
from sapwood_agents.analyst.sql_conditions import column
from sapwood_storage.tabular.model import Cell, ResultTable

SMALL_SAMPLE = 5
_SAMPLED = frozenset(
    {Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.SHARE, Aggregate.DEVIATION, Aggregate.VARIANCE,
     Aggregate.CORRELATION}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """The rows behind one number, and how many of them had no value in what it reads, by name."""

    used: int
    missing: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def values(self) -> int:
        """How many values the number stands on."""
        return self.used - max(self.missing.values(), default=0)


@dataclass(frozen=True)
class Counted:
    """A result taken apart: the answer's rows, the tallies of each, and rows left out for want of a key."""

    rows: list[list[Cell]]
    tallies: list[tuple[Tally, ...]]
    left_out: dict[str, int]


@dataclass(frozen=True)
class Instrumented:
    """The statement to run: the answer's columns, then counters, which `split` takes off again.

    `layout` names, for each tally in a row, what may be missing; `keys` are the columns whose missing values
    the last cells count.
    """

    statement: exp.Select
    width: int
    layout: tuple[tuple[str, ...], ...] = ()
    keys: tuple[str, ...] = ()

    def split(self, table: ResultTable) -> Counted:
        """Take the counters off."""
        counters = [[_count(cell) for cell in row[self.width :]] for row in table.rows]
        lost = counters[0][len(counters[0]) - len(self.keys) :] if counters else [0] * len(self.keys)
        return Counted(
            [row[: self.width] for row in table.rows],
            [self._tallies(row) for row in counters] if self.layout else [],
            dict(zip(self.keys, lost, strict=True)),
        )

    def _tallies(self, counters: Sequence[int]) -> tuple[Tally, ...]:
        tallies: list[Tally] = []
        place = 0
        for names in self.layout:
            used, *present = counters[place : place + 1 + len(names)]
            tallies.append(Tally(used, {name: used - n for name, n in zip(names, present, strict=True)}))
            place += 1 + len(names)
        return tuple(tallies)


def instrument(intent: QueryIntent, statement: exp.Select, writer: SqlWriter) -> Instrumented:
    """Add counters where the shape has a place for them; the answer's own columns stay first."""
    width = len(statement.selects)
    counting = _Counting(writer)
    if intent.count_only:
        return Instrumented(statement, width)
    match intent.shape:
        case Shape.NUMBER | Shape.GROUPS:
            names, counters = counting.over(intent.measures)
            return Instrumented(_with(statement, counters), width, (names,))
        case Shape.RANKING if intent.key is None:
            names, counters = counting.over(intent.measures)
            keys, lost = counting.left_out([group.column for group in intent.groups], intent.where)
            return Instrumented(_with(statement, [*counters, *lost]), width, (names,), keys)
        case Shape.RANKING | Shape.VALUES:
            wanted = [group.column for group in intent.groups] or [m.column or "" for m in intent.measures]
            keys, lost = counting.left_out(wanted, intent.where)
            return Instrumented(_with(statement, lost), width, (), keys)
        case Shape.DIFFERENCE | Shape.RATIO:
            sides = [counting.side(intent, place) for place in range(len(intent.sides))]
            counters = [counter for _, counted in sides for counter in counted]
            return Instrumented(_with(statement, counters), width, tuple(names for names, _ in sides))
        case Shape.COMPARISON:
            return _comparison(intent, statement, counting, width)
        case Shape.ROWS | Shape.LOOKUP:
            return Instrumented(statement, width)


def _comparison(intent: QueryIntent, statement: exp.Select, counting: _Counting, width: int) -> Instrumented:
    """Each side is a SELECT of its own, so it counts its own rows; all sides count the same names."""
    measures = tuple(side.measure for side in intent.sides if side.measure is not None) or intent.measures
    names, counters = counting.over(measures)
    statement = statement.copy()
    for part in statement.find_all(exp.Select):
        if part.args["from_"].this.name == "data":
            part.select(*_named(counters), copy=False)
    kept = [exp.column(counter.alias, quoted=True) for counter in _named(counters)]
    return Instrumented(statement.select(*kept), width, (names,))


@dataclass(frozen=True)
class _Counting:
    writer: SqlWriter

    def over(self, measures: Sequence[Measure]) -> tuple[tuple[str, ...], list[exp.Expr]]:
        """A count of rows and one of the values that each measure finds among them."""
        within = measures[0].where if len(measures) == 1 and not _is_share(measures[0]) else None
        present: dict[str, exp.Expr] = {}
        for measure in measures:
            read = _read(measure, self.writer.card)
            if read:
                inside = None if _is_share(measure) else measure.where
                present.setdefault(" or ".join(read), self._values(read, inside))
        return tuple(present), [self._rows(within), *present.values()]

    def side(self, intent: QueryIntent, place: int) -> tuple[tuple[str, ...], list[exp.Expr]]:
        """The same for one side of a difference or a ratio, whose rows are picked by a filter."""
        side = intent.sides[place]
        measure = side.measure or intent.measures[0]
        within = every(side.where, None if _is_share(measure) else measure.where)
        read = _read(measure, self.writer.card)
        counters = [self._rows(within)]
        if read:
            counters.append(self._values(read, within))
        return ((" or ".join(read),) if read else ()), counters

    def left_out(
        self, names: Sequence[str], where: Condition | None
    ) -> tuple[tuple[str, ...], list[exp.Expr]]:
        """Rows that met the conditions and had no key; asked only of columns that miss values at all."""
        nullable = tuple(name for name in dict.fromkeys(names) if self.writer.card.by_name[name].nulls)
        counters: list[exp.Expr] = []
        for name in nullable:
            lost = every(where, Missing(column=name))
            counting = exp.select(exp.Count(this=exp.Star())).from_("data")
            counters.append(counting.where(self.writer.condition(lost, scope=where)).subquery())
        return nullable, counters

    def _rows(self, where: Condition | None) -> exp.Expr:
        return self._filtered(exp.Count(this=exp.Star()), where)

    def _values(self, names: Sequence[str], where: Condition | None) -> exp.Expr:
        if len(names) == 1:  # the cheapest there is: no condition for each row
            return self._filtered(exp.Count(this=column(names[0])), where)
        return self._rows(every(where, *(Missing(column=name, negated=True) for name in names)))

    def _filtered(self, counter: exp.Count, where: Condition | None) -> exp.Expr:
        if where is None:
            return counter
        return exp.Filter(this=counter, expression=exp.Where(this=self.writer.condition(where, scope=where)))


def judge(intent: QueryIntent, found: Counted, card: TableCard) -> list[Check]:
    """What the counters found, in words; nothing is said of what is as it should be."""
    checks: list[Check] = []
    tallies = [tally for row in found.tallies for tally in row]
    if tallies:
        used = sum(tally.used for tally in tallies)
        checks.append(Check(code="rows_used", text=_rows_used(intent, used, card), count=used))
        for name in dict.fromkeys(name for tally in tallies for name in tally.missing):
            missing = sum(tally.missing.get(name, 0) for tally in tallies)
            checks += _left_out("nulls_left_out", name, missing)
        checks += _small_sample(intent, tallies)
    checks += _null_group(intent, found)
    code = "nulls_left_out" if intent.key is not None else "null_key_left_out"
    for name, lost in found.left_out.items():
        checks += _left_out(code, name, lost)
    if intent.shape is Shape.RANKING and intent.limit is not None and len(found.rows) > intent.limit:
        count = len(found.rows)
        first = "the first place" if intent.limit == 1 else f"the first {intent.limit} places"
        checks.append(Check(code="ties", text=f"{count} share {first}", count=count))
    return checks


def _rows_used(intent: QueryIntent, used: int, card: TableCard) -> str:
    if intent.shape is Shape.RANKING:
        return f"the groups shown stand on {_rows(used)}"
    return f"stands on {_rows(used)} of {card.rows:,}"


def _left_out(code: str, name: str, count: int) -> list[Check]:
    text = f"{_rows(count)} without a value in {name} left out"
    return [Check(code=code, text=text, count=count)] if count else []


def _small_sample(intent: QueryIntent, tallies: Sequence[Tally]) -> list[Check]:
    sides = (side.measure for side in intent.sides if side.measure is not None)
    if not any(measure.aggregate in _SAMPLED for measure in (*intent.measures, *sides)):
        return []
    small = sum(0 < tally.values < SMALL_SAMPLE for tally in tallies)
    if not small:
        return []
    what = "the answer stands" if len(tallies) == 1 else f"{small} of the groups stand"
    return [Check(code="small_sample", text=f"{what} on fewer than {SMALL_SAMPLE} values", count=small)]


def _null_group(intent: QueryIntent, found: Counted) -> list[Check]:
    if intent.shape is not Shape.GROUPS:
        return []
    width = len(intent.groups)
    without = [place for place, row in enumerate(found.rows) if any(cell is None for cell in row[:width])]
    count = sum(found.tallies[place][0].used for place in without)
    names = " or ".join(dict.fromkeys(group.column for group in intent.groups))
    text = f"{_rows(count)} without a value in {names} stand last"
    return [Check(code="null_group", text=text, count=count)] if without else []


def _read(measure: Measure, card: TableCard) -> tuple[str, ...]:
    """The columns without whose value a row does not count for the measure, of those that miss any."""
    if measure.aggregate is Aggregate.COUNT:
        return ()
    names: tuple[str | None, ...] = (measure.column, measure.other)
    if _is_share(measure) and measure.column is None:
        names = tuple(name for name in columns_of(measure.where) if not _asks(measure.where, name))
    return tuple(name for name in names if name and card.by_name[name].nulls)


def _asks(where: Condition | None, name: str) -> bool:
    """Whether the condition is about the value being missing."""
    if isinstance(where, Every | Either):
        return any(_asks(part, name) for part in where.conditions)
    return isinstance(where, Missing) and where.column == name


def _is_share(measure: Measure) -> bool:
    return measure.aggregate is Aggregate.SHARE


def _with(statement: exp.Select, counters: Sequence[exp.Expr]) -> exp.Select:
    return statement.select(*_named(counters))


def _named(counters: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [exp.alias_(counter, f"~{place}", quoted=True) for place, counter in enumerate(counters)]


def _count(cell: Cell) -> int:
    return int(cell) if isinstance(cell, int | float) else 0


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
