"""One text column: what it really holds, and what has to be done so that it holds nothing else.

A step is tried after those that are proposed before it for the same column, so that counts and samples are of
what would happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.clean.dates import DateForm, date_form
from sapwood_agents.analyst.clean.numbers import NumberForm, number_form
from sapwood_agents.analyst.clean.proposal import ProposedStep
from sapwood_agents.analyst.clean.reasons import why_dates, why_numbers
from sapwood_agents.analyst.clean.spellings import spellings
from sapwood_agents.analyst.clean.steps import MapCategories, Step, Trim
from sapwood_agents.analyst.clean.texts import TextColumn, values_of
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.clean.truths import truth_form
from sapwood_agents.analyst.profile.model import ColumnProfile, PiiKind
from sapwood_storage.tabular.cleaning.casts import BLANKS

_MOST_SPELLINGS: Final = 1_000
_MOSTLY: Final = 0.5  # of the values are words for no value: then they are what the column is about
_MISFITS: Final = 0.05
_SUSPECTED: Final = 0.9  # of the values looked at are dates
_NO_NUMBERS: Final = {PiiKind.PHONE, PiiKind.CARD, PiiKind.SSN, PiiKind.IBAN, PiiKind.IP}


@dataclass(slots=True)
class TextProposer:
    """The proposal for one text column of a table of `rows` rows."""

    trial: Trial
    rows: int
    column: ColumnProfile
    text: TextColumn
    proposed: list[ProposedStep] = field(default_factory=list[ProposedStep])
    choices: list[ProposedStep] = field(default_factory=list[ProposedStep])

    @property
    def _name(self) -> str:
        return self.column.name

    @property
    def _steps(self) -> tuple[Step, ...]:
        return tuple(one.step for one in self.proposed)

    async def run(self) -> None:
        """Find out what the column holds; else mend its text."""
        present = self.rows - self.column.nulls - self.text.blank
        values = await values_of(self.trial, self._name) if present else {}
        missing = self._missing(values)
        real = {value: count for value, count in values.items() if value not in missing}
        if real:
            present -= sum(missing.values())
            if await self._typed(real, missing, present):
                return
        await self._trim(padded=True)
        await self._no_values(missing)
        trouble = self.column.trouble
        if trouble is not None and trouble.variants and self.column.distinct <= _MOST_SPELLINGS:
            await self._spellings()

    async def _typed(self, values: dict[str, int], missing: dict[str, int], present: int) -> bool:
        """Propose to read the column as another type, or offer it; whether its text needs no mending then."""
        before = self._before(missing)
        number = None
        if not {one.kind for one in self.column.pii if one.share} & _NO_NUMBERS:
            number = await number_form(self.trial, self._name, values, before, present)
        if number is not None:
            sure = not number.misfits and not number.doubt
            await self._read_as_number(number, before, missing, sure=sure)
            return sure
        if (truth := await truth_form(self.trial, self._name, values, before)) is not None:
            await self._ready(missing)
            reason = f"every value of {self._name} is text that says yes or no"
            await self._propose(truth.model_copy(update={"reason": reason}))
            return True
        date = await self._date(values, missing, present)
        if date is None:
            return False
        sure = not date.misfits and not date.swapped
        await self._read_as_date(date, before, missing, sure=sure)
        return sure

    async def _date(self, values: dict[str, int], missing: dict[str, int], present: int) -> DateForm | None:
        trouble = self.column.trouble
        share = trouble.dates * (self.rows - self.column.nulls) / max(present, 1) if trouble else 0
        if share < _SUSPECTED:
            return None
        repeated = self._name in self.trial.repeated
        form = await date_form(self.trial, self._name, values, repeated=repeated, without=tuple(missing))
        return form if form is not None and form.misfits <= _MISFITS * present else None

    async def _read_as_number(
        self, form: NumberForm, before: Sequence[Step], missing: dict[str, int], *, sure: bool
    ) -> None:
        if sure:
            await self._ready(missing)
            for step in form.before:
                await self._propose(step)
            await self._propose(form.step.model_copy(update={"reason": why_numbers(form)}))
            return
        after = (*before, *form.before)
        self.choices += [ProposedStep(step=step) for step in form.before]
        failures = (await self.trial.one(form.step, after)).failures if form.misfits else ()
        failing = {"on_failure": "null"} if form.misfits else {}
        step = form.step.model_copy(update={**failing, "reason": why_numbers(form, failures)})
        self.choices.append(ProposedStep(step=step, effects=(await self.trial.one(step, after)).effects))

    async def _read_as_date(
        self, form: DateForm, before: Sequence[Step], missing: dict[str, int], *, sure: bool
    ) -> None:
        if sure:
            await self._ready(missing)
            step = form.step.model_copy(update={"reason": why_dates(form)})
            await self._propose(step, among=form.examples)
            return
        failures = (await self.trial.one(form.step, before)).failures if form.misfits else ()
        failing = {"on_failure": "null"} if form.misfits else {}
        step = form.step.model_copy(update={**failing, "reason": why_dates(form, failures)})
        tried = await self.trial.one(step, before, among=form.examples)
        self.choices.append(ProposedStep(step=step, effects=tried.effects))

    # -- words for no value, and blanks

    def _missing(self, values: dict[str, int]) -> dict[str, int]:
        """The words for no value, as written; none where they may be values themselves."""
        found = self.text.missing
        others = [value for value in values if value not in found]
        if any(not any(map(str.isalnum, value)) for value in others):
            # Where + is a value, - is one too.
            found = {word: count for word, count in found.items() if any(map(str.isalnum, word))}
        return found if sum(found.values()) <= _MOSTLY * (self.rows - self.column.nulls) and others else {}

    def _before(self, missing: dict[str, int]) -> tuple[Step, ...]:
        """What makes words for no value and blanks missing, so that the rest can be read."""
        trim = (Trim(columns=(self._name,), blank_is_null=True),) if self.text.blank else ()
        return (*trim, *((self._mapping(missing, trimmed=bool(trim)),) if missing else ()))

    def _mapping(self, missing: dict[str, int], *, trimmed: bool) -> MapCategories:
        words = {word.strip(BLANKS) if trimmed else word for word in missing}
        return MapCategories(columns=(self._name,), mapping=dict.fromkeys(sorted(words)))

    async def _ready(self, missing: dict[str, int]) -> None:
        if self.text.blank:
            await self._trim(padded=False)
        await self._no_values(missing)

    async def _no_values(self, missing: dict[str, int]) -> None:
        if not missing:
            return
        step = self._mapping(missing, trimmed=any(isinstance(one, Trim) for one in self._steps))
        shown = " and ".join(repr(word) for word in list(step.mapping)[:4])
        reason = f"{counted(sum(missing.values()), 'cell')} of {self._name} say {shown}, which is no value"
        await self._propose(step.model_copy(update={"reason": reason}))

    async def _trim(self, *, padded: bool) -> None:
        cells = self.text.blank + (self.text.padded if padded else 0)
        if not cells:
            return
        more = "; nothing but blanks becomes missing" if self.text.blank else ""
        reason = f"{counted(cells, 'value')} of {self._name} with blanks before or after the text{more}"
        step = Trim(columns=(self._name,), blank_is_null=self.text.blank > 0, reason=reason)
        await self._propose(step)

    async def _spellings(self) -> None:
        found = await spellings(self.trial, self._name)
        trims = any(isinstance(one, Trim) for one in self._steps)
        stripped = {old.strip(BLANKS) if trims else old: new for old, new in found.items()}
        mapping: dict[str, str | None] = {old: new for old, new in sorted(stripped.items()) if old != new}
        if not mapping:
            return
        reason = (
            f"{counted(len(mapping), 'spelling')} in {self._name} with a more frequent one that differs "
            "by case or blanks only"
        )
        await self._propose(MapCategories(columns=(self._name,), mapping=mapping, reason=reason))

    async def _propose(self, step: Step, *, among: Sequence[str] = ()) -> None:
        tried = await self.trial.one(step, self._steps, among=among)
        if tried.effects:
            self.proposed.append(ProposedStep(step=step, effects=tried.effects))
