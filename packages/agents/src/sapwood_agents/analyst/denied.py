"""What a question denies of its rows: of a row without a value nobody can say that it is not so."""

from __future__ import annotations

from sapwood_agents.analyst.intent import (
    Aggregate,
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Every,
    Measure,
    Membership,
    Missing,
    Operator,
    Period,
    QueryIntent,
    TextMatch,
    every,
)


def asked_about(intent: QueryIntent) -> tuple[Condition, ...]:
    """The conditions of the rows that the answer stands on, one for each number that has its own.

    What a share counts is no such condition: of its column the measure itself tells what is missing.
    """
    found: list[Condition | None] = []
    for side in intent.sides:
        measures = (side.measure,) if side.measure is not None else intent.measures
        found += [every(intent.where, side.where, _within(measure)) for measure in measures]
    if not intent.sides:
        found += [every(intent.where, _within(measure)) for measure in intent.measures] or [intent.where]
    return tuple(dict.fromkeys(condition for condition in found if condition is not None))


def denied_columns(condition: Condition) -> tuple[str, ...]:
    """The columns of which the condition, or a part of it, says what they are not."""
    if isinstance(condition, Every | Either):
        return tuple(dict.fromkeys(name for part in condition.conditions for name in denied_columns(part)))
    if isinstance(condition, Comparison):
        return (condition.column,) if condition.operator is Operator.UNEQUAL else ()
    if isinstance(condition, Membership | TextMatch | Period | CalendarPart) and condition.negated:
        return (condition.column,)
    return ()


def granted(condition: Condition, column: str) -> Condition | None:
    """The condition if all that it denies of the column were so; other columns may then lack a value too."""
    if isinstance(condition, Every):
        return every(*(granted(part, column) for part in condition.conditions))
    if isinstance(condition, Either):
        parts = [granted(part, column) for part in condition.conditions]
        known = tuple(part for part in parts if part is not None)
        return Either(conditions=known) if len(known) == len(parts) else None
    denied = denied_columns(condition)
    if column in denied:
        return None
    return Either(conditions=(condition, Missing(column=denied[0]))) if denied else condition


def _within(measure: Measure) -> Condition | None:
    return None if measure.aggregate is Aggregate.SHARE else measure.where
