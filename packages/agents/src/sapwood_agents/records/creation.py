"""Agents' tables as SQL for SQLite: what `history` creates, told without SQLAlchemy."""

from __future__ import annotations

from typing import Final

from sapwood_agents.records.append import TABLES_VERSION
from sapwood_storage.quick.tables import PackageTables, ScopeTables

_WORKSPACE: Final = (
    """
CREATE TABLE recipes (
    dataset_id TEXT NOT NULL,
    version_id TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    steps JSON NOT NULL,
    applied_by TEXT,
    applied_at DATETIME NOT NULL,
    undone_at DATETIME,
    CONSTRAINT recipes_pk PRIMARY KEY (dataset_id, version_id),
    CONSTRAINT recipes_dataset_id_version_id_fk FOREIGN KEY(dataset_id, version_id)
        REFERENCES dataset_versions (dataset_id, id) ON DELETE CASCADE
)
""",
    "CREATE INDEX recipes_dataset_id_applied_at_ix ON recipes (dataset_id, applied_at)",
    "CREATE INDEX recipes_applied_by_ix ON recipes (applied_by)",
    """
CREATE TABLE questions (
    id TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    version_id TEXT NOT NULL,
    text TEXT NOT NULL,
    asked_by TEXT,
    asked_at DATETIME NOT NULL,
    declined TEXT,
    reading TEXT,
    sql TEXT,
    engine TEXT NOT NULL,
    engine_version TEXT NOT NULL,
    cached BOOLEAN NOT NULL,
    duration_ms FLOAT NOT NULL,
    CONSTRAINT questions_pk PRIMARY KEY (id),
    CONSTRAINT questions_dataset_id_version_id_fk FOREIGN KEY(dataset_id, version_id)
        REFERENCES dataset_versions (dataset_id, id) ON DELETE CASCADE,
    CONSTRAINT questions_one_outcome_ck CHECK (declined IS NULL OR sql IS NULL)
)
""",
    "CREATE INDEX questions_dataset_id_asked_at_id_ix ON questions (dataset_id, asked_at, id)",
    "CREATE INDEX questions_asked_by_ix ON questions (asked_by)",
    "CREATE INDEX questions_asked_at_id_ix ON questions (asked_at, id)",
)

AGENTS: Final = PackageTables("agents", ScopeTables(), ScopeTables(TABLES_VERSION, _WORKSPACE))
"""The tables that agents own; they refer to storage's, which come first."""
