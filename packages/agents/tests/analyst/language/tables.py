"""Tables made for these tests, asked in process."""

import asyncio
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.dated import form, form_of_numbers, of_texts
from sapwood_agents.analyst.grain import find_keys
from sapwood_agents.analyst.intent import QueryIntent
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.reader import Reader
from sapwood_agents.analyst.sql import SqlWriter
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import Column, ColumnType, ResultTable

Value = str | int | float | bool | dt.date | dt.datetime | None
TYPES: dict[type, tuple[ColumnType, str]] = {
    bool: (ColumnType.BOOLEAN, "BOOLEAN"),
    int: (ColumnType.INTEGER, "BIGINT"),
    float: (ColumnType.NUMBER, "DOUBLE"),
    str: (ColumnType.TEXT, "VARCHAR"),
    dt.datetime: (ColumnType.TIMESTAMP, "TIMESTAMP"),
    dt.date: (ColumnType.DATE, "DATE"),
}


@dataclass(frozen=True)
class Asked:
    """A table that can be asked and looked into."""

    reader: Reader
    connection: duckdb.DuckDBPyConnection

    def intent(self, question: str, previous: QueryIntent | None = None) -> QueryIntent | None:
        """What the question was understood as."""
        return self.reader.read(question, previous).settled

    def answer(self, question: str, previous: QueryIntent | None = None) -> list[tuple[object, ...]] | None:
        """The rows of the answer; `None` when it was declined."""
        intent = self.intent(question, previous)
        return None if intent is None else self.run(intent)

    def run(self, intent: QueryIntent) -> list[tuple[object, ...]]:
        """The rows of an intent's SQL."""
        return self.sql(SqlWriter(self.reader.card).write(intent).sql("duckdb"))

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """The rows of a statement written by hand."""
        return self.connection.sql(statement).fetchall()

    def agrees(self, question: str, statement: str) -> bool:
        """Whether the question is answered, and with the rows of a statement written by hand."""
        return same(self.answer(question), self.sql(statement))

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()


def same(got: list[tuple[object, ...]] | None, wanted: list[tuple[object, ...]]) -> bool:
    """Equal but for the last digits of sums taken in another order."""
    return (
        got is not None
        and len(got) == len(wanted)
        and all(
            len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other, strict=True))
            for one, other in zip(got, wanted, strict=True)
        )
    )


def equal(a: object, b: object) -> bool:
    """Equal, numbers but for their last digits."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9)
    return a == b


def card_of(title: str, names: Sequence[str], rows: Sequence[Sequence[Value]]) -> TableCard:
    """What the analyst would know of these rows."""
    columns: list[ColumnCard] = []
    for place, name in enumerate(names):
        present = [row[place] for row in rows if row[place] is not None]
        kind = TYPES[type(present[0])][0]
        texts = tuple(sorted({value for value in present if isinstance(value, str)}))
        low, high = min(present), max(present)  # type: ignore[type-var]  # a column holds one type
        ends = [end.isoformat() if isinstance(end, dt.date) else end for end in (low, high)]
        columns.append(
            ColumnCard(
                name=name,
                type=kind,
                nulls=len(rows) - len(present),
                distinct=len(set(present)),
                low=ends[0],
                high=ends[1],
                values=texts,
                enumerated=kind is ColumnType.TEXT,
            )
        )
    return TableCard(
        title, len(rows), tuple(_dated(column, rows, place) for place, column in enumerate(columns))
    )


def _dated(card: ColumnCard, rows: Sequence[Sequence[Value]], place: int) -> ColumnCard:
    """The card with what its texts or numbers stand for, where these are months and the like."""
    called = form_of_numbers(card.name, card.low, card.high) if card.type is ColumnType.INTEGER else ""
    if not called:
        return of_texts(card)
    days = [form(called).first_day(str(row[place])).isoformat() for row in rows if row[place] is not None]
    return replace(card, dated=called, low=min(days), high=max(days))


@dataclass(frozen=True)
class _InProcess:
    """A table that is asked in this process."""

    connection: duckdb.DuckDBPyConnection

    async def query(self, workspace: WorkspaceId, version: str, sql: str) -> ResultTable:
        assert version, workspace
        return ResultTable((), [list(row) for row in self.connection.sql(sql).fetchall()])


def with_keys(card: TableCard, connection: duckdb.DuckDBPyConnection) -> TableCard:
    """The card with what tells its rows apart."""
    dataset = Dataset("made", card.title, tuple(Column(c.name, c.type) for c in card.columns), card.rows, 0)
    keys = asyncio.run(find_keys(_InProcess(connection), WorkspaceId("local"), dataset, card.columns))
    return replace(card, keys=keys)


def asked(
    title: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Value]],
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Asked:
    """The rows in a database of their own, or in place of those of `connection`, with a reader."""
    connection = connection or duckdb.connect()
    kinds = [TYPES[type(next(row[i] for row in rows if row[i] is not None))][1] for i in range(len(names))]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(names, kinds, strict=True))
    connection.execute(f"CREATE OR REPLACE TABLE data ({columns})")
    row = f"({', '.join('?' * len(names))})"
    values = [value for row in rows for value in row]
    connection.execute(f"INSERT INTO data VALUES {', '.join([row] * len(rows))}", values)
    return Asked(Reader(with_keys(card_of(title, names, rows), connection)), connection)


def cases(phrasings: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Each question with its statement, of questions by statement."""
    return [(question, statement) for statement, questions in phrasings.items() for question in questions]
