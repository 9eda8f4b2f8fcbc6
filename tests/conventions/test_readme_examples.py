"""The example in each README, the root's included, runs, in a process of its own and in an empty folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.documents import block
from tools.workspace import Member, Workspace

ROOT = Path(__file__).parents[2]
MEMBERS = Workspace.read(ROOT).members


@pytest.mark.parametrize("member", MEMBERS, ids=[member.name for member in MEMBERS])
def test_the_example_in_the_readme_runs(member: Member, tmp_path: Path) -> None:
    example = block((ROOT / member.path / "README.md").read_text(), "example")
    assert example is not None, "mark a ten-line block with <!-- example -->"
    # An example may use the tables under examples/, and writes nowhere but here.
    (tmp_path / "examples").symlink_to(ROOT / "examples")

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        cwd=tmp_path,
        env=os.environ | {"HOME": str(tmp_path), "SAPWOOD_HOME": str(tmp_path / "home")},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout, "an example shows its result"
