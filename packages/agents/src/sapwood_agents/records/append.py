"""A question appended to the history of a SQLite home by the standard library alone.

An answer out of the cache takes a tenth of a second, and SQLAlchemy several times that to load. So this
writes the row that `QuestionHistory.append` writes, and gives up where it would have to wait or to make
something: a history with a gap is better than a slow answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sapwood_agents.analyst.version import ENGINE_VERSION
from sapwood_shared.ids import IdKind, new_id
from sapwood_storage.quick.turn import moment, write

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

TABLES_VERSION: Final = 1
"""The version of agents' tables that the statement below fits."""

# Nothing is inserted unless both the dataset and its version are recorded and present.
_INSERT: Final = """
INSERT INTO questions (id, dataset_id, version_id, text, asked_by, asked_at, declined, reading, sql, engine,
                       engine_version, cached, duration_ms)
SELECT :id, datasets.id, dataset_versions.id, :text, :asked_by, :asked_at, :declined, :reading, :sql, :engine,
       :engine_version, :cached, :duration_ms
FROM datasets JOIN dataset_versions ON dataset_versions.dataset_id = datasets.id
WHERE datasets.origin = :origin AND dataset_versions.id = :version AND dataset_versions.removed_at IS NULL
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question that was answered, or `declined` for the reason of that code."""

    id: str
    version: str
    text: str
    asked_at: datetime  # UTC
    engine: str
    engine_version: str
    cached: bool
    duration_ms: float
    declined: str | None = None
    reading: str | None = None
    sql: str | None = None
    asked_by: str | None = None


def question_of(
    answer: Mapping[str, Any], *, duration_ms: float, asked_by: str | None = None
) -> QuestionRecord:
    """Return the row of an answer in its JSON form, asked a moment ago."""
    reason = answer["reason"]
    return QuestionRecord(
        id=new_id(IdKind.QUESTION),
        version=answer["dataset"]["version"],
        text=answer["question"],
        asked_at=datetime.now(UTC),
        engine=answer["engine"],
        engine_version=ENGINE_VERSION,
        cached=answer["cached"],
        duration_ms=duration_ms,
        declined=None if reason is None else reason["code"],
        reading=answer["reading"],
        sql=answer["sql"],
        asked_by=asked_by,
    )


def append(records_db: Path, origin: str, question: QuestionRecord) -> bool:
    """Append a question about the dataset of `origin`; `False`: it was not written, whatever the reason."""
    values = {
        "id": question.id,
        "origin": origin,
        "version": question.version,
        "text": question.text,
        "asked_by": question.asked_by,
        "asked_at": moment(question.asked_at),
        "declined": question.declined,
        "reading": question.reading,
        "sql": question.sql,
        "engine": question.engine,
        "engine_version": question.engine_version,
        "cached": question.cached,
        "duration_ms": question.duration_ms,
    }

    def change(connection: sqlite3.Connection) -> bool:
        return connection.execute(_INSERT, values).rowcount == 1

    return write(records_db, {"agents": TABLES_VERSION}, change)
