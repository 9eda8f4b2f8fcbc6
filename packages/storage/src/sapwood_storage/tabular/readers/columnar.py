"""Parquet: types are known and nothing can misfit; what Sapwood has no word for becomes text.

Null tokens are looked for in what was written, and only if there are any is the file read again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import Column, ColumnType, ReaderOptions
from sapwood_storage.tabular.readers import apart, inference, nulls, sql
from sapwood_storage.tabular.readers.apart import Field
from sapwood_storage.tabular.readers.dialect import unique_names
from sapwood_storage.tabular.readers.outcome import Outcome, parquet
from sapwood_storage.tabular.readers.progress import Tell, watched

_INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_NESTED: Final = ("STRUCT", "MAP", "UNION")
_EXACT_DIGITS: Final = 18


def ingest(
    connection: sql.Connection,
    source: Path,
    options: ReaderOptions,
    target: Path,
    tell: Tell,
    *,
    work: Path,
) -> Outcome:
    """Write the Parquet file `source` again as ours; of other types a person can ask for text only."""
    relation = f"read_parquet({sql.literal(str(source))})"
    connection.execute(f"{sql.select(['*'], relation)} LIMIT 0")
    found = [(str(name), str(kind)) for name, kind, *_ in connection.description or ()]
    connection.fetchall()
    names = unique_names([name for name, _ in found])
    forced = inference.forced_types(names, options.types)
    fields: list[Field] = []
    columns: list[Column] = []
    for (original, kind), name in zip(found, names, strict=True):
        expression, to = _ours(sql.name(original), kind)
        if forced.get(name, to) is not to:
            if forced[name] is not ColumnType.TEXT:
                raise InvalidInput(f"{name} is {to} in the file", hint="it can be read as that or as text")
            expression, to = f"({expression})::VARCHAR", ColumnType.TEXT
        fields.append(Field(expression, name))
        columns.append(Column(name, to))

    def write(fields: Sequence[Field]) -> int:
        with watched(connection, tell, source.stat().st_size):
            return apart.copy(connection, fields, relation, target, form=form, work=work)

    footer = f"parquet_file_metadata({sql.literal(str(source))})"
    records = sql.number(connection, sql.select(["coalesce(sum(num_rows), 0)::BIGINT"], footer))
    form = parquet(connection, _bytes(connection, source) / max(records, 1))
    rows = write(fields)
    held = _null_tokens(connection, target, columns, found, options)
    if held:
        rows = write([Field(nulls.without(value, tuple(held.get(name, ()))), name) for value, name in fields])
    return Outcome(
        columns=tuple(columns),
        records=records,
        rows=rows,
        null_tokens=held,
        notes=[
            f"{column.name}: {kind.lower()} became text"
            for column, (_, kind) in zip(columns, found, strict=True)
            if column.type is ColumnType.TEXT and kind != "VARCHAR" and column.name not in forced
        ],
        shapes={column.name: str(column.type) for column in columns},
    )


def _bytes(connection: sql.Connection, source: Path) -> int:
    metadata = f"parquet_metadata({sql.literal(str(source))})"
    return sql.number(connection, sql.select(["coalesce(sum(total_uncompressed_size), 0)::BIGINT"], metadata))


def _null_tokens(
    connection: sql.Connection,
    target: Path,
    columns: Sequence[Column],
    found: Sequence[tuple[str, str]],
    options: ReaderOptions,
) -> dict[str, dict[str, int]]:
    written = f"read_parquet({sql.literal(str(target))})"
    counts = {
        column.name: nulls.count(connection, written, column.name, options.null_tokens)
        for column, (_, kind) in zip(columns, found, strict=True)
        if kind == "VARCHAR" or kind.startswith("ENUM")
    }
    return {name: tokens for name, tokens in counts.items() if tokens}


def _ours(x: str, kind: str) -> tuple[str, ColumnType]:
    """Return SQL that gives the column `x` of DuckDB's type `kind` as one of our types."""
    base, _, rest = kind.partition("(")
    if kind.endswith("]") or base in _NESTED:
        return f"to_json({x})::VARCHAR", ColumnType.TEXT
    match base:
        case _ if base in _INTEGERS:
            return f"{x}::BIGINT", ColumnType.INTEGER
        case "DECIMAL":
            digits, scale = (int(part) for part in rest.rstrip(")").split(","))
            exact = scale == 0 and digits <= _EXACT_DIGITS
            return (f"{x}::BIGINT", ColumnType.INTEGER) if exact else (f"{x}::DOUBLE", ColumnType.NUMBER)
        case "FLOAT":
            # 0.1 stored in four bytes means 0.1, not 0.10000000149.
            return f"{x}::VARCHAR::DOUBLE", ColumnType.NUMBER
        case "DOUBLE":
            return x, ColumnType.NUMBER
        case "BOOLEAN":
            return x, ColumnType.BOOLEAN
        case "DATE":
            return x, ColumnType.DATE
        case "TIMESTAMP WITH TIME ZONE":
            return f"({x} AT TIME ZONE 'UTC')", ColumnType.TIMESTAMP
        case _ if base.startswith("TIMESTAMP"):
            return f"{x}::TIMESTAMP", ColumnType.TIMESTAMP
        case "BLOB":
            return f"hex({x})", ColumnType.TEXT
        case _:
            return f"{x}::VARCHAR", ColumnType.TEXT
