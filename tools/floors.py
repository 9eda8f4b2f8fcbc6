"""Coverage floors stand in the members' manifests and may only rise."""

import subprocess
import tomllib
from pathlib import Path

from tools.workspace import Workspace


def lowered(workspace: Workspace) -> list[str]:
    """Return a complaint for each floor below the highest that any commit in the history of HEAD has."""
    complaints: list[str] = []
    for member in workspace.members:
        manifest = (member.path / "pyproject.toml").as_posix()
        highest, commit = _highest(workspace.root, manifest)
        if member.coverage_floor < highest:
            complaints.append(
                f"{manifest}: coverage-floor is {member.coverage_floor}, "
                f"and was {highest} in {commit}: cover the new code instead"
            )
    return complaints


def history_is_cut(root: Path) -> bool:
    """Say whether this is a shallow clone, in which older floors cannot be seen."""
    return _git(root, "rev-parse", "--is-shallow-repository").strip() == "true"


def _highest(root: Path, manifest: str) -> tuple[int, str]:
    # Of all commits only those that touch the line; `-m` looks into merges too, which may bring a line of
    # their own, and `--full-history` into branches that came to nothing.
    touching = ("log", "-m", "--full-history", "--format=%h", "-Gcoverage-floor", "--", manifest)
    commits = dict.fromkeys(_git(root, *touching).split())
    return max(((_floor_at(root, commit, manifest), commit) for commit in commits), default=(0, ""))


def _floor_at(root: Path, commit: str, manifest: str) -> int:
    try:
        written = tomllib.loads(_git(root, "show", f"{commit}:{manifest}"))
    except tomllib.TOMLDecodeError:  # a commit that no session ran on
        return 0
    return written.get("tool", {}).get("sapwood", {}).get("coverage-floor", 0)


def _git(root: Path, *arguments: str) -> str:
    """Return what git prints; nothing where it knows no such commit, or no such file in it."""
    done = subprocess.run(["git", *arguments], cwd=root, check=False, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""
