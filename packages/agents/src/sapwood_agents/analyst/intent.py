"""What was asked, typed: the value between a question's words and its SQL.

The instant tier makes it from a grammar, a person may write it by hand, a model may produce it as JSON;
whoever made it, the same code turns it into SQL, a sentence, checks and a chart.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Scalar = str | int | float | bool


class Frozen(BaseModel):
    """A value: unknown fields are refused, nothing changes after it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Aggregate(StrEnum):
    """How the values of many rows become one."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    DEVIATION = "standard deviation"
    VARIANCE = "variance"
    SHARE = "share"
    CORRELATION = "correlation"
    VALUE = "value"  # the row's own value, not aggregated


class Operator(StrEnum):
    """A comparison of a column with a value."""

    EQUAL = "="
    UNEQUAL = "!="
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="


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
    """Rows whose text starts with, ends with or contains `text`, without regard to case."""

    kind: Literal["text"] = "text"
    column: str
    how: Literal["starts", "ends", "contains"]
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


class Measure(Frozen):
    """One number: an aggregate of a column, over the rows that also meet `where`.

    `SHARE` divides the rows (or, with a column, their sum) that meet `where` by all of them; in groups
    and without `where` it is the group's part of the whole. `CORRELATION` reads `column` and `other`.
    """

    aggregate: Aggregate
    column: str | None = None
    other: str | None = None
    where: Condition | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        counts = self.aggregate is Aggregate.COUNT
        if counts != (self.column is None) and self.aggregate is not Aggregate.SHARE:
            raise ValueError(f"{self.aggregate.value} {'reads no' if counts else 'needs a'} column")
        if (self.other is not None) != (self.aggregate is Aggregate.CORRELATION):
            raise ValueError("a second column is for a correlation, which needs one")
        return self


Bucket = Literal["decade", "year", "quarter", "month", "week", "day", "hour"]
Cycle = Literal["month", "quarter", "weekday", "hour", "day"]


class Group(Frozen):
    """What rows are grouped by: a column, a bucket of time, or a part of the calendar that comes round."""

    column: str
    bucket: Bucket | None = None
    cycle: Cycle | None = None


class Side(Frozen):
    """One side of a comparison."""

    label: Scalar
    where: Condition | None = None
    measure: Measure | None = None  # where the sides differ in what is measured


class Shape(StrEnum):
    """What the rows of the answer look like (docs/answers.md)."""

    NUMBER = "number"
    GROUPS = "groups"
    RANKING = "ranking"
    VALUES = "values"
    ROWS = "rows"
    COMPARISON = "comparison"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    LOOKUP = "lookup"


class QueryIntent(Frozen):
    """One question about one table."""

    shape: Shape
    measures: tuple[Measure, ...] = ()
    groups: tuple[Group, ...] = ()
    where: Condition | None = None
    sides: tuple[Side, ...] = ()
    descending: bool = True
    limit: int | None = None
    having: Having | None = None
    key: str | None = None  # what names a row in `ROWS` and row-wise `RANKING`
    count_only: bool = False  # "how many carriers have more than …": the number of groups or rows

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        """Each shape has the parts it shows and no others: two intents are never the same question."""
        wrong = [
            name for name, bounds in _PARTS[self.shape].items() if not _within(getattr(self, name), bounds)
        ]
        if wrong:
            raise ValueError(f"a {self.shape.value} has other {', '.join(wrong)}")
        measured = [side.measure is not None for side in self.sides]
        if self.sides and (any(measured) == bool(self.measures) or any(measured) != all(measured)):
            raise ValueError("either the sides have measures, or the comparison has")
        if self.shape is Shape.RANKING and (self.key is None) != bool(self.groups):
            raise ValueError("rows are ranked by their key, or groups are")
        of_rows = self.key is not None or self.shape is Shape.LOOKUP
        if not self.sides and any((m.aggregate is Aggregate.VALUE) != of_rows for m in self.measures):
            raise ValueError("a row has a value, groups have an aggregate")
        if self.shape is not Shape.RANKING and not self.descending:
            raise ValueError("only a ranking has a direction")
        return self

    def changed(self, **parts: object) -> QueryIntent:
        """The intent with other `parts`, checked again."""
        return QueryIntent(**{**dict(self), **parts})  # pyright: ignore[reportArgumentType]  # pydantic checks them


class Having(Frozen):
    """Groups whose measure compares so with a number, or with the mean or median over the groups' rows."""

    operator: Operator
    value: float | None = None
    aggregate: Literal[Aggregate.MEAN, Aggregate.MEDIAN] | None = None


_MANY = 1_000
_NONE = (0, 0)
_PARTS: dict[Shape, dict[str, tuple[int, int]]] = {
    Shape.NUMBER: {"measures": (1, _MANY), "groups": _NONE},
    Shape.GROUPS: {"measures": (1, _MANY), "groups": (1, _MANY)},
    Shape.RANKING: {
        "measures": (1, 1),
        "groups": (0, 1),
        "key": (0, 1),
        "limit": (0, 1),
        "having": (0, 1),
        "count_only": (0, 1),
    },
    Shape.VALUES: {"measures": _NONE, "groups": (1, _MANY)},
    Shape.ROWS: {"measures": (1, _MANY), "groups": _NONE, "key": (1, 1)},
    Shape.LOOKUP: {"measures": (1, _MANY), "groups": _NONE},
    Shape.COMPARISON: {"measures": (0, _MANY), "groups": _NONE, "sides": (2, _MANY)},
    Shape.DIFFERENCE: {"measures": (0, 1), "groups": _NONE, "sides": (2, 2)},
    Shape.RATIO: {"measures": (0, 1), "groups": _NONE, "sides": (2, 2)},
}
for _parts in _PARTS.values():
    for _name in ("sides", "key", "limit", "having", "count_only"):
        _parts.setdefault(_name, _NONE)
"""How many of each part an intent of a shape has, at least and at most."""


def _within(part: object, bounds: tuple[int, int]) -> bool:
    number = len(part) if isinstance(part, tuple) else int(part is not None and part is not False)  # pyright: ignore[reportUnknownArgumentType]
    return bounds[0] <= number <= bounds[1]


for _model in (Every, Either, Measure, Side, QueryIntent):
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


def parts_of(intent: QueryIntent) -> tuple[Condition, ...]:
    """Every single condition of the intent, wherever it stands."""
    found: list[Condition] = []
    waiting = [intent.where]
    waiting += [measure.where for measure in intent.measures]
    waiting += [side.where for side in intent.sides]
    waiting += [side.measure.where for side in intent.sides if side.measure]
    while waiting:
        condition = waiting.pop()
        if isinstance(condition, Every | Either):
            waiting.extend(condition.conditions)
        elif condition is not None:
            found.append(condition)
    return tuple(found)


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
