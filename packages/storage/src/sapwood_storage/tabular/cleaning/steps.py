"""The steps of a recipe as they travel to the worker and stand in a version's lineage.

Plain JSON, made by our own code from a checked recipe. `reason` says why a step is there and is no part of
what it does, so it is left out of the canonical form.
"""

import json
from collections.abc import Sequence
from typing import Final, Literal, TypedDict

from sapwood_storage.tabular.model import ColumnType

CLEANING_FORMAT: Final = 2
"""Raise it when the same steps would make other data of the same data."""

MOST_STEPS: Final = 200

Scalar = str | int | float | bool
OnFailure = Literal["fail", "null"]
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "missing", "present"]


class Trim(TypedDict):
    """Remove blanks at both ends of text; `collapse` makes one space of several inside."""

    kind: Literal["trim"]
    reason: str
    columns: list[str]
    collapse: bool
    blank_is_null: bool


class Cast(TypedDict):
    """Read values as another type; `lossy` allows rounding, and cutting a time off its date."""

    kind: Literal["cast"]
    reason: str
    columns: list[str]
    to: ColumnType | str
    thousands: str | None
    decimal: str
    affixes: list[str]
    lossy: bool
    on_failure: OnFailure


class ParseDates(TypedDict):
    """Read text as dates or timestamps; the first of `formats` (strptime's) that fits a value counts."""

    kind: Literal["parse_dates"]
    reason: str
    columns: list[str]
    formats: list[str]
    to: Literal["date", "timestamp"]
    on_failure: OnFailure


class Dedupe(TypedDict):
    """Keep one row of those that are equal in `columns`, or in all columns when there are none."""

    kind: Literal["dedupe"]
    reason: str
    columns: list[str]
    keep: Literal["first", "last"]


class Impute(TypedDict):
    """Fill missing values; `flag` names a new column that says where."""

    kind: Literal["impute"]
    reason: str
    column: str
    strategy: Literal["mean", "median", "mode", "value"]
    value: Scalar | None
    flag: str | None


class Split(TypedDict):
    """Cut text at `separator` into new columns; the last one takes whatever is left."""

    kind: Literal["split"]
    reason: str
    column: str
    separator: str
    into: list[str]
    keep: bool


class RegexReplace(TypedDict):
    """Replace every match of an RE2 pattern."""

    kind: Literal["regex_replace"]
    reason: str
    columns: list[str]
    pattern: str
    replacement: str


class RegexExtract(TypedDict):
    """Take a group out of the first match, in place or `into` a new column."""

    kind: Literal["regex_extract"]
    reason: str
    column: str
    pattern: str
    group: int
    into: str | None
    on_failure: Literal["fail", "null", "keep"]


class Clip(TypedDict):
    """Bring values beyond a bound to the bound."""

    kind: Literal["clip"]
    reason: str
    columns: list[str]
    low: Scalar | None
    high: Scalar | None


class Rename(TypedDict):
    """Give columns other names, all at once: two may change places."""

    kind: Literal["rename"]
    reason: str
    names: dict[str, str]


class DropColumns(TypedDict):
    """Leave columns out."""

    kind: Literal["drop_columns"]
    reason: str
    columns: list[str]


class Condition(TypedDict):
    """A test of one column; a missing value passes `missing` and no other."""

    column: str
    operator: Operator
    values: list[Scalar]


class DropRows(TypedDict):
    """Leave out the rows that pass all, or any, of the conditions."""

    kind: Literal["drop_rows"]
    reason: str
    where: list[Condition]
    match: Literal["all", "any"]


class MapCategories(TypedDict):
    """Replace whole values by others, or by nothing; `others` says what becomes of the rest."""

    kind: Literal["map_categories"]
    reason: str
    columns: list[str]
    mapping: dict[str, str | None]
    others: Literal["keep", "null", "fail"]


Step = (
    Trim | Cast | ParseDates | Dedupe | Impute | Split | RegexReplace | RegexExtract | Clip | Rename
    | DropColumns | DropRows | MapCategories
)  # fmt: skip


def canonical(steps: Sequence[Step]) -> str:
    """Return what goes into a version's name: nothing for no steps, else the same text for the same steps."""
    if not steps:
        return ""
    acting = [{key: value for key, value in step.items() if key != "reason"} for step in steps]
    recipe = {"format": CLEANING_FORMAT, "steps": acting}
    return json.dumps(recipe, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
