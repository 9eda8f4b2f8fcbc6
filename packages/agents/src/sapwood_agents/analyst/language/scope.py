"""What every rule may ask of the table: its columns by quantity, what may be added up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.calendar import Calendar
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.periods import Periods
from sapwood_agents.analyst.language.rows.facts import Rows
from sapwood_agents.analyst.language.rows.labels import Labels
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words, tokenize
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_TWO = 2
_ADDITIVE = frozenset(
    "revenue sale profit turnover quantity tax spend spending expense amount vote medal goal death unit total cost "
    "count freq frequency population casualty injury fatality case visitor passenger donation budget".split()
)
_PRICES = frozenset("price cost rate value weight".split())
_NOT_ADDED = frozenset(
    "score rating popularity rank ranking grade index rate percent percentage pct share age temperature latitude longitude level "
    "mean avg average median max maximum min minimum std highest lowest day week month year hour season episode chapter round number no position place order".split()
)
"""What is in a name whose numbers make no whole together."""
_WHOLE_PRICES = frozenset("total order sale item line extended purchase amount sum".split())
"""A price of a whole deal; those of single things make no sum that anybody asks for."""
_MADE = frozenset(
    "built made founded established opened born birth released release constructed construction manufactured launched "
    "launch created introduced published publication".split()
)
_FAST = frozenset("speed velocity mph kph kmh knot rate horsepower hp power acceleration growth".split())
_SPEEDS = frozenset({"mph", "kph", "kn", "hp"})
_SPANS = frozenset({"ms", "s", "min", "h"})
_COVERING = frozenset("drove drive flew fly rode ride walked walk ran run travelled traveled travel".split())
_DISTANCES = frozenset("mile km kilometer kilometre distance".split())


@dataclass(frozen=True)
class Scope:
    """One table, for the rules of one path."""

    card: TableCard
    linker: Linker
    calendar: Calendar
    passed_over: frozenset[str] = frozenset()
    """The words of the question that no rule reads."""

    @property
    def rows(self) -> Rows:
        """What a row of the table is."""
        return self.linker.rows

    @property
    def labels(self) -> Labels:
        """What a row is called by."""
        return self.rows.labels

    @property
    def periods(self) -> Periods:
        """What words for time mean as conditions."""
        return Periods(self.calendar)

    def quantities(self, names: tuple[str, ...]) -> list[ColumnCard]:
        """Numeric or time columns that one of `names` names, doubtful ones too."""
        found: dict[str, ColumnCard] = {}
        for quantity in names:
            scored = [
                (self.card.by_name[name], score)
                for name, score in self.linker.columns(tokenize(quantity))
                if self.card.by_name[name].is_number
                or (quantity == "date" and self.card.by_name[name].is_time)
            ]
            best = max((score for _, score in scored), default=0.0)
            found |= {column.name: column for column, score in scored if score >= best - 0.1}
        return list(found.values())

    def dimension(self, node: Node, beside: tuple[Node, ...] = ()) -> ColumnCard:
        """The one column that an adjective (`tall`) compares; `beside` may say which (`longest wings`)."""
        direction, quantities = node.payload
        columns = self.quantities(quantities)
        units = {other.payload for other in beside if other.kind == "U"}
        if len(columns) > 1 and units:
            columns = [c for c in columns if units & set(self.linker.declared_units(c.name))] or columns
        if len(columns) > 1 and any(_SPANS & set(self.linker.declared_units(c.name)) for c in columns):
            columns = [  # a `begin_time` lasts no time where another column says how many minutes
                c for c in columns
                if "time" not in name_words(c.name) or _SPANS & set(self.linker.declared_units(c.name))
            ]  # fmt: skip
        for other in beside:
            if other.kind == "U":
                continue
            touched: tuple[ColumnCard, ...] = other.payload if other.kind == "p" else (other.payload,)
            columns = [column for column in columns if column in touched] or columns
        if len(columns) == 2:
            columns = [column for column in columns if _is_end(column, direction)] or columns
        if len(columns) != 1:
            raise Unplaced((node.text,))
        return columns[0]

    def compared(
        self, node: Node, column: ColumnCard | None = None, beside: tuple[Node, ...] = ()
    ) -> tuple[ColumnCard, bool]:
        """The column of a superlative and whether its highest value is meant: the oldest has the earliest date."""
        direction, quantities = node.payload
        if column is None and quantities == ("age",) and not self.quantities(quantities):
            column = self.made()
        if column is None and "speed" in quantities and not self.quantities(quantities):
            column = self._lasting(beside)
        column = column or self.dimension(node, beside)
        descending = direction == "desc"
        if "speed" in quantities and self._lasts(column):
            return column, not descending  # the fastest takes the least time
        if "speed" in quantities and not self._goes(column):
            raise Unplaced((node.text,), "the fastest may have the highest or the lowest")
        return column, descending != (quantities == ("age",) and self.calendar.is_temporal(column))

    def _lasting(self, beside: tuple[Node, ...]) -> ColumnCard | None:
        """What says how long something took: the one column, or the one that is spoken of."""
        columns = [column for column in self.card.columns if column.is_number and self._lasts(column)]
        spoken = [column for column in columns if any(other.payload is column for other in beside)]
        return next(iter(spoken or columns)) if len(spoken or columns) == 1 else None

    def _lasts(self, column: ColumnCard) -> bool:
        """Whether the column says how long something took."""
        words = set(name_words(column.name))
        spans = _SPANS & set(self.linker.declared_units(column.name))
        return bool(words & {"time", "duration", "runtime", "pace", "lap"} or spans) and "speed" not in words

    def _goes(self, column: ColumnCard) -> bool:
        """Whether the column says how fast something is."""
        fast = set(name_words(column.name)) | {
            word for held in self.linker.held(column.name) for word in held.split()
        }
        return bool(fast & _FAST or _SPEEDS & set(self.linker.declared_units(column.name)))

    def made(self) -> ColumnCard | None:
        """When the thing of a row came to be: `made_in`, or the only time that the table knows."""
        times = [column for column in self.card.columns if self.calendar.is_temporal(column)]
        named = [column for column in times if set(name_words(column.name)) & _MADE]
        if len(named) == 1:
            return named[0]
        return times[0] if len(times) == 1 else None

    def additive(self, column: ColumnCard) -> bool:
        """Whether the sum of the column is what people mean by `most` and `how much`."""
        words = name_words(column.name)
        if words[-1] in _PRICES and words[0] in ("unit", "per", "each"):
            return False
        if column is self.rows.takings or self.covered(column):
            return True
        return column.is_number and (bool(set(words) & _ADDITIVE) or self.linker.counts(column.name))

    def covered(self, column: ColumnCard) -> bool:
        """Whether the question says that somebody covered the distance: `who rode the most miles`."""
        return column.is_number and bool(
            self.passed_over & _COVERING and set(name_words(column.name)) & _DISTANCES
        )

    def adds_up(self, column: ColumnCard) -> bool:
        """Whether parts of the column's sum are parts of a whole."""
        if not column.is_number or self.labels.is_identifier(column) or self.calendar.is_temporal(column):
            return False
        if self.card.numbers_rows(column):
            return False
        words = set(name_words(column.name))
        several = sum("price" in name_words(other.name) for other in self.card.columns) > 1
        return not words & _NOT_ADDED and ("price" not in words or not several or bool(words & _WHOLE_PRICES))

    def counts_things(self, column: ColumnCard) -> bool:
        """Whether each row holds a number of things from none on, so that `how many` adds them up."""
        low, high = column.low, column.high
        named = re.split(r"(?i)(?:_|\b| )(?:to|of|in|per|at|on|for)(?:_|\b| )", column.name)[0].casefold()
        plural = named.endswith("s") and not named.endswith(("ss", "us", "is"))
        from_few = isinstance(low, int) and isinstance(high, int) and 0 <= low * 20 <= high and plural
        return (
            column.type is ColumnType.INTEGER and (low == 0 or from_few) and column.distinct > 2
            and not column.is_flag and not self.labels.is_identifier(column) and not self.calendar.is_temporal(column)
        )  # fmt: skip

    def numbers_things(self, column: ColumnCard) -> bool:
        """Whether each row holds a number of things, as `the number of pages` says of a column `pages`."""
        if column.type is not ColumnType.INTEGER or column.is_flag or column.distinct <= _TWO:
            return False
        if self.labels.is_identifier(column) or self.calendar.is_temporal(column):
            return False
        last = re.findall(r"[^\W\d_]+", column.name)[-1:]
        several = bool(last) and lemma(last[0].casefold()) != last[0].casefold()
        return several or self.additive(column) or self.counts_things(column)


def _is_end(column: ColumnCard, direction: Any) -> bool:
    words = set(name_words(column.name))
    return bool(
        words
        & ({"max", "maximum", "tmax", "high"} if direction == "desc" else {"min", "minimum", "tmin", "low"})
    )


def names(columns: list[ColumnCard]) -> list[str]:
    """The names of `columns`."""
    return [column.name for column in columns]
