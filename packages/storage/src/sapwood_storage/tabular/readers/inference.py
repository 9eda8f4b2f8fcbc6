"""Which shape each column has: from a sample at first, from the whole column where the sample misled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType, ReaderOptions
from sapwood_storage.tabular.readers import shapes, sql
from sapwood_storage.tabular.readers.day_or_month import told_by_the_calendar
from sapwood_storage.tabular.readers.evidence import Evidence, matching, plausible, weigh
from sapwood_storage.tabular.readers.shapes import Shape

_DISTINCT: Final = 20  # values on which 90 spellings of dates are tried
_LIKE_A_DATE: Final = r"\s*\w{1,9}[-/. ]\w{1,9},?[-/. ]\d{2,4}( .{4,11})?\s*"
_LIKE_AN_AMOUNT: Final = r"\s*(-?[$€£¥].*\d.*|.*\d.*[€%])\s*"
_KINDS: Final = 12
_OFTEN: Final = 10
_BY_NAME: Final = {shape.name: shape for shape in shapes.SPELLED}

_OF_TYPE: Final[dict[ColumnType, tuple[Shape, ...]]] = {
    ColumnType.TEXT: (shapes.TEXT,),
    ColumnType.BOOLEAN: (shapes.ANY_BOOLEAN,),
    ColumnType.INTEGER: (
        shapes.ANY_INTEGER,
        shapes.THOUSANDS_INTEGER,
        *(one for one in shapes.AMOUNTS if one.type is ColumnType.INTEGER),
    ),
    ColumnType.NUMBER: (
        shapes.ANY_NUMBER,
        shapes.THOUSANDS_NUMBER,
        shapes.DECIMAL_COMMA,
        *(one for one in shapes.AMOUNTS if one.type is ColumnType.NUMBER),
    ),
    ColumnType.DATE: (shapes.DATE, *(one for one in shapes.SPELLED if one.type is ColumnType.DATE)),
    ColumnType.TIMESTAMP: (
        shapes.TIMESTAMP,
        shapes.OFFSET,
        *(one for one in shapes.SPELLED if one.type is ColumnType.TIMESTAMP),
    ),
}


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one column is read; `note` is what the person should know about it."""

    index: int
    name: str
    shape: Shape
    forced: bool = False  # the person named the type: it is not widened
    padded: bool = False  # null tokens stand between blanks
    unseen: bool = False  # the sample held no value
    hidden: bool = False  # not part of the table: what stands behind a trailing delimiter
    note: str | None = None

    @property
    def source(self) -> str:
        """The column's name where it is text."""
        return f"c{self.index}"


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan from a sample, and the columns of which more has to be known."""

    columns: list[ColumnPlan]
    undecided: list[int]  # day or month first?
    tokens: list[int]  # which null tokens are these?


def plan(
    connection: sql.Connection, sample: str, names: Sequence[str], options: ReaderOptions, *, trailing: bool
) -> Planned:
    """Plan every column from the table `sample`."""
    forced = forced_types(names, options.types)
    last = len(names) - 1
    wanted = plausible(connection, sample, len(names))
    weighed = weigh(connection, sample, wanted, options.null_tokens)
    unknown = [
        index
        for index, evidence in weighed.items()
        if evidence.values and not any(evidence.whole(shape) for shape in shapes.PLAIN)
    ]
    dated = set(matching(connection, sample, unknown, _LIKE_A_DATE))
    signed = _signed(connection, sample, unknown)
    open_columns = {
        index: [
            *shapes.GROUPED,
            *(_spellings(connection, sample, index) if index in dated else ()),
            *signed.get(index, ()),
        ]
        for index in unknown
    }
    for index, name in enumerate(names):
        if name in forced:
            open_columns[index] = [*_OF_TYPE[forced[name]]]
    more = weigh(connection, sample, open_columns, options.null_tokens)
    evidence = {
        index: replace(one, fits={**one.fits, **(more[index].fits if index in more else {})})
        for index, one in weighed.items()
    }
    comma = _writes_decimal_commas(evidence.values())
    plans: list[ColumnPlan] = []
    undecided: list[int] = []
    for index, name in enumerate(names):
        one = evidence[index]
        if trailing and index == last:
            plans.append(ColumnPlan(index, name, shapes.VOID, hidden=True))
            continue
        kind = forced.get(name)
        if kind is not None:
            shape, note = max(_OF_TYPE[kind], key=lambda shape, one=one: one.fits[shape]), None
        else:
            shape, note = choose(one, decimal_comma=comma)
        if shape.twin is not None and one.whole(_BY_NAME[shape.twin]):
            undecided.append(index)
        plans.append(
            ColumnPlan(
                index,
                name,
                shape,
                forced=kind is not None,
                padded=bool(one.padded),
                unseen=not one.values,
                note=note,
            )
        )
    return Planned(plans, undecided, [index for index, one in evidence.items() if one.tokens])


def choose(evidence: Evidence, *, decimal_comma: bool) -> tuple[Shape, str | None]:
    """Return the narrowest shape of those that lose least of a column, and what should be said of it."""
    fitting = [shape for shape in evidence.fits if evidence.whole(shape)]
    if decimal_comma and shapes.DECIMAL_COMMA in fitting and shapes.INTEGER not in fitting:
        return shapes.DECIMAL_COMMA, None
    if fitting:
        shape = min(fitting, key=evidence.misfits)
        if shape.unit:
            return shape, f"read as numbers in {shape.unit}; --types can say text"
        ambiguous = shape in shapes.GROUPED[:2] and shapes.DECIMAL_COMMA in fitting
        return shape, "read with commas between thousands; --types can say text" if ambiguous else None
    mixed = sorted(shape.name for shape, count in evidence.fits.items() if count and shape in shapes.SPELLED)
    if mixed and sum(evidence.fits[_BY_NAME[name]] for name in mixed) >= 0.5 * evidence.values:
        return shapes.TEXT, f"left as text: dates are spelled in more than one way ({', '.join(mixed)})"
    return shapes.TEXT, None


def settle(plan: ColumnPlan, evidence: Evidence, connection: sql.Connection, relation: str) -> ColumnPlan:
    """Decide between day first and month first from the whole column, or leave it as text."""
    twin = _BY_NAME[plan.shape.twin or ""]
    ours, others = evidence.fits[plan.shape], evidence.fits[twin]
    if ours == others:
        told = told_by_the_calendar(connection, relation, plan.index, plan.shape, twin)
        if told is not None:
            other = twin if told is plan.shape else plan.shape
            note = f"read as {told.name}, by the order of the dates; every date fits {other.name} as well"
            return replace(plan, shape=told, note=note)
    if ours == others and plan.forced:
        return replace(plan, note=f"read as {plan.shape.name}; every date fits {twin.name} as well")
    if ours == others:
        note = f"left as text: every date fits both {plan.shape.name} and {twin.name}"
        return replace(plan, shape=shapes.TEXT, note=note)
    return replace(plan, shape=plan.shape if ours > others else twin)


def wider(plan: ColumnPlan) -> tuple[Shape, ...]:
    """Return the shapes among which a column whose sample misled is to be chosen, narrowest first."""
    shape = plan.shape
    if shape.unit:
        return tuple(one for one in shapes.AMOUNTS if one.unit == shape.unit)
    if shape in (shapes.INTEGER, shapes.NUMBER, *shapes.GROUPED):
        return shapes.INTEGER, shapes.NUMBER, *shapes.GROUPED, shapes.ZERO_FIRST, shapes.HUGE
    if shape in (shapes.DATE, shapes.TIMESTAMP, shapes.OFFSET):
        return shapes.DATE, shapes.TIMESTAMP, shapes.OFFSET
    twin = _BY_NAME.get(shape.twin or "")
    return (shape, twin) if twin is not None else (shape,)


def plainest(kind: ColumnType) -> Shape:
    """Return the plainest shape of a type."""
    return _OF_TYPE[kind][0]


def forced_types(names: Sequence[str], types: Mapping[str, ColumnType]) -> dict[str, ColumnType]:
    """Return the types that a person named, by the columns' own spelling; an unknown column is an error."""
    known = {name.casefold(): name for name in names}
    for name in types:
        if name.casefold() not in known:
            shown = ", ".join(names[:20])
            raise InvalidInput(f"there is no column {name!r}", hint=f"the columns are: {shown}")
    return {known[name.casefold()]: ColumnType(kind) for name, kind in types.items()}


def _signed(connection: sql.Connection, sample: str, columns: Iterable[int]) -> dict[int, tuple[Shape, ...]]:
    """Return the shapes of amounts for columns that look like some; a few percentages are names of kinds."""
    found: dict[int, tuple[Shape, ...]] = {}
    for index in matching(connection, sample, columns, _LIKE_AN_AMOUNT):
        values, kinds = sql.row(
            connection, sql.select([f"count(c{index})", f"count(DISTINCT c{index})"], sample)
        )
        named = kinds <= _KINDS and values >= _OFTEN * kinds
        found[index] = tuple(one for one in shapes.AMOUNTS if not (named and one.unit == "%"))
    return found


def _spellings(connection: sql.Connection, sample: str, index: int) -> list[Shape]:
    x = f"c{index}"
    values = sql.select([f"DISTINCT {x}"], sample, f"WHERE {x} IS NOT NULL LIMIT {_DISTINCT}")
    counts = sql.row(connection, sql.select((f"count({one.exact(x)})" for one in shapes.SPELLED), values))
    found = {shape for shape, count in zip(shapes.SPELLED, counts, strict=True) if count}
    found |= {_BY_NAME[shape.twin] for shape in found if shape.twin is not None}
    return [shape for shape in shapes.SPELLED if shape in found]


def _writes_decimal_commas(columns: Iterable[Evidence]) -> bool:
    """Say whether some column can only be numbers with a decimal comma."""
    return any(
        one.whole(shapes.DECIMAL_COMMA)
        and not any(one.whole(shape) for shape in (*shapes.PLAIN, *shapes.GROUPED[:2]))
        for one in columns
    )
