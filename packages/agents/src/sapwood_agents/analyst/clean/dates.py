"""How dates may be written in a text column: the formats of its values, and which of two orders is meant.

A value such as 04/03/2021 fits two formats. Which one is meant is decided by values of the same column that
fit only one, counted in all rows; where there are none, nobody but a person knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sapwood_agents.analyst.clean.date_shapes import Family, families_of
from sapwood_agents.analyst.clean.steps import ParseDates
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.profile.templates import fill
from sapwood_storage.tabular.cleaning import casts, moments
from sapwood_storage.tabular.cleaning.quoting import quoted, text
from sapwood_storage.tabular.model import Cell

_MOST_FORMATS: Final = 20
_ROUNDS: Final = 3
_MORE: Final = 500
_COUNTED: Final = """
    SELECT kind, sum(n), min(x) FROM (
        SELECT x, n, $kind AS kind FROM (SELECT x, n, $trimmed AS t FROM $rows) AS trimmed WHERE t <> ''
    ) AS kinds GROUP BY kind
"""
_LEFT: Final = """
    SELECT x FROM (SELECT x, $trimmed AS t FROM $rows) AS trimmed WHERE t <> '' AND $kind IS NULL
    GROUP BY x ORDER BY x LIMIT $most
"""
_EVERY_ROW: Final = "(SELECT $x AS x, 1 AS n FROM data WHERE $x IS NOT NULL AND NOT ($without)) AS every"
_EVERY_VALUE: Final = (
    "(SELECT $x AS x, count(*) AS n FROM data WHERE $x IS NOT NULL AND NOT ($without) GROUP BY $x) AS every"
)


@dataclass(frozen=True, slots=True)
class DateForm:
    """A way to read a column, with what speaks for it and against it; counts are of all rows."""

    step: ParseDates
    counts: Mapping[str, int]  # format -> values that it reads
    examples: tuple[str, ...]
    misfits: int = 0
    undecided: int = 0  # values that a format reads and another would read as another day
    swapped: tuple[str, ...] = ()  # the formats that would do so
    contrary: int = 0  # of them: values that only the other format reads
    decided_by: str | None = None  # a value that only one order of day and month fits


async def date_form(
    trial: Trial, name: str, values: Iterable[str], *, repeated: bool, without: Sequence[str]
) -> DateForm | None:
    """Return the way to read a column as dates; none if its values have no form that is known.

    `repeated` says that values are far fewer than rows, `without` names values that do not count.
    """
    families = families_of(values)
    for _ in range(_ROUNDS):
        if not families or sum(map(len, families)) > _MOST_FORMATS:
            return None
        kind, rows = _kind(families), _rows(name, repeated=repeated, without=without)
        gaps = {"kind": kind, "rows": rows, "trimmed": casts.trimmed("x"), "most": str(_MORE)}
        found = await trial.query(fill(_COUNTED, **gaps))
        left = sum(_whole(count) for known, count, _ in found if known is None)
        more = [] if not left else await trial.query(fill(_LEFT, **gaps))
        new = [one for one in families_of(str(value) for (value,) in more) if one not in families]
        if not new:
            return _decide(name, families, found)
        families = [*families, *new]
    return None


def _kind(families: Sequence[Family]) -> str:
    """SQL for the family of the text `t`, and which of its formats fit, as bits: 8 for each family."""
    cases: list[str] = []
    for place, family in enumerate(families):
        fits = [f"({moments.read('t', form)}) IS NOT NULL" for form in family]
        if len(family) == 1:
            cases.append(f"CASE WHEN {fits[0]} THEN {8 * place + 1} END")
            continue
        bits = " + ".join(f"CASE WHEN {fit} THEN {1 << bit} ELSE 0 END" for bit, fit in enumerate(fits))
        cases.append(
            casts.let(bits, f"bits{place}", f"CASE WHEN bits{place} > 0 THEN {8 * place} + bits{place} END")
        )
    return f"coalesce({', '.join(cases)}, NULL)"


def _rows(name: str, *, repeated: bool, without: Sequence[str]) -> str:
    known = f"{quoted(name)} IN ({', '.join(map(text, without))})" if without else "false"
    return fill(_EVERY_VALUE if repeated else _EVERY_ROW, x=quoted(name), without=known)


@dataclass(slots=True)
class _Counts:
    """How many values of one family fit which of its formats."""

    family: Family
    by_fits: dict[int, int]
    examples: dict[int, str]

    @property
    def total(self) -> int:
        return sum(self.by_fits.values())

    def fitting(self, form: str) -> int:
        bit = 1 << self.family.index(form)
        return sum(count for fits, count in self.by_fits.items() if fits & bit)

    def only(self, form: str) -> int:
        return self.by_fits.get(1 << self.family.index(form), 0)


def _decide(name: str, families: Sequence[Family], found: Sequence[Sequence[Cell]]) -> DateForm | None:
    counted = [_Counts(family, {}, {}) for family in families]
    misfits = 0
    for kind, count, example in found:
        if kind is None:
            misfits += _whole(count)
            continue
        place, fits = divmod(_whole(kind), 8)
        counted[place].by_fits[fits] = _whole(count)
        counted[place].examples[fits] = str(example)
    counted = sorted((one for one in counted if one.total), key=lambda one: (-one.total, one.family))
    orders, decided_by = _evidence(counted)
    counts: dict[str, int] = {}
    swapped: list[str] = []
    undecided = contrary = 0
    for one in counted:
        form, other = _choose(one, orders)
        counts[form] = counts.get(form, 0) + one.fitting(form)
        if other is not None:
            swapped.append(other)
            undecided += one.fitting(form) - one.only(form)
            contrary += one.only(other)
        # What only the other order fits would be lost; a choice reads it in its own order.
        rest = one.total - one.fitting(form)
        if rest and other is not None:
            counts[other] = counts.get(other, 0) + rest
        elif rest:
            misfits += rest
    if not counts:
        return None  # they look like dates, and no calendar has any of them
    timed = any("%H" in form or "%I" in form for form in counts)
    step = ParseDates(columns=(name,), formats=tuple(counts), to="timestamp" if timed else "date")
    examples = tuple(example for one in counted for _, example in sorted(one.examples.items()))
    return DateForm(
        step, counts, examples, misfits, undecided, tuple(swapped), contrary, decided_by if orders else None
    )


def _evidence(counted: Sequence[_Counts]) -> tuple[str | None, str | None]:
    """The one order that values of this column show to be meant, and a value that shows it."""
    shown: dict[str, str] = {}
    for one in counted:
        if len(one.family) == 1:
            continue
        for bit, form in enumerate(one.family):
            if one.by_fits.get(1 << bit):
                shown.setdefault(_order(form), one.examples[1 << bit])
    return next(iter(shown.items())) if len(shown) == 1 else (None, None)


def _choose(one: _Counts, order: str | None) -> tuple[str, str | None]:
    """The format of a family, and another one that might be meant as well."""
    fitting = sorted(one.family, key=lambda form: -one.fitting(form))
    whole = [form for form in fitting if one.fitting(form) == one.total]
    if len(whole) == 1:
        return whole[0], None
    likely = [form for form in whole if _order(form) == order]
    if likely:
        return likely[0], None
    return fitting[0], fitting[1]


def _order(form: str) -> str:
    return "".join(letter for letter in re.findall(r"%([dmyY])", form)).lower()


def _whole(value: Cell) -> int:
    return int(value) if isinstance(value, int | float) else 0
