"""Tries steps on a table that stays as it is: what they would change, where they would fail, samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sapwood_agents.analyst.clean.proposal import Effect, Sample
from sapwood_agents.analyst.clean.steps import Step
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.looks import ScanTables
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork, Work
from sapwood_storage.tabular.cleaning.draft import Mark
from sapwood_storage.tabular.cleaning.preview import Preview
from sapwood_storage.tabular.model import Cell, QueryLimits
from sapwood_storage.tabular.watch import Watch

_SHOWN = 80
_GROUPED: Final = 100_000  # changed cells; samples of more are looked for in a part of the table
_DRAWN: Final = 100_000
_LIMITS: Final = QueryLimits(
    wall_s=3_600, cpu_s=7_200
)  # a scan of a large table takes longer than a question


@dataclass(frozen=True, slots=True)
class Tried:
    """What one step would do."""

    effects: tuple[Effect, ...]
    failed: int  # cells that do not fit
    failures: tuple[str, ...]  # some of them


def _silent(_share: float) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Trial:
    """The query worker of one table; `tell` gets the share of a statement that is done.

    `repeated` names the columns of far fewer values than rows: of a step about one, each value is tried once.
    """

    tables: ScanTables
    workspace: WorkspaceId
    dataset: Dataset
    samples: int
    work: Work = field(default_factory=DetachedWork)
    tell: Callable[[float], None] = _silent
    repeated: frozenset[str] = frozenset()
    _counted: dict[str, list[Cell]] = field(default_factory=dict[str, list[Cell]])

    async def one(self, step: Step, after: Sequence[Step] = (), among: Sequence[str] = ()) -> Tried:
        """Try one step on the table as it is `after` some others; cells that stay leave no effect.

        Samples are the values `among` that change, and the most frequent if there are none.
        """
        preview = self._preview(step, after)
        marks = [mark for mark in preview.marks if mark.step == len(after)]
        counts = await self._counts(preview)
        counts = counts[2 * (len(preview.marks) - len(marks)) :]
        effects: list[Effect] = []
        failed, failures = 0, list[str]()
        for place, mark in enumerate(marks):
            changed, failing = _whole(counts[2 * place]), _whole(counts[2 * place + 1])
            if changed:
                shown = await self._samples(step, after, mark, changed, among) if self.samples else []
                samples = tuple(Sample(before=_cut(b), after=_cut(a), cells=_whole(n)) for b, a, n in shown)
                effects.append(Effect(column=mark.column, cells=changed, samples=samples))
            if failing:
                shown = await self.query(preview.samples(mark, 3, failing=True))
                failures += [str(_cut(before)) for before, _, _ in shown]
            failed += failing
        return Tried(tuple(effects), failed, tuple(failures))

    async def failures(self, step: Step, after: Sequence[Step] = ()) -> int:
        """Count the cells that do not fit."""
        preview = self._preview(step, after)
        return sum(_whole(count) for count in (await self._counts(preview))[1::2])

    async def duplicates(self, steps: Sequence[Step]) -> int:
        """Count the rows that are there again once `steps` are done."""
        preview = Preview(self.dataset.columns, [step.to_wire() for step in steps])
        ((count,),) = await self.query(preview.duplicates())
        return _whole(count)

    async def query(self, sql: str) -> list[list[Cell]]:
        """Run one SELECT; whoever gives up ends it."""
        await self.work.checkpoint()
        watch = Watch(self.work)
        try:
            return await watch.until(watch.start(self._query(sql)))
        finally:
            await watch.end()

    async def _query(self, sql: str) -> list[list[Cell]]:
        found = await self.tables.query(
            self.workspace, self.dataset.version, sql, limits=_LIMITS, tell=self.tell
        )
        return found.rows

    async def _counts(self, preview: Preview) -> list[Cell]:
        """Count once what is asked for twice: to find a form, and to propose it."""
        sql = preview.counts()
        if sql not in self._counted:
            (self._counted[sql],) = await self.query(sql)
        return self._counted[sql]

    def _preview(self, step: Step, after: Sequence[Step], *, share: float = 1.0) -> Preview:
        wire = [one.to_wire() for one in (*after, step)]
        return Preview(self.dataset.columns, wire, share=share, values_of=self._only(step, after))

    def _only(self, step: Step, after: Sequence[Step]) -> str | None:
        names = {name for one in (*after, step) for name in getattr(one, "columns", ())}
        return next(iter(names)) if len(names) == 1 and names <= self.repeated else None

    async def _samples(
        self, step: Step, after: Sequence[Step], mark: Mark, changed: int, among: Sequence[str]
    ) -> list[list[Cell]]:
        preview = self._preview(step, after)
        if among:
            found = await self.query(preview.samples(mark, self.samples, among=among))
            # One for each form: in the order in which they are known.
            return sorted(found, key=lambda one: among.index(str(one[0])))
        if changed <= _GROUPED or self._only(step, after) is not None:
            return await self.query(preview.samples(mark, self.samples))
        drawn = self._preview(step, after, share=min(1.0, _DRAWN / self.dataset.rows))
        likely = await self.query(drawn.samples(mark, self.samples))
        before = [None if one is None else str(one) for one, _, _ in likely]
        return await self.query(preview.samples(mark, self.samples, among=before))


def _whole(value: Cell) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _cut(value: Cell) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
