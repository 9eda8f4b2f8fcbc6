"""What a row of one table is: found when first asked for, and then the same for every question."""

from __future__ import annotations

from functools import cached_property

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.rows.counted import count_column, several_in_a_row
from sapwood_agents.analyst.language.rows.deals import deals_come_to, takings
from sapwood_agents.analyst.language.rows.labels import Labels
from sapwood_agents.analyst.language.rows.nouns import row_nouns
from sapwood_agents.analyst.language.rows.times import parts_of_time
from sapwood_agents.analyst.language.rows.titles import ATTRIBUTES, titled
from sapwood_agents.analyst.language.things import also_called
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_FEW = 30
_REPEATS = 5
_LOGGED = frozenset("event action activity operation request".split())


class Rows:
    """The rows of one table: what they are called, what each counts, what it comes to."""

    def __init__(self, card: TableCard) -> None:
        self.card = card

    @cached_property
    def titled(self) -> frozenset[str]:
        """The nouns for a row that are in the file's name."""
        return titled(self.card)

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Every noun for a row."""
        return row_nouns(self.card, self.titled)

    @cached_property
    def labels(self) -> Labels:
        """What names or numbers a row."""
        return Labels(self.card, self.nouns, self.titled)

    @cached_property
    def dates(self) -> list[ColumnCard]:
        """The columns that date a row; where there are none, those that stand for months and the like."""
        times = [column for column in self.card.columns if column.is_time]
        return [column for column in times if not column.dated] or times

    @cached_property
    def parts_of_time(self) -> dict[str, ColumnCard]:
        """The whole-number columns that tell its year, month, day and so on."""
        return parts_of_time(self.card)

    @cached_property
    def counted(self) -> str | None:
        """The column that says how many things a row stands for; none where it is one."""
        return count_column(self.card)

    @cached_property
    def hold_several(self) -> bool:
        """Whether rows say how many of a thing were dealt in."""
        return several_in_a_row(self.card)

    @cached_property
    def deals(self) -> tuple[ColumnCard, ...]:
        """All columns that may hold what a deal comes to."""
        return deals_come_to(self.card)

    @cached_property
    def takings(self) -> ColumnCard | None:
        """The one column that holds it."""
        return takings(self.deals)

    @cached_property
    def logged(self) -> frozenset[str]:
        """What a log has a row of each, where a column of few kinds says which: `event` beside a moment."""
        timed = any(column.type is ColumnType.TIMESTAMP for column in self.card.columns)
        return frozenset(
            words[0] for column in self.card.columns
            if timed and column.type is ColumnType.TEXT and column.distinct * _REPEATS < self.card.rows
            and (words := name_words(column.name))[0] in _LOGGED and words[1:] in ((), ("type",), ("name",))
        )  # fmt: skip

    def are_numbered_by(self, name: str, noun: str) -> bool:
        """Whether the column only numbers or names them: `flight` in a table of flights."""
        column = self.card.by_name[name]
        words = name_words(name)
        if len(words) == 2 and words[1] == noun and words[0] in ("n", "num", "no", "number", "nb"):
            return True  # `n_doors` is no door
        if (
            self.card.is_unique(column)
            and len(words) > 1
            and words[-1] in ("id", "number", "no", "key", "code")
        ):
            return words[0] == noun
        if column.is_number and noun in ATTRIBUTES and not self.card.numbers_rows(column):
            return False  # the `price` of each row of a file `prices`
        if words == (noun,) and self.card.numbers_rows(column):
            return True
        category = column.type is ColumnType.TEXT and column.distinct <= _FEW < self.card.rows
        return (
            (noun in self.titled or noun in also_called(self.titled))
            and not category
            and column.type in (ColumnType.INTEGER, ColumnType.TEXT)
            and words == (noun,)
            and not column.is_flag
        )
