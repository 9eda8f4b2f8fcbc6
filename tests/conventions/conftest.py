from pathlib import Path

import pytest
from tools.workspace import Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    """Read the workspace these tests stand in."""
    return Workspace.read(ROOT)
