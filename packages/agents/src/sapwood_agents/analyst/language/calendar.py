"""Which columns hold time, and conditions and buckets over them."""

from __future__ import annotations

from datetime import date, timedelta

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import (
    Bucket,
    CalendarPart,
    Comparison,
    Condition,
    Cycle,
    Either,
    Group,
    Membership,
    Operator,
    Period,
    every,
)
from sapwood_agents.analyst.language.dates import When
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_PARTS = {
    "year": (1000, 2300),
    "month": (1, 12),
    "day": (1, 31),
    "quarter": (1, 4),
    "hour": (0, 24),
    "weekday": (0, 7),
}


_ENDS = frozenset("updated update modified due expiration expiry expires expire expired".split())
"""Words in the names of dates that nobody means by `when`."""


class Calendar:
    """The table's time: date columns, and whole-number columns called year, month or day."""

    def __init__(self, card: TableCard, chosen: str | None = None, *, one_year: bool = False) -> None:
        self.card = card
        self.dates = [column for column in card.columns if column.is_time]
        self.parts = {part: column for part in _PARTS if (column := self._part(part))}
        self.one_year = one_year
        self.chosen = card.by_name.get(chosen) if chosen else None

    def _part(self, part: str) -> ColumnCard | None:
        low, high = _PARTS[part]
        found = [
            column
            for column in self.card.columns
            if column.type is ColumnType.INTEGER
            and _names_part(name_words(column.name), part)
            and isinstance(column.low, int)
            and isinstance(column.high, int)
            and (low <= column.low and column.high <= high)
        ]
        exact = [column for column in found if name_words(column.name) == (part,)]
        return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None

    def is_temporal(self, column: ColumnCard) -> bool:
        """Whether dates can be compared with the column."""
        return column.is_time or column in self.parts.values() or self.is_year(column)

    def is_year(self, column: ColumnCard) -> bool:
        """Whether the column holds years as whole numbers."""
        return (
            column.type is ColumnType.INTEGER
            and isinstance(column.low, int)
            and isinstance(column.high, int)
            and column.low >= 1000
            and column.high <= 2300
        )

    @property
    def main(self) -> ColumnCard | None:
        """The date column, when there is one to choose; when a thing changed or expires comes second."""
        if self.chosen is not None:
            return self.chosen
        if len(self.dates) == 1:
            return self.dates[0]
        first = [column for column in self.dates if not set(name_words(column.name)) & _ENDS]
        return first[0] if len(first) == 1 else None

    @property
    def grain(self) -> str | None:
        """What span of time one row stands for, where the table shows it."""
        if self.dates:
            return "day" if any(self.card.is_unique(column) for column in self.dates) else None
        return next(
            (part for part in ("hour", "day", "month", "quarter", "year") if part in self.parts), None
        )

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
        column = column if column is not None and (column.is_time or self.is_year(column)) else None
        if column is not None and self.is_year(column):
            return self._years(column, when) if when.month is when.quarter is when.weekday is None else None
        parts: list[Condition] = []
        date_column = column or self.main
        use_parts = column is None and "year" in self.parts and when.weekday is None
        if when.weekday is not None:
            if date_column is None:
                return None
            return CalendarPart(column=date_column.name, part="weekday", values=(when.weekday,))
        if use_parts or (column is None and when.year is None and "month" in self.parts):
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
                self._years(self.parts["year"], when) if when.months == 1 and "year" in self.parts else None
            )
        parts: list[Condition] = []
        for part, value in wanted.items():
            if value is None:
                continue
            column = self.parts.get(part)
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
        year_column = column if column is not None and self.is_year(column) else self.parts.get("year")
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
        date_column = column or self.main
        if date_column is None or not date_column.is_time or not first.bounds or not last.bounds:
            return None
        return self._period(date_column, first.bounds[0], last.bounds[1], words="")

    def _months(self, first: int, last: int, column: ColumnCard | None) -> Condition | None:
        if first > last:
            return None
        values = tuple(range(first, last + 1))
        if column is None and "month" in self.parts:
            return Membership(column=self.parts["month"].name, values=values)
        date_column = column or self.main
        if date_column is None or not date_column.is_time:
            return None
        return CalendarPart(column=date_column.name, part="month", values=values)

    def compare(self, operator: str, when: When, column: ColumnCard | None) -> Condition | None:
        """Before, after, since or until a date."""
        year_column = column if column is not None and self.is_year(column) else None
        if column is None and when.year and when.month is when.quarter is None:
            year_column = self.parts.get("year")
        if year_column is not None:
            if when.year is None or when.month is not None or when.years > 1:
                return None
            return Comparison(column=year_column.name, operator=Operator(operator), value=when.year)
        date_column = column or self.main
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

    def group(
        self,
        bucket: Bucket | None,
        cycle: Cycle | None,
        column: ColumnCard | None = None,
        *,
        clear: bool = False,
    ) -> Group | None:
        """What `by month` or `by weekday` means in this table."""
        part = bucket or cycle
        if column is None and bucket == "month" and self.is_month_of_many_years(self.parts.get("month")):
            return None
        if column is None and part in self.parts:
            if part == "month" and bucket and self.dates:
                if clear or self.one_year:
                    return self.group(bucket, None, self.main) if self.main else None
                return None  # the number of the month, or the month of a year: both are there
            return Group(column=self.parts[part].name)
        date_column = column or self.main
        if date_column is None:
            named = [
                c
                for c in self.card.columns
                if _names_part(name_words(c.name), "day" if part == "weekday" else str(part))
            ]
            return Group(column=named[0].name) if len(named) == 1 else None
        if not date_column.is_time:
            return None
        if date_column.type is ColumnType.DATE and (bucket == "hour" or cycle == "hour"):
            return None
        if bucket == "day" and date_column.type is ColumnType.DATE:
            return Group(column=date_column.name)
        return Group(column=date_column.name, bucket=bucket, cycle=cycle)

    def is_month_of_many_years(self, column: ColumnCard | None) -> bool:
        """Whether the column numbers months, and only another column tells of which year they are."""
        if column is None or column is not self.parts.get("month") or self.one_year:
            return False
        return bool(self.dates) or ("year" in self.parts and self.parts["year"].distinct > 1)

    def trend(self) -> Group | None:
        """`over time` without a grain: years where there are only those, else by the length of the span."""
        if self.main is None:
            return Group(column=self.parts["year"].name) if "year" in self.parts and not self.dates else None
        low, high = str(self.main.low)[:10], str(self.main.high)[:10]
        try:
            days = (date.fromisoformat(high) - date.fromisoformat(low)) / timedelta(days=1)
        except ValueError:
            return None
        if days > 365 * 5:
            return self.group("year", None)
        return self.group("month" if days > 62 else "day", None)


def _names_part(words: tuple[str, ...], part: str) -> bool:
    names = {"weekday": ("weekday", "dow")}.get(part, (part,))
    return bool(words) and (words[-1] in names or words[0] in names) and len(words) <= 2


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
    if len(found) == 1:
        return found[0]
    first = found[0]
    if all(
        isinstance(c, CalendarPart) and isinstance(first, CalendarPart) and c.part == first.part
        for c in found
    ):
        values = tuple(value for c in found if isinstance(c, CalendarPart) for value in c.values)
        return first.model_copy(update={"values": values})
    if all(
        isinstance(c, Comparison) and c.operator is Operator.EQUAL and c.column == first.column
        for c in found
        if first.kind == "comparison"
    ):  # type: ignore[union-attr]  # comparisons have a column
        values = tuple(c.value for c in found if isinstance(c, Comparison))
        if len(values) == len(found):
            return Membership(column=first.column, values=values)  # type: ignore[union-attr]  # a comparison has one
    return Either(conditions=tuple(found))
