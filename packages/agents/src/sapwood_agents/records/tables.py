"""The tables that agents own; a row belongs to a version of a dataset and goes with it."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from sapwood_storage.database import WORKSPACE, UtcDateTime
from sapwood_storage.database.metadata import JsonValue
from sapwood_storage.database.tables import dataset_versions
from sapwood_storage.subjects import Holding, OnErase, declare_table

_VERSION: Final = [dataset_versions.c.dataset_id, dataset_versions.c.id]

recipes: Final = declare_table(
    Table(
        "recipes",
        WORKSPACE,
        Column("dataset_id", Text, primary_key=True),
        Column("version_id", Text, primary_key=True),  # what the recipe made: it names all of its steps
        Column("schema_version", Integer, nullable=False),  # of `steps`
        Column("steps", JsonValue, nullable=False),  # since the file was read, with their reasons
        Column("applied_by", Text),  # the principal; null once forgotten
        Column("applied_at", UtcDateTime, nullable=False),  # the last time
        Column("undone_at", UtcDateTime),
        ForeignKeyConstraint(["dataset_id", "version_id"], _VERSION, ondelete="CASCADE"),
        Index(None, "dataset_id", "applied_at"),
        Index(None, "applied_by"),
    ),
    Holding("schema", subject="applied_by", on_erase=OnErase.FORGET),
)

questions: Final = declare_table(
    Table(
        "questions",
        WORKSPACE,
        Column("id", Text, primary_key=True),
        Column("dataset_id", Text, nullable=False),
        Column("version_id", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("asked_by", Text),
        Column("asked_at", UtcDateTime, nullable=False),
        Column("declined", Text),  # the reason's code; null: it was answered
        Column("reading", Text),
        Column("sql", Text),
        Column("engine", Text, nullable=False),
        Column("engine_version", Text, nullable=False),
        Column("cached", Boolean, nullable=False),
        Column("duration_ms", Float, nullable=False),
        ForeignKeyConstraint(["dataset_id", "version_id"], _VERSION, ondelete="CASCADE"),
        CheckConstraint("declined IS NULL OR sql IS NULL", name="one_outcome"),
        Index(None, "asked_at", "id"),
        Index(None, "dataset_id", "asked_at", "id"),
        Index(None, "asked_by"),
    ),
    # What somebody asked is theirs, unlike the table that they asked about.
    Holding("schema", subject="asked_by", on_erase=OnErase.DELETE),
)
