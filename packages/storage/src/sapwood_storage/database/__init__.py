"""Records: one unit of work a step, on SQLite (a file per workspace) or PostgreSQL (a schema per workspace).

`SqliteDatabase` and `PostgresDatabase` are imported by their path: `database.sqlite`, `database.postgres`.
"""

from sapwood_storage.database.history import History, Migration, installed_histories
from sapwood_storage.database.metadata import CONTROL, WORKSPACE, UtcDateTime
from sapwood_storage.database.port import Database

__all__ = [
    "CONTROL",
    "WORKSPACE",
    "Database",
    "History",
    "Migration",
    "UtcDateTime",
    "installed_histories",
]
