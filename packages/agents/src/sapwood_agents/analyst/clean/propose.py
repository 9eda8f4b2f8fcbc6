"""From a profile to a proposal: what the profile suspects is tried on the whole table; what fits stays.

A step is proposed when no value is lost by it. What would lose some, or what means one thing or another, is a
choice: shown with its counts and left to a person.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sapwood_agents.analyst.clean.columns import TextProposer
from sapwood_agents.analyst.clean.counting import counted as counted
from sapwood_agents.analyst.clean.proposal import Effect, ProposedStep, Sample
from sapwood_agents.analyst.clean.steps import Clip, Dedupe, DropColumns, Impute, Rename
from sapwood_agents.analyst.clean.texts import TextColumn, look_at_texts
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.profile.model import ColumnProfile, Profile
from sapwood_shared.work import Work
from sapwood_storage.tabular.model import ColumnType

_REPEATED: Final = 4  # rows for each value, at the least
_FEW_NULLS: Final = 0.2
_FEW_OUTLIERS: Final = 0.05  # more of them are a long tail
_RECORDS: Final = 0.5  # of the rows are distinct in some column: then equal rows are one record twice
_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.NUMBER)


@dataclass(slots=True)
class Proposer:
    """One table's proposal in the making."""

    trial: Trial
    profile: Profile
    proposed: list[ProposedStep] = field(default_factory=list[ProposedStep])
    choices: list[ProposedStep] = field(default_factory=list[ProposedStep])

    async def run(self, work: Work) -> None:
        """Look at each column, then at the rows as a whole."""
        self.trial.work = work
        self.trial.repeated = frozenset(
            one.name for one in self.profile.columns if one.distinct * _REPEATED <= self.profile.rows
        )
        texts = [one.name for one in self.profile.columns if one.type is ColumnType.TEXT]
        steps = len(self.profile.columns) + 2  # the texts together, each column, the rows
        self._at(0, steps)
        looked = await look_at_texts(self.trial, texts)
        empty = [one.name for one in self.profile.columns if self._is_empty(one, looked.get(one.name))]
        if empty and len(empty) < len(self.profile.columns):
            reason = f"{_listed(empty)} {'has' if len(empty) == 1 else 'have'} no value in any row"
            self.proposed.append(ProposedStep(step=DropColumns(columns=tuple(empty), reason=reason)))
        for place, one in enumerate(self.profile.columns):
            self._at(1 + place, steps)
            if one.name in empty:
                continue
            if one.name in looked:
                await self._text(one, looked[one.name])
            self._missing(one)
            await self._outliers(one)
        self._at(steps - 1, steps)
        await self._duplicates()
        self._names()
        work.progress(steps, steps)

    def _at(self, done: int, steps: int) -> None:
        work = self.trial.work
        work.progress(done, steps)
        self.trial.tell = lambda share: work.progress(done + share, steps)

    def _is_empty(self, one: ColumnProfile, text: TextColumn | None) -> bool:
        return bool(self.profile.rows) and one.nulls + (text.blank if text else 0) == self.profile.rows

    async def _text(self, one: ColumnProfile, text: TextColumn) -> None:
        found = TextProposer(self.trial, self.profile.rows, one, text)
        await found.run()
        self.proposed += found.proposed
        self.choices += found.choices

    def _missing(self, one: ColumnProfile) -> None:
        middle = one.quantiles.get("0.5")
        if not one.nulls or one.null_share > _FEW_NULLS or one.type not in _NUMBERS or middle is None:
            return
        reason = (
            f"{counted(one.nulls, 'row')} ({100 * one.null_share:.1f} %) without {one.name}; a fill hides "
            "that and changes averages"
        )
        samples = (Sample(before=None, after=str(middle), cells=one.nulls),)
        step = Impute(column=one.name, strategy="median", reason=reason)
        effect = Effect(column=one.name, cells=one.nulls, samples=samples)
        self.choices.append(ProposedStep(step=step, effects=(effect,)))

    async def _outliers(self, one: ColumnProfile) -> None:
        if one.outliers is None or one.type not in _NUMBERS:
            return
        if not 0 < one.outliers.count <= max(1, _FEW_OUTLIERS * self.profile.rows):
            return
        low, high = one.outliers.below, one.outliers.above
        if one.type is ColumnType.INTEGER:
            low, high = math.floor(low), math.ceil(high)
        reason = (
            f"values of {one.name} below {low:g} or above {high:g} are far from the rest; they may be right"
        )
        step = Clip(columns=(one.name,), low=low, high=high, reason=reason)
        effects = (await self.trial.one(step)).effects
        if effects:
            self.choices.append(ProposedStep(step=step, effects=effects))

    async def _duplicates(self) -> None:
        steps = [one.step for one in self.proposed]
        touched = {name for step in steps for name in getattr(step, "columns", ())}
        # Values that stay tell every row apart: proved, so nobody has to look.
        if any(key not in touched for key in self.profile.keys):
            return
        if not self.profile.duplicates.rows and not touched:
            return
        count = await self.trial.duplicates(steps)
        if not count:
            return
        distinct = max((one.distinct for one in self.profile.columns), default=0)
        records = distinct >= _RECORDS * self.profile.rows
        doubt = (
            "" if records else "; with so few different values they may be different things that look alike"
        )
        reason = f"{counted(count, 'row')} more than once, equal in every column{doubt}"
        found = ProposedStep(step=Dedupe(reason=reason), rows_removed=count)
        (self.proposed if records else self.choices).append(found)

    def _names(self) -> None:
        left = [one.name for one in self.profile.columns]
        names = {name: " ".join(name.split()) for name in left if " ".join(name.split()) not in (name, "")}
        names = {old: new for old, new in names.items() if new.casefold() not in {n.casefold() for n in left}}
        if names:
            step = Rename(names=names, reason="these names have blanks that cannot be seen")
            self.proposed.append(ProposedStep(step=step))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
