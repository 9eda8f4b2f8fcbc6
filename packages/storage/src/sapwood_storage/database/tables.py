"""The tables that storage owns: workspaces, and the datasets that each of them has."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from sapwood_storage.database.metadata import CONTROL, WORKSPACE, JsonValue, UtcDateTime
from sapwood_storage.subjects.declaration import Holding, OnErase, declare_table

_BY_DATASET: Final = "a file's summary; what is in the file is the dataset's"

workspaces: Final = declare_table(
    Table(
        "workspaces",
        CONTROL,
        Column("id", Text, primary_key=True),
        Column("created_at", UtcDateTime, nullable=False),
    ),
    Holding("id", why_no_subject="names workspaces only"),
)

datasets: Final = declare_table(
    Table(
        "datasets",
        WORKSPACE,
        Column("id", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("created_by", Text),  # the principal; null once forgotten
        Column("created_at", UtcDateTime, nullable=False),
        Column("origin", Text),  # what makes it the same dataset again: a file's place, a stream's hash
        Index(None, "created_at", "id"),
        Index(None, "created_by"),
        Index(None, "origin", unique=True),
    ),
    Holding("schema", subject="created_by", on_erase=OnErase.FORGET),
)

dataset_versions: Final = declare_table(
    Table(
        "dataset_versions",
        WORKSPACE,
        Column("dataset_id", Text, ForeignKey(datasets.c.id, ondelete="CASCADE"), primary_key=True),
        Column("id", Text, primary_key=True),  # a hash of content: two datasets may have the same
        Column("parent_id", Text),
        Column("source_name", Text, nullable=False),
        Column("source_sha256", Text, nullable=False),
        Column("schema_version", Integer, nullable=False),  # of `columns` and `reader`
        Column("columns", JsonValue, nullable=False),
        Column("reader", JsonValue, nullable=False),
        Column("recipe", JsonValue),
        Column("records", BigInteger, nullable=False),
        Column("rows", BigInteger, nullable=False),
        Column("quarantined", BigInteger, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("removed_at", UtcDateTime),  # its table was let go of; what it was made of still counts
        ForeignKeyConstraint(
            ["dataset_id", "parent_id"],
            ["workspace.dataset_versions.dataset_id", "workspace.dataset_versions.id"],
        ),
        CheckConstraint("records = rows + quarantined", name="counted"),
        Index(None, "dataset_id", "created_at"),
        Index(None, "id"),
    ),
    Holding("schema", why_no_subject=_BY_DATASET),
)

quarantined_rows: Final = declare_table(
    Table(
        "quarantined_rows",
        WORKSPACE,
        Column("dataset_id", Text, primary_key=True),
        Column("version_id", Text, primary_key=True),
        Column("column", Text, primary_key=True),  # empty when the record as a whole did not fit
        Column("reason", Text, primary_key=True),
        Column("records", BigInteger, nullable=False),
        Column("first_line", BigInteger),
        Column("sample", Text),
        ForeignKeyConstraint(
            ["dataset_id", "version_id"],
            [dataset_versions.c.dataset_id, dataset_versions.c.id],
            ondelete="CASCADE",
        ),
    ),
    Holding("schema", why_no_subject=_BY_DATASET),
)
