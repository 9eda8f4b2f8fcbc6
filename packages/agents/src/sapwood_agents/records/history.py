"""How the tables of agents came to be. A step never refers to `tables`: it must do the same in ten years."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from sapwood_agents.records import tables
from sapwood_storage.database import History, Migration, UtcDateTime
from sapwood_storage.database.history import Scope
from sapwood_storage.database.metadata import JsonValue, workspace_metadata


def _recipes_and_questions(connection: Connection) -> None:
    metadata = workspace_metadata()
    # Storage's, as far as it is referred to.
    Table(
        "dataset_versions",
        metadata,
        Column("dataset_id", Text, primary_key=True),
        Column("id", Text, primary_key=True),
    )
    version = ["workspace.dataset_versions.dataset_id", "workspace.dataset_versions.id"]
    made = [
        Table(
            "recipes",
            metadata,
            Column("dataset_id", Text, primary_key=True),
            Column("version_id", Text, primary_key=True),
            Column("schema_version", Integer, nullable=False),
            Column("steps", JsonValue, nullable=False),
            Column("applied_by", Text),
            Column("applied_at", UtcDateTime, nullable=False),
            Column("undone_at", UtcDateTime),
            ForeignKeyConstraint(["dataset_id", "version_id"], version, ondelete="CASCADE"),
            Index(None, "dataset_id", "applied_at"),
            Index(None, "applied_by"),
        ),
        Table(
            "questions",
            metadata,
            Column("id", Text, primary_key=True),
            Column("dataset_id", Text, nullable=False),
            Column("version_id", Text, nullable=False),
            Column("text", Text, nullable=False),
            Column("asked_by", Text),
            Column("asked_at", UtcDateTime, nullable=False),
            Column("declined", Text),
            Column("reading", Text),
            Column("sql", Text),
            Column("engine", Text, nullable=False),
            Column("engine_version", Text, nullable=False),
            Column("cached", Boolean, nullable=False),
            Column("duration_ms", Float, nullable=False),
            ForeignKeyConstraint(["dataset_id", "version_id"], version, ondelete="CASCADE"),
            CheckConstraint("declined IS NULL OR sql IS NULL", name="one_outcome"),
            Index(None, "asked_at", "id"),
            Index(None, "dataset_id", "asked_at", "id"),
            Index(None, "asked_by"),
        ),
    ]
    metadata.create_all(connection, tables=made, checkfirst=False)


HISTORY: Final = History(
    package="agents",
    workspace=Scope(
        (tables.recipes, tables.questions),
        (Migration("recipes and questions", _recipes_and_questions),),
    ),
    requires=("storage",),
)
"""The entry point `sapwood.migrations`."""
