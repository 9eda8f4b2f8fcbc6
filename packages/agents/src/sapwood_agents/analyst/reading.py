"""An intent in words: exact, short, and different for every two different intents."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.conditions_in_words import in_words, named, spelled, value
from sapwood_agents.analyst.intent import (
    Aggregate,
    Group,
    Having,
    Measure,
    Membership,
    QueryIntent,
    Shape,
    Side,
)

_AGGREGATES = {
    Aggregate.SUM: "sum of {}",
    Aggregate.MEAN: "mean of {}",
    Aggregate.MEDIAN: "median of {}",
    Aggregate.MIN: "lowest {}",
    Aggregate.MAX: "highest {}",
    Aggregate.DISTINCT: "number of different {}",
    Aggregate.DEVIATION: "standard deviation of {}",
    Aggregate.VARIANCE: "variance of {}",
    Aggregate.VALUE: "{}",
    Aggregate.COUNT: "number of {}",
    Aggregate.SHARE: "share of {}",
    Aggregate.CORRELATION: "correlation of {}",
}
_CYCLES = {
    "month": "month of the year", "quarter": "quarter of the year", "weekday": "day of the week",
    "hour": "hour of the day", "day": "day of the month",
}  # fmt: skip
_TIMES = {
    Aggregate.MIN: "earliest {}",
    Aggregate.MAX: "latest {}",
}
_ORDERED = {
    Aggregate.MIN: "minimum of {}",
    Aggregate.MAX: "maximum of {}",
}
"""In a ranking, which says itself what is highest: `the highest maximum of bid`."""
_EXTREME = re.compile(
    r"(?:highest|lowest|largest|smallest|greatest|least|most|max|maximum|min|minimum|top|earliest|latest)(?![^\W\d_])",
    re.IGNORECASE,
)


def describe(intent: QueryIntent, card: TableCard) -> str:
    """Restate `intent`, every part of it."""
    return _Words(card).intent(intent)


class _Words:
    def __init__(self, card: TableCard) -> None:
        self.card = card

    def intent(self, intent: QueryIntent) -> str:
        """The main clause, then what narrows it."""
        match intent.shape:
            case Shape.RANKING:
                main = self._ranking(intent)
            case Shape.VALUES:
                main = f"different values of {self._list(self.group(group) for group in intent.groups)}"
            case Shape.ROWS:
                main = f"{named(intent.key or '')} with their {self._listed_measures(intent)}"
            case Shape.LOOKUP:
                main = f"value of {self._listed_measures(intent)}"
            case Shape.COMPARISON | Shape.DIFFERENCE | Shape.RATIO:
                main = self._sides(intent)
            case Shape.NUMBER | Shape.GROUPS:
                main = self._measures(intent)
        if intent.where is None:
            return main
        among = "among rows " if any(measure.where is not None for measure in intent.measures) else ""
        return f"{main} {among}where {in_words(intent.where)}"

    def _listed_measures(self, intent: QueryIntent) -> str:
        return self._list(self.measure(measure) for measure in intent.measures)

    def _measures(self, intent: QueryIntent) -> str:
        groups = self._list(self.group(group) for group in intent.groups)
        return self._listed_measures(intent) + (f" by {groups}" if groups else "")

    def _ranking(self, intent: QueryIntent) -> str:
        measure = self._list(self.measure(measure, ordered=True) for measure in intent.measures)
        keys = [self.group(group) for group in intent.groups]
        key = named(intent.key) if intent.key is not None else self._list(keys)
        counted = "number of " if intent.count_only else ""
        having = f" whose {measure} is {self._having(intent.having)}" if intent.having else ""
        order = "highest" if intent.descending else "lowest"
        if intent.limit is None:
            return f"{counted}{key}{having or f' by {measure}'}, {order} first"
        few = "" if intent.limit == 1 else f"{intent.limit} "
        return f"{counted}{few}{key} with the {order} {measure}{having}"

    def _having(self, having: Having) -> str:
        sign = spelled(having.operator)
        parts: list[str] = []
        if having.value is not None:
            parts.append(_number(having.value))
        if having.aggregate is not None:
            parts.append(f"the {having.aggregate.value} of all these rows")
        return f"{sign} {' and '.join(parts) or 'nothing'}"

    def _sides(self, intent: QueryIntent) -> str:
        word = {Shape.COMPARISON: "against", Shape.DIFFERENCE: "minus", Shape.RATIO: "divided by"}[
            intent.shape
        ]
        sides = f" {word} ".join(self._side(side) for side in intent.sides)
        measures = self._listed_measures(intent)
        return f"{measures}: {sides}" if measures else sides

    def _side(self, side: Side) -> str:
        where = side.where
        if side.measure is None and isinstance(where, Membership) and where.values == (side.label,):
            return in_words(where)
        words = value(side.label)
        if side.measure is not None:
            measured = self.measure(side.measure)
            words = measured if words.casefold() == measured.casefold() else f"{words} = {measured}"
        return words + (f" ({in_words(side.where)})" if side.where is not None else "")

    def measure(self, measure: Measure, *, ordered: bool = False) -> str:
        """`mean of price`, `share of rows where …`; what is `ordered` has a highest and a lowest itself."""
        column = self.card.by_name.get(measure.column) if measure.column else None
        phrase = _AGGREGATES[measure.aggregate]
        if column is not None and column.is_time:
            phrase = _TIMES.get(measure.aggregate, phrase)
        if ordered and column is not None and not column.is_time:
            phrase = _ORDERED.get(measure.aggregate, phrase)
        elif measure.aggregate in (Aggregate.MIN, Aggregate.MAX) and _EXTREME.match(measure.column or ""):
            phrase = phrase.format("value of {}")  # `highest highest_bid` looks like a slip
        if ordered and measure.aggregate is Aggregate.VALUE and _EXTREME.match(measure.column or ""):
            phrase = "value of {}"
        what = named(measure.column) if measure.column is not None else "rows"
        if measure.other is not None:
            what = f"{what} and {named(measure.other)}"
        words = phrase.format(what)
        if measure.where is not None:
            return f"{words} where ({in_words(measure.where)})"
        return f"{words} in all of them" if measure.aggregate is Aggregate.SHARE else words

    def group(self, group: Group) -> str:
        """`month of date`, `day of the week of date`."""
        words = named(group.column)
        if group.bucket is not None:
            words = f"{group.bucket} of {words}"
        return f"{_CYCLES[group.cycle]} of {words}" if group.cycle is not None else words

    def _list(self, parts: Iterable[str]) -> str:
        return " and ".join(parts)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
