"""How names and values of ours are written into SQL; nothing else is ever pasted into a statement."""

from collections.abc import Iterable
from typing import Any

import _duckdb

Connection = _duckdb.DuckDBPyConnection


def literal(text: str) -> str:
    """Return `text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """Return `text` as a quoted identifier."""
    return '"' + text.replace('"', '""') + '"'


def literals(texts: Iterable[str]) -> str:
    """Return a list of SQL strings, in brackets."""
    return "[" + ", ".join(map(literal, texts)) + "]"


def select(fields: Iterable[str], source: str, rest: str = "") -> str:
    """Return a SELECT of `fields` from `source`, in parentheses, so that it can be a source itself."""
    return f"(SELECT {', '.join(fields)} FROM {source} {rest})"  # noqa: S608 - of parts quoted by the above


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    """Run `query` and return all its rows."""
    return connection.execute(query).fetchall()


def row(connection: Connection, query: str) -> tuple[Any, ...]:
    """Run `query`, which gives exactly one row, and return it."""
    (only,) = rows(connection, query)
    return only


def number(connection: Connection, query: str) -> int:
    """Run `query`, which gives exactly one whole number, and return it."""
    return int(row(connection, query)[0])
