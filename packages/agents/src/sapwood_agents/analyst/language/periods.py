"""Conditions on time: in, between, before and since, through the columns that a table has for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Membership,
    Operator,
    Period,
    every,
)
from sapwood_agents.analyst.language.calendar import Calendar
from sapwood_agents.analyst.language.dates import When


@dataclass(frozen=True, slots=True)
class Periods:
    """What words for time mean as conditions on one table."""

    calendar: Calendar

    def during(self, whens: list[When], column: ColumnCard | None, *, negated: bool) -> Condition | None:
        """Rows in one of these periods; `None` when the table cannot tell or lies wholly outside."""
        found = [self._during(when, column) for when in whens]
        if any(condition is None for condition in found):
            return None
        merged = _merge([condition for condition in found if condition is not None])
        if not negated:
            return merged
        if isinstance(merged, Period | CalendarPart | Membership):
            return merged.model_copy(update={"negated": True})
        if isinstance(merged, Comparison) and merged.operator is Operator.EQUAL:
            return merged.model_copy(update={"operator": Operator.UNEQUAL})
        return None

    def _during(self, when: When, column: ColumnCard | None) -> Condition | None:
        column = column if column is not None and (column.is_time or self.calendar.is_year(column)) else None
        if column is not None and self.calendar.is_year(column):
            return self._years(column, when) if when.month is when.quarter is when.weekday is None else None
        parts: list[Condition] = []
        date_column = column or self.calendar.main
        use_parts = column is None and "year" in self.calendar.parts and when.weekday is None
        if when.weekday is not None:
            if date_column is None:
                return None
            return CalendarPart(column=date_column.name, part="weekday", values=(when.weekday,))
        if use_parts or (column is None and when.year is None and "month" in self.calendar.parts):
            by_parts = self._by_parts(when)
            if by_parts is not None:
                return by_parts
        if date_column is None:
            return None
        if when.bounds is not None:
            return self._period(date_column, *when.bounds, words="")
        if when.month is not None:
            parts.append(CalendarPart(column=date_column.name, part="month", values=(when.month,)))
            if when.day is not None:
                parts.append(CalendarPart(column=date_column.name, part="day", values=(when.day,)))
        if when.quarter is not None:
            parts.append(CalendarPart(column=date_column.name, part="quarter", values=(when.quarter,)))
        return every(*parts)

    def _by_parts(self, when: When) -> Condition | None:
        """Through whole-number columns called year, month and day."""
        wanted = {"year": when.year, "month": when.month, "day": when.day, "quarter": when.quarter}
        if when.years > 1 or when.months > 1:
            return (
                self._years(self.calendar.parts["year"], when)
                if when.months == 1 and "year" in self.calendar.parts
                else None
            )
        parts: list[Condition] = []
        for part, value in wanted.items():
            if value is None:
                continue
            column = self.calendar.parts.get(part)
            if column is None or not _within(column, value):
                return None
            parts.append(Comparison(column=column.name, operator=Operator.EQUAL, value=value))
        return every(*parts)

    def _years(self, column: ColumnCard, when: When) -> Condition | None:
        if when.year is None or when.months > 1:
            return None
        if when.years == 1:
            if not _within(column, when.year):
                return None
            return Comparison(column=column.name, operator=Operator.EQUAL, value=when.year)
        return every(
            Comparison(column=column.name, operator=Operator.AT_LEAST, value=when.year),
            Comparison(column=column.name, operator=Operator.LESS, value=when.year + when.years),
        )

    def _period(self, column: ColumnCard, start: date, end: date, *, words: str) -> Condition | None:
        low, high = str(column.low)[:10], str(column.high)[:10]
        if end.isoformat() <= low or start.isoformat() > high:
            return None
        return Period(column=column.name, start=start.isoformat(), end=end.isoformat(), words=words)

    def span(self, first: When, last: When, column: ColumnCard | None) -> Condition | None:
        """From the start of `first` to the end of `last`."""
        if first.year is None and last.year is not None:
            first = When(last.year, first.quarter, first.month, first.day)
        if last.year is None and last.month is None and last.day is None:
            return None
        if first.year is None and first.month and last.month and first.day is None and last.day is None:
            return self._months(first.month, last.month, column)
        year_column = (
            column
            if column is not None and self.calendar.is_year(column)
            else self.calendar.parts.get("year")
        )
        only_years = first.month is last.month is None and first.quarter is last.quarter is None
        if (
            year_column is not None
            and only_years
            and first.year
            and last.year
            and (column is None or not column.is_time)
        ):
            if not _overlaps(year_column, first.year, last.year):
                return None
            return every(
                Comparison(column=year_column.name, operator=Operator.AT_LEAST, value=first.year),
                Comparison(column=year_column.name, operator=Operator.AT_MOST, value=last.year),
            )
        date_column = column or self.calendar.main
        if date_column is None or not date_column.is_time or not first.bounds or not last.bounds:
            return None
        return self._period(date_column, first.bounds[0], last.bounds[1], words="")

    def _months(self, first: int, last: int, column: ColumnCard | None) -> Condition | None:
        if first > last:
            return None
        values = tuple(range(first, last + 1))
        if column is None and "month" in self.calendar.parts:
            return Membership(column=self.calendar.parts["month"].name, values=values)
        date_column = column or self.calendar.main
        if date_column is None or not date_column.is_time:
            return None
        return CalendarPart(column=date_column.name, part="month", values=values)

    def compare(self, operator: str, when: When, column: ColumnCard | None) -> Condition | None:
        """Before, after, since or until a date."""
        year_column = column if column is not None and self.calendar.is_year(column) else None
        if column is None and when.year and when.month is when.quarter is None:
            year_column = self.calendar.parts.get("year")
        if year_column is not None:
            if when.year is None or when.month is not None or when.years > 1:
                return None
            return Comparison(column=year_column.name, operator=Operator(operator), value=when.year)
        date_column = column or self.calendar.main
        if date_column is None or not date_column.is_time:
            return None
        if when.year is None and when.month is not None:
            year = _single_year(date_column)
            if year is None:
                return None
            when = When(year, when.quarter, when.month, when.day)
        if when.bounds is None:
            return None
        start, end = when.bounds
        name = date_column.name
        match operator:
            case "<":
                return Period(column=name, end=start.isoformat())
            case "<=":
                return Period(column=name, end=end.isoformat())
            case ">":
                return Period(column=name, start=end.isoformat())
            case ">=":
                return Period(column=name, start=start.isoformat())
            case _:
                return None


def _within(column: ColumnCard, value: int) -> bool:
    return isinstance(column.low, int) and isinstance(column.high, int) and column.low <= value <= column.high


def _overlaps(column: ColumnCard, low: int, high: int) -> bool:
    return (
        isinstance(column.low, int)
        and isinstance(column.high, int)
        and low <= column.high
        and high >= column.low
    )


def _single_year(column: ColumnCard) -> int | None:
    low, high = str(column.low)[:4], str(column.high)[:4]
    return int(low) if low == high and low.isdigit() else None


def _merge(found: list[Condition]) -> Condition:
    """Several periods as one condition: months of a year together, years as a list."""
    first = found[0]
    parts = [part for part in found if isinstance(part, CalendarPart)]
    all_parts = len(parts) == len(found) > 1
    if isinstance(first, CalendarPart) and all_parts and all(part.part == first.part for part in parts):
        return first.model_copy(update={"values": tuple(value for part in parts for value in part.values)})
    years = [part for part in found if isinstance(part, Comparison) and part.operator is Operator.EQUAL]
    all_years = len(years) == len(found) > 1
    if isinstance(first, Comparison) and all_years and all(part.column == first.column for part in years):
        return Membership(column=first.column, values=tuple(part.value for part in years))
    return first if len(found) == 1 else Either(conditions=tuple(found))
