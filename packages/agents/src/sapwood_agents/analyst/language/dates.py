"""Dates and spans of time as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sapwood_agents.analyst.language.almanac import MONTHS, WEEKDAYS
from sapwood_agents.analyst.language.tokens import Token
from sapwood_agents.analyst.language.units import UNITS

FIRST_YEAR, LAST_YEAR = 1500, 2199
_AMOUNTS = frozenset(UNITS.values()) - frozenset(
    "in s m k c f h g min day week month year point person %".split()
)
"""Units that stand behind an amount and never behind a year."""
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}


@dataclass(frozen=True, slots=True)
class When:
    """A year, quarter, month or day; the parts that were not said are `None`."""

    year: int | None = None
    quarter: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    years: int = 1  # 10 for a decade
    months: int = 1  # 6 for half a year

    @property
    def bounds(self) -> tuple[date, date] | None:
        """The first day and the day after the last, when the year is known."""
        if self.year is None or self.weekday is not None:
            return None
        if self.day is not None and self.month is not None:
            start = date(self.year, self.month, self.day)
            return start, start + timedelta(days=1)
        if self.month is not None:
            return date(self.year, self.month, 1), _month_after(self.year, self.month, self.months)
        if self.quarter is not None:
            first = 3 * self.quarter - 2
            return date(self.year, first, 1), _month_after(self.year, first, 3)
        return date(self.year, 1, 1), date(self.year + self.years, 1, 1)


def _month_after(year: int, month: int, months: int) -> date:
    month += months
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def dates_at(tokens: tuple[Token, ...], start: int) -> list[tuple[int, When]]:
    """Every date that begins at `start`, as (end, date), longest first."""
    found = [item for item in (_iso(tokens, start), *_patterns(tokens, start)) if item]
    valid: list[tuple[int, When]] = []
    for end, when in found:
        try:
            _ = when.bounds
        except ValueError:  # the 31st of February
            continue
        valid.append((end, when))
    return sorted(valid, key=lambda item: -item[0])


def _iso(tokens: tuple[Token, ...], i: int) -> tuple[int, When] | None:
    text = tokens[i].text
    if len(text) > len("2000-01-01"):
        return None  # with a time of day
    parts = text[:10].split("-")
    if tokens[i].kind == "word" and len(parts) == 3 and all(part.isdigit() for part in parts):
        return i + 1, When(int(parts[0]), month=int(parts[1]), day=int(parts[2]))
    return None


def _patterns(tokens: tuple[Token, ...], i: int) -> list[tuple[int, When] | None]:
    found: list[tuple[int, When] | None] = []
    month, day = _month(tokens, i), _day(tokens, i)
    if month:
        year = _skip_year(tokens, i + 1)
        found.append((i + 1, When(month=month)))
        if year:
            found.append((year[0], When(year[1], month=month)))
        after = _day(tokens, i + 1)
        if after and not (_year(tokens, i + 1)):
            tail = _skip_year(tokens, i + 2)
            found.append((i + 2, When(month=month, day=after)))
            if tail:
                found.append((tail[0], When(tail[1], month=month, day=after)))
    if day:
        j = i + 1 + (_word(tokens, i + 1) == "of")
        month = _month(tokens, j)
        if month:
            tail = _skip_year(tokens, j + 1)
            found.append((j + 1, When(month=month, day=day)))
            if tail:
                found.append((tail[0], When(tail[1], month=month, day=day)))
    year = _year(tokens, i)
    if year:
        found.append((i + 1, When(year)))
        if _word(tokens, i + 1) == "s" and year % 10 == 0:
            found.append((i + 2, When(year, years=10)))
        quarter = _quarter(tokens, i + 1)
        if quarter:
            found.append((quarter[0], When(year, quarter=quarter[1])))
    text = tokens[i].word
    if len(text) == 5 and text.endswith("s") and text[:4].isdigit() and text[3] == "0":
        found.append((i + 1, When(int(text[:4]), years=10)))
    quarter = _quarter(tokens, i)
    if quarter:
        found.append((quarter[0], When(quarter=quarter[1])))
        tail = _skip_year(tokens, quarter[0])
        if tail:
            found.append((tail[0], When(tail[1], quarter=quarter[1])))
    found.append(_half(tokens, i))
    weekday = WEEKDAYS.get(tokens[i].lemma) if len(tokens[i].word) > 3 else None
    if weekday:
        found.append((i + 1, When(weekday=weekday)))
    return found


def _word(tokens: tuple[Token, ...], i: int) -> str:
    return tokens[i].word if i < len(tokens) else ""


def _month(tokens: tuple[Token, ...], i: int) -> int | None:
    word = _word(tokens, i)
    if (
        word == "may"
        and i < len(tokens)
        and not tokens[i].text[0].isupper()
        and not _month_context(tokens, i)
    ):
        return None
    if word in ("mar", "sept", "sep", "dec", "jan", "feb", "apr", "jun", "jul", "aug", "oct", "nov"):
        return MONTHS[word]
    return MONTHS.get(word) if len(word) >= 3 else None


def _month_context(tokens: tuple[Token, ...], i: int) -> bool:
    before = _word(tokens, i - 1) if i else ""
    return before in (
        "in",
        "during",
        "of",
        "since",
        "before",
        "after",
        "until",
        "and",
        "or",
        "to",
        "through",
        "between",
    )


def _day(tokens: tuple[Token, ...], i: int) -> int | None:
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.whole is not None and token.text.isdigit():
        return token.whole if 1 <= token.whole <= 31 else None
    word = token.word
    if word[:-2].isdigit() and word[-2:] in ("st", "nd", "rd", "th"):
        day = int(word[:-2])
        return day if 1 <= day <= 31 else None
    return _ORDINALS.get(word)


def _year(tokens: tuple[Token, ...], i: int) -> int | None:
    if i >= len(tokens):
        return None
    token = tokens[i]
    if i + 1 < len(tokens) and UNITS.get(tokens[i + 1].lemma) in _AMOUNTS:
        return None  # "more than 2000 ms"
    if token.text.isdigit() and len(token.text) == 4 and FIRST_YEAR <= int(token.text) <= LAST_YEAR:
        return int(token.text)
    return None


def _skip_year(tokens: tuple[Token, ...], i: int) -> tuple[int, int] | None:
    for j in (i, i + 1):
        year = _year(tokens, j)
        if year and (j == i or _word(tokens, i) in (",", "of", "in")):
            return j + 1, year
    return None


def _quarter(tokens: tuple[Token, ...], i: int) -> tuple[int, int] | None:
    word = _word(tokens, i)
    if len(word) == 2 and word[0] == "q" and word[1] in "1234":
        return i + 1, int(word[1])
    if _ORDINALS.get(word, 9) <= 4 and _word(tokens, i + 1) == "quarter":
        j = i + 2 + (_word(tokens, i + 2) == "of")
        return (j if _year(tokens, j) else i + 2), _ORDINALS[word]
    return None


def _half(tokens: tuple[Token, ...], i: int) -> tuple[int, When] | None:
    if _word(tokens, i) in ("first", "second") and _word(tokens, i + 1) == "half":
        tail = _skip_year(tokens, i + 2)
        if tail:
            month = 1 if _word(tokens, i) == "first" else 7
            return tail[0], When(tail[1], month=month, months=6)
    return None
