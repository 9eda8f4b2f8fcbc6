"""What counts the rows behind an answer, as SQL: those used, those without a value, those without a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot.expressions as exp

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.denied import asked_about, denied_columns, granted
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


@dataclass(frozen=True)
class Counters:
    """Writes counters for the measures of one question."""

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

    def denied(self, intent: QueryIntent) -> tuple[tuple[str, ...], list[exp.Expr]]:
        """Rows left out since nobody knows whether they are not so, by the column without a value."""
        asked = asked_about(intent)
        names = dict.fromkeys(name for condition in asked for name in denied_columns(condition))
        nullable = tuple(name for name in names if self.writer.card.by_name[name].nulls)
        return nullable, [self._unknown(name, asked) for name in nullable]

    def together(self, intent: QueryIntent) -> tuple[tuple[str, ...], list[exp.Expr]]:
        """Which rows stand on any side, and which of them are left out for want of a value, by name.

        A row may stand on several sides, `average price` and `average cost`, so that no sum of theirs tells.
        """
        around = intent.where if intent.shape is Shape.COMPARISON else None  # else the statement has it
        stand: list[exp.Expr] = []
        lost: dict[str, list[exp.Expr]] = {}
        for side in intent.sides:
            for measure in (side.measure,) if side.measure is not None else intent.measures:
                within = every(around, side.where, None if _is_share(measure) else measure.where)
                stand.append(self._met(within, within))
                if read := _read(measure, self.writer.card):
                    several = tuple(Missing(column=name) for name in read)
                    missing = Either(conditions=several) if several[1:] else Missing(column=read[0])
                    without = every(within, missing)
                    lost.setdefault(" or ".join(read), []).append(self._met(without, within))
        return tuple(lost), [exp.or_(*stand), *(exp.or_(*each) for each in lost.values())]

    def _unknown(self, name: str, asked: Sequence[Condition]) -> exp.Expr:
        lost: list[exp.Expr] = []
        for condition in asked:
            if name in denied_columns(condition):
                wanted = every(granted(condition, name), Missing(column=name))
                met = exp.Is(this=exp.paren(self._met(condition, condition)), expression=exp.true())
                lost.append(exp.and_(self._met(wanted, condition), exp.not_(met)))
        counting = exp.select(exp.Count(this=exp.Star())).from_("data")
        return counting.where(exp.or_(*lost)).subquery()

    def _met(self, condition: Condition | None, scope: Condition | None) -> exp.Expr:
        return exp.true() if condition is None else self.writer.condition(condition, scope=scope)

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
