"""What changed since a commit, and every member that could feel it."""

import subprocess
from pathlib import Path

from tools.workspace import Member, Workspace


def affected(workspace: Workspace, base: str) -> frozenset[Member]:
    """Return the members that read a file which differs from `base`: its owner and all that lean on it."""
    changed = changed_files(workspace.root, base)
    return frozenset(
        member for member in workspace.members if any(workspace.reads(member, path) for path in changed)
    )


def changed_files(root: Path, base: str) -> frozenset[str]:
    """Return the paths that differ from where `base` and this branch parted, committed or not."""
    parted = _git(root, "merge-base", base, "HEAD")[0]
    return frozenset(
        _git(root, "diff", "--name-only", "--no-renames", parted)
        + _git(root, "ls-files", "--others", "--exclude-standard")
    )


def _git(root: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=root, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise ValueError(f"git {' '.join(arguments)} failed: {done.stderr.strip()}")
    return done.stdout.splitlines()
