"""DuckDB inside the worker: opened and warmed before the layers go on, locked after.

`_duckdb` is the engine; the package `duckdb` around it adds 150 ms of imports that a worker does not use.
DuckDB 2 starts eight threads for asynchronous reading at connect and they would stay outside Landlock, so
there are none until the layers are on.
"""

from typing import Final

import _duckdb

_AT_CONNECT: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": 1,
    "async_threads": 0,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,  # a name in SQL must never mean a variable of ours
    "python_scan_all_frames": False,
}

# Whatever a query may make the binding import or the engine read from /proc and /sys, once, while it can.
_WARMING: Final = """
    SELECT json_serialize_sql('SELECT 1 FROM t') AS tree, strftime(TIMESTAMPTZ '2024-01-01', '%x') AS time,
           sum(n)::DECIMAL(18, 2) AS exact, median(n) AS middle, to_json([n]) AS nested, random() AS chance
    FROM range(3) AS numbers(n) GROUP BY n ORDER BY n
"""


def open_engine() -> _duckdb.DuckDBPyConnection:
    """Return an in-memory database with one thread that has been used once."""
    connection = _duckdb.connect(":memory:", config=_AT_CONNECT)
    # Progress is measured only with the bar on, and the bar is not for anybody to see.
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(_WARMING).fetchall()
    return connection


def configure(
    connection: _duckdb.DuckDBPyConnection,
    *,
    memory_mb: int,
    threads: int,
    temp: str,
    temp_mb: int,
    files: list[str],
    directories: list[str],
    writing: bool,
) -> None:
    """Set what may be used and reached, and take the keys away.

    The order matters: directories cannot be set once external access is off, and nothing once locked.
    """
    settings = {
        "memory_limit": f"{memory_mb}MiB",
        "temp_directory": temp,
        "max_temp_directory_size": f"{temp_mb}MiB",
        "allowed_paths": files,
        "allowed_directories": [f"{directory}/" for directory in [*directories, temp]],
        "threads": threads,
        # It holds all columns of a row group, packed, beside what is read of them.
        "disable_parquet_prefetching": writing,
        "enable_external_access": False,
        "lock_configuration": True,
    }
    for name, value in settings.items():
        connection.execute(f"SET {name} = {_literal(value)}")


def show_data(connection: _duckdb.DuckDBPyConnection, file: str) -> None:
    """Make the dataset readable under the name `data`."""
    connection.execute(f"CREATE VIEW data AS SELECT * FROM read_parquet({_literal(file)})")  # noqa: S608 - our own path


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower()
