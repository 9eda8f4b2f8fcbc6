"""Tables in a plain DuckDB: what the profile's SQL means, without starting a worker for each small table."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import _duckdb

from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.model import ColumnProfile, Profile, ProfileRequest
from sapwood_agents.analyst.profile.service import profile
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.model import Column, ColumnType, QueryLimits, ResultTable

WORKSPACE = WorkspaceId("local")
_TYPES = {
    "BIGINT": ColumnType.INTEGER,
    "DOUBLE": ColumnType.NUMBER,
    "VARCHAR": ColumnType.TEXT,
    "BOOLEAN": ColumnType.BOOLEAN,
    "DATE": ColumnType.DATE,
    "TIMESTAMP": ColumnType.TIMESTAMP,
}


@dataclass
class BareTables:
    """One table called `data`, made by a SELECT; each statement is written down."""

    made_by: str
    asked: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.connection = _duckdb.connect(":memory:", config={"threads": 2})
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute(f"CREATE TABLE data AS {self.made_by}")

    def dataset(self, title: str = "table") -> Dataset:
        columns = tuple(Column(str(name), _TYPES[str(kind)]) for name, kind, *_ in self.rows("DESCRIBE data"))
        return Dataset("dv_test", title, columns, self.rows("SELECT count(*) FROM data")[0][0])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        return self.rows(f"SELECT {sql} FROM data")[0][0]

    async def query(
        self,
        workspace: WorkspaceId,
        version: str,
        sql: str,
        *,
        limits: QueryLimits | None = None,
        tell: Callable[[float], None] | None = None,
    ) -> ResultTable:
        assert (workspace, version) == (WORKSPACE, "dv_test")
        assert limits is not None, "a profile may take longer than a question"
        self.asked.append(sql)
        if tell is not None:
            tell(0.5)
        return ResultTable((), [list(row) for row in self.rows(sql)])

    def profile(self, **request: Any) -> Profile:
        asked = profile(self, WORKSPACE, self.dataset(), ProfileRequest(**request), DetachedWork())
        return asyncio.run(asked)

    def column(self, name: str, **request: Any) -> ColumnProfile:
        return next(one for one in self.profile(**request).columns if one.name == name)


def codes(found: Profile) -> set[tuple[str, str | None]]:
    """The warnings of a profile, by code and column."""
    return {(one.code, one.column) for one in found.warnings}


def plain(found: Any) -> Any:
    """A profile without its times; sums in another order differ in their last digits, which are rounded."""
    if isinstance(found, Profile):
        return plain(found.model_dump(mode="json", exclude={"timings_ms"}))
    if isinstance(found, dict):
        return {name: plain(value) for name, value in found.items()}
    if isinstance(found, list):
        return [plain(value) for value in found]
    return float(f"{found:.9g}") if isinstance(found, float) else found
