"""What the columns of an answer are called, and what those are made of that no table has."""

from __future__ import annotations

import sqlglot.expressions as exp

from sapwood_agents.analyst.intent import Aggregate, Derived, Group, Measure
from sapwood_agents.analyst.sql_conditions import column


def made_of(derived: Derived) -> exp.Expr:
    """The expression of a column that is not in the table; nothing is divided by nought."""
    left, right = column(derived.left), column(derived.right)
    match derived.made:
        case "minus":
            return exp.Sub(this=left, expression=right)
        case "plus":
            return exp.Add(this=left, expression=right)
        case "divided by":
            divisor = exp.func("nullif", right, exp.Literal.number(0))
            return exp.Div(this=exp.cast(left, "DOUBLE"), expression=divisor)


def alias(expression: exp.Expr, name: str) -> exp.Expr:
    """`expression AS "name"`."""
    return exp.alias_(expression, name, quoted=True)


def label(measure: Measure) -> str:
    """What the measure's column is called in the answer."""
    match measure.aggregate:
        case Aggregate.COUNT:
            return "count"
        case Aggregate.SHARE:
            return "share"
        case Aggregate.VALUE:
            return measure.column or "value"
        case Aggregate.CORRELATION:
            return "correlation"
        case _:
            return f"{measure.aggregate.value}_{measure.column}".replace(" ", "_")


def group_label(group: Group) -> str:
    """What the key's column is called in the answer."""
    return group.cycle or group.bucket or group.column
