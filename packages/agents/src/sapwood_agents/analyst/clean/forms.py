"""How numbers and dates may be written in a text column, and which of the ways fits all of its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from sapwood_agents.analyst.clean.steps import Cast, ParseDates
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_storage.tabular.model import ColumnType

Reading = TypeVar("Reading", Cast, ParseDates)
Separator = Literal[",", ".", " ", "'"]
Point = Literal[".", ","]

_AFFIXES: Final = ("$", "€", "£", "¥", "%", "USD", "EUR", "GBP")
_LEADING_ZERO: Final = re.compile(r"\s*0\d+\s*")
_SEPARATORS: Final[tuple[tuple[Separator | None, Point], ...]] = (
    (None, "."),
    (",", "."),
    (None, ","),
    (".", ","),
    (" ", ","),
    ("'", "."),
)
_WHOLE_FIRST: Final = (ColumnType.INTEGER, ColumnType.NUMBER)
_MISFITS: Final = 0.05  # of the values: beyond that a column is not what it seems

_DAYS: Final = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y",
    "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip
_TIMES: Final = ("%H:%M:%S", "%H:%M", "%I:%M %p")


@dataclass(frozen=True, slots=True)
class Form(Generic[Reading]):
    """A step that reads a column, and how many of its values it does not fit."""

    step: Reading
    misfits: int = 0
    others: tuple[str, ...] = ()  # formats that fit as well and mean something else


async def number_form(trial: Trial, column: str, values: Sequence[str], present: int) -> Form[Cast] | None:
    """Return the strictest way to read a column as numbers; none for codes, where a zero in front counts."""
    if any(_LEADING_ZERO.fullmatch(value) for value in values):
        return None
    affixes = tuple(one for one in _AFFIXES if any(_carries(value, one) for value in values))
    best: Form[Cast] | None = None
    for thousands, decimal in _SEPARATORS:
        for to in _WHOLE_FIRST:
            step = Cast(columns=(column,), to=to, thousands=thousands, decimal=decimal, affixes=affixes)
            misfits = await trial.failures(step)
            if not misfits:
                return Form(step)
            if misfits <= _MISFITS * present and (best is None or misfits < best.misfits):
                best = Form(step, misfits)
    return best


async def date_form(
    trial: Trial, column: str, values: Sequence[str], present: int
) -> Form[ParseDates] | None:
    """Return the way to read a column as dates; `others` says that day and month may change places."""
    timed = any(":" in value for value in values)
    best: Form[ParseDates] | None = None
    for form in _likely(_moments() if timed else _DAYS, values):
        step = ParseDates(columns=(column,), formats=(form,), to="timestamp" if timed else "date")
        misfits = await trial.failures(step)
        if best is not None and not best.misfits and not misfits and _swapped(form) in best.step.formats:
            return Form(best.step, others=(form,))
        if misfits <= _MISFITS * present and (best is None or misfits < best.misfits):
            best = Form(step, misfits)
    return best


def _moments() -> list[str]:
    return [f"{day}{gap}{time}" for day in _DAYS for gap in (" ", "T", ", ") for time in _TIMES]


def _swapped(form: str) -> str:
    return form.replace("%d", "%-").replace("%m", "%d").replace("%-", "%m")


def _likely(formats: Iterable[str], values: Sequence[str]) -> list[str]:
    """The formats with the separators of the first value: so few that each can be tried on the table."""
    first = _skeleton(values[0].strip()) if values else ""
    return [one for one in formats if _skeleton(re.sub(r"%[A-Za-z]", "x", one)) == first]


def _skeleton(text: str) -> str:
    return re.sub(r"[A-Za-z\d]+", "x", text)


def _carries(value: str, affix: str) -> bool:
    plain = value.strip().lstrip("+-")
    return plain.startswith(affix) or plain.endswith(affix)
