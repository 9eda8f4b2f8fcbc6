"""Null tokens in columns that are text already: JSON's and Parquet's."""

import re
from collections.abc import Sequence

from sapwood_storage.tabular.readers import sql


def holds(x: str, tokens: Sequence[str]) -> str:
    """Return SQL that says whether the text `x` is a null token."""
    # A pattern: in a list of constants DuckDB sees a join.
    return f"regexp_full_match({x}, {sql.literal('|'.join(map(re.escape, tokens)))})" if tokens else "false"


def without(x: str, tokens: Sequence[str]) -> str:
    """Return SQL for the text `x`, NULL where it is a null token."""
    return f"CASE WHEN NOT {holds(x, tokens)} THEN {x} END" if tokens else x


def count(connection: sql.Connection, parquet: str, name: str, tokens: Sequence[str]) -> dict[str, int]:
    """Return how often each null token stands in a text column of a Parquet file of ours.

    Nearly always answered from the footer, by its bounds and Bloom filters.
    """
    if not tokens:
        return {}
    column = sql.name(name)
    rest = f"WHERE {column} IN {sql.literals(tokens)} GROUP BY {column} ORDER BY {column}"
    found = sql.rows(connection, sql.select([column, "count(*)"], parquet, rest))
    return {str(token): int(number) for token, number in found}
