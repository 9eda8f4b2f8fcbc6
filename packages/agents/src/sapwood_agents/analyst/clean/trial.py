"""Tries steps on a table that stays as it is: what they would change, where they would fail, samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sapwood_agents.analyst.clean.proposal import Effect, Sample
from sapwood_agents.analyst.clean.steps import Step
from sapwood_agents.analyst.ports import Dataset, Tables
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.cleaning.preview import Preview
from sapwood_storage.tabular.model import Cell

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Tried:
    """What one step would do."""

    effects: tuple[Effect, ...]
    failed: int  # cells that do not fit
    failures: tuple[str, ...]  # some of them


@dataclass(frozen=True, slots=True)
class Trial:
    """The query worker of one table."""

    tables: Tables
    workspace: WorkspaceId
    dataset: Dataset
    samples: int

    async def one(self, step: Step) -> Tried:
        """Try one step on the table as it is; cells that would change in no column leave no effect."""
        preview = Preview(self.dataset.columns, [step.to_wire()])
        (counts,) = await self.query(preview.counts())
        effects: list[Effect] = []
        failed, failures = 0, list[str]()
        for place, mark in enumerate(preview.marks):
            changed, failing = _whole(counts[2 * place]), _whole(counts[2 * place + 1])
            if changed:
                shown = await self.query(preview.samples(mark, self.samples)) if self.samples else []
                samples = tuple(Sample(before=_cut(b), after=_cut(a), cells=_whole(n)) for b, a, n in shown)
                effects.append(Effect(column=mark.column, cells=changed, samples=samples))
            if failing:
                shown = await self.query(preview.samples(mark, 3, failing=True))
                failures += [str(_cut(before)) for before, _, _ in shown]
            failed += failing
        return Tried(tuple(effects), failed, tuple(failures))

    async def failures(self, step: Step) -> int:
        """Count the cells that do not fit."""
        (counts,) = await self.query(Preview(self.dataset.columns, [step.to_wire()]).counts())
        return sum(_whole(count) for count in counts[1::2])

    async def duplicates(self, steps: Sequence[Step]) -> int:
        """Count the rows that are there again once `steps` are done."""
        preview = Preview(self.dataset.columns, [step.to_wire() for step in steps])
        ((count,),) = await self.query(preview.duplicates())
        return _whole(count)

    async def query(self, sql: str) -> list[list[Cell]]:
        """Run one SELECT."""
        return (await self.tables.query(self.workspace, self.dataset.version, sql)).rows


def _whole(value: Cell) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _cut(value: Cell) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
