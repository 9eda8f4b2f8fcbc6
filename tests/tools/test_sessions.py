"""The real noxfile in a small workspace, as a contributor and as CI would run it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Edit = Callable[[str, str], None]
Nox = Callable[..., dict[str, str]]


@pytest.fixture
def nox(house: Path, commit_house: Callable[[], None]) -> Nox:
    """Run a session there; return what it says about each member."""
    shutil.copy(ROOT / "noxfile.py", house)
    shutil.copytree(ROOT / "tools", house / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    commit_house()

    def run(
        *arguments: str, ci: bool = False, check: str = "lint", env: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name != "CI"} | dict(env or {})
        done = subprocess.run(
            [sys.executable, "-m", "nox", "-s", check, "--", *arguments],
            cwd=house,
            env=environment | ({"CI": "true"} if ci else {}),
            check=False,
            capture_output=True,
            text=True,
        )
        said = dict(re.findall(rf"^nox > \* {check}\((\w+)\): (.*)$", done.stderr, re.MULTILINE))
        assert said, done.stderr
        return {name: "ran" if what.startswith("success") else what for name, what in said.items()}

    return run


UNCHANGED = "skipped ({} is unchanged since this passed (--force runs it again))"


def test_an_unchanged_member_is_left_out_and_says_so(nox: Nox, edit: Edit) -> None:
    first = nox()
    edit("packages/wall/src/house_wall/__init__.py", '"""A higher wall."""\n')

    second = nox()

    assert set(first.values()) == {"ran"}
    assert second == {
        "ground": UNCHANGED.format("ground"),
        "shed": UNCHANGED.format("shed"),
        "wall": "ran",
        "roof": "ran",
        "workspace": "ran",
    }


def test_neither_force_nor_ci_reads_what_passed_before(nox: Nox) -> None:
    nox()

    assert set(nox("--force").values()) == {"ran"}
    assert set(nox(ci=True).values()) == {"ran"}


def test_a_failure_is_not_remembered(nox: Nox, edit: Edit) -> None:
    edit("packages/shed/src/house_shed/__init__.py", "import os\n")

    assert nox("shed")["shed"] == "failed"
    assert nox("shed")["shed"] == "failed"


def test_what_was_repaired_has_not_passed_as_it_was_before(nox: Nox, edit: Edit) -> None:
    edit("packages/shed/src/house_shed/door.py", "import os\n")
    repaired = nox("shed", "--write")["shed"]
    edit("packages/shed/src/house_shed/door.py", "import os\n")

    assert repaired == "ran"
    assert nox("shed")["shed"] == "failed"


def test_a_python_that_was_not_there_has_not_been_tried(nox: Nox, tmp_path: Path) -> None:
    git = shutil.which("git")
    assert git is not None
    only_git = tmp_path / "bin"
    only_git.mkdir()
    (only_git / "git").symlink_to(git)
    bare = {"PATH": str(only_git), "PYENV_ROOT": str(tmp_path), "UV_PYTHON_INSTALL_DIR": str(tmp_path)}

    assert nox("shed", check="compat", env=bare)["shed"] == "ran"
    assert nox("shed", check="compat", env=bare)["shed"] == "ran"


def test_another_server_for_the_tests_is_another_check(nox: Nox) -> None:
    nox("shed")

    said = nox("shed", env={"SAPWOOD_TEST_POSTGRES": "postgresql://elsewhere/sapwood"})

    assert said["shed"] == "ran"


def test_affected_leaves_out_who_cannot_feel_the_change(nox: Nox, edit: Edit) -> None:
    edit("packages/wall/src/house_wall/__init__.py", '"""A higher wall."""\n')

    said = nox("--affected", "main")

    assert {name for name, what in said.items() if what == "ran"} == {"wall", "roof", "workspace"}
    assert said["shed"] == "skipped (shed is not affected by what changed since main)"
