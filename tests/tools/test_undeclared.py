import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tools.undeclared import Watch
from tools.workspace import Workspace

ROOT = Path(__file__).parents[2]
Edit = Callable[[str, str], None]
Run = Callable[[], tuple[int, str]]

READING = """
import subprocess, sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

def test_good() -> None:
    (ROOT / "packages/shed/pyproject.toml").read_text()

def test_opening() -> None:
    (ROOT / "README.md").read_text()

def test_handing_over() -> None:
    subprocess.run([sys.executable, "-c", "", str(ROOT / "docs/answers.md")], check=True)

def test_leaning_the_wrong_way() -> None:
    (ROOT / "packages/wall/src/house_wall/__init__.py").read_text()
"""


@pytest.fixture
def run(house: Path, edit: Edit) -> Run:
    """Run the shed's tests in the house as the sessions do; return the exit code and what is printed."""
    shutil.copytree(ROOT / "tools", house / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    edit("docs/answers.md", "# Answers\n")
    edit("packages/shed/tests/test_shed.py", READING)

    def run_tests() -> tuple[int, str]:
        watched = ("-p", "tools.undeclared", "--member=shed")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "packages/shed/tests", "-rA", "-n2", *watched],
            cwd=house,
            env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
            check=False,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    return run_tests


def test_a_test_that_reads_what_its_member_has_not_declared_fails_and_names_it(run: Run) -> None:
    code, printed = run()

    assert code == 1
    assert "1 passed" in printed
    assert "README.md: read, but no part of shed" in printed
    assert "docs/answers.md: read, but no part of shed" in printed
    assert "packages/wall/src/house_wall/__init__.py: read, but no part of shed" in printed


def test_what_is_declared_may_be_read(run: Run, house: Path, edit: Edit) -> None:
    declared = 'also-reads = ["README.md", "docs", "packages/wall"]\n'
    manifest = house / "packages/shed/pyproject.toml"
    edit("packages/shed/pyproject.toml", manifest.read_text() + declared)

    code, printed = run()

    assert code == 0, printed


def test_a_module_that_reads_while_it_is_collected_fails(run: Run, edit: Edit) -> None:
    edit("packages/shed/tests/test_shed.py", "from pathlib import Path\nPath('README.md').read_text()\n")

    code, printed = run()

    assert code != 0
    assert "README.md: read, but no part of shed" in printed


def test_what_is_no_path_is_passed_over(house: Path) -> None:
    workspace = Workspace.read(house)
    watch = Watch(workspace, workspace.member("shed"))

    watch.heed("open", (3, "rb", 0))
    watch.heed("open", (house / "nowhere", "rb", 0))
    watch.heed("subprocess.Popen", (None, ["a\0b", b"-c"], None, None))
    watch.heed("subprocess.Popen", (None, "a command", None, None))
    watch.heed("import", ("os",))

    assert watch.read == frozenset()

    watch.heed("open", (str(house / "README.md"), "rb", 0))

    assert watch.read == {"README.md"}


def test_a_module_that_is_imported_from_its_bytecode_was_read(house: Path) -> None:
    workspace = Workspace.read(house)
    watch = Watch(workspace, workspace.member("shed"))
    tests = house / "packages/wall/tests"

    watch.heed("open", (str(tests / "__pycache__/test_wall.cpython-311-pytest-9.2.0.pyc"), "rb", 0))

    assert watch.read == {"packages/wall/tests/test_wall.py"}
