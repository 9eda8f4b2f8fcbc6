"""The answer in one sentence, with units and readable numbers; `rows` keeps the full precision."""

from __future__ import annotations

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.clean.units_kept import with_unit
from sapwood_agents.analyst.intent import Aggregate, Measure, QueryIntent, Shape
from sapwood_agents.analyst.language.linking import Linker
from sapwood_storage.tabular.model import Cell

_UNITLESS = (Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.CORRELATION, Aggregate.VARIANCE)


def sentence(intent: QueryIntent, reading: str, rows: list[list[Cell]], linker: Linker) -> str:
    """Say what `rows` hold; `reading` restates the question."""
    head = reading[:1].upper() + reading[1:]
    units = _Units(linker, linker.card.deriving(intent.derived))
    match intent.shape:
        case Shape.NUMBER:
            values = [
                units.show(value, measure) for value, measure in zip(rows[0], intent.measures, strict=False)
            ]
            return f"{head}: {', '.join(values)}."
        case Shape.DIFFERENCE | Shape.RATIO | Shape.LOOKUP:
            measure = intent.measures[0] if intent.measures else intent.sides[0].measure
            unit = measure if intent.shape is not Shape.RATIO else None
            return f"{head}: {units.show(rows[0][-1], unit)}."
        case Shape.RANKING if intent.count_only:
            return f"{head}: {_number(rows[0][0])}."
        case Shape.RANKING | Shape.COMPARISON | Shape.ROWS if rows and len(rows[0]) > 1:
            return f"{head}: {_listed(rows, units, intent)}."
        case Shape.VALUES | Shape.ROWS:
            shown = ", ".join(_number(row[0]) for row in rows[:10])
            more = f" and {len(rows) - 10:,} more" if len(rows) > 10 else ""
            return f"{head}: {shown}{more}." if rows else f"{head}: none."
        case _ if rows:
            return f"{head}: {len(rows):,} {'group' if len(rows) == 1 else 'groups'}{units.of_all(intent)}."
        case _:
            return f"{head}: none."


def _listed(rows: list[list[Cell]], units: _Units, intent: QueryIntent) -> str:
    measure = intent.measures[-1] if intent.measures else None
    shown = [f"{_number(row[0])} ({units.show(row[-1], measure)})" for row in rows[:5]]
    more = f" and {len(rows) - 5:,} more" if len(rows) > 5 else ""
    return ", ".join(shown) + more


class _Units:
    def __init__(self, linker: Linker, card: TableCard) -> None:
        self.linker = linker
        self.card = card

    def show(self, value: Cell, measure: Measure | None) -> str:
        """A value with the unit its column declares, or was written with; shares also as a percentage."""
        if value is None:
            return "no value"
        if measure is None:
            return _number(value)
        if measure.aggregate is Aggregate.SHARE and isinstance(value, int | float):
            return f"{_number(value)} ({100 * value:.1f} %)"
        if measure.column is None or measure.aggregate in _UNITLESS:
            return _number(value)
        declared = " ".join(self._declared(measure.column))
        return (
            f"{_number(value)} {declared}" if declared else with_unit(_number(value), self._written(measure))
        )

    def of_all(self, intent: QueryIntent) -> str:
        """The unit of the values of a table with one measure, where the sentence shows none of them."""
        unit = self._written(intent.measures[0]) if len(intent.measures) == 1 else ""
        return f", in {unit}" if unit else ""

    def _written(self, measure: Measure) -> str:
        if measure.column is None or measure.aggregate in (*_UNITLESS, Aggregate.SHARE):
            return ""
        return self.card.by_name[measure.column].unit

    def _declared(self, name: str) -> tuple[str, ...]:
        """The units in a column's name; those that both columns have of which it is made."""
        made = self.card.by_name[name].made
        if made is None:
            return tuple(self.linker.declared_units(name))
        left, right = (tuple(self.linker.declared_units(part)) for part in (made.left, made.right))
        return left if left == right and made.made != "divided by" else ()


def _number(value: Cell) -> str:
    if value is None:
        return "(no value)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return _number(int(value))
        digits = 2 if abs(value) >= 100 else 3 if abs(value) >= 1 else 4
        return f"{value:,.{digits}f}" if abs(value) >= 1e-3 else f"{value:.3g}"
    return value.removesuffix("T00:00:00")
