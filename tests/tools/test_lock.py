from collections.abc import Callable
from pathlib import Path

import pytest
from tools.lock import resolve, unhashed
from tools.workspace import Workspace

HASH = "--hash=sha256:" + "0" * 64


def test_a_pinned_and_hashed_requirement_is_accepted() -> None:
    lock = (
        f'six==1.17.0 ; sys_platform == "linux" \\\n    {HASH}\n    # via -r house\nuv-build==0.13.6 {HASH}\n'
    )

    assert unhashed(lock) == []


@pytest.mark.parametrize("line", ["six==1.17.0", f"six>=1.17 {HASH}", "-e ./six", "--index-url somewhere"])
def test_anything_else_in_the_lock_is_refused(line: str) -> None:
    assert unhashed(f"six==1.17.0 {HASH}\n{line}\n") == [line]


@pytest.mark.integration
def test_a_resolution_needs_only_the_manifests_and_leaves_the_workspace_alone(
    read_house: Callable[[], Workspace], house: Path
) -> None:
    before = sorted(house.rglob("*"))

    exported, for_uv = resolve(read_house())

    assert "pytest==" in exported
    assert "house" not in "".join(line for line in exported.splitlines() if "==" in line)
    assert unhashed(exported) == []
    assert "house-wall" in for_uv
    assert sorted(house.rglob("*")) == before
