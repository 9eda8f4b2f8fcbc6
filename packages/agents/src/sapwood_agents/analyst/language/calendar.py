"""Which columns hold time, and conditions and buckets over them."""

from __future__ import annotations

from datetime import date, timedelta

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.dated import is_finer, span_of
from sapwood_agents.analyst.intent import (
    Bucket,
    Cycle,
    Group,
)
from sapwood_agents.analyst.language.almanac import CAME_TO_BE
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.rows.facts import Rows
from sapwood_agents.analyst.language.rows.times import names_part
from sapwood_agents.analyst.language.spelling import ABBREVIATIONS
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_DAYS = {"day": 1, "week": 7, "month": 30.4, "quarter": 91.3, "year": 365.2, "decade": 3652}
_ENDS = frozenset("updated update modified due expiration expiry expires expire expired exp".split())
"""Words in the names of dates that nobody means by `when`."""


_BEGINS = frozenset(
    "created opened open ordered submitted placed registered issued filed reported received joined".split()
)
"""Words in the name of the date that a row is dated by, where it has several."""

_MODERN = 1600
"""`restored` with numbers between this and now are years."""
_YEARS = frozenset("year yr founded built established born released opened season since made model".split())
"""Words of which one is in the name of a column of years; other numbers of that size are ids and amounts."""


class Calendar:
    """The table's time: date columns, and whole-number columns called year, month or day."""

    def __init__(self, rows: Rows, chosen: str | None = None, *, one_year: bool = False) -> None:
        self.card, self._titled = rows.card, rows.titled
        self.dates, self.parts = rows.dates, rows.parts_of_time
        self.one_year = one_year
        self.chosen = self.card.by_name.get(chosen) if chosen else None
        if self.chosen is not None and self.chosen.is_time and _of_making(self.parts.get("year")):
            self.parts = {part: column for part, column in self.parts.items() if part != "year"}

    def is_temporal(self, column: ColumnCard) -> bool:
        """Whether dates can be compared with the column."""
        return column.is_time or column in self.parts.values() or self.is_year(column)

    def is_year(self, column: ColumnCard) -> bool:
        """Whether the column holds years as whole numbers."""
        low, high = column.low, column.high
        if not isinstance(low, int | float) or not isinstance(high, int | float) or not column.is_number:
            return False
        whole = low == int(low) and high == int(high)
        if not whole or not 1000 <= low <= high <= 2300:
            return False
        words = name_words(column.name)
        if column is self.parts.get("year"):
            return True
        return bool(_YEARS & set(words)) or (low >= _MODERN and words[-1].endswith("ed"))

    @property
    def main(self) -> ColumnCard | None:
        """The date column, when there is one to choose; when a thing changed or expires comes second."""
        if self.chosen is not None:
            return self.chosen
        if len(self.dates) == 1:
            return self.dates[0]
        first = [column for column in self.dates if not set(name_words(column.name)) & _ENDS]
        if len(first) > 1:
            short = {abbreviation for abbreviation, full in ABBREVIATIONS.items() if full in self._titled}
            for words in (self._titled | short, _BEGINS):
                own = [column for column in first if set(name_words(column.name)) & words]
                if len(own) == 1:
                    return own[0]
        plain = [column for column in self.dates if name_words(column.name) == ("date",)]
        return first[0] if len(first) == 1 else plain[0] if len(plain) == 1 else None

    @property
    def grain(self) -> str | None:
        """What span of time one row stands for, where the table shows it."""
        if self.dates:
            return "day" if any(self.card.is_unique(column) for column in self.dates) else None
        return next(
            (part for part in ("hour", "day", "month", "quarter", "year") if part in self.parts), None
        )

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
        clock = self._clock(column)
        if "hour" in (bucket, cycle) and clock is not None:
            return Group(column=clock.name, cycle="hour")
        date_column = column or self.main
        if date_column is None:
            named = [
                c
                for c in self.card.columns
                if names_part(name_words(c.name), "day" if part == "weekday" else str(part))
            ]
            return Group(column=named[0].name) if len(named) == 1 else None
        if not date_column.is_time:
            return None
        if date_column.dated:
            return _of_dated(date_column, bucket, cycle)
        if date_column.type is ColumnType.DATE and (bucket == "hour" or cycle == "hour"):
            return None
        if bucket == "day" and date_column.type is ColumnType.DATE:
            return Group(column=date_column.name)
        if bucket == "week" and self._weeks(date_column):
            return Group(column=date_column.name)
        return Group(column=date_column.name, bucket=bucket, cycle=cycle)

    def _clock(self, column: ColumnCard | None) -> ColumnCard | None:
        """The column of times of day, where one stands beside days or alone."""
        if column is not None:
            return column if column.clock else None
        if self.main is not None and self.main.type is ColumnType.TIMESTAMP:
            return None
        clocks = [each for each in self.card.columns if each.clock]
        return clocks[0] if len(clocks) == 1 else None

    def rows_are(self, part: str, of: ColumnCard | None = None) -> bool:
        """Whether each row (of one value of a column) is one day, one month, one year: they count rows."""
        if of is not None and self.main is not None:
            return (
                told_apart(self.card, (of.name, self.main.name))
                and self._fills(self.main, part)
                and ((self._days(self.main) or 0) >= 0.95 * _DAYS.get(part, 10**9) * (self.main.distinct - 1))
            )
        if of is not None and part in self.parts:
            coarser = [
                self.parts[p].name for p in ("year", "quarter", "month", "day", "hour") if p in self.parts
            ]
            return told_apart(self.card, (of.name, *coarser[: coarser.index(self.parts[part].name) + 1]))
        if part in ("day", "week", "month", "quarter", "year") and self.main is not None:
            return self.one_each(self.main, part) and self._fills(self.main, part)
        finest = next(
            (name for name in ("hour", "day", "month", "quarter", "year") if name in self.parts), None
        )
        if self.dates or finest != part:
            return False
        spans = ("year", "month", "day", "quarter", "hour")
        return told_apart(self.card, [column.name for name, column in self.parts.items() if name in spans])

    def _fills(self, column: ColumnCard, part: str) -> bool:
        """Whether the dates are no farther apart than the span of time that each stands for."""
        return (self._days(column) or 0) <= 2 * _DAYS.get(part, 0) * column.distinct

    def _weeks(self, column: ColumnCard) -> bool:
        """Whether the dates are one a week: a date for each market week."""
        return (self._days(column) or 0) >= 0.95 * 7 * (column.distinct - 1)

    def is_month_of_many_years(self, column: ColumnCard | None) -> bool:
        """Whether the column numbers months, and only another column tells of which year they are."""
        if column is None or column is not self.parts.get("month") or self.one_year:
            return False
        return bool(self.dates) or ("year" in self.parts and self.parts["year"].distinct > 1)

    def one_each(self, column: ColumnCard, bucket: Bucket | None) -> bool:
        """Whether there is one row for each span of time."""
        if not self.card.is_unique(column):
            return False
        days = _DAYS.get(bucket or "")
        return days is None or (self._days(column) or 0) >= 0.95 * days * (column.distinct - 1)

    def _days(self, column: ColumnCard) -> float | None:
        try:
            low, high = (date.fromisoformat(str(end)[:10]) for end in (column.low, column.high))
        except ValueError:
            return None
        return (high - low) / timedelta(days=1)

    def trend(self) -> Group | None:
        """`over time` without a grain: years where there are only those, else by the length of the span."""
        if self.main is None:
            return Group(column=self.parts["year"].name) if "year" in self.parts and not self.dates else None
        days = self._days(self.main)
        if days is None:
            return None
        if days > 365 * 5:
            return self.group("year", None)
        return self.group("month" if days > 62 else "day", None)


def _of_dated(column: ColumnCard, bucket: Bucket | None, cycle: Cycle | None) -> Group | None:
    """Months by month are as the table has them; by day they are not told."""
    if is_finer(bucket or cycle or "", column.dated):
        return None
    if bucket == span_of(column.dated):
        return Group(column=column.name)
    return Group(column=column.name, bucket=bucket, cycle=cycle)


def _of_making(column: ColumnCard | None) -> bool:
    """Whether it says when a thing came to be: what was sold in a year was not made in it."""
    return column is not None and bool(set(name_words(column.name)) & CAME_TO_BE)
