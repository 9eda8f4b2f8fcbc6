"""A sandbox without spares, and a small file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from packages.storage.tests.tabular.house import SALES, aged

from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[SandboxPool]:
    async with SandboxPool(settings=SandboxSettings(spares=0, bound=2, threads=1)) as made:
        yield made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_bytes(SALES)
    return aged(path)
