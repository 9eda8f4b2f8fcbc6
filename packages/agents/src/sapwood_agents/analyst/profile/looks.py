"""One table looked over: which statements are sent, in which order, and what is made of their answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, Final, Protocol

from sapwood_agents.analyst.answer import DatasetInfo
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile import first_look, margins, second_look
from sapwood_agents.analyst.profile.columns import ColumnWriter, wanted
from sapwood_agents.analyst.profile.findings import Figures, FirstFindings, load_row
from sapwood_agents.analyst.profile.first_look import Pool
from sapwood_agents.analyst.profile.model import (
    ColumnProfile,
    Correlation,
    Duplicates,
    Profile,
    ProfileRequest,
)
from sapwood_agents.analyst.profile.second_look import Across, Wanted
from sapwood_agents.analyst.profile.warnings import warnings
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular.model import Column, ColumnType, QueryLimits, ResultTable

_AT_ONCE: Final = 32  # columns in one statement
_CELLS: Final = 2_000_000  # held by one statement of the first look
_CORRELATED: Final = 32  # numeric columns: 496 pairs
_STRONGEST: Final = 20
_FEWEST_PAIRS: Final = 12
"""Rows that have both values. Fewer do not tell how columns go together: of the 496 pairs of 32 columns of
noise two reach 0.95 by chance in 6 rows; in 12, one table in a thousand has such a pair."""
_KEPT_HASHES: Final = 100_000
_LOOK_S: Final = 0.1
_LIMITS: Final = QueryLimits(wall_s=3_600, cpu_s=7_200)
_NUMERIC: Final = (ColumnType.INTEGER, ColumnType.NUMBER)

_Numbered = list[tuple[int, Column]]


class ScanTables(Protocol):
    """Runs SELECTs over the table `data` of a dataset version, as long ones as `limits` allow."""

    async def query(
        self,
        workspace: WorkspaceId,
        version: str,
        sql: str,
        *,
        limits: QueryLimits | None = None,
        tell: Callable[[float], None] | None = None,
    ) -> ResultTable:
        """Run one SELECT; `tell` gets the share of it that is done, now and then."""
        ...


@dataclass(slots=True)
class Looks:
    """A first and a second look at one table."""

    tables: ScanTables
    workspace: WorkspaceId
    dataset: Dataset
    request: ProfileRequest
    work: Work
    done: int = 0

    @property
    def pool(self) -> Pool:
        """What the first look sees."""
        if self.dataset.rows <= max(self.request.exact_rows, self.request.sample_rows):
            return Pool.KEPT
        return Pool.READ_AGAIN if self.request.exact else Pool.SAMPLE

    async def profile(self) -> Profile:
        """Look twice and write down what was found."""
        if not self.dataset.rows or not self.dataset.columns:
            return self._empty()
        started = time.perf_counter()
        first = await self._first_look()
        looked = time.perf_counter()
        whole = self.pool is not Pool.SAMPLE
        rows = self.dataset.rows
        wants = [
            wanted(index, entry, first, rows=rows, whole=whole)
            for index, entry in enumerate(self.dataset.columns)
        ]
        found, pairs, hashes = await self._second_look(wants)
        counted = time.perf_counter()
        columns = tuple(
            ColumnWriter(rows, want, first, figures).write()
            for want, figures in zip(wants, found, strict=True)
        )
        correlations = self._correlations(first.correlations if self.pool is Pool.SAMPLE else pairs)
        timings = {"first_look": 1000 * (looked - started), "second_look": 1000 * (counted - looked)}
        sampled = first.size if self.pool is Pool.SAMPLE else None
        return self._written(columns, correlations, self._duplicates(hashes, columns), sampled, timings)

    def _written(
        self,
        columns: tuple[ColumnProfile, ...],
        correlations: tuple[Correlation, ...],
        duplicates: Duplicates,
        sampled: int | None,
        timings_ms: dict[str, float],
    ) -> Profile:
        dataset = self.dataset
        return Profile(
            dataset=DatasetInfo(
                version=dataset.version,
                title=dataset.title,
                rows=dataset.rows,
                quarantined=dataset.quarantined,
            ),
            rows=dataset.rows,
            columns=columns,
            approximate=sampled is not None,
            sampled=sampled,
            keys=tuple(one.name for one in columns if one.unique and one.type is not ColumnType.NUMBER),
            duplicates=duplicates,
            correlations=correlations,
            warnings=warnings(dataset, columns, correlations, duplicates),
            timings_ms=timings_ms,
        )

    def _empty(self) -> Profile:
        columns = tuple(
            ColumnProfile(name=entry.name, type=entry.type, nulls=0, null_share=0.0, distinct=0, unique=False)
            for entry in self.dataset.columns
        )
        return self._written(columns, (), Duplicates(rows=0), None, {})

    # -- the first look

    async def _first_look(self) -> FirstFindings:
        columns = list(enumerate(self.dataset.columns))
        batches = _batches(columns, self._at_once())
        numeric = self._numeric() if self.pool is Pool.SAMPLE else []
        found = FirstFindings()
        steps = len(batches) + len(_batches(columns, _AT_ONCE))
        correlations = [first_look.correlations(numeric)] if len(numeric) > 1 else []
        for batch in batches:
            parts = [part for index, entry in batch for part in first_look.parts_of(index, entry)]
            together = correlations if len(batches) == 1 else []
            await self._look(
                found, batch, [first_look.size(), *parts, *first_look.ranks(batch), *together], steps
            )
        if correlations and len(batches) > 1:
            await self._look(found, numeric, correlations, steps + 1)
        return found

    def _at_once(self) -> int:
        """Columns whose rows DuckDB can hold beside its work on them; their parts run at the same time."""
        if self.pool is Pool.READ_AGAIN:
            return 1
        rows = self.request.sample_rows if self.pool is Pool.SAMPLE else self.dataset.rows
        return max(1, min(_AT_ONCE, _CELLS // rows))

    async def _look(self, found: FirstFindings, columns: _Numbered, parts: Sequence[str], steps: int) -> None:
        pool = first_look.pool_of(columns, self.pool, self.request.sample_rows / self.dataset.rows)
        found.take((await self._query(first_look.statement(pool, parts), steps)).rows)

    def _numeric(self) -> _Numbered:
        numeric = ((i, entry) for i, entry in enumerate(self.dataset.columns) if entry.type in _NUMERIC)
        return list(islice(numeric, _CORRELATED))

    # -- the second look

    async def _second_look(self, wants: Sequence[Wanted]) -> tuple[list[Figures], list[Figures], Figures]:
        """What was found in each column, of each pair of columns, and in the rows' hashes."""
        found: list[Figures] = []
        batches = _batches(list(wants), _AT_ONCE)
        correlated = () if self.pool is Pool.SAMPLE else tuple(self._numeric())
        across = Across(self.dataset.columns, self._one_in(), correlated)
        pairs: Any = []
        hashes: Figures = {}
        for number, batch in enumerate(batches):
            statement = second_look.statement(batch, across if number == 0 else None)
            row = load_row((await self._query(statement, self.done + len(batches) - number)).rows[0])
            found += row[: len(batch)]
            if number == 0:
                pairs, hashes = row[-2:]
        return found, pairs, hashes

    def _one_in(self) -> int:
        return max(1, self.dataset.rows // _KEPT_HASHES) if self.pool is Pool.SAMPLE else 1

    # -- what is made of them

    def _correlations(self, found: Sequence[Figures]) -> tuple[Correlation, ...]:
        names = [entry.name for entry in self.dataset.columns]
        pairs = combinations([index for index, _ in self._numeric()], 2)
        correlations: list[Correlation] = []
        for (left, right), one in zip(pairs, found, strict=True):
            if one["r"] is None or one["n"] < _FEWEST_PAIRS:
                continue
            r = max(-1.0, min(1.0, float(one["r"])))
            margin = margins.of_correlation(r, one["n"]) if self.pool is Pool.SAMPLE else None
            correlations.append(
                Correlation(left=names[left], right=names[right], coefficient=r, margin=margin)
            )
        correlations.sort(key=lambda one: -abs(one.coefficient))
        return tuple(correlations[:_STRONGEST])

    def _duplicates(self, hashes: Figures, columns: tuple[ColumnProfile, ...]) -> Duplicates:
        if any(column.unique for column in columns):
            return Duplicates(rows=0)
        repeated, one_in = hashes["kept"] - (hashes["kinds"] or 0), self._one_in()
        margin = margins.of_duplicates(repeated, one_in) if self.pool is Pool.SAMPLE else None
        return Duplicates(rows=repeated * one_in, margin=margin)

    # -- one statement

    async def _query(self, statement: str, steps: int) -> ResultTable:
        """Run it, looking at whether the work goes on; whoever gives up ends the statement too."""
        await self.work.checkpoint()
        running = asyncio.ensure_future(
            self.tables.query(
                self.workspace,
                self.dataset.version,
                statement,
                limits=_LIMITS,
                tell=lambda share: self.work.progress(self.done + share, steps),
            )
        )
        try:
            while not (await asyncio.wait([running], timeout=_LOOK_S))[0]:
                await self.work.checkpoint()
            self.done += 1
            self.work.progress(self.done, steps)
            return running.result()
        finally:
            running.cancel()


def _batches(items: list[Any], size: int) -> list[list[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
