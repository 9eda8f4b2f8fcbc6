"""Whether rows are those of the gold SQL: in its order, numbers within 1e-6, text letter by letter."""

import math
from collections.abc import Sequence
from typing import Any

from gold import Gold, Rows


def is_right(found: Rows, gold: Gold, *, any_case: bool = False) -> bool:
    """Whether the rows are right; those that rank alike may stand in any order."""
    if gold.runs is None:
        return has_rows(found, gold, any_case=any_case)
    start = 0
    for run in gold.runs:
        end = start + run
        if not _same_rows(found[start:end], gold.rows[start:end], any_case=any_case or gold.any_case):
            return False
        start = end
    return start == len(found)


def has_rows(found: Rows, gold: Gold, *, any_case: bool = False) -> bool:
    """Whether the rows are right in any order."""
    return _same_rows(found, gold.rows, any_case=any_case or gold.any_case)


def _same_rows(found: Rows, gold: Rows, *, any_case: bool) -> bool:
    rest = list(gold)
    for row in found:
        for index, other in enumerate(rest):
            if _same_row(row, other, any_case=any_case):
                del rest[index]
                break
        else:
            return False
    return not rest


def _same_row(row: Sequence[Any], other: Sequence[Any], *, any_case: bool) -> bool:
    return len(row) == len(other) and all(
        equal(a, b, any_case=any_case) for a, b in zip(row, other, strict=True)
    )


def equal(a: Any, b: Any, *, any_case: bool = False) -> bool:
    """Whether two cells say the same; midnight and its date do, and a boolean and its word."""
    if a is None or b is None:
        return a is b
    if isinstance(a, bool) or isinstance(b, bool):
        return _truth(a) == _truth(b)
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    a, b = _text(a), _text(b)
    return a == b or (any_case and a.casefold() == b.casefold())


def _truth(value: Any) -> str:
    text = str(value).casefold()
    return {"true": "yes", "false": "no"}.get(text, text)


def _text(value: Any) -> str:
    return str(value).removesuffix("T00:00:00").removesuffix(" 00:00:00")
