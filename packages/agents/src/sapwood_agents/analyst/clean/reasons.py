"""Why a column should be read as another type, in words."""

from __future__ import annotations

from collections.abc import Sequence

from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.clean.dates import DateForm
from sapwood_agents.analyst.clean.numbers import NumberForm


def why_numbers(form: NumberForm, failures: Sequence[str] = ()) -> str:
    """Say what is written beside the numbers, what is lost, or what only a person can know."""
    name = form.step.columns[0]
    if form.misfits:
        return f"{name} is text that holds numbers{_lost(form.misfits, failures)}{_doubted(form.doubt)}"
    reason = f"every value of {name} is text that holds numbers"
    if form.doubt:
        return f"{reason}{_doubted(form.doubt)}"
    beside = [one for one in form.dropped if one]
    if beside:
        reason += f", written with {beside[0]}"
        if beside[0] == "%":
            reason += " (12% becomes 12)"
    return reason


def why_dates(form: DateForm, failures: Sequence[str] = ()) -> str:
    """Say which forms were found how often, what decides between two, or that only a person can."""
    name, what = form.step.columns[0], f"{form.step.to}s"
    if len(form.counts) == 1:
        written = f" written as {form.step.formats[0]}"
    else:
        written = ", written as " + ", ".join(f"{one} ({count:,})" for one, count in form.counts.items())
    if form.misfits:
        reason = f"{name} is text that holds {what}{written}{_lost(form.misfits, failures)}"
    else:
        reason = f"every value of {name} is text that holds {what}{written}"
    if form.swapped:
        reason += (
            f"; {counted(form.undecided, 'value')} could be read also as {' or '.join(form.swapped)}: "
            "only you know which is meant"
        )
        if form.contrary:
            reason += f"; {counted(form.contrary, 'value')} can be read in no other way"
    elif form.decided_by is not None:
        reason += f"; the order of day and month is that of {form.decided_by.strip()!r}"
    if any("%y" in one for one in form.counts):
        reason += "; a year of two digits is one from 1969 to 2068"
    if form.step.to == "timestamp" and not all(":" in one for one in form.counts):
        reason += "; a date without a time becomes its midnight"
    return reason


def _lost(misfits: int, failures: Sequence[str]) -> str:
    shown = ", ".join(repr(one) for one in failures)
    return f", except for {counted(misfits, 'value')} that would be lost, such as {shown}"


def _doubted(doubt: str) -> str:
    return f"; {doubt}" if doubt else ""
