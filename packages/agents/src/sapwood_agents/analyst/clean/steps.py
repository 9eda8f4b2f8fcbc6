"""The steps of a recipe as people write them: typed, with defaults, and nothing that is not named here."""

from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sapwood_storage.tabular.cleaning import steps as wire
from sapwood_storage.tabular.model import ColumnType

_PLAIN = r"^[^\x00]*$"  # DuckDB's parser ends a statement at a NUL

Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500, pattern=_PLAIN)]
Words = Annotated[str, StringConstraints(strict=True, max_length=2_000, pattern=_PLAIN)]
Columns = Annotated[tuple[Name, ...], Field(min_length=1, max_length=10_000)]
Scalar = Annotated[bool, Field(strict=True)] | Annotated[int, Field(strict=True)] | float | Words


class _Step(BaseModel):
    """What all steps have; `reason` is why it is there, in words."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    reason: Words = ""

    def to_wire(self) -> wire.Step:
        """Return the step as the worker and a version's lineage have it."""
        return cast("wire.Step", self.model_dump(mode="json"))


class Trim(_Step):
    """Remove blanks at both ends of text; `collapse` makes one space of several inside."""

    kind: Literal["trim"] = "trim"
    columns: Columns
    collapse: bool = False
    blank_is_null: bool = False


class Cast(_Step):
    """Read values as another type; `lossy` allows rounding, and cutting a time off its date."""

    kind: Literal["cast"] = "cast"
    columns: Columns
    to: ColumnType
    thousands: Literal[",", ".", " ", "'", "_"] | None = None
    decimal: Literal[".", ","] = "."
    affixes: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    lossy: bool = False
    on_failure: wire.OnFailure = "fail"


class ParseDates(_Step):
    """Read text as dates or timestamps; the first of `formats` (strptime's) that fits a value counts."""

    kind: Literal["parse_dates"] = "parse_dates"
    columns: Columns
    formats: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
    to: Literal["date", "timestamp"] = "date"
    on_failure: wire.OnFailure = "fail"


class Dedupe(_Step):
    """Keep one row of those that are equal in `columns`, or in all columns when there are none."""

    kind: Literal["dedupe"] = "dedupe"
    columns: tuple[Name, ...] = ()
    keep: Literal["first", "last"] = "first"


class Impute(_Step):
    """Fill missing values; `flag` names a new column that says where."""

    kind: Literal["impute"] = "impute"
    column: Name
    strategy: Literal["mean", "median", "mode", "value"]
    value: Scalar | None = None
    flag: Name | None = None


class Split(_Step):
    """Cut text at `separator` into new columns; the last one takes whatever is left."""

    kind: Literal["split"] = "split"
    column: Name
    separator: Name
    into: Annotated[tuple[Name, ...], Field(min_length=2, max_length=100)]
    keep: bool = True


class RegexReplace(_Step):
    """Replace every match of an RE2 pattern; groups are `\\1` to `\\9`."""

    kind: Literal["regex_replace"] = "regex_replace"
    columns: Columns
    pattern: Annotated[Words, Field(min_length=1)]
    replacement: Words


class RegexExtract(_Step):
    """Take a group out of the first match, in place or `into` a new column."""

    kind: Literal["regex_extract"] = "regex_extract"
    column: Name
    pattern: Annotated[Words, Field(min_length=1)]
    group: Annotated[int, Field(ge=0, le=9)] = 1
    into: Name | None = None
    on_failure: Literal["fail", "null", "keep"] = "fail"


class Clip(_Step):
    """Bring values beyond a bound to the bound."""

    kind: Literal["clip"] = "clip"
    columns: Columns
    low: Scalar | None = None
    high: Scalar | None = None


class Rename(_Step):
    """Give columns other names, all at once: two may change places."""

    kind: Literal["rename"] = "rename"
    names: Annotated[dict[Name, Name], Field(min_length=1, max_length=10_000)]


class DropColumns(_Step):
    """Leave columns out."""

    kind: Literal["drop_columns"] = "drop_columns"
    columns: Columns


class Condition(BaseModel):
    """A test of one column; a missing value passes `missing` and no other."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    column: Name
    operator: wire.Operator
    values: Annotated[tuple[Scalar, ...], Field(max_length=10_000)] = ()


class DropRows(_Step):
    """Leave out the rows that pass all, or any, of the conditions."""

    kind: Literal["drop_rows"] = "drop_rows"
    where: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=100)]
    match: Literal["all", "any"] = "all"


class MapCategories(_Step):
    """Replace whole values by others, or by nothing; `others` says what becomes of the rest."""

    kind: Literal["map_categories"] = "map_categories"
    columns: Columns
    mapping: Annotated[dict[Words, Words | None], Field(min_length=1, max_length=10_000)]
    others: Literal["keep", "null", "fail"] = "keep"


Step = Annotated[
    Trim | Cast | ParseDates | Dedupe | Impute | Split | RegexReplace | RegexExtract | Clip | Rename
    | DropColumns | DropRows | MapCategories,
    Field(discriminator="kind"),
]  # fmt: skip
"""One step, told apart by `kind`."""
