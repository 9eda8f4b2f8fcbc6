"""Tables as SQL for SQLite: what `database` creates, told without SQLAlchemy.

Tests compare both to the letter, so whoever changes a table changes it here as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TABLES_VERSION: Final = 2
"""The version of storage's tables in a workspace that `quick` knows."""

VERSIONS: Final = """
CREATE TABLE migrations (
    package TEXT NOT NULL,
    version INTEGER NOT NULL,
    applied_at DATETIME NOT NULL,
    CONSTRAINT migrations_pk PRIMARY KEY (package)
)
"""
"""Which version of each package's tables a scope has; the first table of each scope."""


@dataclass(frozen=True, slots=True)
class ScopeTables:
    """What creates one package's tables of one scope, and the version that they then have."""

    version: int = 0
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageTables:
    """The tables of a package as they are now; `database.History` also knows how they came to be."""

    package: str
    control: ScopeTables
    workspace: ScopeTables


_CONTROL: Final = (
    """
CREATE TABLE workspaces (
    id TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT workspaces_pk PRIMARY KEY (id)
)
""",
)
_WORKSPACE: Final = (
    """
CREATE TABLE datasets (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_by TEXT,
    created_at DATETIME NOT NULL,
    origin TEXT,
    CONSTRAINT datasets_pk PRIMARY KEY (id)
)
""",
    "CREATE INDEX datasets_created_at_id_ix ON datasets (created_at, id)",
    "CREATE INDEX datasets_created_by_ix ON datasets (created_by)",
    "CREATE UNIQUE INDEX datasets_origin_ix ON datasets (origin)",
    """
CREATE TABLE dataset_versions (
    dataset_id TEXT NOT NULL,
    id TEXT NOT NULL,
    parent_id TEXT,
    source_name TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    columns JSON NOT NULL,
    reader JSON NOT NULL,
    recipe JSON,
    records BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    created_at DATETIME NOT NULL,
    removed_at DATETIME,
    CONSTRAINT dataset_versions_pk PRIMARY KEY (dataset_id, id),
    CONSTRAINT dataset_versions_dataset_id_parent_id_fk FOREIGN KEY(dataset_id, parent_id)
        REFERENCES dataset_versions (dataset_id, id),
    CONSTRAINT dataset_versions_counted_ck CHECK (records = rows + quarantined),
    CONSTRAINT dataset_versions_dataset_id_fk FOREIGN KEY(dataset_id)
        REFERENCES datasets (id) ON DELETE CASCADE
)
""",
    "CREATE INDEX dataset_versions_id_ix ON dataset_versions (id)",
    "CREATE INDEX dataset_versions_dataset_id_created_at_ix ON dataset_versions (dataset_id, created_at)",
    """
CREATE TABLE quarantined_rows (
    dataset_id TEXT NOT NULL,
    version_id TEXT NOT NULL,
    "column" TEXT NOT NULL,
    reason TEXT NOT NULL,
    records BIGINT NOT NULL,
    first_line BIGINT,
    sample TEXT,
    CONSTRAINT quarantined_rows_pk PRIMARY KEY (dataset_id, version_id, "column", reason),
    CONSTRAINT quarantined_rows_dataset_id_version_id_fk FOREIGN KEY(dataset_id, version_id)
        REFERENCES dataset_versions (dataset_id, id) ON DELETE CASCADE
)
""",
)

STORAGE: Final = PackageTables("storage", ScopeTables(1, _CONTROL), ScopeTables(TABLES_VERSION, _WORKSPACE))
"""The tables that storage owns."""
