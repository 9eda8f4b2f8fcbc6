"""The tables of the cache file. Another version of them starts the file anew: a cache promises nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION: Final = 2

# Triggers keep the sum of bytes and the tags right whichever way an entry goes, in its transaction.
SCHEMA: Final = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    tags TEXT NOT NULL,
    size INTEGER NOT NULL,
    expires_at REAL NOT NULL,
    used_at REAL NOT NULL,
    UNIQUE (workspace, key)
);
CREATE INDEX entries_expires_at ON entries (expires_at);
CREATE INDEX entries_used_at ON entries (used_at);
CREATE TABLE tags (
    workspace TEXT NOT NULL,
    tag TEXT NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (workspace, tag, entry)
) WITHOUT ROWID;
CREATE INDEX tags_entry ON tags (entry);
CREATE TABLE claims (
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    token TEXT NOT NULL,
    expires_at REAL NOT NULL,
    PRIMARY KEY (workspace, key)
) WITHOUT ROWID;
CREATE TABLE total (bytes INTEGER NOT NULL);
INSERT INTO total VALUES (0);
CREATE TRIGGER entry_comes AFTER INSERT ON entries BEGIN
    UPDATE total SET bytes = bytes + new.size;
END;
CREATE TRIGGER entry_goes AFTER DELETE ON entries BEGIN
    UPDATE total SET bytes = bytes - old.size;
    DELETE FROM tags WHERE entry = old.id;
END;
"""


def file_uri(path: Path, mode: str) -> str:
    """Return the URI that opens `path` in `mode` (`ro`, `rw`: neither makes the file)."""
    name = str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{name}?mode={mode}"
