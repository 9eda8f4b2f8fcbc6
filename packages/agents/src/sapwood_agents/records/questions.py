"""The history of questions, as rows."""

from typing import Any, Final

from sqlalchemy import Row, Select, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_agents.records.append import QuestionRecord
from sapwood_agents.records.tables import questions
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import UtcDateTime
from sapwood_storage.database.port import check_workspace
from sapwood_storage.database.statements import insert_new
from sapwood_storage.storable import storable

_PAGE: Final = 50


class QuestionHistory:
    """Works inside the caller's unit of work, which must be one of `workspace`; it never commits."""

    def __init__(self, workspace: WorkspaceId, connection: AsyncConnection) -> None:
        check_workspace(workspace, connection)
        self._connection = connection

    async def append(self, dataset: str, question: QuestionRecord) -> bool:
        """Append a question, whose version must be recorded; `False`: it was there."""
        row = {
            "id": question.id,
            "dataset_id": dataset,
            "version_id": question.version,
            "text": storable(question.text),
            "asked_by": question.asked_by,
            "asked_at": question.asked_at,
            "declined": question.declined,
            "reading": storable(question.reading),
            "sql": storable(question.sql),
            "engine": question.engine,
            "engine_version": question.engine_version,
            "cached": question.cached,
            "duration_ms": question.duration_ms,
        }
        return await insert_new(self._connection, questions, row, one=questions.c.id)

    async def recent(
        self, *, limit: int = _PAGE, before: QuestionRecord | None = None
    ) -> tuple[QuestionRecord, ...]:
        """Return questions about any dataset, the newest first, or those older than `before`."""
        return await self._page(select(questions), limit, before)

    async def about(
        self, dataset: str, *, limit: int = _PAGE, before: QuestionRecord | None = None
    ) -> tuple[QuestionRecord, ...]:
        """Return questions about one dataset, the newest first, or those older than `before`."""
        return await self._page(select(questions).where(questions.c.dataset_id == dataset), limit, before)

    async def forget(self) -> int:
        """Delete the whole history; return how many questions it had."""
        return (await self._connection.execute(questions.delete())).rowcount

    async def _page(
        self, query: Select[Any], limit: int, before: QuestionRecord | None
    ) -> tuple[QuestionRecord, ...]:
        query = query.order_by(questions.c.asked_at.desc(), questions.c.id.desc()).limit(limit)
        if before is not None:
            place = tuple_(literal(before.asked_at, UtcDateTime), literal(before.id))
            query = query.where(tuple_(questions.c.asked_at, questions.c.id) < place)
        return tuple(_question(row) for row in await self._connection.execute(query))


def _question(row: Row[Any]) -> QuestionRecord:
    return QuestionRecord(
        id=row.id,
        version=row.version_id,
        text=row.text,
        asked_at=row.asked_at,
        engine=row.engine,
        engine_version=row.engine_version,
        cached=row.cached,
        duration_ms=row.duration_ms,
        declined=row.declined,
        reading=row.reading,
        sql=row.sql,
        asked_by=row.asked_by,
    )
