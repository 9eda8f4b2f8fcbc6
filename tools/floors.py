"""Coverage floors stand in the members' manifests and may only rise."""

import subprocess
import tomllib
from pathlib import Path

from tools.workspace import Workspace


def lowered(workspace: Workspace) -> list[str]:
    """Return a complaint for each floor below the one in the last commit or in that commit's parent."""
    complaints: list[str] = []
    for revision in ("HEAD", "HEAD^"):
        for member in workspace.members:
            before = _floor_at(workspace.root, revision, member.path)
            if member.coverage_floor < before:
                complaints.append(
                    f"{member.path / 'pyproject.toml'}: coverage-floor is {member.coverage_floor}, "
                    f"and was {before} at {revision}: cover the new code instead"
                )
    return complaints


def _floor_at(root: Path, revision: str, member: Path) -> int:
    shown = subprocess.run(
        ["git", "show", f"{revision}:{(member / 'pyproject.toml').as_posix()}"],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    if shown.returncode != 0:  # the commit, or the member in it, does not exist
        return 0
    return tomllib.loads(shown.stdout).get("tool", {}).get("sapwood", {}).get("coverage-floor", 0)
