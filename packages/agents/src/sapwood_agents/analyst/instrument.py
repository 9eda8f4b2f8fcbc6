"""Counts beside the answer, in the same statement: rows used, values missing; and what they say in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlglot.expressions as exp

from sapwood_agents.analyst.answer import Check
from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.counters import Counters
from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Membership,
    Operator,
    QueryIntent,
    Shape,
)
from sapwood_agents.analyst.sql import SqlWriter
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
    """A result taken apart: the answer's rows, the tallies of each, and rows left out for want of a key.

    `together` is what the sides of a comparison stand on, each row once; `denied` counts the rows that no
    `not` could be said of, for want of a value.
    """

    rows: list[list[Cell]]
    tallies: list[tuple[Tally, ...]]
    left_out: dict[str, int]
    together: Tally | None = None
    denied: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Instrumented:
    """The statement to run: the answer's columns, then counters, which `split` takes off again.

    `layout` names, for each tally in a row, what may be missing; `together` those of all sides together;
    `keys`, and `denied` behind them, are the columns whose missing values the last cells count. Where no row
    stands on two sides, the sides are added up and not counted again.
    """

    statement: exp.Select
    width: int
    layout: tuple[tuple[str, ...], ...] = ()
    keys: tuple[str, ...] = ()
    together: tuple[str, ...] | None = None
    apart: bool = False
    denied: tuple[str, ...] = ()

    def split(self, table: ResultTable) -> Counted:
        """Take the counters off."""
        counters = [[_count(cell) for cell in row[self.width :]] for row in table.rows]
        ends = len(self.keys) + len(self.denied)
        lost = counters[0][len(counters[0]) - ends :] if counters else [0] * ends
        tallies = [self._tallies(row) for row in counters] if self.layout else []
        return Counted(
            [row[: self.width] for row in table.rows],
            tallies,
            dict(zip(self.keys, lost[: len(self.keys)], strict=True)),
            self._together(counters[0], tallies) if counters and self.together is not None else None,
            dict(zip(self.denied, lost[len(self.keys) :], strict=True)),
        )

    def _tallies(self, counters: Sequence[int]) -> tuple[Tally, ...]:
        tallies: list[Tally] = []
        place = 0
        for names in self.layout:
            used, *present = counters[place : place + 1 + len(names)]
            tallies.append(Tally(used, {name: used - n for name, n in zip(names, present, strict=True)}))
            place += 1 + len(names)
        return tuple(tallies)

    def _together(self, counters: Sequence[int], tallies: Sequence[tuple[Tally, ...]]) -> Tally:
        if self.apart:
            each = [tally for row in tallies for tally in row]
            lost = {name: sum(tally.missing.get(name, 0) for tally in each) for name in self.together or ()}
            return Tally(sum(tally.used for tally in each), lost)
        names = self.together or ()
        used, *rest = counters[sum(1 + len(names) for names in self.layout) :]
        return Tally(used, dict(zip(names, rest[: len(names)], strict=True)))


def instrument(intent: QueryIntent, statement: exp.Select, writer: SqlWriter) -> Instrumented:
    """Add counters where the shape has a place for them; the answer's own columns stay first."""
    plan = _of_shape(intent, statement, writer)
    denied, counters = Counters(writer).denied(intent)
    if denied and not intent.count_only:
        # Named apart from the counters that are there already.
        named = [exp.alias_(counter, f"~not {place}", quoted=True) for place, counter in enumerate(counters)]
        plan = replace(plan, statement=plan.statement.select(*named), denied=denied)
    return replace(plan, statement=writer.spelled_out(plan.statement))


def _of_shape(intent: QueryIntent, statement: exp.Select, writer: SqlWriter) -> Instrumented:
    width = len(statement.selects)
    counting = Counters(writer)
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
            together, stand = counting.together(intent)
            apart = _stand_apart(intent)
            if not apart:
                counters += [
                    exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=one))
                    for one in stand
                ]
            layout = tuple(names for names, _ in sides)
            return Instrumented(_with(statement, counters), width, layout, together=together, apart=apart)
        case Shape.COMPARISON:
            return _comparison(intent, statement, counting, width)
        case Shape.ROWS | Shape.LOOKUP:
            return Instrumented(statement, width)


def _comparison(intent: QueryIntent, statement: exp.Select, counting: Counters, width: int) -> Instrumented:
    """Each side is a SELECT of its own, so it counts its own rows; all sides count the same names."""
    measures = tuple(side.measure for side in intent.sides if side.measure is not None) or intent.measures
    names, counters = counting.over(measures)
    statement = statement.copy()
    for part in statement.find_all(exp.Select):
        if part.args["from_"].this.name == "data":
            part.select(*_named(counters), copy=False)
    kept: list[exp.Expr] = [exp.column(counter.alias, quoted=True) for counter in _named(counters)]
    together, stand = counting.together(intent)
    apart = _stand_apart(intent)
    if apart:
        stand = []
    whole = [exp.select(exp.Count(this=exp.Star())).from_("data").where(one).subquery() for one in stand]
    return Instrumented(_with(statement, [*kept, *whole]), width, (names,), together=together, apart=apart)


def _stand_apart(intent: QueryIntent) -> bool:
    """Whether the sides are different values of one column, with the same measure of each."""
    if len(intent.measures) > 1 and any(measure.where is not None for measure in intent.measures):
        return False
    columns: set[str] = set()
    values: list[Cell] = []
    for side in intent.sides:
        if side.measure is not None or not isinstance(side.where, Membership | Comparison):
            return False
        columns.add(side.where.column)
        if isinstance(side.where, Membership) and not side.where.negated:
            values += set(side.where.values)
        elif isinstance(side.where, Comparison) and side.where.operator is Operator.EQUAL:
            values.append(side.where.value)
        else:
            return False
    return len(columns) == 1 and len(values) == len(set(values))


def judge(intent: QueryIntent, found: Counted, card: TableCard) -> list[Check]:
    """What the counters found, in words; nothing is said of what is as it should be."""
    checks: list[Check] = []
    tallies = [tally for row in found.tallies for tally in row]
    if tallies:
        used = found.together.used if found.together else sum(tally.used for tally in tallies)
        checks.append(Check(code="rows_used", text=_rows_used(intent, found, used, card), count=used))
        for name in dict.fromkeys(name for tally in tallies for name in tally.missing):
            counts = [found.together] if found.together else tallies
            missing = sum(tally.missing.get(name, 0) for tally in counts)
            checks += _left_out("nulls_left_out", name, missing)
        checks += _small_sample(intent, tallies)
    checks += _null_group(intent, found)
    code = "nulls_left_out" if intent.key is not None else "null_key_left_out"
    for name, lost in found.left_out.items():
        checks += _left_out(code, name, lost)
    for name, lost in found.denied.items():
        checks += _left_out("nulls_left_out", name, lost)
    if intent.shape is Shape.RANKING and intent.limit is not None and len(found.rows) > intent.limit:
        count = len(found.rows)
        first = "the first place" if intent.limit == 1 else f"the first {intent.limit} places"
        checks.append(Check(code="ties", text=f"{count} share {first}", count=count))
    return checks


def _rows_used(intent: QueryIntent, found: Counted, used: int, card: TableCard) -> str:
    if intent.shape is Shape.RANKING:
        shown = "the group shown stands" if len(found.rows) == 1 else "the groups shown stand"
        return f"{shown} on {counted(used, 'row')}"
    return f"stands on {counted(used, 'row')} of {card.rows:,}"


def _left_out(code: str, name: str, count: int) -> list[Check]:
    text = f"{counted(count, 'row')} without a value in {name} left out"
    return [Check(code=code, text=text, count=count)] if count else []


def _small_sample(intent: QueryIntent, tallies: Sequence[Tally]) -> list[Check]:
    sides = (side.measure for side in intent.sides if side.measure is not None)
    if not any(measure.aggregate in _SAMPLED for measure in (*intent.measures, *sides)):
        return []
    small = sum(0 < tally.values < SMALL_SAMPLE for tally in tallies)
    if not small:
        return []
    several = f"{small} of the {'sides' if intent.sides else 'groups'} {'stands' if small == 1 else 'stand'}"
    what = "the answer stands" if len(tallies) == 1 else several
    return [Check(code="small_sample", text=f"{what} on fewer than {SMALL_SAMPLE} values", count=small)]


def _null_group(intent: QueryIntent, found: Counted) -> list[Check]:
    if intent.shape is not Shape.GROUPS:
        return []
    width = len(intent.groups)
    without = [place for place, row in enumerate(found.rows) if any(cell is None for cell in row[:width])]
    count = sum(found.tallies[place][0].used for place in without)
    names = " or ".join(dict.fromkeys(group.column for group in intent.groups))
    text = f"{counted(count, 'row')} without a value in {names} {'stands' if count == 1 else 'stand'} last"
    return [Check(code="null_group", text=text, count=count)] if without else []


def _with(statement: exp.Select, counters: Sequence[exp.Expr]) -> exp.Select:
    return statement.select(*_named(counters))


def _named(counters: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [exp.alias_(counter, f"~{place}", quoted=True) for place, counter in enumerate(counters)]


def _count(cell: Cell) -> int:
    return int(cell) if isinstance(cell, int | float) else 0
