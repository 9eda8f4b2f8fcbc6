"""From a profile to a proposal: what the profile suspects is tried on the whole table; what fits stays.

A step is proposed when no value is lost by it. What would lose some, or what means one thing or another, is a
choice: shown with its counts and left to a person.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlglot.expressions as exp

from sapwood_agents.analyst.clean.forms import Form, date_form, number_form
from sapwood_agents.analyst.clean.proposal import Effect, ProposedStep, Sample
from sapwood_agents.analyst.clean.spellings import spellings
from sapwood_agents.analyst.clean.steps import (
    Cast,
    Clip,
    Dedupe,
    DropColumns,
    Impute,
    MapCategories,
    ParseDates,
    Rename,
    Trim,
)
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.profile.model import ColumnProfile, Profile
from sapwood_agents.analyst.sql_conditions import column
from sapwood_shared.work import Work
from sapwood_storage.tabular.model import ColumnType

_SUSPECTED: Final = 0.9  # of sampled values that read as a number or a date
_LOOKED_AT: Final = 1_000
_MOST_SPELLINGS: Final = 1_000
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
        empty = [
            one.name for one in self.profile.columns if self.profile.rows and one.nulls == self.profile.rows
        ]
        if empty and len(empty) < len(self.profile.columns):
            reason = f"{_listed(empty)} {'has' if len(empty) == 1 else 'have'} no value in any row"
            self.proposed.append(ProposedStep(step=DropColumns(columns=tuple(empty), reason=reason)))
        left = [one for one in self.profile.columns if one.name not in empty]
        for place, one in enumerate(left):
            await work.checkpoint()
            work.progress(place, len(left))
            if one.type is ColumnType.TEXT:
                await self._text(one)
            self._missing(one)
            await self._outliers(one)
        await self._duplicates()
        self._names()

    async def _text(self, one: ColumnProfile) -> None:
        trouble = one.trouble
        if trouble is None:
            return
        present = self.profile.rows - one.nulls
        values = await self._values(one.name) if max(trouble.numbers, trouble.dates) >= _SUSPECTED else []
        form: Form[Cast] | Form[ParseDates] | None = None
        if values and trouble.numbers >= _SUSPECTED:
            form = await number_form(self.trial, one.name, values, present)
        if values and form is None and trouble.dates >= _SUSPECTED:
            form = await date_form(self.trial, one.name, values, present)
        if form is not None:
            await self._read_as(one.name, form)
        if form is None or form.misfits or form.others:
            await self._trim(one, blank=trouble.blank > 0)
            if trouble.variants and one.distinct <= _MOST_SPELLINGS:
                await self._spellings(one)

    async def _read_as(self, name: str, form: Form[Cast] | Form[ParseDates]) -> None:
        step = form.step
        what = f"{step.to}s" if isinstance(step, ParseDates) else "numbers"
        written = f" written as {step.formats[0]}" if isinstance(step, ParseDates) else ""
        reason = f"every value of {name} is text that holds {what}{written}"
        if form.others:
            reason = f"{reason}, and also as {' or '.join(form.others)}: only you know which is meant"
        elif form.misfits:
            tried = await self.trial.one(step)
            shown = ", ".join(repr(one) for one in tried.failures)
            reason = (
                f"{name} is text that holds {what}{written}, except for {counted(form.misfits, 'value')} "
                f"that would be lost, such as {shown}"
            )
            step = step.model_copy(update={"on_failure": "null"})
        step = step.model_copy(update={"reason": reason})
        found = ProposedStep(step=step, effects=(await self.trial.one(step)).effects)
        (self.choices if form.others or form.misfits else self.proposed).append(found)

    async def _trim(self, one: ColumnProfile, *, blank: bool) -> None:
        if one.trouble is None or not (one.trouble.padded or blank):
            return
        step = Trim(columns=(one.name,), blank_is_null=blank)
        effects = (await self.trial.one(step)).effects
        if effects:
            cells = sum(effect.cells for effect in effects)
            more = "; nothing but blanks becomes missing" if blank else ""
            reason = f"{counted(cells, 'value')} of {one.name} with blanks before or after the text{more}"
            step = step.model_copy(update={"reason": reason})
            self.proposed.append(ProposedStep(step=step, effects=effects))

    async def _spellings(self, one: ColumnProfile) -> None:
        found = await spellings(self.trial, one.name)
        trimmed = {old.strip(): new for old, new in found.items() if old.strip() != new}
        if not trimmed:
            return
        step = MapCategories(columns=(one.name,), mapping=dict(sorted(trimmed.items())))
        effects = (await self.trial.one(step)).effects
        reason = (
            f"{counted(len(trimmed), 'spelling')} in {one.name} with a more frequent one that differs "
            "by case or blanks only"
        )
        step = step.model_copy(update={"reason": reason})
        self.proposed.append(ProposedStep(step=step, effects=effects))

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
        if not self.profile.duplicates.rows and not any(
            isinstance(one, Trim | MapCategories | Cast) for one in steps
        ):
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

    async def _values(self, name: str) -> list[str]:
        statement = (
            exp.select(column(name))
            .distinct()
            .from_("data")
            .where(exp.not_(exp.Is(this=column(name), expression=exp.Null())))
            .order_by(column(name))
            .limit(_LOOKED_AT)
        )
        found = await self.trial.query(statement.sql("duckdb"))
        return [str(value) for (value,) in found if str(value).strip()]


def counted(count: int, what: str) -> str:
    """Return "1 row" or "2 rows"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
