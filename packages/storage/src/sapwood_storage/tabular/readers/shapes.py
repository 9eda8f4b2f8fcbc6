"""Shapes: the ways in which a column of text spells values of one type, as SQL.

The reader hands over text and nothing else, for its own casts lose what they should refuse: `1.5` becomes
the integer 2, `007` becomes 7, `1_000` becomes 1000. A shape has a cheap cast that is right for nearly
every cell, a test that says so without a regular expression, and a strict one for what is left.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sapwood_storage.tabular.model import ColumnType
from sapwood_storage.tabular.readers import sql

TOLERATED: Final = 0.001  # the share of a column's values that may not fit its type


@dataclass(frozen=True, slots=True)
class Shape:
    """`quick`, `sure` and `strict` are SQL over `{x}` (the text), `{v}` (the quick cast), `{y}` (trimmed)."""

    name: str
    type: ColumnType
    quick: str
    sure: str
    strict: str
    twin: str | None = None  # the name of the shape that reads day for month
    unit: str = ""  # the sign that is written beside each number

    def cast(self, x: str) -> str:
        """Return the cheap cast of `x`, right where `sure` holds."""
        return self.quick.format(x=x)

    def value(self, x: str, v: str) -> str:
        """Return the value of `x`, given its cheap cast `v`: NULL where `x` does not fit."""
        strict = self.strict.format(y=f"trim({x})")
        return f"CASE WHEN {self.sure.format(x=x, v=v)} THEN {v} WHEN {x} IS NOT NULL THEN {strict} END"

    def fitting(self, x: str) -> str:
        """Return the value of `x` in one expression."""
        return self.value(x, self.cast(x))

    def exact(self, x: str) -> str:
        """Return the value of `x`, taking nothing on trust: what types are inferred by."""
        return self.fitting(x) if self.spelled else self.strict.format(y=f"trim({x})")

    @property
    def spelled(self) -> bool:
        """Say whether this is a spelling for `strptime`, which is strict itself."""
        return "%" in self.name


def _strict(pattern: str, cast: str) -> str:
    # The pattern may hold braces, which `format` would take for its own.
    return f"CASE WHEN regexp_full_match({{y}}, {sql.literal(_brace(pattern))}) THEN {cast} END"


def _brace(pattern: str) -> str:
    return pattern.replace("{", "{{").replace("}", "}}")


_GROUPED: Final = r"-?([0-9]{1,3}(,[0-9]{3})+|0|[1-9][0-9]{0,17})"
_DECIMAL_COMMA: Final = r"-?([1-9][0-9]{0,2}(\.[0-9]{3})+|0|[1-9][0-9]{0,17})(,[0-9]+)?"
_AMOUNT: Final = r"([0-9]{1,3}(,[0-9]{3})+|0|[1-9][0-9]{0,17})"
_ISO_DAY: Final = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_CLOCK: Final = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"

TEXT: Final = Shape("text", ColumnType.TEXT, "{x}", "true", "{y}")
BOOLEAN: Final = Shape(
    "boolean",
    ColumnType.BOOLEAN,
    "TRY_CAST({x} AS BOOLEAN)",
    "{v} IS NOT NULL AND strlen({x}) >= 4",  # that leaves out `yes`, `no`, 1 and 0
    _strict("(?i)true|false", "TRY_CAST({y} AS BOOLEAN)"),
)
LETTERS: Final = Shape(
    "boolean in letters", ColumnType.BOOLEAN, "NULL", "false", _strict("(?i)[tf]", "lower({y}) = 't'")
)
# No shapes of their own, but signs: both letters occur; these are names, not numbers.
LETTER_T: Final = Shape("the letter t", ColumnType.BOOLEAN, "NULL", "false", _strict("(?i)t", "true"))
ZERO_FIRST: Final = Shape("007", ColumnType.TEXT, "NULL", "false", _strict("-?0[0-9]+", "{y}"))
HUGE: Final = Shape(
    "beyond 64 bits",
    ColumnType.TEXT,
    "NULL",
    "false",
    _strict("-?[1-9][0-9]{18,}", "CASE WHEN TRY_CAST({y} AS BIGINT) IS NULL THEN {y} END"),
)
INTEGER: Final = Shape(
    "integer",
    ColumnType.INTEGER,
    "TRY_CAST({x} AS BIGINT)",
    "CAST({v} AS VARCHAR) = {x}",  # the only cheap test that `007`, `+7`, `7.2` and `7e2` all fail
    _strict("-?(0|[1-9][0-9]*)", "TRY_CAST({y} AS BIGINT)"),
)
NUMBER: Final = Shape(
    "number",
    ColumnType.NUMBER,
    "TRY_CAST({x} AS DOUBLE)",
    # Text is compared faster than it is searched, and '.' comes before '0': an unsigned number with a zero
    # too many lies between '00' and '1', a signed one between '-00' and '-1'; `inf` and `+1` lie outside.
    # The cast takes 1_000 for 1000.
    "CASE WHEN {v} IS NULL OR contains({x}, '_') THEN false"
    " WHEN {x} >= '1' THEN {x} < ':' WHEN {x} >= '.' THEN {x} < '00'"
    " WHEN {x} >= '-1' THEN true ELSE {x} BETWEEN '-' AND '-00' END",
    _strict(
        r"-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?(?i:inf|infinity)",
        "TRY_CAST({y} AS DOUBLE)",
    ),
)
DATE: Final = Shape(
    "date",
    ColumnType.DATE,
    "TRY_CAST({x} AS DATE)",
    "{v} IS NOT NULL AND strlen({x}) = 10",  # that leaves out `epoch`, `infinity` and a time of day
    _strict(_ISO_DAY, "TRY_CAST({y} AS DATE)"),
)
TIMESTAMP: Final = Shape(
    "timestamp",
    ColumnType.TIMESTAMP,
    "TRY_CAST({x} AS TIMESTAMP)",
    # The cast takes an offset and does not use it. Of 19 characters a day and a time with seconds has no room
    # for one (without seconds it would be `+02`: types are inferred by `strict`, which sees it). The lengths
    # leave out `epoch`, `infinity` and a day `(BC)`.
    "CASE WHEN strlen({x}) = 19 THEN {v} IS NOT NULL"
    " WHEN {v} IS NULL THEN false"
    " WHEN strlen({x}) = 10 THEN true"
    " WHEN strlen({x}) = 16 THEN substr({x}, 14, 1) = ':'"
    " WHEN strlen({x}) IN (23, 26) THEN substr({x}, 20, 1) = '.'"
    " ELSE strlen({x}) IN (20, 24, 27) AND suffix({x}, 'Z') END",
    _strict(f"{_ISO_DAY}([ T]{_CLOCK}( ?(Z|UTC))?)?", "TRY_CAST({y} AS TIMESTAMP)"),
)
OFFSET: Final = Shape(
    "timestamp with an offset, read in UTC",
    ColumnType.TIMESTAMP,
    "TRY_CAST({x} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'",
    "false",
    _strict(
        f"{_ISO_DAY}[ T]{_CLOCK} ?(Z|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?)",
        "TRY_CAST({y} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'",
    ),
)
THOUSANDS_INTEGER: Final = Shape(
    "integer with thousands commas",
    ColumnType.INTEGER,
    "TRY_CAST({x} AS BIGINT)",
    "CAST({v} AS VARCHAR) = {x}",
    _strict(_GROUPED, "TRY_CAST(replace({y}, ',', '') AS BIGINT)"),
)
THOUSANDS_NUMBER: Final = Shape(
    "number with thousands commas",
    ColumnType.NUMBER,
    "TRY_CAST({x} AS DOUBLE)",
    "false",
    _strict(_GROUPED + r"(\.[0-9]+)?", "TRY_CAST(replace({y}, ',', '') AS DOUBLE)"),
)
DECIMAL_COMMA: Final = Shape(
    "number with a decimal comma",
    ColumnType.NUMBER,
    "TRY_CAST({x} AS DOUBLE)",
    "false",
    _strict(_DECIMAL_COMMA, "TRY_CAST(replace(replace({y}, '.', ''), ',', '.') AS DOUBLE)"),
)
# What a person calls an integer may be spelled 007.
ANY_BOOLEAN: Final = Shape(
    "boolean",
    ColumnType.BOOLEAN,
    "NULL",
    "false",
    _strict("(?i)true|false|t|f|yes|no|y|n|1|0", "TRY_CAST({y} AS BOOLEAN)"),
)
ANY_INTEGER: Final = Shape(
    "integer",
    ColumnType.INTEGER,
    INTEGER.quick,
    INTEGER.sure,
    _strict("[+-]?[0-9]+", "TRY_CAST({y} AS BIGINT)"),
)
ANY_NUMBER: Final = Shape(
    "number",
    ColumnType.NUMBER,
    NUMBER.quick,
    NUMBER.sure,
    _strict(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", "TRY_CAST({y} AS DOUBLE)"),
)
VOID: Final = Shape("nothing", ColumnType.TEXT, "{x}", "false", "NULL")
"""What stands after a trailing delimiter: nothing, or the record has a field too many."""

_DAYS_AND_MONTHS: Final = (
    ("%d/%m/%Y", "%m/%d/%Y"),
    ("%d-%m-%Y", "%m-%d-%Y"),
    ("%d/%m/%y", "%m/%d/%y"),
    ("%d-%m-%y", "%m-%d-%y"),
)
_ONE_ORDER: Final = (
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
)
_TIMES: Final = (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")


def _spelled(day: str, time: str, twin: str | None = None) -> Shape:
    spelling = day + time
    parsed = f"try_strptime({{x}}, {sql.literal(spelling)})"
    quick = parsed if time else f"CAST({parsed} AS DATE)"
    # strptime reads the year of 1/2/20 as the year 20.
    sure = "{v} >= DATE '1000-01-01'"
    kind = ColumnType.TIMESTAMP if time else ColumnType.DATE
    return Shape(spelling, kind, quick, sure, "NULL", twin and twin + time)


def _spellings(time: str) -> Iterable[Shape]:
    for day_first, month_first in _DAYS_AND_MONTHS:
        yield _spelled(day_first, time, month_first)
        yield _spelled(month_first, time, day_first)
    for day in _ONE_ORDER:
        yield _spelled(day, time)


def _amounts(sign: str, name: str, *, before: bool) -> tuple[Shape, Shape]:
    """Numbers that are all written with one sign, which is taken off: `$1,200`, `-$3.20`, `12 %`."""
    digits = f"replace(replace(replace({{y}}, {sql.literal(sign)}, ''), ',', ''), ' ', '')"
    ahead = rf"(-?{re.escape(sign)} ?|{re.escape(sign)} ?-)" if before else "-?"
    behind = "" if before else f" ?{re.escape(sign)}"
    whole = _strict(f"{ahead}{_AMOUNT}{behind}", f"TRY_CAST({digits} AS BIGINT)")
    fraction = rf"({_AMOUNT}(\.[0-9]+)?|\.[0-9]+)"
    parts = _strict(f"{ahead}{fraction}{behind}", f"TRY_CAST({digits} AS DOUBLE)")
    return (
        Shape(f"whole amount in {name}", ColumnType.INTEGER, "NULL::BIGINT", "false", whole, unit=sign),
        Shape(f"amount in {name}", ColumnType.NUMBER, "NULL::DOUBLE", "false", parts, unit=sign),
    )


def _euros_with_a_comma() -> Shape:
    body = _DECIMAL_COMMA.removeprefix("-?")
    digits = "replace(replace(replace(replace({y}, '€', ''), ' ', ''), '.', ''), ',', '.')"
    strict = _strict(f"(-?€ ?{body}|-?{body} ?€)", f"TRY_CAST({digits} AS DOUBLE)")
    return Shape(
        "amount in euros with a decimal comma", ColumnType.NUMBER, "NULL::DOUBLE", "false", strict, unit="€"
    )


AMOUNTS: Final = (
    *_amounts("$", "dollars", before=True),
    *_amounts("€", "euros", before=True),
    *_amounts("€", "euros, the sign last", before=False),
    _euros_with_a_comma(),
    *_amounts("£", "pounds", before=True),
    *_amounts("¥", "yen", before=True),
    *_amounts("%", "per cent", before=False),
)
SIGNS: Final = (LETTER_T, ZERO_FIRST, HUGE)
PLAIN: Final = (BOOLEAN, LETTERS, INTEGER, NUMBER, DATE, TIMESTAMP, OFFSET)
GROUPED: Final = (THOUSANDS_INTEGER, THOUSANDS_NUMBER, DECIMAL_COMMA)
SPELLED: Final = tuple(shape for time in ("", *_TIMES) for shape in _spellings(time))
