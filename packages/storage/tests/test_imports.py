"""What importing must not load: a command that repeats a cached answer pays for all of it."""

import subprocess
import sys

import pytest

HEAVY = {
    "sqlalchemy",
    "aiosqlite",
    "asyncpg",
    "pydantic",
    "duckdb",
    "obstore",
    "redis",
    "structlog",
    "rich",
    "zstandard",
}


@pytest.mark.parametrize("module", ["sapwood_storage", "sapwood_storage.home", "sapwood_storage.cache"])
def test_an_import_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert HEAVY.isdisjoint(loaded.split())
