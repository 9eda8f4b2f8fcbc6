"""Names and values of a recipe as SQL; a value is a literal of its column's type and nothing else.

Used by the parent too, which checks a recipe before it starts a worker, so nothing here loads DuckDB.
"""

from datetime import date, datetime
from math import isfinite
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning.steps import Scalar
from sapwood_storage.tabular.model import ColumnType

DUCKDB_TYPES: Final = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}
_LARGEST: Final = 2**63 - 1


def quoted(name: str) -> str:
    """Return a column's name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return `value` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def typed(value: str, kind: ColumnType) -> str:
    """Return the text of a value as a literal of `kind`; it is known to be one."""
    return f"CAST({text(value)} AS {DUCKDB_TYPES[kind]})"


def literal(value: Scalar, kind: ColumnType, column: str) -> str:
    """Return `value` as a literal that a column of `kind` can be compared with or hold."""
    if not _fits(value, kind):
        raise InvalidInput(
            f"{column} holds {kind}, and {value!r} is not one",
            hint="write the value as the column holds it; dates are ISO 8601 text",
        )
    return typed(str(value).lower() if isinstance(value, bool) else str(value), kind)


def _fits(value: Scalar, kind: ColumnType) -> bool:
    match kind:
        case ColumnType.TEXT:
            return isinstance(value, str)
        case ColumnType.BOOLEAN:
            return isinstance(value, bool)
        case ColumnType.INTEGER:
            return type(value) is int and abs(value) <= _LARGEST
        case ColumnType.NUMBER:
            return type(value) is int or (isinstance(value, float) and isfinite(value))
        case ColumnType.DATE | ColumnType.TIMESTAMP:
            return isinstance(value, str) and _is_time(value, date if kind is ColumnType.DATE else datetime)


def _is_time(value: str, kind: type[date]) -> bool:
    try:
        found = kind.fromisoformat(value)
    except ValueError:
        return False
    return not isinstance(found, datetime) or found.tzinfo is None
