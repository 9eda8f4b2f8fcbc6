"""What the analyst knows of a table before it reads a question: names, types, values, ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sapwood_agents.analyst.intent import Derived
from sapwood_storage.tabular.model import Cell, ColumnType

ENUMERATED_VALUES = 5_000
"""Text columns with more distinct values than this are looked up in the table word by word."""


@dataclass(frozen=True, slots=True)
class ColumnCard:
    """One column: `values` holds every distinct text when there are few, else nothing.

    `unit` is what its values were written with before the table was cleaned, `dated` the form in which texts
    or numbers stand for months, quarters or days, `clock` the one in which texts tell the time of day.
    A column that is not in the table is `made` of two that are.
    """

    name: str
    type: ColumnType
    nulls: int = 0
    distinct: int = 0
    low: Cell = None
    high: Cell = None
    values: tuple[Cell, ...] = ()
    enumerated: bool = False
    unit: str = ""
    dated: str = ""
    clock: str = ""
    made: Derived | None = None

    @property
    def is_number(self) -> bool:
        """Whether arithmetic makes sense."""
        return self.type in (ColumnType.INTEGER, ColumnType.NUMBER) and not self.dated

    @property
    def is_time(self) -> bool:
        """Whether it is cut into years, months and days."""
        return self.type in (ColumnType.DATE, ColumnType.TIMESTAMP) or bool(self.dated)

    @property
    def is_flag(self) -> bool:
        """Whether it says yes or no: a boolean, 0/1 numbers, or the words yes and no."""
        if self.type is ColumnType.BOOLEAN:
            return True
        if self.is_number:
            return self.distinct == 2 and self.low == 0 and self.high == 1
        return self.enumerated and bool(self.values) and {str(v).casefold() for v in self.values} <= {
            "yes", "no", "y", "n", "true", "false",
        }  # fmt: skip

    @property
    def yes(self) -> str | int | bool:
        """The value that means yes, for a flag."""
        if self.type is ColumnType.BOOLEAN:
            return True
        if self.is_number:
            return 1
        said = {str(value).casefold(): str(value) for value in self.values}
        opposite = {"n": "y", "false": "true"}.get(next(iter(said), ""), "yes")  # where all rows say no
        return next((said[word] for word in ("yes", "y", "true") if word in said), opposite)


@dataclass(frozen=True)
class TableCard:
    """A table: `title` is what people call it (the file's name without its ending).

    `keys` are sets of columns that together tell the rows apart, where none does it alone.
    """

    title: str
    rows: int
    columns: tuple[ColumnCard, ...]
    keys: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def by_name(self) -> dict[str, ColumnCard]:
        """Columns by their name."""
        return {column.name: column for column in self.columns}

    def deriving(self, derived: Sequence[Derived]) -> TableCard:
        """The card with these columns too."""
        new = [self._made(each) for each in derived if each.name not in self.by_name]
        return replace(self, columns=(*self.columns, *new)) if new else self

    def _made(self, derived: Derived) -> ColumnCard:
        left, right = self.by_name[derived.left], self.by_name[derived.right]
        whole = {left.type, right.type} <= {ColumnType.INTEGER, ColumnType.DATE}
        return ColumnCard(
            derived.name,
            ColumnType.INTEGER if whole and derived.made != "divided by" else ColumnType.NUMBER,
            nulls=min(self.rows, left.nulls + right.nulls + (derived.made == "divided by")),
            unit="days" if left.is_time else left.unit if left.unit == right.unit else "",
            made=derived,
        )

    @cached_property
    def in_keys(self) -> frozenset[str]:
        """The columns that only together with others tell the rows apart."""
        return frozenset(name for key in self.keys for name in key)

    def numbers_rows(self, column: ColumnCard) -> bool:
        """Whether the column numbers the rows one after another, without a gap."""
        low, high = column.low, column.high
        return (
            isinstance(low, int) and isinstance(high, int)
            and self.is_unique(column) and high - low + 1 == self.rows
        )  # fmt: skip

    def is_unique(self, column: ColumnCard) -> bool:
        """Whether no two rows share a value of the column."""
        return self.rows > 0 and column.distinct == self.rows - column.nulls and column.nulls == 0
