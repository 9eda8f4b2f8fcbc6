"""How storage's tables came to be. A step never refers to `tables`: it must do the same in ten years."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from sapwood_storage.database import tables
from sapwood_storage.database.history import History, Migration, Scope
from sapwood_storage.database.metadata import JsonValue, UtcDateTime, control_metadata, workspace_metadata
from sapwood_storage.database.statements import add_column


def _workspaces(connection: Connection) -> None:
    metadata = control_metadata()
    Table(
        "workspaces",
        metadata,
        Column("id", Text, primary_key=True),
        Column("created_at", UtcDateTime, nullable=False),
    )
    metadata.create_all(connection, checkfirst=False)


def _datasets(connection: Connection) -> None:
    metadata = workspace_metadata()
    Table(
        "datasets",
        metadata,
        Column("id", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("created_by", Text),
        Column("created_at", UtcDateTime, nullable=False),
        Index(None, "created_at", "id"),
        Index(None, "created_by"),
    )
    version = ["workspace.dataset_versions.dataset_id", "workspace.dataset_versions.id"]
    Table(
        "dataset_versions",
        metadata,
        Column("dataset_id", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("parent_id", Text),
        Column("source_name", Text, nullable=False),
        Column("source_sha256", Text, nullable=False),
        Column("schema_version", Integer, nullable=False),
        Column("columns", JsonValue, nullable=False),
        Column("reader", JsonValue, nullable=False),
        Column("recipe", JsonValue),
        Column("records", BigInteger, nullable=False),
        Column("rows", BigInteger, nullable=False),
        Column("quarantined", BigInteger, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        ForeignKeyConstraint(["dataset_id"], ["workspace.datasets.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["dataset_id", "parent_id"], version),
        CheckConstraint("records = rows + quarantined", name="counted"),
        Index(None, "dataset_id", "created_at"),
        Index(None, "id"),
    )
    Table(
        "quarantined_rows",
        metadata,
        Column("dataset_id", Text, primary_key=True),
        Column("version_id", Text, primary_key=True),
        Column("column", Text, primary_key=True),
        Column("reason", Text, primary_key=True),
        Column("records", BigInteger, nullable=False),
        Column("first_line", BigInteger),
        Column("sample", Text),
        ForeignKeyConstraint(["dataset_id", "version_id"], version, ondelete="CASCADE"),
    )
    metadata.create_all(connection, checkfirst=False)


def _origins(connection: Connection) -> None:
    metadata = workspace_metadata()
    datasets = Table("datasets", metadata, Column("origin", Text))
    versions = Table("dataset_versions", metadata, Column("removed_at", UtcDateTime))
    add_column(connection, datasets.c.origin)
    add_column(connection, versions.c.removed_at)
    Index("datasets_origin_ix", datasets.c.origin, unique=True).create(connection)


HISTORY: Final = History(
    package="storage",
    control=Scope((tables.workspaces,), (Migration("workspaces", _workspaces),)),
    workspace=Scope(
        (tables.datasets, tables.dataset_versions, tables.quarantined_rows),
        (Migration("datasets", _datasets), Migration("origins", _origins)),
    ),
)
"""The entry point `sapwood.migrations`."""
