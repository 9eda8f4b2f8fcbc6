"""What a profile says; the JSON of `Profile` is the published form."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sapwood_agents.analyst.answer import DatasetInfo
from sapwood_storage.tabular.model import Cell, ColumnType

SCHEMA_VERSION = 1


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProfileRequest(_Value):
    """How much a profile may cost: beyond `exact_rows` some figures are estimated, unless `exact` pays."""

    exact: bool = False
    exact_rows: int = Field(default=1_000_000, ge=0)
    sample_rows: int = Field(default=100_000, ge=1_000)


class Margin(_Value):
    """How far an approximate figure may be off, at 95 % confidence, `relative` at 99.7 %.

    `relative`: as a fraction of the figure; `share`: of all rows, as a fraction; `rank`: a quantile's place,
    as a fraction; `rows`: in rows; `correlation`: in units of the coefficient.
    """

    of: Literal["relative", "share", "rank", "rows", "correlation"]
    value: float


class TopValue(_Value):
    """A frequent value; `share` is of all rows, empty ones too. Text is cut after 120 characters."""

    value: Cell
    count: int
    share: float


class Bin(_Value):
    """Rows from `low` to `high`.

    `high` is among them, save for timestamps, and `low` is, save for numbers with a fraction; what lies on
    either end of the column is always in its outermost bin.
    """

    low: int | float | str
    high: int | float | str
    count: int


class Outliers(_Value):
    """Values beyond one and a half interquartile ranges from the quartiles (Tukey's fences)."""

    below: float
    above: float
    count: int


class Lengths(_Value):
    """Characters in a text column's values."""

    min: int
    mean: float
    max: int


class TextTrouble(_Value):
    """What makes equal texts unequal or numbers into text; shares are of sampled values."""

    padded: int = Field(default=0, description="rows with space before or after the text")
    blank: int = Field(default=0, description="rows with nothing but space")
    variants: int = Field(default=0, description="values that differ from another only by case or space")
    numbers: float = Field(default=0.0, description="share of values that read as numbers")
    dates: float = Field(default=0.0, description="share of values that read as dates")


class PiiKind(StrEnum):
    """What may lead to a person."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "credit_card"
    IBAN = "iban"
    SSN = "ssn"
    IP = "ip_address"
    NAME = "person_name"
    BIRTH = "date_of_birth"
    ADDRESS = "postal_address"


class Pii(_Value):
    """Likely personal data: the `share` of sampled values that look like it, `None` if only the name does."""

    kind: PiiKind
    share: float | None
    named: bool = Field(description="whether the column's name says so too")


class ColumnProfile(_Value):
    """One column; figures named in `approximate` are estimates, with their margin."""

    name: str
    type: ColumnType
    nulls: int
    null_share: float
    distinct: int
    unique: bool = Field(description="proved: no two rows share a value and none is empty")
    approximate: dict[str, Margin] = Field(default_factory=dict[str, Margin])
    nonfinite: int = 0
    min: Cell = None
    max: Cell = None
    mean: float | None = None
    std: float | None = None
    quantiles: dict[str, Cell] = Field(default_factory=dict[str, Cell], examples=[{"0.5": 12.5}])
    zeros: int | None = None
    negatives: int | None = None
    outliers: Outliers | None = None
    lengths: Lengths | None = None
    top: tuple[TopValue, ...] = ()
    histogram: tuple[Bin, ...] = ()
    trouble: TextTrouble | None = None
    pii: tuple[Pii, ...] = ()


class Correlation(_Value):
    """Pearson's coefficient of two columns over the rows that have both."""

    left: str
    right: str
    coefficient: float
    margin: Margin | None = None


class Duplicates(_Value):
    """Rows beyond the first of their kind."""

    rows: int
    margin: Margin | None = None


class Severity(StrEnum):
    """How much a warning matters: `high` changes answers, `medium` wants a look, `low` is good to know."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Caution(_Value):
    """Something worth knowing before the table is used, in words."""

    code: str = Field(examples=["nulls"])
    severity: Severity
    column: str | None
    text: str


class Profile(_Value):
    """A table, looked over."""

    schema_version: int = SCHEMA_VERSION
    dataset: DatasetInfo
    rows: int
    columns: tuple[ColumnProfile, ...]
    approximate: bool = Field(default=False, description="some figures are estimates; they say so")
    sampled: int | None = Field(default=None, description="rows in the sample; null when all were used")
    keys: tuple[str, ...] = Field(default=(), description="columns proved to tell every row apart")
    duplicates: Duplicates
    correlations: tuple[Correlation, ...] = ()
    warnings: tuple[Caution, ...] = ()
    cached: bool = False
    timings_ms: dict[str, float] = Field(default_factory=dict[str, float])
