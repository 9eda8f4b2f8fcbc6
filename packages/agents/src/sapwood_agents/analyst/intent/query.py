"""One question about one table, typed."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sapwood_agents.analyst.intent.conditions import Condition, Either, Every
from sapwood_agents.analyst.intent.derived import Derived
from sapwood_agents.analyst.intent.measures import Group, Having, Measure, Side
from sapwood_agents.analyst.intent.shapes import PARTS, Shape, has
from sapwood_agents.analyst.intent.terms import Aggregate, Frozen


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
    derived: tuple[Derived, ...] = ()  # what it measures that is no column of the table

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        """Each shape has the parts it shows and no others: two intents are never the same question."""
        wrong = [name for name, bounds in PARTS[self.shape].items() if not has(getattr(self, name), bounds)]
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
