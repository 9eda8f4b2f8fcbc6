"""The members and who leans on whom, as their own manifests say.

Nothing is listed twice: a folder with a manifest under `packages/` or `apps/` is a member, and an arrow
is a dependency on another member's distribution. The root is the last member: it owns every file that no
other member owns, and leans on all of them.
"""

import re
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

ROOT_MEMBER: Final = "workspace"
"""The name under which the root's own tests, tools and documents are checked."""

SHARED_BY_ALL: Final = (
    "pyproject.toml",
    "requirements.lock",
    "noxfile.py",
    "conftest.py",
    ".python-version",
    "tools/",
)
"""What changes the meaning of every check, whichever member it runs for."""

_DISTRIBUTION: Final = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Member:
    """One installable part of the workspace, or its root."""

    name: str
    path: Path
    distribution: str
    module: str | None
    extras: tuple[str, ...]
    needs: frozenset[str]
    coverage_floor: int
    test_groups: tuple[str, ...]
    also_reads: tuple[str, ...] = ()
    """Files and folders outside it that its checks read, from the root of the workspace."""

    @property
    def is_root(self) -> bool:
        """Say whether this is the root, which is never installed."""
        return self.name == ROOT_MEMBER

    @property
    def requirement(self) -> str:
        """Return what installs it with all its extras, from the root of the workspace."""
        return f"{self.path}[{','.join(self.extras)}]" if self.extras else str(self.path)


@dataclass(frozen=True)
class Workspace:
    """All members, the leaned-on before the leaning."""

    root: Path
    members: tuple[Member, ...]

    @classmethod
    def read(cls, root: Path) -> "Workspace":
        """Read every manifest under `root`."""
        found = [
            _read_member(root, manifest.parent.relative_to(root))
            for folder in ("packages", "apps")
            for manifest in sorted((root / folder).glob("*/pyproject.toml"))
        ]
        distributions = {member.distribution: member for member in found}
        order = TopologicalSorter(
            {name: sorted(member.needs & distributions.keys()) for name, member in distributions.items()}
        ).static_order()
        members = [distributions[name] for name in order]
        return cls(root, (*members, _root_member(root, frozenset(distributions))))

    @cached_property
    def _by_distribution(self) -> dict[str, Member]:
        return {member.distribution: member for member in self.members}

    def member(self, name: str) -> Member:
        """Return the member called `name`, as its folder is."""
        for member in self.members:
            if member.name == name:
                return member
        known = ", ".join(member.name for member in self.members)
        raise ValueError(f"there is no member {name!r}; there are {known}")

    def below(self, member: Member) -> tuple[Member, ...]:
        """Return what `member` leans on, however indirectly, in order."""
        reached: set[str] = set()
        waiting = [member]
        while waiting:
            for name in waiting.pop().needs & self._by_distribution.keys() - reached:
                reached.add(name)
                waiting.append(self._by_distribution[name])
        return tuple(other for other in self.members if other.distribution in reached)

    def above(self, member: Member) -> tuple[Member, ...]:
        """Return who leans on `member`, however indirectly, in order."""
        return tuple(other for other in self.members if member in self.below(other))

    def owner(self, path: str) -> Member:
        """Return whose file `path` is; what no member owns is the root's."""
        for member in self.members:
            if not member.is_root and Path(path).is_relative_to(member.path):
                return member
        return self.members[-1]

    def reads(self, member: Member, path: str) -> bool:
        """Say whether a check of `member` may read `path`, and so has to run again when that changes.

        That is: what is shared by all, its own files, those of all it leans on, and what one of these
        says that it also reads. The root may read everything.
        """
        return member.is_root or path.startswith(SHARED_BY_ALL) or f"{path}/".startswith(self._places[member])

    @cached_property
    def _places(self) -> dict[Member, tuple[str, ...]]:
        read = {member: (member, *self.below(member)) for member in self.members}
        return {
            member: tuple(f"{place}/" for one in ones for place in (one.path.as_posix(), *one.also_reads))
            for member, ones in read.items()
        }

    @cached_property
    def files(self) -> tuple[str, ...]:
        """All files git knows or would add, sorted; what it ignores is not part of the source."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return tuple(sorted({path for path in listed.split("\0") if path and (self.root / path).is_file()}))

    def files_of(self, member: Member) -> tuple[str, ...]:
        """Return the files that only `member` owns."""
        return tuple(path for path in self.files if self.owner(path) == member)


def _read_member(root: Path, path: Path) -> Member:
    manifest = _manifest(root / path)
    project = manifest["project"]
    own = manifest.get("tool", {}).get("sapwood", {})
    extras: dict[str, list[str]] = project.get("optional-dependencies", {})
    requirements = [*project.get("dependencies", []), *(line for lines in extras.values() for line in lines)]
    return Member(
        name=path.name,
        path=path,
        distribution=project["name"],
        module=manifest.get("tool", {}).get("uv", {}).get("build-backend", {}).get("module-name"),
        extras=tuple(sorted(extras)),
        needs=frozenset(_distribution(line) for line in requirements) - {project["name"]},
        coverage_floor=own.get("coverage-floor", 0),
        test_groups=("test", *own.get("test-groups", [])),
        also_reads=tuple(own.get("also-reads", ())),
    )


def _root_member(root: Path, needs: frozenset[str]) -> Member:
    own = _manifest(root).get("tool", {}).get("sapwood", {})
    return Member(
        name=ROOT_MEMBER,
        path=Path(),
        distribution=ROOT_MEMBER,
        module="tools",
        extras=(),
        needs=needs,
        coverage_floor=own.get("coverage-floor", 0),
        test_groups=("test",),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text())


def _distribution(requirement: str) -> str:
    match = _DISTRIBUTION.match(requirement.strip())
    if match is None:
        raise ValueError(f"not a requirement: {requirement!r}")
    return match.group().lower()
