"""A Vega-Lite specification for an answer, chosen by its shape and types; the data stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sapwood_agents.analyst.calendar_names import calendar_order
from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.intent import Aggregate, Group, Measure, QueryIntent, Shape
from sapwood_storage.tabular.model import Cell, ColumnType

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MOST_BARS = 60
MOST_POINTS = 5_000

_FEW = 12
"""Numbers up to this many are a bar each, more are a line."""

_LEVELS = frozenset({Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.DEVIATION})
"""Aggregates that stay in the range of one value, so that those of one column share a scale."""

Spec = dict[str, Any]


def chart(
    intent: QueryIntent, columns: list[str], rows: list[list[Cell]], card: TableCard, title: str
) -> Spec | None:
    """The specification, or `None` where a picture says no more than the number does."""
    if len(rows) < 2 or len(rows) > MOST_POINTS:
        return None
    keys = len(intent.groups) if intent.shape is Shape.GROUPS else 1
    measured = [place for place in range(keys, len(columns)) if _holds_numbers(rows, place)]
    if not measured:
        return None
    drawing = _Drawing(intent, columns, rows, card, _Value.of(intent, columns, measured))
    if intent.shape is Shape.GROUPS and keys <= 2:
        drawn = drawing.groups()
    elif intent.shape in (Shape.RANKING, Shape.COMPARISON, Shape.ROWS) and len(rows) <= MOST_BARS:
        drawn = drawing.bars(sort=None)
    else:
        return None
    base: Spec = {
        "$schema": SCHEMA,
        "title": title,
        "data": {"values": _data(columns, rows, keys, measured)},
        "width": 480,
        "config": {"view": {"stroke": None}},
    }
    return base | drawn


def _holds_numbers(rows: list[list[Cell]], place: int) -> bool:
    return any(isinstance(row[place], int | float) and not isinstance(row[place], bool) for row in rows)


def _data(columns: list[str], rows: list[list[Cell]], keys: int, measured: list[int]) -> list[Spec]:
    """A record a row, or one for each of its numbers where there are several."""
    if len(measured) == 1:
        return [{f"c{place}": cell for place, cell in enumerate(row)} for row in rows]
    return [
        {f"c{key}": row[key] for key in range(keys)} | {"measure": columns[place], "value": row[place]}
        for row in rows
        for place in measured
    ]


@dataclass(frozen=True)
class _Value:
    """What is drawn: one number, or several that share a scale or have one each."""

    field: str
    title: str
    names: tuple[str, ...] = ()
    alike: bool = False

    @staticmethod
    def of(intent: QueryIntent, columns: list[str], measured: list[int]) -> _Value:
        if len(measured) == 1:
            return _Value(f"c{measured[0]}", columns[measured[0]])
        kinds = {_scale(measure) for measure in intent.measures}
        alike = len(kinds) == 1 and len(intent.measures) == len(measured)
        return _Value("value", "", tuple(columns[place] for place in measured), alike)


def _scale(measure: Measure) -> tuple[str | None, str]:
    kind = "level" if measure.aggregate in _LEVELS else measure.aggregate.value
    return measure.column, kind


@dataclass(frozen=True)
class _Drawing:
    """One answer; keys are the fields `c0` and `c1`."""

    intent: QueryIntent
    columns: list[str]
    rows: list[list[Cell]]
    card: TableCard
    value: _Value

    def groups(self) -> Spec:
        """Lines over what runs on, else bars; ticks or a grid where there are too many of them."""
        groups = self.intent.groups
        axis = next((place for place in self._axes() if self._runs(place)), None)
        if axis is not None:
            return self._line(axis, 1 - axis if len(groups) == 2 else None)
        if len(self.rows) <= MOST_BARS:
            by_value = len(groups) == 1 and not self.value.names and not self._ordered(groups[0])
            return self.bars(sort="-x" if by_value else None, second=len(groups) == 2)
        if len(groups) == 2:
            encoding = {"y": self._key(0), "x": self._key(1), "color": self._number()}
            return self._several({"mark": "rect", "encoding": encoding}, scale="color", apart=True)
        encoding = {"x": self._number(), "y": self._key(0)}
        return self._several({"mark": "tick", "encoding": encoding}, scale="x")

    def bars(self, *, sort: str | None, second: bool = False) -> Spec:
        """A bar a row, with the second key beside the first."""
        spec: Spec = {"mark": "bar", "encoding": {"y": self._key(0) | {"sort": sort}, "x": self._number()}}
        if second:
            spec["encoding"]["color"] = self._key(1)
            spec["encoding"]["yOffset"] = {"field": "c1", "sort": None}
        return self._several(spec, scale="x", apart=second)

    def _line(self, axis: int, other: int | None) -> Spec:
        x: Spec = {"field": f"c{axis}", "type": "temporal", "title": self.columns[axis]}
        key = self.card.by_name[self.intent.groups[axis].column]
        if key.dated and not self.intent.groups[axis].bucket:
            x |= {"type": "ordinal", "sort": None}  # months and quarters as they are written, oldest first
        elif not self._is_time(self.intent.groups[axis]):
            x |= {"type": "quantitative", "scale": {"zero": False}}
            if key.type is ColumnType.INTEGER:
                x["axis"] = {"format": "d"}  # a year is no 2,024
        spec: Spec = {
            "mark": {"type": "line", "point": len(self.rows) <= 100},
            "encoding": {"x": x, "y": self._number()},
        }
        if other is not None:
            spec["encoding"]["color"] = self._key(other)
        return self._several(spec, scale="y", apart=other is not None)

    def _several(self, spec: Spec, *, scale: str, apart: bool = False) -> Spec:
        """All numbers of a row: in one picture by colour, or one below another, each with its own scale."""
        names = list(self.value.names)
        if not names:
            return spec
        encoding = spec["encoding"]
        if self.value.alike and not apart:
            encoding["color"] = {"field": "measure", "type": "nominal", "title": None, "sort": names}
            if spec["mark"] == "bar":
                encoding["yOffset"] = {"field": "measure", "sort": names}
            return spec
        encoding["row"] = {"field": "measure", "type": "nominal", "title": None, "sort": names}
        return spec | {"resolve": {"scale": {scale: "independent"}}}

    def _axes(self) -> list[int]:
        """Which keys may run from left to right: time before all, nothing before what comes round."""
        groups = self.intent.groups
        places = [0] if self._comes_round(groups[0]) else list(range(len(groups)))
        return sorted(places, key=lambda place: not self._is_time(groups[place]))

    def _runs(self, place: int) -> bool:
        group = self.intent.groups[place]
        if self._is_time(group):
            return True
        many = len({row[place] for row in self.rows}) > _FEW
        return many and group.cycle is None and self.card.by_name[group.column].is_number

    def _is_time(self, group: Group) -> bool:
        return group.cycle is None and (group.bucket is not None or self.card.by_name[group.column].is_time)

    def _ordered(self, group: Group) -> bool:
        return self._comes_round(group) or self.card.by_name[group.column].is_number

    def _comes_round(self, group: Group) -> bool:
        return group.cycle is not None or bool(calendar_order(self.card.by_name[group.column]))

    def _key(self, place: int) -> Spec:
        return {"field": f"c{place}", "type": "nominal", "title": self.columns[place], "sort": None}

    def _number(self) -> Spec:
        return {"field": self.value.field, "type": "quantitative", "title": self.value.title}
