"""Columns that are no dates and tell the time all the same: `2020-03`, `Mar 2020`, `2020 Q1`, `9:05`.

Their values stay as the table has them. Where time is asked of them, they are read as the day on which the
month or the quarter starts, or as the time of day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlglot.expressions as exp

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import Cell

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_FULL_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_NUMBER = "(?:0[1-9]|1[0-2])"
_YEAR = "[12][0-9]{3}"
_QUARTER = re.compile(r"[Qq]([1-4])")
_OF_TIME = frozenset("date day dt month period quarter time when yearmonth yyyymm yyyymmdd ym ymd".split())
_SPANS = ("hour", "day", "weekday", "week", "month", "quarter", "year", "decade")
"""Buckets and cycles from the shortest on."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing: what span of time a value is, what it looks like, how it is parsed.

    Without a `parsed` it is a year and a quarter.
    """

    span: str
    looks: str
    parsed: str = ""

    @property
    def name(self) -> str:
        """What a card calls the form."""
        return self.parsed or self.looks

    def fits(self, text: str) -> bool:
        """Whether the text is written so."""
        return re.fullmatch(self.looks, text, re.IGNORECASE) is not None

    def first_day(self, text: str) -> date:
        """The day on which it starts."""
        if self.parsed:
            return datetime.strptime(text, self.parsed).date()  # a day has no zone
        year, quarter = re.search(_YEAR, text), _QUARTER.search(text)
        if year is None or quarter is None:
            raise ValueError(f"{text!r} is no quarter of a year")
        return date(int(year[0]), 3 * int(quarter[1]) - 2, 1)

    def as_date(self, value: exp.Expr) -> exp.Expr:
        """The SQL of the day on which it starts."""
        text = exp.cast(value, "VARCHAR")
        if self.parsed:
            parsed = exp.Anonymous(this="try_strptime", expressions=[text, exp.Literal.string(self.parsed)])
            return exp.cast(parsed, "DATE")
        year = _extracted(text, exp.Literal.string(_YEAR))
        quarter = _extracted(text.copy(), exp.Literal.string(_QUARTER.pattern), exp.Literal.number(1))
        month = exp.Sub(
            this=exp.Mul(this=quarter, expression=exp.Literal.number(3)), expression=exp.Literal.number(2)
        )
        return exp.Anonymous(this="make_date", expressions=[year, month, exp.Literal.number(1)])


def _extracted(*arguments: exp.Expr) -> exp.Expr:
    return exp.cast(exp.Anonymous(this="regexp_extract", expressions=list(arguments)), "INTEGER")


_TEXTS = (
    Form("month", f"{_YEAR}-{_NUMBER}", "%Y-%m"),
    Form("month", f"{_YEAR}/{_NUMBER}", "%Y/%m"),
    Form("month", f"{_NUMBER}/{_YEAR}", "%m/%Y"),
    Form("month", f"{_NUMBER}-{_YEAR}", "%m-%Y"),
    Form("month", f"{_YEAR}M{_NUMBER}", "%YM%m"),
    *(
        Form("month", f"{first}{join}{second}", f"{one}{join}{two}")
        for join in " -"
        for first, second, one, two in (
            (_MONTH, _YEAR, "%b", "%Y"), (_FULL_MONTH, _YEAR, "%B", "%Y"),
            (_YEAR, _MONTH, "%Y", "%b"), (_YEAR, _FULL_MONTH, "%Y", "%B"),
        )
    ),
    Form("month", f"{_MONTH}-[0-9]{{2}}", "%b-%y"),
    Form("quarter", f"{_YEAR}[ -]?Q[1-4]"),
    Form("quarter", f"Q[1-4][ /-]?{_YEAR}"),
)  # fmt: skip
_NUMBERS = (
    Form("month", f"{_YEAR}{_NUMBER}", "%Y%m"),
    Form("day", f"{_YEAR}{_NUMBER}(?:0[1-9]|[12][0-9]|3[01])", "%Y%m%d"),
)
"""A number is taken for a date only where the name of its column speaks of time."""

_CLOCKS = {
    r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]": "%H:%M",
    r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]": "%H:%M:%S",
    r"(?:0?[1-9]|1[0-2]):[0-5][0-9] [AP]M": "%I:%M %p",
    r"(?:0?[1-9]|1[0-2]):[0-5][0-9]:[0-5][0-9] [AP]M": "%I:%M:%S %p",
}
"""What times of day look like, and how they are parsed."""
_BY_NAME = {form.name: form for form in (*_TEXTS, *_NUMBERS)}


def form_of_texts(values: Iterable[Cell]) -> str:
    """The name of the one form in which all the texts are written, empty where there is none."""
    texts = [str(value) for value in values]
    if not texts:
        return ""
    return next((form.name for form in _TEXTS if all(form.fits(text) for text in texts)), "")


def of_texts(card: ColumnCard) -> ColumnCard:
    """The card of a column of listed texts, with their form, and the first and last day that they tell."""
    if not card.enumerated:
        return card
    called = form_of_texts(card.values)
    if not called:
        return replace(card, clock=clock_of(card.values))
    days = [form(called).first_day(str(value)).isoformat() for value in card.values]
    return replace(card, dated=called, low=min(days), high=max(days))


def clock_of(values: Iterable[Cell]) -> str:
    """How all the texts are parsed as times of day; empty where they are none."""
    texts = [str(value) for value in values]
    if not texts:
        return ""
    fits = (re.compile(looks, re.IGNORECASE) for looks in _CLOCKS)
    told = zip(fits, _CLOCKS.values(), strict=True)
    return next((parsed for looks, parsed in told if all(looks.fullmatch(text) for text in texts)), "")


def moment_of(card: ColumnCard, value: exp.Expr) -> exp.Expr:
    """The SQL of the time that a value of the column tells: the value itself where it is one."""
    if card.clock:
        parsed = exp.Anonymous(this="try_strptime", expressions=[value, exp.Literal.string(card.clock)])
        return exp.cast(parsed, "TIME")
    return form(card.dated).as_date(value) if card.dated else value


def form_of_numbers(column: str, low: Cell, high: Cell) -> str:
    """The form that whole numbers of such a range may have in a column of that name."""
    if not set(name_words(column)) & _OF_TIME or not isinstance(low, int) or not isinstance(high, int):
        return ""
    return next((form.name for form in _NUMBERS if form.fits(str(low)) and form.fits(str(high))), "")


def form(called: str) -> Form:
    """The form of that name."""
    return _BY_NAME[called]


def span_of(called: str) -> str:
    """The span of time that a value is: a day, a month, a quarter."""
    return form(called).span


def is_finer(part: str, called: str) -> bool:
    """Whether values of that form cannot tell the part: the weekday of a month."""
    return _SPANS.index(part) < _SPANS.index(span_of(called)) if part in _SPANS else True
