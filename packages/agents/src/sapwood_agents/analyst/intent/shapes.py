"""What the rows of an answer look like, and which parts an intent of each shape has."""

from __future__ import annotations

from enum import StrEnum


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


_MANY = 1_000
_NONE = (0, 0)
_USUAL: dict[Shape, dict[str, tuple[int, int]]] = {
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
_SELDOM = ("sides", "key", "limit", "having", "count_only")

PARTS = {
    shape: {**usual, **{name: _NONE for name in _SELDOM if name not in usual}}
    for shape, usual in _USUAL.items()
}
"""How many of each part an intent of a shape has, at least and at most."""


def has(part: object, bounds: tuple[int, int]) -> bool:
    """Whether there are so many of a part: of a tuple its members, of anything else one or none."""
    number = len(part) if isinstance(part, tuple) else int(part is not None and part is not False)  # pyright: ignore[reportUnknownArgumentType]
    return bounds[0] <= number <= bounds[1]
