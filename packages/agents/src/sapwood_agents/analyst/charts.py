"""A Vega-Lite specification for an answer, chosen by its shape and types; the data stands in it."""

from __future__ import annotations

from typing import Any

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.intent import Group, QueryIntent, Shape
from sapwood_storage.tabular.model import Cell

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MOST_BARS = 60
MOST_POINTS = 5_000

Spec = dict[str, Any]


def chart(
    intent: QueryIntent, columns: list[str], rows: list[list[Cell]], card: TableCard, title: str
) -> Spec | None:
    """The specification, or `None` where a picture says no more than the number does."""
    if len(rows) < 2 or len(columns) < 2 or len(rows) > MOST_POINTS:
        return None
    if not any(isinstance(row[-1], int | float) and not isinstance(row[-1], bool) for row in rows):
        return None
    names = [f"c{place}" for place in range(len(columns))]
    values = [dict(zip(names, row, strict=True)) for row in rows]
    base: Spec = {
        "$schema": SCHEMA,
        "title": title,
        "data": {"values": values},
        "width": 480,
        "config": {"view": {"stroke": None}},
    }
    if intent.shape is Shape.GROUPS and len(intent.groups) <= 2:
        return base | _groups(intent, names, columns, card, len(rows))
    if intent.shape in (Shape.RANKING, Shape.COMPARISON, Shape.ROWS) and len(rows) <= MOST_BARS:
        return base | _bars(names, columns, sort=None)
    return None


def _groups(intent: QueryIntent, names: list[str], columns: list[str], card: TableCard, count: int) -> Spec:
    first = intent.groups[0]
    second = names[1] if len(intent.groups) == 2 else None
    value = len(intent.groups)
    y = {"field": names[value], "type": "quantitative", "title": columns[value]}
    if _is_time(first, card):
        encoding: Spec = {"x": {"field": names[0], "type": "temporal", "title": columns[0]}, "y": y}
        mark: Any = {"type": "line", "point": count <= 100}
    elif card.by_name[first.column].is_number and first.cycle is None and count > 12:
        encoding = {
            "x": {"field": names[0], "type": "quantitative", "title": columns[0], "scale": {"zero": False}},
            "y": y,
        }
        mark = {"type": "line", "point": count <= 100}
    elif count > MOST_BARS:
        return {
            "mark": "tick",
            "encoding": {"x": y, "y": {"field": names[0], "type": "nominal", "title": columns[0]}},
        }
    else:
        bars = _bars(
            names, columns, sort="-x" if first.cycle is None and second is None else None, value=value
        )
        if second:
            bars["encoding"]["color"] = {"field": second, "type": "nominal", "title": columns[1]}
            bars["encoding"]["yOffset"] = {"field": second}
        return bars
    if second:
        encoding["color"] = {"field": second, "type": "nominal", "title": columns[1]}
    return {"mark": mark, "encoding": encoding}


def _bars(names: list[str], columns: list[str], *, sort: str | None, value: int = -1) -> Spec:
    return {
        "mark": "bar",
        "encoding": {
            "y": {"field": names[0], "type": "nominal", "title": columns[0], "sort": sort},
            "x": {"field": names[value], "type": "quantitative", "title": columns[value]},
        },
    }


def _is_time(group: Group, card: TableCard) -> bool:
    return group.cycle is None and (group.bucket is not None or card.by_name[group.column].is_time)
