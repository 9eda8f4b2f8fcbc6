"""A worker without its gate and without DuckDB's own locks: what the operating system refuses has to do."""

from typing import Any

import _duckdb
import raw_sql_worker

from sapwood_storage.tabular.sandbox import engine

# Two that can be set only now, and that let a LOAD go as far as the file.
engine._AT_CONNECT.update(allow_unsigned_extensions=True, autoload_known_extensions=True)


def configure(connection: _duckdb.DuckDBPyConnection, *, memory_mb: int, **_: Any) -> None:
    connection.execute(f"SET memory_limit = '{memory_mb}MiB'")


def main() -> int:
    engine.configure = configure
    return raw_sql_worker.main()
