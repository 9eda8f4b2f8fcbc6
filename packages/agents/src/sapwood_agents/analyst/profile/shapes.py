"""Numbers and dates that are stored as text, told from sampled values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# "12", "-3.5", "1,234.50", "1 234,5", "$12", "12 %", "1.2e-5"; not "007", which is a code.
_NUMBER: Final = re.compile(
    r"[-+(]?\s?[$€£¥]?\s?[-+]?"
    r"(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:[ '.\u00a0\u202f]\d{3})+|[1-9]\d*|(?=[.,]\d))"
    r"(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?\s?[%$€£¥]?\)?"
)
_MONTHS: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE: Final = re.compile(
    r"(?:(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d\d|\d\d)"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ -]{_MONTHS}[ ,-]+(?:(?:19|20)\d\d|\d\d)"
    rf"|{_MONTHS} (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? (?:19|20)\d\d)"
    r"(?:[T ,]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:[ap]m)?(?:Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)


def share_of_numbers(values: Sequence[str]) -> float:
    """The share of the values that a person reads as a number."""
    return _share(_NUMBER, values)


def share_of_dates(values: Sequence[str]) -> float:
    """The share of the values that a person reads as a date, with or without a time."""
    return _share(_DATE, values)


def _share(pattern: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(1 for value in values if pattern.fullmatch(value.strip())) / len(values) if values else 0.0
