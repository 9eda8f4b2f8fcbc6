"""Python's objects by their name in SQL: bare DuckDB reads them, a worker that holds some does not."""

import functools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import Forbidden, InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.sandbox.pool import SandboxPool

pytestmark = pytest.mark.integration

HOSTILE = Path(__file__).parent / "hostile"
NAMES = ["a_local", "a_global", "a_callers"]

# DuckDB hands these an object of its own making; SQL has no value that stands for a pointer.
TAKE_POINTERS = ["pandas_scan", "arrow_scan", "arrow_scan_dumb", "python_arrow_scan", "python_map_function"]
POINTERS = ["{name}()", "{name}(1)", "{name}(1, 2, 3)", "{name}(NULL)", "{name}((SELECT 1))"]
IN_MANY_PLACES = [
    "SELECT * FROM {name}",
    "FROM {name} SELECT word",
    "SELECT (SELECT word FROM {name})",
    "WITH t AS (SELECT * FROM {name}) SELECT * FROM t",
    "SELECT * FROM range(1) r(n), LATERAL (SELECT * FROM {name}) l",
]


def bare_duckdb_among_objects(sql: str) -> str:
    command = [sys.executable, str(HOSTILE / "objects.py"), sql]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("sql", IN_MANY_PLACES)
async def test_an_object_that_bare_duckdb_reads_by_its_name_is_no_table(
    sql: str, make_pool: Any, dataset: Path
) -> None:
    for name in NAMES:
        assert "swordfish" in bare_duckdb_among_objects(sql.format(name=name))

    for module in ("full_of_objects_worker", "full_of_objects_without_gate_worker"):
        pool: SandboxPool = make_pool(module=module)
        for name in NAMES:
            with pytest.raises(InvalidInput, match=f"Table with name {name} does not exist") as refusal:
                await pool.query(WorkspaceId("ws_test"), "dv_1", dataset, sql.format(name=name))
            assert "swordfish" not in refusal.value.message


@pytest.mark.parametrize("name", TAKE_POINTERS)
async def test_a_function_that_takes_pointers_takes_none_from_sql(
    name: str, bare: Any, pool: SandboxPool, dataset: Path
) -> None:
    ask = functools.partial(pool.query, WorkspaceId("ws_test"), "dv_1", dataset)
    for arguments in POINTERS:
        sql = f"SELECT * FROM {arguments.format(name=name)}"
        # Bare DuckDB knows the function and has no way in either: an engine that opens one fails here.
        assert "Binder Error" in bare.run(sql)["error"]

        with pytest.raises(Forbidden, match="not available"):
            await ask(sql)
