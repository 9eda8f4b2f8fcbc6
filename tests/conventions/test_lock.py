import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from tools.floors import lowered
from tools.lock import unhashed
from tools.workspace import Workspace

ROOT = Path(__file__).parents[2]


def pins() -> dict[str, Version]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = [line.split()[0].partition("==") for line in lines if "==" in line.split("#")[0]]
    return {canonicalize_name(name): Version(version) for name, _, version in pinned}


def declared(workspace: Workspace) -> list[Requirement]:
    lines: list[str] = []
    for member in workspace.members:
        manifest = tomllib.loads((workspace.root / member.path / "pyproject.toml").read_text())
        groups = [manifest.get("dependency-groups", {}), manifest["project"].get("optional-dependencies", {})]
        lines += manifest["project"].get("dependencies", [])
        lines += [
            line for group in groups for lines in group.values() for line in lines if isinstance(line, str)
        ]
        lines += manifest.get("build-system", {}).get("requires", [])
    return [Requirement(line) for line in lines]


def test_every_line_of_the_lock_has_its_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()

    assert unhashed(lock) == []
    assert "://" not in lock


def test_whatever_a_manifest_asks_for_is_in_the_lock(workspace: Workspace) -> None:
    ours = {canonicalize_name(member.distribution) for member in workspace.members}
    locked = pins()

    missing = [
        str(requirement)
        for requirement in declared(workspace)
        if (name := canonicalize_name(requirement.name)) not in ours
        and not (name in locked and requirement.specifier.contains(locked[name], prereleases=True))
    ]

    assert missing == [], "renew the lock: nox -s lock -- --write"


def test_no_coverage_floor_is_lower_than_before(workspace: Workspace) -> None:
    assert lowered(workspace) == []
