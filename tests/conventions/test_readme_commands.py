"""README's two commands are what CI runs, with the uv that the lock names."""

import re
from pathlib import Path

import pytest
from tools.documents import block

ROOT = Path(__file__).parents[2]


def locked_uv() -> str:
    found = re.search(r"^uv==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert found is not None
    return found.group()


@pytest.mark.parametrize("mark", ["first command", "test command"])
def test_readme_has_the_command_in_one_line_with_the_locked_uv(mark: str) -> None:
    command = block((ROOT / "README.md").read_text(), mark)

    assert command is not None, f"mark the block with <!-- {mark} -->"
    assert len(command.splitlines()) == 1
    assert f"pip install -q {locked_uv()} " in command
