"""Which version of each package's tables a scope has: one row a package, in the scope itself.

Whoever brings a scope up to date holds these rows locked until its transaction ends (SQLite: the file's
lock), so several processes may start at once, and a killed one leaves the version it found.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, inspect, select

from sapwood_shared.clock import Clock
from sapwood_shared.errors import InvalidInput
from sapwood_storage.database.history import History, Scope
from sapwood_storage.database.metadata import CONTROL, WORKSPACE, UtcDateTime
from sapwood_storage.subjects.declaration import Holding, declare_table


def _versions(metadata: MetaData) -> Table:
    table = Table(
        "migrations",
        metadata,
        Column("package", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("applied_at", UtcDateTime, nullable=False),
    )
    return declare_table(table, Holding("schema", why_no_subject="names packages only"))


CONTROL_VERSIONS: Final = _versions(CONTROL)
WORKSPACE_VERSIONS: Final = _versions(WORKSPACE)


class ScopeState(StrEnum):
    """How a scope's tables stand to what the installed packages expect."""

    ABSENT = "absent"
    STALE = "stale"
    CURRENT = "current"


class Upgrader:
    """Brings one kind of scope, control or workspace, to what the installed packages expect."""

    def __init__(self, histories: Iterable[History], *, control: bool, clock: Clock) -> None:
        self._scopes: dict[str, Scope] = {
            history.package: history.control if control else history.workspace for history in histories
        }
        self._versions = CONTROL_VERSIONS if control else WORKSPACE_VERSIONS
        self._clock = clock

    def state(self, connection: Connection) -> ScopeState:
        """Look, and change nothing; raises `InvalidInput` if a newer release was here."""
        if not self._exists(connection):
            return ScopeState.ABSENT
        found = self._read(connection, lock=False)
        current = all(found.get(package) == scope.version for package, scope in self._scopes.items())
        return ScopeState.CURRENT if current else ScopeState.STALE

    def upgrade(self, connection: Connection) -> None:
        """Create the scope and stamp it, or take the missing steps; in the transaction of `connection`."""
        if not self._exists(connection):
            self._versions.create(connection, checkfirst=False)
        found = self._read(connection, lock=True)
        for package, scope in self._scopes.items():
            version = found.get(package)
            if version is None:
                for table in scope.tables:
                    table.create(connection, checkfirst=False)
                row = {"package": package, "version": scope.version, "applied_at": self._clock.now()}
                connection.execute(self._versions.insert().values(row))
                continue
            for step in scope.steps[version:]:
                step.apply(connection)
            if version < scope.version:
                changed = {"version": scope.version, "applied_at": self._clock.now()}
                mine = self._versions.c.package == package
                connection.execute(self._versions.update().where(mine).values(changed))

    def _exists(self, connection: Connection) -> bool:
        # The inspector knows nothing of translated schemas.
        schema = self._versions.schema
        translated = connection.get_execution_options().get("schema_translate_map", {}).get(schema, schema)
        return inspect(connection).has_table(self._versions.name, schema=translated)

    def _read(self, connection: Connection, *, lock: bool) -> dict[str, int]:
        query = select(self._versions.c.package, self._versions.c.version).order_by(self._versions.c.package)
        rows = connection.execute(query.with_for_update() if lock else query)
        found = {row.package: row.version for row in rows}
        for package, scope in self._scopes.items():
            if found.get(package, 0) > scope.version:
                raise InvalidInput(
                    f"{package}'s records have version {found[package]}, this release knows {scope.version}",
                    hint="upgrade Sapwood",
                )
        return found
