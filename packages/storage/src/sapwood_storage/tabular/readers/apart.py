"""A Parquet file whose row groups are larger than the memory: some columns at a time, then side by side.

DuckDB reads a page of every column at once, and a page may be a whole column of a row group (its own writer
makes them so): a row group of 122,880 rows of 2 KB takes 320 MB a thread, and one of a million 2.5 GB.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import _duckdb

from sapwood_shared.errors import DependencyFailed
from sapwood_storage.tabular.readers import sql


class Field(NamedTuple):
    """A column to write: the SQL for its values, and its name."""

    value: str
    name: str


def copy(
    connection: sql.Connection,
    fields: Sequence[Field],
    relation: str,
    target: Path,
    *,
    form: str,
    work: Path,
) -> int:
    """Write `fields` of `relation` to `target` in the Parquet `form`, however much memory that needs."""
    try:
        return _copy(connection, fields, relation, target, form)
    except _duckdb.OutOfMemoryException:
        if len(fields) == 1:
            raise
    parts = _parts(connection, fields, relation, work, form)
    if len({rows for _, rows in parts}) > 1:
        raise DependencyFailed(
            "the columns of this file have not all the same number of rows", hint="it may be damaged"
        )
    together = " POSITIONAL JOIN ".join(f"read_parquet({sql.literal(str(part))})" for part, _ in parts)
    rows = _copy(
        connection, [Field(sql.name(field.name), field.name) for field in fields], together, target, form
    )
    for part, _ in parts:
        part.unlink()
    return rows


def _parts(
    connection: sql.Connection, fields: Sequence[Field], relation: str, work: Path, form: str
) -> list[tuple[Path, int]]:
    """Write halves of the fields, halved again as far as needed; return the files with their rows."""
    found: list[tuple[Path, int]] = []
    half = len(fields) // 2
    for some in (fields[:half], fields[half:]):
        part = work / f"{len(list(work.iterdir()))}.parquet"
        try:
            found.append((part, _copy(connection, some, relation, part, form)))
        except _duckdb.OutOfMemoryException:
            part.unlink(missing_ok=True)
            if len(some) == 1:
                raise
            found += _parts(connection, some, relation, work, form)
    return found


def _copy(connection: sql.Connection, fields: Sequence[Field], relation: str, target: Path, form: str) -> int:
    wanted = sql.select([f"{field.value} AS {sql.name(field.name)}" for field in fields], relation)
    return sql.number(connection, f"COPY {wanted} TO {sql.literal(str(target))} ({form})")
