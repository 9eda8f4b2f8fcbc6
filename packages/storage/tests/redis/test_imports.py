"""Who does without Redis must not pay for the import of its client, half a second."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "sapwood_storage.cache",
        "sapwood_storage.cache.tolerant",
        "sapwood_storage.hints",
        "sapwood_storage.hints.local",
        "sapwood_storage.redis",
        "sapwood_storage.redis.settings",
    ],
)
def test_the_client_is_imported_by_those_who_name_it(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "redis" not in loaded.split()
