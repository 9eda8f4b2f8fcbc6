"""An intent in words: short, exact, and different for different intents."""

from __future__ import annotations

from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    BetweenColumns,
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Every,
    Group,
    Having,
    Measure,
    Membership,
    Missing,
    Operator,
    Period,
    QueryIntent,
    Scalar,
    Shape,
    Side,
)

_OPERATORS = {
    Operator.EQUAL: "is", Operator.UNEQUAL: "is not", Operator.MORE: "is more than",
    Operator.AT_LEAST: "is at least", Operator.LESS: "is less than", Operator.AT_MOST: "is at most",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CYCLES = {
    "month": "month of the year", "quarter": "quarter of the year", "weekday": "weekday",
    "hour": "hour of the day", "day": "day of the month",
}  # fmt: skip


def describe(intent: QueryIntent) -> str:
    """Restate `intent`, every part of it, so that its reader sees what was understood."""
    rows = _rows(intent.where)
    match intent.shape:
        case Shape.NUMBER:
            return _measures(intent) + rows
        case Shape.GROUPS:
            return f"{_measures(intent)}, by {_keys(intent.groups)}{rows}"
        case Shape.RANKING:
            return _ranking(intent) + rows
        case Shape.VALUES:
            return f"the distinct values of {_keys(intent.groups)}{rows}"
        case Shape.ROWS | Shape.LOOKUP:
            names = [name for name in (intent.key, *(measure.column for measure in intent.measures)) if name]
            one = "" if intent.shape is Shape.LOOKUP else " of each row"
            return f"{' and '.join(dict.fromkeys(names))}{one}{rows}"
        case Shape.COMPARISON:
            return f"{_measured(intent)}, compared for {_sides(intent.sides, ', ')}{rows}"
        case Shape.DIFFERENCE:
            return f"{_measured(intent)}: {_sides(intent.sides, ' minus ')}{rows}"
        case Shape.RATIO:
            return f"{_measured(intent)}: {_sides(intent.sides, ' divided by ')}{rows}"


def _rows(where: Condition | None) -> str:
    return "" if where is None else f", where {condition(where)}"


def _measures(intent: QueryIntent) -> str:
    return " and ".join(measure(m) for m in intent.measures)


def _measured(intent: QueryIntent) -> str:
    return _measures(intent) if intent.measures else "the measures"


def measure(m: Measure) -> str:
    """One number in words: `mean of dep_delay`, `share of rows where …`."""
    match m.aggregate:
        case Aggregate.COUNT:
            text = "number of rows"
        case Aggregate.DISTINCT:
            text = f"number of distinct {m.column}"
        case Aggregate.SHARE:
            of = f"the sum of {m.column}" if m.column else "rows"
            return f"share of {of}" + ("" if m.where is None else f" where {condition(m.where)}")
        case Aggregate.CORRELATION:
            text = f"correlation of {m.column} and {m.other}"
        case Aggregate.VALUE:
            text = str(m.column)
        case _:
            text = f"{m.aggregate.value} of {m.column}"
    return text if m.where is None else f"{text} where {condition(m.where)}"


def _keys(groups: tuple[Group, ...]) -> str:
    return " and ".join(_key(group) for group in groups)


def _key(group: Group) -> str:
    if group.bucket is not None:
        return f"{group.bucket} of {group.column}"
    if group.cycle is not None:
        return f"{_CYCLES[group.cycle]} of {group.column}"
    return group.column


def _ranking(intent: QueryIntent) -> str:
    key = intent.key or _keys(intent.groups)
    value = _measures(intent)
    head = f"number of {key}" if intent.count_only else key
    if intent.having is not None:
        head += f" with {value} {_having(intent.having)}"
        if intent.limit is None:
            return head if intent.count_only or intent.descending else f"{head}, lowest first"
    end = "highest" if intent.descending else "lowest"
    many = "" if intent.limit in (None, 1) else f"{intent.limit} "
    limit = "all, by" if intent.limit is None else f"the {many}{end}"
    return f"{head} with {limit} {value}" + (f", {end} first" if intent.limit is None else "")


def _having(having: Having) -> str:
    words = _OPERATORS[having.operator].removeprefix("is ")
    if having.value is not None:
        return f"{words} {_scalar(having.value)}".replace("is ", "of ")
    average = having.aggregate or Aggregate.MEAN
    return f"{words} the {average.value} over all rows"


def _sides(sides: tuple[Side, ...], sign: str) -> str:
    return sign.join(_side(side) for side in sides)


def _side(side: Side) -> str:
    parts = [measure(side.measure)] if side.measure else []
    parts += [condition(side.where)] if side.where else []
    return " where ".join(parts) or _scalar(side.label)


def condition(c: Condition) -> str:
    """One condition in words."""
    match c:
        case Every():
            return " and ".join(_inner(part) for part in c.conditions)
        case Either():
            return "(" + " or ".join(_inner(part) for part in c.conditions) + ")"
        case Comparison():
            return f"{c.column} {_OPERATORS[c.operator]} {_scalar(c.value)}"
        case BetweenColumns():
            return f"{c.column} {_OPERATORS[c.operator]} the row's {c.other}"
        case AgainstAverage():
            return f"{c.column} {_OPERATORS[c.operator]} its {c.aggregate.value}"
        case Membership():
            values = " or ".join(_scalar(value) for value in c.values)
            return f"{c.column} is {'not ' if c.negated else ''}{values}"
        case Missing():
            return f"{c.column} has {'a' if c.negated else 'no'} value"
        case Period():
            return _period(c)
        case CalendarPart():
            names = " or ".join(_part(c.part, value) for value in c.values)
            return f"{c.column} is {'not ' if c.negated else ''}in {names}"
        case _:
            how = {"starts": "starts with", "ends": "ends with", "contains": "contains"}[c.how]
            return f"{c.column} {'does not match: ' if c.negated else ''}{how} {c.text!r}"


def _inner(c: Condition) -> str:
    return f"({condition(c)})" if isinstance(c, Every) else condition(c)


def _period(c: Period) -> str:
    if c.start is None:
        text = f"is before {c.end}"
    elif c.end is None:
        text = f"is {c.start} or later"
    else:
        text = f"is from {c.start} to before {c.end}"
    return f"{c.column} {text.replace('is ', 'is not ', 1) if c.negated else text}"


def _part(part: str, value: int) -> str:
    if part == "month":
        return _MONTHS[value - 1]
    if part == "weekday":
        return _WEEKDAYS[value - 1]
    return f"{part} {value}"


def _scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
