"""How numbers may be written in a text column: separators, signs, currencies, per cent and units.

The way is found in the values looked at and tried on all rows. Words beside the number are left out only
where they are the same everywhere: 5 kg and 5 g are not the same number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from sapwood_agents.analyst.clean.steps import Cast, RegexReplace, Step
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_storage.tabular.model import ColumnType

Separator = Literal[",", ".", " ", "'"]
Point = Literal[".", ","]

_CURRENCIES: Final = (
    "$", "€", "£", "¥", "₹", "₩", "₽", "₺", "₪", "₫", "₴", "US$", "A$", "C$", "R$", "USD", "EUR", "GBP",
    "JPY", "CHF", "CNY", "INR", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "BRL", "MXN", "ZAR", "KRW",
    "kr", "zł",
)  # fmt: skip
_UNITS: Final = frozenset({
    "mm", "cm", "m", "km", "in", "ft", "yd", "mi", "mg", "g", "kg", "t", "oz", "lb", "lbs", "ml", "cl", "l",
    "L", "gal", "m2", "m²", "m3", "m³", "sqft", "ha", "s", "ms", "sec", "min", "h", "hr", "hrs", "d", "days",
    "yr", "yrs", "years", "°C", "°F", "°", "K", "W", "kW", "kWh", "MW", "V", "A", "Hz", "kHz", "MHz", "GHz",
    "B", "KB", "MB", "GB", "TB", "px", "pt", "mph", "km/h", "kph", "bar", "Pa", "hPa", "kPa", "psi", "cal",
    "kcal", "J", "kJ",
})  # fmt: skip
_FRONT: Final = "|".join(re.escape(one) for one in sorted(_CURRENCIES, key=len, reverse=True))
_VALUE: Final = re.compile(
    rf"""(?P<open>\()?(?P<sign>[-+]?)\s?(?P<front>{_FRONT})?\s?[-+]?
    (?P<number>\d[\d.,'\ \u00a0\u202f]*(?:[eE][-+]?\d+)?|[.,]\d+)
    (?P<blank>\s*)(?P<back>%|[^\d\s()]\D{{0,14}})?(?(open)\))""",
    re.VERBOSE,
)
_CODE: Final = re.compile(r"0\d+")
_WAYS: Final[tuple[tuple[Separator | None, Point], ...]] = (
    (None, "."),
    (",", "."),
    (None, ","),
    (".", ","),
    (" ", "."),
    (" ", ","),
    ("'", "."),
)
_WHOLE_FIRST: Final = (ColumnType.INTEGER, ColumnType.NUMBER)
_MISFITS: Final = 0.05  # of the values: beyond that a column is not what it seems
_SUSPECTED: Final = 0.9
_MOST_UNITS: Final = 4
_USED: Final = 0.01  # of the values: a rarer unit is a misfit
_BLANK_GROUPS: Final = r"[\x{a0}\x{202f}]"
_PARENTHESES: Final = r"^\s*\(\s*(.*?)\s*\)\s*$"


@dataclass(frozen=True, slots=True)
class NumberForm:
    """A way to read a column as numbers, and how many of its values it does not fit."""

    step: Cast
    before: tuple[Step, ...] = ()  # what has to be done first
    misfits: int = 0
    doubt: str = ""  # why a person has to decide, though every value fits
    dropped: tuple[str, ...] = ()  # what is written beside the numbers


@dataclass(slots=True)
class _Seen:
    """What stands in the values looked at."""

    numbers: Counter[str] = field(default_factory=Counter[str])
    beside: Counter[str] = field(default_factory=Counter[str])  # "" for a bare number
    values: int = 0
    negative: bool = False  # in parentheses
    grouped: bool = False  # by blanks that are no spaces


async def number_form(
    trial: Trial, name: str, values: Mapping[str, int], after: Sequence[Step], present: int
) -> NumberForm | None:
    """Return the strictest way to read a column as numbers; none for codes, where a zero in front counts."""
    seen = _look(values)
    if seen is None or seen.numbers.total() < _SUSPECTED * seen.values:
        return None
    most = seen.numbers.total()
    beside = [one for one, count in seen.beside.most_common() if one and count >= _USED * most]
    if len(beside) > _MOST_UNITS:
        return None
    before: list[Step] = []
    if seen.negative:
        reason = f"numbers of {name} in parentheses are negative"
        before.append(RegexReplace(columns=(name,), pattern=_PARENTHESES, replacement=r"-\1", reason=reason))
    if seen.grouped:
        reason = f"blanks between the digits of {name} are of a kind that is no space"
        before.append(RegexReplace(columns=(name,), pattern=_BLANK_GROUPS, replacement=" ", reason=reason))
    best: NumberForm | None = None
    for step in _likely(name, seen, tuple(beside)):
        misfits = await trial.failures(step, (*after, *before))
        if best is None or misfits < best.misfits:
            best = NumberForm(step, tuple(before), misfits, _doubt(beside, seen), tuple(beside))
        if not misfits:
            break
    return best if best is not None and best.misfits <= _MISFITS * present else None


def _look(values: Mapping[str, int]) -> _Seen | None:
    seen = _Seen()
    for value, count in values.items():
        plain = value.strip()
        if _CODE.fullmatch(plain):
            return None
        seen.values += count
        found = _VALUE.fullmatch(plain)
        if found is None or not _known(found["blank"], found["back"] or ""):
            continue
        number = found["number"].rstrip()
        seen.numbers[re.sub("[\u00a0\u202f]", " ", number)] += count
        for beside in {found["front"] or "", (found["back"] or "").strip()} - {""} or {""}:
            seen.beside[beside] += count
        seen.negative = seen.negative or found["open"] is not None
        seen.grouped = seen.grouped or bool(re.search("[\u00a0\u202f]", number))
    return seen


def _known(blank: str, back: str) -> bool:
    """Whether what follows a number is no part of a name: 12 pcs, but not 12B."""
    word = back.strip()
    return not word or word == "%" or word in _CURRENCIES or word in _UNITS or bool(blank and len(word) > 1)


def _likely(name: str, seen: _Seen, affixes: tuple[str, ...]) -> list[Cast]:
    """The ways that fit the most of the values looked at; of equals the plainest first."""
    tried: list[tuple[int, int, Cast]] = []
    for thousands, decimal in _WAYS:
        for to in _WHOLE_FIRST:
            shape = _shape(thousands, decimal, whole=to is ColumnType.INTEGER)
            misfits = sum(count for number, count in seen.numbers.items() if not shape.fullmatch(number))
            step = Cast(columns=(name,), to=to, thousands=thousands, decimal=decimal, affixes=affixes)
            tried.append((misfits, len(tried), step))
    tried.sort(key=lambda one: one[:2])
    least = tried[0][0]
    if least > _MISFITS * seen.values:
        return []
    # Values that were not looked at may need a fraction.
    return [step for misfits, _, step in tried if misfits == least][:3]


def _shape(thousands: str | None, decimal: str, *, whole: bool) -> re.Pattern[str]:
    digits = r"\d+" if thousands is None else rf"(?:\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+)"
    if whole:
        return re.compile(digits)
    point = re.escape(decimal)
    return re.compile(rf"(?:{digits}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?")


def _doubt(beside: Sequence[str], seen: _Seen) -> str:
    if len(beside) > 1:
        shown = " and ".join(f"{one} ({seen.beside[one]:,})" for one in beside[:4])
        return f"its numbers are in {shown}, which are not the same; without them nobody can tell"
    if beside and beside[0] == "%" and seen.beside[""]:
        return "some have a per cent sign and some have none; they may be a hundred times apart"
    return ""
