"""The analyst: a question and a dataset in, an answer or the reason for none out."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

import sqlglot.expressions as exp
from pydantic import BaseModel, ConfigDict, Field

from sapwood_agents.analyst.answer import Answer, Check, DatasetInfo, OtherReading, Reason
from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.charts import chart
from sapwood_agents.analyst.instrument import Counted, instrument, judge
from sapwood_agents.analyst.intent import QueryIntent, Shape
from sapwood_agents.analyst.lookup import look_up
from sapwood_agents.analyst.ports import Dataset, Tables
from sapwood_agents.analyst.reader import Outcome, Reader
from sapwood_agents.analyst.reading import describe
from sapwood_agents.analyst.sentences import sentence
from sapwood_agents.analyst.sql import SqlWriter
from sapwood_agents.analyst.suggestions import (
    MOST_SUGGESTIONS,
    of_rows,
    refusal,
    suggestions,
)
from sapwood_agents.analyst.survey import SURVEY_FORMAT, dump_card, load_card, survey
from sapwood_agents.analyst.vacuous import pooled, vacuous
from sapwood_agents.analyst.version import ENGINE_VERSION, LONGEST_QUESTION
from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.cache.keys import CacheKey
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.spaces import ANSWER, PROFILE
from sapwood_storage.tabular.model import Cell, ResultTable

MOST_QUARANTINED: Final = 0.01
_MOST_READERS: Final = 64
_MOST_SHEETS: Final = 20
_PER: Final = re.compile(r"(?i)\b(?:per|across|over(?!\s+\d))\b")
"""Words after which a mean runs over things; `by` lists them, though each be one row."""


class Question(BaseModel):
    """What is asked; `previous` is the reading that a follow-up edits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    previous: QueryIntent | None = None
    allow_quarantined: bool = False


@dataclass
class Analyst:
    """Answers questions; holds the tables' cards and nothing else between two of them."""

    tables: Tables
    cache: SingleFlight
    _readers: OrderedDict[tuple[WorkspaceId, str, str], Reader] = field(
        default_factory=OrderedDict[tuple[WorkspaceId, str, str], Reader]
    )

    async def ask(self, workspace: WorkspaceId, dataset: Dataset, question: Question, work: Work) -> Answer:
        """Answer from the cache, or read the question, run its SQL and check the result."""
        parts = (dataset.version, dataset.title, question.model_dump_json())
        key = str(CacheKey(ANSWER.name, ENGINE_VERSION, parts))
        computed: list[Answer] = []
        started = time.perf_counter()

        async def compute() -> bytes:
            answer = await self._answer(workspace, dataset, question, work)
            computed.append(answer)
            return answer.model_dump_json().encode()

        stored = await self.cache.get_or_compute(
            workspace, key, compute, ttl_s=ANSWER.ttl_s, tags=(dataset.version,)
        )
        if computed:
            return computed[0]
        known = Answer.model_validate_json(stored)
        timings = {"cache": 1000 * (time.perf_counter() - started)}
        return known.model_copy(update={"cached": True, "timings_ms": timings})

    async def _answer(
        self, workspace: WorkspaceId, dataset: Dataset, question: Question, work: Work
    ) -> Answer:
        started = time.perf_counter()
        refused = _too_many_quarantined(dataset, question)
        if refused is not None:
            return refused
        reader = await self._reader(workspace, dataset)
        surveyed = time.perf_counter()
        await work.checkpoint()
        outcome = await self._read(workspace, dataset, reader, question)
        read = time.perf_counter()
        intent = outcome.settled
        timings = {"survey": 1000 * (surveyed - started), "read": 1000 * (read - surveyed)}
        if intent is None:
            return _declined(dataset, question, reader, outcome).model_copy(update={"timings_ms": timings})
        await work.checkpoint()
        answer = await self._run(workspace, dataset, question, reader, intent)
        timings["query"] = 1000 * (time.perf_counter() - read)
        return answer.model_copy(update={"timings_ms": timings})

    async def _reader(self, workspace: WorkspaceId, dataset: Dataset) -> Reader:
        place = (workspace, dataset.version, dataset.title)
        reader = self._readers.get(place)
        if reader is None:
            card = await self.card(workspace, dataset)
            reader = self._readers.setdefault(place, Reader(card))  # another question may have been faster
            if len(self._readers) > _MOST_READERS:
                self._readers.popitem(last=False)
        self._readers.move_to_end(place)
        return reader

    async def card(self, workspace: WorkspaceId, dataset: Dataset) -> TableCard:
        """What is known of the table, surveyed once per version."""
        key = str(CacheKey(PROFILE.name, f"card-{SURVEY_FORMAT}", (dataset.version, dataset.title)))

        async def compute() -> bytes:
            return dump_card(await survey(self.tables, workspace, dataset))

        stored = await self.cache.get_or_compute(
            workspace, key, compute, ttl_s=PROFILE.ttl_s, tags=(dataset.version,)
        )
        return load_card(stored)

    async def _read(
        self, workspace: WorkspaceId, dataset: Dataset, reader: Reader, question: Question
    ) -> Outcome:
        # In a thread: a wide table takes its time, and the loop has others to serve.
        outcome = await asyncio.to_thread(reader.read, question.text, question.previous)
        if outcome.readings:
            return outcome
        found = await look_up(self.tables, workspace, dataset.version, reader.card, question.text)
        if not found:
            return outcome
        return await asyncio.to_thread(reader.knowing(found).read, question.text, question.previous)

    async def _ran(
        self, workspace: WorkspaceId, dataset: Dataset, card: TableCard, intent: QueryIntent
    ) -> _Ran:
        writer = SqlWriter(card)
        statement = writer.write(intent)
        plan = instrument(intent, statement, writer)
        table = await self.tables.query(workspace, dataset.version, plan.statement.sql("duckdb"))
        return _Ran(statement, table, plan.split(table))

    async def _run(
        self,
        workspace: WorkspaceId,
        dataset: Dataset,
        question: Question,
        reader: Reader,
        intent: QueryIntent,
    ) -> Answer:
        card = reader.card.deriving(intent.derived)
        try:
            ran = await self._ran(workspace, dataset, card, intent)
            over_all = pooled(intent, ran.found.tallies, card) if _PER.search(question.text) else None
            if over_all is not None:
                intent = over_all
                ran = await self._ran(workspace, dataset, card, intent)
        except InvalidInput as error:
            return _unsupported(dataset, question, reader, f"the table cannot answer this: {error.message}")
        statement, table, found = ran.statement, ran.table, ran.found
        rows = found.rows if intent.shape is not Shape.LOOKUP else _said_alike(found.rows, table)
        reading = describe(intent, card)
        none = _nothing(intent, rows, table) or vacuous(intent, rows, card)
        if none:
            return _unsupported(dataset, question, reader, f"{reading}: {none}")
        columns = [selected.alias_or_name for selected in statement.selects]
        text = sentence(intent, reading, rows, reader.linker)
        return Answer(
            question=question.text,
            answer=text,
            columns=tuple(columns),
            rows=tuple(tuple(row) for row in rows),
            sql=statement.sql("duckdb", pretty=True),
            reading=reading,
            checks=(*judge(intent, found, card), *_about_data(dataset, table)),
            chart=chart(intent, columns, rows, card, reading),
            dataset=_info(dataset),
            intent=intent.model_dump(mode="json", exclude_none=True),
        )


@dataclass(frozen=True, slots=True)
class _Ran:
    """An intent's statement, what it gave, and the same with the counters taken off."""

    statement: exp.Select
    table: ResultTable
    found: Counted


def _info(dataset: Dataset) -> DatasetInfo:
    return DatasetInfo(
        version=dataset.version, title=dataset.title, rows=dataset.rows, quarantined=dataset.quarantined
    )


def _about_data(dataset: Dataset, table: ResultTable) -> list[Check]:
    checks: list[Check] = []
    if dataset.quarantined:
        many = dataset.quarantined != 1
        records = (
            "records of the source could not be read and are" if many else "record could not be read and is"
        )
        text = f"{dataset.quarantined:,} {records} not in the answer"
        checks.append(Check(code="quarantined", text=text, count=dataset.quarantined))
    if table.nonfinite:
        numbers = (
            "results were no finite numbers and are"
            if table.nonfinite != 1
            else "result was no finite number and is"
        )
        text = f"{table.nonfinite:,} {numbers} shown as missing"
        checks.append(Check(code="nonfinite", text=text, count=table.nonfinite))
    if table.truncated:
        checks.append(Check(code="truncated", text=f"only the first {len(table.rows):,} rows are shown"))
    return checks


def _too_many_quarantined(dataset: Dataset, question: Question) -> Answer | None:
    records = dataset.rows + dataset.quarantined
    if question.allow_quarantined or dataset.quarantined <= MOST_QUARANTINED * records:
        return None
    share = 100 * dataset.quarantined / records
    text = (
        f"{dataset.quarantined:,} of {records:,} records ({share:.1f} %) could not be read; "
        "look at them with `sapwood columns`, or ask with --allow-quarantined"
    )
    reason = Reason(code="unsupported", text=text)
    return Answer(question=question.text, reason=reason, dataset=_info(dataset))


def _said_alike(rows: list[list[Cell]], table: ResultTable) -> list[list[Cell]]:
    """One row where all that fit say the same: the unit cost of an item that has many deliveries."""
    alike = not table.truncated and all(row == rows[0] for row in rows)
    return rows[:1] if alike else rows


def _nothing(intent: QueryIntent, rows: list[list[Cell]], table: ResultTable) -> str | None:
    """Why these rows are no answer."""
    if intent.shape is Shape.LOOKUP and len(rows) != 1:
        return f"{len(rows)} rows fit; say which one, or ask for the average or the total"
    if intent.shape in (Shape.NUMBER, Shape.DIFFERENCE, Shape.RATIO) and all(
        cell is None for cell in rows[0]
    ):
        return "the result is no finite number" if table.nonfinite else "no row with a value fits"
    return None


def _declined(dataset: Dataset, question: Question, reader: Reader, outcome: Outcome) -> Answer:
    card, can_answer = reader.card, suggestions(reader)
    if outcome.readings:
        writer = SqlWriter(card)
        readings = tuple(
            OtherReading(
                reading=describe(r.intent, card), sql=writer.write(r.intent).sql("duckdb", pretty=True)
            )
            for r in outcome.readings[:4]
        )
        text = "this can mean different things; ask for one of them"
        reason = Reason(code="ambiguous", readings=readings, can_answer=can_answer, text=text)
    else:
        words, text = refusal(reader, outcome, question.text)
        offered = dict.fromkeys((*of_rows(reader, question.text, words), *can_answer))
        can_answer = tuple(offered)[:MOST_SUGGESTIONS]
        text += _elsewhere(dataset)
        reason = Reason(code="unplaced", words=words, can_answer=can_answer, text=text)
    return Answer(question=question.text, reason=reason, dataset=_info(dataset))


def _elsewhere(dataset: Dataset) -> str:
    if not dataset.other_sheets:
        return ""
    others = ", ".join(dataset.other_sheets[:_MOST_SHEETS])
    return f"; this is the sheet {dataset.sheet!r}, the others are {others}: --sheet asks one of them"


def _unsupported(dataset: Dataset, question: Question, reader: Reader, text: str) -> Answer:
    reason = Reason(code="unsupported", text=text, can_answer=suggestions(reader))
    return Answer(question=question.text, reason=reason, dataset=_info(dataset))
