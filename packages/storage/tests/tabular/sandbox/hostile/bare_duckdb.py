"""DuckDB as it comes, in a process that nothing holds; says what the last of some statements gave.

Its lines: `go` before that statement, then how many rows and characters came so far, at the end one object.
"""

import json
import sys
from pathlib import Path
from typing import Any

import _duckdb

AT_ONCE = 1024
TABLE = "CREATE TABLE data AS SELECT n, n / 2 AS half, 'row' AS name FROM range(10) t(n)"


def say(line: str) -> None:
    print(line, flush=True)


def foreign_code() -> list[str]:
    """Name the extensions that are mapped into this process as code."""
    maps = [line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()]
    return sorted({path for path in maps if path.endswith(".duckdb_extension")})


def run(connection: _duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    """Fetch everything, and keep the first rows."""
    kept: list[Any] = []
    rows = characters = 0
    connection.execute(sql)
    while found := connection.fetchmany(AT_ONCE):
        kept = kept or found[:10]
        rows += len(found)
        characters += sum(len(str(value)) for row in found for value in row)
        say(f"{rows} {characters}")
    return kept


def main() -> None:
    config, *before, last = json.loads(sys.stdin.readline())
    connection = _duckdb.connect(config=config)
    connection.execute("SET enable_progress_bar = false")
    for sql in (TABLE, *before):
        connection.execute(sql).fetchall()
    found: list[Any] = []
    error = None
    say("go")
    try:
        found = run(connection, last)
    except _duckdb.Error as failure:
        error = str(failure)
    say(json.dumps({"rows": found, "error": error, "foreign_code": foreign_code()}, default=str))


if __name__ == "__main__":
    main()
