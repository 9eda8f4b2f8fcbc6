"""Conditions as SQL, by sqlglot's builder."""

from __future__ import annotations

import re

import sqlglot.expressions as exp

from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    BetweenColumns,
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Every,
    Membership,
    Missing,
    Operator,
    Period,
    Scalar,
    TextMatch,
    every,
)

COMPARE: dict[Operator, type[exp.Binary]] = {
    Operator.EQUAL: exp.EQ, Operator.UNEQUAL: exp.NEQ, Operator.MORE: exp.GT,
    Operator.AT_LEAST: exp.GTE, Operator.LESS: exp.LT, Operator.AT_MOST: exp.LTE,
}  # fmt: skip
AGGREGATES = {
    Aggregate.SUM: "sum", Aggregate.MEAN: "avg", Aggregate.MEDIAN: "median", Aggregate.MIN: "min",
    Aggregate.MAX: "max", Aggregate.DEVIATION: "stddev_samp", Aggregate.VARIANCE: "var_samp",
}  # fmt: skip
MOMENT = "moment"
"""The mark of a reference that stands for a time."""
PARTS = {
    "month": "month",
    "weekday": "isodow",
    "hour": "hour",
    "day": "day",
    "quarter": "quarter",
    "year": "year",
}


def condition_sql(condition: Condition | None, *, scope: Condition | None = None) -> exp.Expr:
    """A boolean expression; averages inside it are taken over the rows of the rest of `scope`."""
    match condition:
        case Every():
            return exp.and_(*(condition_sql(part, scope=scope) for part in condition.conditions))
        case Either():
            return exp.paren(exp.or_(*(condition_sql(part, scope=scope) for part in condition.conditions)))
        case Comparison():
            return COMPARE[condition.operator](
                this=column(condition.column), expression=literal(condition.value)
            )
        case Membership():
            return _membership(condition)
        case Period():
            return _period(condition)
        case CalendarPart():
            part = exp.func(PARTS[condition.part], moment(condition.column))
            inside = exp.In(this=part, expressions=[literal(value) for value in condition.values])
            return exp.not_(inside) if condition.negated else inside
        case Missing():
            null = exp.Is(this=column(condition.column), expression=exp.Null())
            return exp.not_(null) if condition.negated else null
        case TextMatch():
            return _text(condition)
        case AgainstAverage():
            return _against_average(condition, scope)
        case BetweenColumns():
            return COMPARE[condition.operator](
                this=column(condition.column), expression=column(condition.other)
            )
        case None:
            return exp.true()


def _membership(condition: Membership) -> exp.Expr:
    name = column(condition.column)
    if len(condition.values) == 1:
        kind = exp.NEQ if condition.negated else exp.EQ
        return kind(this=name, expression=literal(condition.values[0]))
    inside = exp.In(this=name, expressions=[literal(value) for value in condition.values])
    return exp.not_(inside) if condition.negated else inside


def _period(condition: Period) -> exp.Expr:
    name = moment(condition.column)
    parts: list[exp.Expr] = []
    if condition.start is not None:
        parts.append(exp.GTE(this=name.copy(), expression=exp.cast(literal(condition.start), "DATE")))
    if condition.end is not None:
        parts.append(exp.LT(this=name.copy(), expression=exp.cast(literal(condition.end), "DATE")))
    both = exp.and_(*parts)
    return exp.not_(exp.paren(both)) if condition.negated else both


def _text(condition: TextMatch) -> exp.Expr:
    name = exp.func("lower", column(condition.column))
    text = literal(condition.text.lower())
    if condition.how == "lists":
        entry = literal(rf"(^|[,;|/])\s*{re.escape(condition.text.lower())}\s*($|[,;|/])")
        listed = exp.Anonymous(this="regexp_matches", expressions=[name, entry])
        return exp.not_(listed) if condition.negated else listed
    function = {"starts": "starts_with", "ends": "suffix", "contains": "contains"}[condition.how]
    match = exp.Anonymous(this=function, expressions=[name, text])
    return exp.not_(match) if condition.negated else match


def _against_average(condition: AgainstAverage, scope: Condition | None) -> exp.Expr:
    rest = [part for part in _flat(scope) if part.kind != "average"] if not condition.overall else []
    overall = exp.select(exp.func(AGGREGATES[condition.aggregate], column(condition.column))).from_("data")
    around = every(*rest)
    if around is not None:
        overall = overall.where(condition_sql(around))
    return COMPARE[condition.operator](this=column(condition.column), expression=overall.subquery())


def _flat(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.conditions if isinstance(condition, Every) else (condition,)


def column(name: str) -> exp.Column:
    """A quoted column reference."""
    return exp.column(exp.to_identifier(name, quoted=True))


def moment(name: str) -> exp.Column:
    """A reference to a column as the time that it tells, whatever it is written as."""
    found = column(name)
    found.meta[MOMENT] = True
    return found


def literal(value: Scalar) -> exp.Expr:
    """A constant of the value's type."""
    return exp.convert(value)
