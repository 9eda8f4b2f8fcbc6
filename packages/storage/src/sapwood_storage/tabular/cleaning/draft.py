"""The table between two steps: one SELECT that grows by a level for each step, and what is counted on it.

Each level holds a vector of every column in memory, so steps about different columns share one.

Inside, columns are called `c0`, `c1`, … and rows have a number `r`, so that no name out of a file stands in
an expression; a changed column gets a new name, so that before and after can be compared at the end, in one
scan. Rows that were dropped stay, marked, for the counts of the steps before them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning.quoting import quoted
from sapwood_storage.tabular.model import Column, ColumnType

_LONGEST_NAME: Final = 500


@dataclass(frozen=True, slots=True)
class Field:
    """A column as it stands between two steps: its name in statements, its name in the table, its type."""

    id: str
    name: str
    type: ColumnType


Test = Callable[[str, str], str]
"""A condition on a cell, from the names of its old and its new value."""


def differs(old: str, new: str) -> str:
    """The cell has another value."""
    return f"{new} IS DISTINCT FROM {old}"


def has_value(_old: str, new: str) -> str:
    """The cell got a value of its new type."""
    return f"{new} IS NOT NULL"


def lost(old: str, new: str) -> str:
    """There was a value and there is none."""
    return f"({old} IS NOT NULL AND {new} IS NULL)"


def never(_old: str, _new: str) -> str:
    """It does not count."""
    return "false"


@dataclass(frozen=True, slots=True)
class Change:
    """A new value of a column, or a new column, and which of its cells count as changed and as failed."""

    expression: str
    type: ColumnType
    changed: Test = differs
    failed: Test | None = None
    fails: bool = False  # one failed cell is the end of the recipe


@dataclass(frozen=True, slots=True)
class Mark:
    """What is counted of one step: cells of a column, or rows that went."""

    step: int
    column: str
    before: str | None
    after: str | None
    changed: str
    failed: str | None = None
    fails: bool = False


class Draft:
    """A table under the steps so far."""

    def __init__(self, relation: str, row_number: str, columns: Sequence[Column]) -> None:
        self.fields = [Field(f"c{index}", column.name, column.type) for index, column in enumerate(columns)]
        self.alive: str | None = None  # the column that says which rows are left; None: all
        self.marks: list[Mark] = []
        self._begin(relation, row_number, [field.name for field in self.fields])

    def restart(self, relation: str) -> None:
        """Go on from what `remaining` gave for `r` and the columns, by their names inside, written down."""
        ids = [field.id for field in self.fields]
        self.fields = [Field(f"c{place}", one.name, one.type) for place, one in enumerate(self.fields)]
        self.alive = None
        self.marks = []
        self._begin(relation, "r", ids)

    @property
    def sql(self) -> str:
        """The table so far, all rows."""
        return select(["*", *self._open.values()], self._closed) if self._open else self._closed

    @property
    def weight(self) -> int:
        """How many vectors the statement needs at once, at most."""
        return self._levels * self._made

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that the table has now."""
        return tuple(Column(field.name, field.type) for field in self.fields)

    def field(self, name: str) -> Field:
        """Return a column by its name, or raise `InvalidInput` naming it."""
        for field in self.fields:
            if field.name == name:
                return field
        near = [
            field.name for field in self.fields if field.name.strip().casefold() == name.strip().casefold()
        ]
        hint = f"did you mean {near[0]!r}?" if near else f"it has {_listed(f.name for f in self.fields)}"
        raise InvalidInput(f"there is no column {name!r}", hint=hint)

    def of_types(self, name: str, *types: ColumnType) -> Field:
        """Return a column of one of `types`."""
        field = self.field(name)
        if field.type not in types:
            raise InvalidInput(
                f"{name} holds {field.type}, and this step works on {' or '.join(types)}",
                hint="cast the column in a step before, or leave it out",
            )
        return field

    def change(self, step: int, changes: Sequence[tuple[Field, Change]]) -> None:
        """Put new values in the place of columns."""
        level: dict[str, str] = {}
        for field, change in changes:
            new = Field(self._new_id(), field.name, change.type)
            level[new.id] = f"{change.expression} AS {new.id}"
            self.marks.append(self._mark(step, field, new, change))
            self.fields[self.fields.index(field)] = new
        self._level(level, {field.id for field, _ in changes})

    def add(self, step: int, names: Sequence[str], source: Field, changes: Sequence[Change]) -> None:
        """Put new columns after `source`."""
        self._check_names([*(field.name for field in self.fields), *names])
        level: dict[str, str] = {}
        for name, change in zip(reversed(names), reversed(changes), strict=True):
            new = Field(self._new_id(), name, change.type)
            level[new.id] = f"{change.expression} AS {new.id}"
            self.marks.append(self._mark(step, source, new, change))
            self.fields.insert(self.fields.index(source) + 1, new)
        self._level(level, {source.id})

    def rename(self, names: dict[str, str]) -> None:
        """Rename columns, all at once."""
        for name in names:
            self.field(name)
        renamed = [Field(f.id, names.get(f.name, f.name), f.type) for f in self.fields]
        self._check_names([field.name for field in renamed])
        self.fields = renamed

    def drop(self, names: Sequence[str]) -> None:
        """Leave columns out; one has to stay."""
        gone = [self.field(name) for name in names]
        left = [field for field in self.fields if field not in gone]
        if not left:
            raise InvalidInput("no column would be left", hint="leave at least one out of the step")
        self.fields = left

    def keep_rows(self, step: int, condition: str, of: Iterable[Field]) -> None:
        """Keep the rows for which `condition`, a test of the fields `of`, holds; null does not."""
        before, after = self.alive, self._new_id()
        kept = f"coalesce({condition}, false)"
        uses = {field.id for field in of} | ({before} if before else set())
        self._level({after: f"{kept if before is None else f'({before} AND {kept})'} AS {after}"}, uses)
        self.alive = after
        gone = f"NOT {after}" if before is None else f"({before} AND NOT {after})"
        self.marks.append(Mark(step, "", None, None, gone))

    def remaining(self, fields: Iterable[str]) -> str:
        """Return a SELECT of `fields` from the rows that are left."""
        if self.alive is None:
            return select(fields, self.sql)
        # `random` keeps the optimizer from pushing the test through every level, which doubles it at each.
        seen = f"CASE WHEN {self.alive} THEN random() < 2 ELSE false END AS seen"
        return select(fields, select(["*", seen], self.sql), "WHERE seen")

    def _mark(self, step: int, old: Field, new: Field, change: Change) -> Mark:
        def counted(test: Test) -> str:
            written = test(old.id, new.id)
            return written if self.alive is None else f"({self.alive} AND ({written}))"

        failed = None if change.failed is None else counted(change.failed)
        return Mark(step, new.name, old.id, new.id, counted(change.changed), failed, change.fails)

    def _begin(self, relation: str, row_number: str, names: Sequence[str]) -> None:
        shown = [f"{quoted(name)} AS {one.id}" for name, one in zip(names, self.fields, strict=True)]
        self._closed = select([f"{row_number} AS r", *shown], relation)
        self._open: dict[str, str] = {}  # the level that still takes steps, by what they make
        self._levels = 1
        self._made = len(self.fields)

    def _level(self, expressions: dict[str, str], uses: set[str]) -> None:
        if uses & self._open.keys():
            self._closed, self._open = self.sql, {}
            self._levels += 1
        self._open |= expressions

    def _new_id(self) -> str:
        self._made += 1
        return f"c{self._made - 1}"

    def _check_names(self, names: Sequence[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
                raise InvalidInput(
                    f"{name[:80]!r} cannot be a column's name", hint="it is printable text, not only blanks"
                )
            if name.casefold() in seen:
                raise InvalidInput(
                    f"two columns would be called {name!r}", hint="names differ in more than case"
                )
            seen.add(name.casefold())


def select(fields: Iterable[str], source: str, rest: str = "") -> str:
    """Return a SELECT in parentheses, so that it can be a source itself."""
    return f"(SELECT {', '.join(fields)} FROM {source} {rest})"  # noqa: S608 - of quoted names and literals


def _listed(names: Iterable[str]) -> str:
    found = [repr(name) for name in names]
    return ", ".join(found[:8]) + (f" and {len(found) - 8} more" if len(found) > 8 else "")
