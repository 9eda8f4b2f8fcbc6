"""A virtual environment that holds one member and only what it declares."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.workspace import Member, Workspace

UV: Final = (sys.executable, "-m", "uv")


def isolated(workspace: Workspace, member: Member, python: str = sys.executable) -> Path:
    """Return the Python of an environment with `member`, its extras and its test groups.

    Versions come from the lock. An environment whose manifests and lock have not changed is used again.
    """
    folder = workspace.root / ".nox" / "members" / f"{member.name}-{_version(python)}"
    stamp = folder / "made-of"
    made_of = _made_of(workspace, member, python)
    interpreter = folder / "bin" / "python"
    if not (interpreter.exists() and stamp.exists() and stamp.read_text() == made_of):
        shutil.rmtree(folder, ignore_errors=True)
        _uv(workspace.root, "venv", "--quiet", "--python", python, str(folder))
        lock = workspace.root / "requirements.lock"
        _uv(
            workspace.root,
            *("pip", "install", "--quiet", "--python", str(interpreter)),
            *("--constraint", str(lock), "--build-constraint", str(lock)),
            *(part for group in member.test_groups for part in ("--group", f"pyproject.toml:{group}")),
            *("--editable", member.requirement),
        )
        stamp.write_text(made_of)
    return interpreter


def interpreter(version: str) -> str | None:
    """Return the path of a Python of this version, or `None` where there is none."""
    # uv stops at a pyenv shim whose version is not the chosen one, so pyenv's own folder is looked at first.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for found in sorted(pyenv.glob(f"{version}.*/bin/python{version}"), reverse=True):
        return str(found)
    asked = [*UV, "python", "find", "--no-python-downloads", "--system", version]
    answer = subprocess.run(asked, check=False, capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else None


def _made_of(workspace: Workspace, member: Member, python: str) -> str:
    manifests = [Path(), *(other.path for other in (*workspace.below(member), member))]
    digest = hashlib.sha256(f"{workspace.root}\0{python}\0".encode())
    for file in ("requirements.lock", *(str(folder / "pyproject.toml") for folder in manifests)):
        digest.update((workspace.root / file).read_bytes())
    return digest.hexdigest()


def _version(python: str) -> str:
    if python == sys.executable:
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    return subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True).stdout.strip()


def _uv(root: Path, *arguments: str) -> None:
    # An active environment or project setting of the caller's must not decide what goes in.
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "UV_NO_SYNC")
    }
    subprocess.run([*UV, *arguments], cwd=root, check=True, env=inherited)
