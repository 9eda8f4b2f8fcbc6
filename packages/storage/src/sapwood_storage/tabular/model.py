"""The words of tabular storage: columns, results, limits, what a reader was told and what it found."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

NULL_TOKENS: Final = (
    "", "-", "--", "NA", "na", "N/A", "n/a", "N.A.", "n.a.", "<NA>", "#N/A", "#NA", "#N/A N/A",
    "NULL", "Null", "null", "(null)", "<null>", "\\N", "NIL", "Nil", "nil", "None",
    "NaN", "NAN", "nan", "-NaN", "-nan", "NaT",
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!",
)  # fmt: skip
"""How R, pandas, databases and spreadsheets write that there is no value."""

Cell = str | int | float | bool | None
"""A cell on the wire: dates are ISO 8601 text, decimals are numbers, NaN and infinity are `None`."""


class ColumnType(StrEnum):
    """The types Sapwood speaks of; each covers several of DuckDB's."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name as in the source, and its type."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Rows of a query: `rows[i][j]` belongs to `columns[j]`."""

    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    truncated: bool = False  # more rows existed than the limit let through
    nonfinite: int = 0  # cells that were NaN or infinite and read as None
    elapsed_ms: float = 0.0  # inside the worker


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one query may use; a breach raises `LimitExceeded` and the worker is replaced."""

    wall_s: float = 30.0
    cpu_s: float = 60.0
    rows: int = 100_000
    result_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """What the person said about the file; `None` means: find out."""

    format: str | None = None  # csv, parquet, json, excel
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    encoding: str | None = None
    sheet: str | None = None
    types: dict[str, ColumnType] = field(default_factory=dict[str, ColumnType])
    null_tokens: tuple[str, ...] = NULL_TOKENS  # () keeps every text as it stands


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a source: `records == rows + quarantined` always holds."""

    columns: tuple[Column, ...]
    records: int
    rows: int
    quarantined: int
    null_tokens: dict[str, dict[str, int]]  # column -> token -> cells that became null
    widened: dict[str, str]  # column -> why it was read at a wider type
    reader: dict[str, Any]
    """The options as resolved (format, delimiter, quote, header, encoding, types), `notes` on what was found,
    `units` of columns whose numbers were all written with one sign, and `doubts` where it speaks against what
    the person said."""
