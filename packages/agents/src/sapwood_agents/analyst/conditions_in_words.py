"""A condition in words: `carrier is UA and price is more than 3`."""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import (
    AgainstAverage,
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
)

_SIGNS = {
    Operator.EQUAL: "equal to", Operator.UNEQUAL: "not equal to", Operator.MORE: "more than",
    Operator.AT_LEAST: "at least", Operator.LESS: "less than", Operator.AT_MOST: "at most",
}  # fmt: skip
_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DOES = {"starts": "starts with", "ends": "ends with", "contains": "contains", "lists": "lists"}
_OURS = frozenset(
    "against all among and any before by contains different divided earliest ends false first from group has "
    "highest in is its latest lowest minus no not of or rows starts than the their true value where whose "
    "with".split()
)
"""Words of these sentences; a name or value that holds one stands in quotes."""


def in_words(condition: Condition) -> str:
    """`condition` so that no other condition has the same words."""
    match condition:
        case Every():
            return " and ".join(_inner(part) for part in condition.conditions)
        case Either():
            return " or ".join(_inner(part) for part in condition.conditions)
        case Comparison():
            return f"{named(condition.column)} is {spelled(condition.operator)} {value(condition.value)}"
        case Membership():
            values = " or ".join(value(each) for each in condition.values)
            return f"{named(condition.column)} {_is(negated=condition.negated)} {values}"
        case Missing():
            return f"{named(condition.column)} {'has a value' if condition.negated else 'has no value'}"
        case TextMatch():
            does = _DOES[condition.how]
            return f"{named(condition.column)} {'not ' * condition.negated}{does} {quoted(condition.text)}"
        case AgainstAverage():
            return (
                f"{named(condition.column)} is {spelled(condition.operator)} its {condition.aggregate.value}"
            )
        case BetweenColumns():
            other = named(condition.other)
            return f"{named(condition.column)} is {spelled(condition.operator)} value of {other}"
        case Period():
            return _period(condition)
        case CalendarPart():
            values = " or ".join(_part(condition.part, each) for each in condition.values)
            return f"{condition.part} of {named(condition.column)} {_is(negated=condition.negated)} {values}"


def _inner(condition: Condition) -> str:
    return f"({in_words(condition)})" if isinstance(condition, Every | Either) else in_words(condition)


def _is(*, negated: bool) -> str:
    return "is not" if negated else "is"


def _period(period: Period) -> str:
    bounds = [f"from {period.start}"] if period.start is not None else []
    bounds += [f"before {period.end}"] if period.end is not None else []
    words = f"{named(period.column)} {_is(negated=period.negated)} {' and '.join(bounds) or 'at any time'}"
    return f"{words} {quoted(period.words)}" if period.words else words


def _part(part: str, number: int) -> str:
    if part == "month" and 1 <= number <= 12:
        return _MONTHS[number - 1]
    if part == "weekday" and 1 <= number <= 7:
        return _WEEKDAYS[number - 1]
    return str(number)


def spelled(operator: Operator) -> str:
    """`>` as `more than`."""
    return _SIGNS[operator]


def named(column: str) -> str:
    """A column as the table spells it, in quotes where it might be read as a part of the sentence."""
    return column if _is_plain(column) else quoted(column)


def value(scalar: Scalar) -> str:
    """A value; text that looks like a number or like our own words stands in quotes."""
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    if isinstance(scalar, str):
        return scalar if _is_plain(scalar) and not scalar[0].isdigit() else quoted(scalar)
    whole = isinstance(scalar, float) and scalar.is_integer() and abs(scalar) < 1e15
    return str(int(scalar)) if whole else repr(scalar)


def _is_plain(text: str) -> bool:
    words = text.split(" ")
    return bool(re.fullmatch(r"[\w%/.()-]+(?: [\w%/.()-]+)*", text)) and not any(
        w.casefold() in _OURS for w in words
    )


def quoted(text: str) -> str:
    """Text in quotes; a quote inside is doubled."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
