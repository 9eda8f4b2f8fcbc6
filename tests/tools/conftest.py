import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tools.workspace import Workspace

ROOT_MANIFEST = """
[project]
name = "house"
version = "0"
requires-python = ">=3.11"
dependencies = ["house-roof"]

[dependency-groups]
test = ["pytest"]

[tool.uv]
package = false

[tool.uv.workspace]
members = ["packages/*", "apps/*"]

[tool.uv.sources]
house-ground = { workspace = true }
house-wall = { workspace = true }
house-roof = { workspace = true }

[tool.ruff.lint]
select = ["F"]

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
"""
MEMBER_MANIFEST = """
[project]
name = "house-{name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = {needs}

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"

[tool.uv.build-backend]
module-name = "house_{name}"

[tool.sapwood]
coverage-floor = 50
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A committed workspace: a roof leans on a wall, the wall on the ground, and a shed on nothing."""
    write(tmp_path, "pyproject.toml", ROOT_MANIFEST)
    write(tmp_path, "requirements.lock", "")
    write(tmp_path, "noxfile.py", "")
    write(tmp_path, ".python-version", "3.11\n")
    write(tmp_path, ".gitignore", ".nox/\n__pycache__/\n.ruff_cache/\n.coverage*\n")
    write(tmp_path, "README.md", "# House\n")
    for folder, name, needs in (
        ("packages", "ground", "[]"),
        ("packages", "wall", '["house-ground>=0.1"]'),
        ("packages", "shed", "[]"),
        ("apps", "roof", '["house-wall"]'),
    ):
        write(tmp_path, f"{folder}/{name}/pyproject.toml", MEMBER_MANIFEST.format(name=name, needs=needs))
        write(tmp_path, f"{folder}/{name}/src/house_{name}/__init__.py", f'"""The {name}."""\n')
        write(tmp_path, f"{folder}/{name}/tests/test_{name}.py", f"def test_{name}() -> None: ...\n")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    return tmp_path


def write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "change")


Edit = Callable[[str, str], None]


@pytest.fixture
def edit(house: Path) -> Edit:
    """Write a file of the house."""

    def edit_file(path: str, text: str) -> None:
        write(house, path, text)

    return edit_file


@pytest.fixture
def commit_house(house: Path) -> Callable[[], None]:
    """Commit whatever stands in the house."""

    def commit_now() -> None:
        commit(house)

    return commit_now


@pytest.fixture
def read_house(house: Path) -> Callable[[], Workspace]:
    """Read the house as it stands now."""

    def read() -> Workspace:
        return Workspace.read(house)

    return read
