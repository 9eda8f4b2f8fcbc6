"""The two places a table can be in, and the types that mean the same in both databases.

`control` and `workspace` are placeholders: PostgreSQL translates them to its schemas, SQLite to a file.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from sapwood_shared.errors import InvalidInput

_NAMES: Final = {  # the same in both databases, so that a migration can name what it drops
    "pk": "%(table_name)s_pk",
    "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    "ck": "%(table_name)s_%(constraint_name)s_ck",
}


def control_metadata() -> MetaData:
    """Return an empty collection of tables that belong to no single workspace; migrations use their own."""
    return MetaData(schema="control", naming_convention=_NAMES)


def workspace_metadata() -> MetaData:
    """Return an empty collection of tables that each workspace has; migrations use their own."""
    return MetaData(schema="workspace", naming_convention=_NAMES)


CONTROL: Final = control_metadata()
"""Tables of all packages that belong to no single workspace."""

WORKSPACE: Final = workspace_metadata()
"""Tables of all packages that each workspace has."""

JsonValue: Final = JSON().with_variant(JSONB(), "postgresql")
"""JSON, binary where the database has that."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python and always UTC; text that sorts in SQLite, `timestamptz` in PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, and bring others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidInput(f"{value} has no time zone", hint="use an aware datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)
