"""The formats that a value may have which is written as a date: strptime's, and none for anything else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

_MONTH: Final = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY: Final = (
    r"mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_YEAR: Final = r"\d{4}|\d{2}"
_NTH: Final = "st|nd|rd|th"
_VALUE: Final = re.compile(
    rf"""(?:(?P<weekday>{_WEEKDAY})(?P<comma>,?)\ )?
    (?:(?P<y4>\d{{4}})(?P<s1>[-/.])\d{{1,2}}(?P=s1)\d{{1,2}}
      |\d{{1,2}}(?P<s2>[-/.\ ])\d{{1,2}}(?P=s2)(?P<year2>{_YEAR})
      |\d{{1,2}}(?P<nth1>{_NTH})?(?P<s3>[-\ ])(?P<month1>{_MONTH})(?P<dot1>\.?)
        (?P<s4>,?[-\ ])(?P<year3>{_YEAR})
      |(?P<month2>{_MONTH})(?P<dot2>\.?)\ \d{{1,2}}(?P<nth2>{_NTH})?(?P<s5>,?)\ (?P<year4>{_YEAR}))
    (?:(?P<gap>T|,?\ )(?P<hours>\d{{1,2}}):\d\d(?P<seconds>:\d\d)?(?P<fraction>\.\d{{1,6}})?
      (?:(?P<space>\ ?)(?P<half>[ap]m))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?""",
    re.IGNORECASE | re.VERBOSE,
)

Family = tuple[str, ...]
"""The formats that values of one shape may have; more than one when day, month or year may change places."""


def readings(value: str) -> Family:
    """Return the formats of a value that is written as a date; none if it is not."""
    found = _VALUE.fullmatch(value.strip())
    if found is None:
        return ()
    part = found.groupdict(default="")
    front = ""
    if part["weekday"]:
        front = f"{'%a' if len(part['weekday']) == 3 else '%A'}{part['comma']} "
    return tuple(f"{front}{day}{_time(part)}" for day in _days(part))


def _days(part: Mapping[str, str]) -> list[str]:
    if part["y4"]:
        return [f"%Y{part['s1']}%m{part['s1']}%d"]
    if part["year2"]:
        s, year = part["s2"], _year(part["year2"])
        orders = [f"%d{s}%m{s}{year}", f"%m{s}%d{s}{year}"]
        # A year of two digits stands first where hyphens part it from the month, if anywhere.
        return [*orders, f"%y{s}%m{s}%d"] if year == "%y" and s == "-" else orders
    if part["month1"]:
        month = f"{_month(part['month1'])}{part['dot1']}"
        return [f"%d{part['nth1']}{part['s3']}{month}{part['s4']}{_year(part['year3'])}"]
    month = f"{_month(part['month2'])}{part['dot2']}"
    return [f"{month} %d{part['nth2']}{part['s5']} {_year(part['year4'])}"]


def _time(part: Mapping[str, str]) -> str:
    if not part["hours"]:
        return ""
    half = f"{part['space']}%p" if part["half"] else ""
    zone = "" if not part["zone"] else part["zone"] if part["zone"] in "Zz" else "%z"
    seconds = f"{':%S' if part['seconds'] else ''}{'.%f' if part['fraction'] else ''}"
    return f"{part['gap']}{'%I' if half else '%H'}:%M{seconds}{half}{zone}"


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def _month(word: str) -> str:
    return "%b" if len(word) == 3 else "%B"


def families_of(values: Iterable[str]) -> list[Family]:
    """Return the formats of these values, the most frequent first; what is no date has none."""
    counts: defaultdict[Family, int] = defaultdict(int)
    certain: set[Family] = set()
    for value in values:
        family = readings(value)
        if not family:
            continue
        counts[family] += 1
        if not re.search(r"\bmay\b", value, re.IGNORECASE):
            certain.add(family)
    # May is a month's whole name and its short one: whichever the others have.
    families = sorted(counts, key=lambda one: -counts[one])
    return [
        one
        for one in families
        if one in certain or not {tuple(form.replace("%b", "%B") for form in one)} & certain
    ]
