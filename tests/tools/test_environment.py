import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tools.environment import interpreter, isolated
from tools.workspace import Workspace

Read = Callable[[], Workspace]


def can_import(python: Path, module: str) -> bool:
    return (
        subprocess.run([python, "-c", f"import {module}"], check=False, capture_output=True).returncode == 0
    )


@pytest.mark.integration
def test_a_members_environment_holds_what_it_declares_and_nothing_else(read_house: Read, house: Path) -> None:
    (house / "requirements.lock").write_text("pytest==9.2.0\n")
    workspace = read_house()

    python = isolated(workspace, workspace.member("wall"))

    assert all(can_import(python, module) for module in ("house_wall", "house_ground", "pytest"))
    assert not any(can_import(python, module) for module in ("house_shed", "house_roof", "nox"))
    printed = subprocess.run(
        [python, "-m", "pytest", "--version"], check=True, capture_output=True, text=True
    )
    assert printed.stdout.strip() == "pytest 9.2.0"


@pytest.mark.integration
def test_an_environment_is_made_again_when_a_manifest_below_changes(read_house: Read, house: Path) -> None:
    workspace = read_house()
    python = isolated(workspace, workspace.member("wall"))
    (python.parent / "mark").write_text("")

    isolated(workspace, workspace.member("wall"))
    kept = (python.parent / "mark").exists()
    manifest = house / "packages/ground/pyproject.toml"
    manifest.write_text(manifest.read_text().replace('"0.1.0"', '"0.1.1"'))
    isolated(workspace, workspace.member("wall"))

    assert kept
    assert not (python.parent / "mark").exists()


def test_a_python_that_is_not_here_is_not_found() -> None:
    assert interpreter("3.11") is not None
    assert interpreter("2.99") is None
