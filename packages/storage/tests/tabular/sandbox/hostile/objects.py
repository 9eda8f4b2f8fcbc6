"""Objects that DuckDB would take for tables, under names in every scope that it looks into."""

import sys
from typing import Any

import _duckdb
import duckdb


class Table:
    """Answers DuckDB's question for Arrow data with one word."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        relation: Any = duckdb.sql("SELECT 'swordfish' AS word")
        return relation.__arrow_c_stream__(requested_schema)


a_global = Table()


def execute(connection: _duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    """Run it where all the names are in sight."""
    a_local = Table()
    found = connection.execute(sql).fetchall()
    assert a_local
    return found


def main() -> None:
    a_callers = Table()
    connection = _duckdb.connect(config={"python_scan_all_frames": True})
    print(execute(connection, sys.argv[1]))
    assert a_callers


if __name__ == "__main__":
    main()
