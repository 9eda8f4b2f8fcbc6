"""Columns and cells on the wire: DuckDB itself turns what JSON has no word for into text or numbers.

Python sees integers, floats, text, truth and null only, so that fetching a result imports nothing.
"""

from math import isfinite
from typing import Any, Final, NamedTuple

from sapwood_storage.tabular.sandbox.protocol import to_json

_INTEGERS: Final = frozenset({
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
    "UHUGEINT",
})  # fmt: skip
_NESTED: Final = ("STRUCT(", "MAP(", "UNION(")


class WireColumn(NamedTuple):
    """A column of a result: its type as in `model.ColumnType`, and how DuckDB is asked for its cells."""

    name: str
    type: str
    expression: str  # with {0} for the column; "{0}" alone if the cells travel as they are


def wire_column(name: str, duckdb_type: str) -> WireColumn:
    """Return how a column of this type of DuckDB's travels."""
    kind, expression = _travels(duckdb_type)
    return WireColumn(name, kind, expression)


def _travels(kind: str) -> tuple[str, str]:
    if kind.endswith("]") or kind.startswith(_NESTED) or kind == "VARIANT":
        return "text", "to_json({0})::VARCHAR"
    if kind in _INTEGERS:
        return "integer", "{0}"
    if kind in ("DOUBLE", "FLOAT"):
        return "number", "{0}"
    if kind.startswith("DECIMAL("):
        whole = kind.endswith(",0)")
        return ("integer", "{0}::HUGEINT") if whole else ("number", "{0}::DOUBLE")
    if kind.startswith("TIMESTAMP"):
        return "timestamp", "replace({0}::VARCHAR, ' ', 'T')"
    if kind == "DATE":
        return "date", "{0}::VARCHAR"
    if kind == "BOOLEAN":
        return "boolean", "{0}"
    if kind == "BLOB":
        return "text", "lower(hex({0}))"
    return "text", "{0}" if kind == "VARCHAR" else "{0}::VARCHAR"


def encode_rows(rows: list[tuple[Any, ...]]) -> tuple[bytes, int]:
    """Return the rows as JSON, and how many of their cells were NaN or infinite and are null there."""
    try:
        return to_json(rows), 0
    except ValueError:
        finite = [[None if _is_wild(cell) else cell for cell in row] for row in rows]
        return to_json(finite), sum(_is_wild(cell) for row in rows for cell in row)


def _is_wild(cell: object) -> bool:
    return isinstance(cell, float) and not isfinite(cell)
