"""The committed lock: hashes of everything, addresses of nothing."""

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from packaging.requirements import Requirement

from tools.environment import UV
from tools.workspace import Workspace

LOCK: Final = "requirements.lock"

_PINNED: Final = re.compile(r"^[A-Za-z0-9._-]+==\S+")
_HASHED: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def resolve(workspace: Workspace) -> tuple[str, str]:
    """Resolve from the manifests alone; return what the lock should say, and uv's own lock."""
    with TemporaryDirectory() as scratch:
        copy = Path(scratch)
        for member in workspace.members:
            (copy / member.path).mkdir(parents=True, exist_ok=True)
            shutil.copy(
                workspace.root / member.path / "pyproject.toml", copy / member.path / "pyproject.toml"
            )
        shutil.copy(workspace.root / ".python-version", copy / ".python-version")
        exported = subprocess.run(
            [
                *(*UV, "export", "--quiet", "--all-packages", "--all-groups", "--all-extras"),
                *("--no-emit-workspace", "--no-header", "--format", "requirements-txt"),
            ],
            cwd=copy,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return exported, (copy / "uv.lock").read_text()


def unhashed(lock: str) -> list[str]:
    """Return the requirements of `lock` that are not one version with at least one hash."""
    return [line for line in _requirements(lock) if not (_PINNED.match(line) and _HASHED.search(line))]


def pins(lock: str) -> list[Requirement]:
    """Return what `lock` pins, each with its version and where it is for."""
    return [Requirement(line.partition("--hash=")[0]) for line in _requirements(lock)]


def _requirements(lock: str) -> list[str]:
    logical = lock.replace("\\\n", " ").splitlines()
    return [line.strip() for line in logical if line.strip() and not line.lstrip().startswith("#")]
