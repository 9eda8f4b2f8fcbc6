"""What a question should give: the rows of its gold SQL, in what order, and whether letter case counts."""

import datetime
import decimal
import math
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
import sqlglot.expressions as exp

Rows = list[list[Any]]
SORTED = re.compile(
    r"(?i)\b(?:sort(?:ed)?|order(?:ed)? by|ranked|rank (?:by|from|them|these|all|the)|(a|de)scending"
    r"|(most|least|\w+est) (\w+ )?first)\b"
)
"""Words that ask for an order."""
NULLS = ["", "NA", "N/A", "NaN", "null", "NULL", "None"]


@dataclass(frozen=True)
class Gold:
    """The rows; `runs` are how many in a row rank alike, `None` where no order is due."""

    rows: Rows
    runs: tuple[int, ...] | None = None
    any_case: bool = False
    """The SQL folds the case of what it gives back."""


def open_table(file: Path) -> duckdb.DuckDBPyConnection:
    """The file as the table `data`; lines that cannot be read are left out, as the product does."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    match file.suffix:
        case ".csv" | ".tsv":
            read = f"read_csv_auto('{file}', sample_size=-1, nullstr={NULLS!r})"
        case ".json":
            read = f"read_json_auto('{file}')"
        case _:
            read = f"read_parquet('{file}')"
    connection.execute(f"CREATE TABLE data AS SELECT * FROM {read}")
    for name, kind in connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'data'"
    ).fetchall():
        if "TIME ZONE" in kind:
            connection.execute(f'ALTER TABLE data ALTER "{name}" TYPE TIMESTAMP')
    return connection


def run_gold(connection: duckdb.DuckDBPyConnection, sql: str, question: str = "") -> Gold:
    """Run the gold SQL of a question."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(tree, exp.Query):
        raise ValueError(f"gold SQL has to be a SELECT: {sql}")
    any_case = _folds_case(tree)
    order = tree.args.get("order")
    if order is None or not (_has_an_order(tree) or SORTED.search(question)):
        return Gold(_fetch(connection, sql), any_case=any_case)
    width = len(connection.execute(f"DESCRIBE {sql}").fetchall())
    places, hidden = _keys(tree, [key.this for key in order.expressions], width)
    if hidden:
        sql = tree.select(*hidden).sql("duckdb")
    fetched = _fetch(connection, sql)
    runs = tuple(len(list(alike)) for _, alike in groupby(fetched, lambda row: [row[at] for at in places]))
    return Gold([row[:width] for row in fetched], runs, any_case)


def _has_an_order(tree: exp.Query) -> bool:
    """Whether `docs/answers.md` gives these rows an order, as it does but for a list picked by a condition.

    Such a list is one of rows, or of groups of which some are kept: `HAVING`.
    """
    if not isinstance(tree, exp.Select) or tree.args.get("limit") or tree.args.get("qualify"):
        return True
    return not tree.args.get("having") and bool(tree.args.get("group") or tree.args.get("distinct"))


def _keys(tree: exp.Query, keys: list[exp.Expr], width: int) -> tuple[list[int], list[exp.Expr]]:
    """Where the values stand that the rows are ordered by, and those to select besides."""
    names = [selected.alias_or_name.casefold() for selected in tree.selects]
    bodies = [selected.unalias() for selected in tree.selects]
    places: list[int] = []
    hidden: list[exp.Expr] = []
    for key in keys:
        if isinstance(key, exp.Literal):
            places.append(int(key.this) - 1)
        elif isinstance(key, exp.Var) and key.name.upper() == "ALL":
            places += range(width)
        elif isinstance(key, exp.Column) and key.name.casefold() in names:
            places.append(names.index(key.name.casefold()))
        elif key in bodies:
            places.append(bodies.index(key))
        elif isinstance(tree, exp.Select) and not tree.args.get("distinct"):
            places.append(width + len(hidden))
            hidden.append(exp.alias_(key.copy(), f"~{len(hidden)}", quoted=True))
        else:
            raise ValueError(
                f"select {key.sql('duckdb')} too, by which this is ordered: {tree.sql('duckdb')}"
            )
    return places, hidden


def _folds_case(tree: exp.Query) -> bool:
    """Whether text that comes back went through lower() or upper()."""
    return any(
        folded.find_ancestor(exp.Where) is None
        for select in tree.find_all(exp.Select)
        for selected in select.expressions
        for folded in selected.find_all(exp.Lower, exp.Upper)
    )


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    return [[_cell(value) for value in row] for row in connection.execute(sql).fetchall()]


def _cell(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
