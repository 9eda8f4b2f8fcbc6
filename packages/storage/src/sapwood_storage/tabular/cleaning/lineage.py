"""Where a cleaned version comes from, and what each step of its recipe did."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from sapwood_storage.tabular.cleaning.steps import Step


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What one step did; rows are numbered from 1, as in the version that the steps were applied to."""

    cells_changed: int = 0
    cells_emptied: int = 0  # values that did not fit and became null, because the step says so
    rows_removed: int = 0
    filled: dict[str, str] = field(default_factory=dict[str, str])  # column -> what missing values became
    duplicates: tuple[tuple[int, int], ...] = ()  # the first few: (row removed, row kept)


@dataclass(frozen=True, slots=True)
class Lineage:
    """A version is its root under a recipe; `parent` is the root under the first `steps_before` steps."""

    root: str
    parent: str
    steps_before: int
    recipe: tuple[Step, ...]
    outcomes: tuple[StepOutcome, ...]  # one for each step of `recipe`


def lineage_to(lineage: Lineage) -> dict[str, Any]:
    """Return `lineage` as JSON."""
    return asdict(lineage)


def lineage_from(values: Mapping[str, Any]) -> Lineage:
    """Return the lineage that `lineage_to` wrote."""
    return Lineage(
        root=values["root"],
        parent=values["parent"],
        steps_before=values["steps_before"],
        recipe=cast("tuple[Step, ...]", tuple(values["recipe"])),
        outcomes=tuple(outcome_from(one) for one in values["outcomes"]),
    )


def outcome_from(values: Mapping[str, Any]) -> StepOutcome:
    """Return the outcome in `values`; `ValueError`, `KeyError` or `TypeError` when it is none."""
    return StepOutcome(
        cells_changed=_count(values["cells_changed"]),
        cells_emptied=_count(values["cells_emptied"]),
        rows_removed=_count(values["rows_removed"]),
        filled={str(column): str(value) for column, value in dict(values["filled"]).items()},
        duplicates=tuple((_count(gone), _count(kept)) for gone, kept in values["duplicates"]),
    )


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value
