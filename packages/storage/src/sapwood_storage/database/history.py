"""A package's tables and the line of migrations that leads to them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import entry_points
from typing import Final

from sqlalchemy import Connection, Table

from sapwood_shared.errors import InvalidInput

_GROUP: Final = "sapwood.migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, in the transaction of its scope; it uses tables of its own making, never today's."""

    name: str
    apply: Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Scope:
    """Tables as they are now, and the steps that made them; the version is the number of steps taken."""

    tables: tuple[Table, ...] = ()
    steps: tuple[Migration, ...] = ()

    @property
    def version(self) -> int:
        """What a scope created today is stamped with."""
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class History:
    """What a package brings, registered as an entry point in the group `sapwood.migrations`."""

    package: str
    control: Scope = field(default_factory=Scope)
    workspace: Scope = field(default_factory=Scope)
    requires: tuple[str, ...] = ()


def installed_histories() -> tuple[History, ...]:
    """Return the histories of all installed packages, each after those it requires."""
    return in_order(point.load() for point in entry_points(group=_GROUP))


def in_order(histories: Iterable[History]) -> tuple[History, ...]:
    """Sort by dependency, then by name; raises `InvalidInput` if something is missing or circular."""
    known = {history.package: history for history in histories}
    for history in known.values():
        for package in history.requires:
            if package not in known:
                raise InvalidInput(
                    f"the migrations of {history.package} require {package}",
                    hint=f"install sapwood-{package}",
                )
    sorter = TopologicalSorter({name: sorted(known[name].requires) for name in sorted(known)})
    try:
        return tuple(known[name] for name in sorter.static_order())
    except CycleError as error:
        raise InvalidInput(
            f"migrations require each other: {error.args[1]}", hint="break the circle"
        ) from error
