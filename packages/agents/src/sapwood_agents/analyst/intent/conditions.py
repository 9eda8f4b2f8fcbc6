"""Which rows are asked about: one kind of condition a class, joined by all and by any."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sapwood_agents.analyst.intent.terms import Aggregate, Frozen, Operator, Scalar


class Comparison(Frozen):
    """Rows whose `column` compares so with `value`."""

    kind: Literal["comparison"] = "comparison"
    column: str
    operator: Operator
    value: Scalar


class Membership(Frozen):
    """Rows whose `column` holds one of `values` (or, negated, holds none of them)."""

    kind: Literal["membership"] = "membership"
    column: str
    values: tuple[Scalar, ...] = Field(min_length=1)
    negated: bool = False


class Period(Frozen):
    """Rows whose `column` lies in `[start, end)`; ISO dates, either side may be open."""

    kind: Literal["period"] = "period"
    column: str
    start: str | None = None
    end: str | None = None
    words: str = ""
    negated: bool = False


class CalendarPart(Frozen):
    """Rows whose date falls on these months (1 to 12), weekdays (1 is Monday) or hours, in any year."""

    kind: Literal["calendar"] = "calendar"
    column: str
    part: Literal["month", "weekday", "hour", "day", "quarter", "year"]
    values: tuple[int, ...] = Field(min_length=1)
    negated: bool = False


class Missing(Frozen):
    """Rows without a value in `column` (or, negated, with one)."""

    kind: Literal["missing"] = "missing"
    column: str
    negated: bool = False


class TextMatch(Frozen):
    """Rows whose text starts with, ends with, contains or lists `text`, without regard to case.

    A text that lists it has it as an entry between commas, semicolons, bars or slashes.
    """

    kind: Literal["text"] = "text"
    column: str
    how: Literal["starts", "ends", "contains", "lists"]
    text: str
    negated: bool = False


class AgainstAverage(Frozen):
    """Rows whose value is above or below the mean or median of all the rows asked about."""

    kind: Literal["average"] = "average"
    column: str
    operator: Operator
    aggregate: Literal[Aggregate.MEAN, Aggregate.MEDIAN] = Aggregate.MEAN
    overall: bool = False  # of the whole table, whatever rows are asked about


class BetweenColumns(Frozen):
    """Rows in which one column compares so with another."""

    kind: Literal["columns"] = "columns"
    column: str
    operator: Operator
    other: str


class Every(Frozen):
    """Rows that meet all conditions."""

    kind: Literal["every"] = "every"
    conditions: tuple[Condition, ...] = Field(min_length=2)


class Either(Frozen):
    """Rows that meet at least one condition."""

    kind: Literal["either"] = "either"
    conditions: tuple[Condition, ...] = Field(min_length=2)


Condition = Annotated[
    Comparison
    | Membership
    | Period
    | CalendarPart
    | Missing
    | TextMatch
    | AgainstAverage
    | BetweenColumns
    | Every
    | Either,
    Field(discriminator="kind"),
]

for _model in (Every, Either):
    _model.model_rebuild()


def every(*conditions: Condition | None) -> Condition | None:
    """Join conditions with AND, flat; `None` when there is none."""
    flat: list[Condition] = []
    for condition in conditions:
        if isinstance(condition, Every):
            flat.extend(condition.conditions)
        elif condition is not None and condition not in flat:
            flat.append(condition)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else Every(conditions=tuple(flat))


def columns_of(condition: Condition | None) -> tuple[str, ...]:
    """The columns a condition reads, in order, once each."""
    if condition is None:
        return ()
    if isinstance(condition, Every | Either):
        found = [column for part in condition.conditions for column in columns_of(part)]
    elif isinstance(condition, BetweenColumns):
        found = [condition.column, condition.other]
    else:
        found = [condition.column]
    return tuple(dict.fromkeys(found))
