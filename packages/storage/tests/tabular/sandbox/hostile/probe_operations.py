"""Operations that show what a worker in write mode can do."""

# A worker's own code does without pathlib, and these paths are its own:
# ruff: noqa: PTH102, PTH123

import os
import time

# ruff: noqa: PTH102, PTH123
from collections.abc import Callable
from typing import Any

import _duckdb

from sapwood_shared.errors import Conflict

Tell = Callable[[dict[str, Any]], None]


def convert(connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    source, staging = params["source"], params["staging"]
    tell({"done": 0, "total": 1})
    connection.execute(f"COPY (FROM read_csv('{source}')) TO '{staging}/data.parquet' (FORMAT parquet)")
    with open(f"{staging}/notes.txt", "w") as notes:
        notes.write(params["note"])
    os.mkdir(f"{staging}/more")
    tell({"done": 1, "total": 1})
    row = connection.execute(f"SELECT count(*) FROM read_parquet('{staging}/data.parquet')").fetchone()
    return {"rows": row[0] if row else 0}


def note(connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    with open(f"{params['staging']}/notes.txt", "w") as notes:
        notes.write(params["note"])
    return {}


def refuse(connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    raise Conflict("somebody was first", hint="try the other one")


def break_down(connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    raise AssertionError("a bug")


def fill(connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    connection.execute(f"COPY (SELECT hash(n) FROM range(2000000) t(n)) TO '{params['staging']}/big.parquet'")
    return {}


def fill_from_python(
    connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell
) -> dict[str, Any]:
    with open(f"{params['staging']}/big", "wb") as file:
        file.writelines(bytes(1 << 20) for _ in range(64))
    return {}


def overwrite_the_source(
    connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell
) -> dict[str, Any]:
    with open(params["source"], "w") as file:
        file.write("mine now")
    return {}


def write_elsewhere(
    connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell
) -> dict[str, Any]:
    connection.execute(f"COPY (SELECT 1) TO '{params['elsewhere']}'")
    return {}


def sleep(connection: _duckdb.DuckDBPyConnection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    tell({"sleeping": True})
    time.sleep(3600)
    return {}


OPERATIONS = {
    operation.__name__: operation
    for operation in (
        convert, note, refuse, break_down, fill, fill_from_python, overwrite_the_source, write_elsewhere,
        sleep,
    )
}  # fmt: skip
