"""Which shape each column has: from a sample at first, from the whole column where the sample misled."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType, ReaderOptions
from sapwood_storage.tabular.readers import shapes, sql
from sapwood_storage.tabular.readers.shapes import Shape

_AT_ONCE: Final = 200  # aggregates in one statement
_DISTINCT: Final = 20  # values on which 90 spellings of dates are tried
_LIKE_A_DATE: Final = re.compile(r"\s*\w{1,9}[-/. ]\w{1,9},?[-/. ]\d{2,4}( .{4,11})?\s*", re.ASCII)
_BY_NAME: Final = {shape.name: shape for shape in shapes.SPELLED}

_OF_TYPE: Final[dict[ColumnType, tuple[Shape, ...]]] = {
    ColumnType.TEXT: (shapes.TEXT,),
    ColumnType.BOOLEAN: (shapes.BOOLEAN,),
    ColumnType.INTEGER: (shapes.INTEGER, shapes.THOUSANDS_INTEGER),
    ColumnType.NUMBER: (shapes.NUMBER, shapes.THOUSANDS_NUMBER, shapes.DECIMAL_COMMA),
    ColumnType.DATE: (shapes.DATE, *(one for one in shapes.SPELLED if one.type is ColumnType.DATE)),
    ColumnType.TIMESTAMP: (
        shapes.TIMESTAMP,
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
class Evidence:
    """How many values a column holds, how many fit each shape, and how many null tokens stand in blanks."""

    values: int
    padded: int
    fits: Mapping[Shape, int]

    def whole(self, shape: Shape) -> bool:
        """Say whether the column has this shape, but for the share that may be quarantined."""
        return self.values > 0 and self.values - self.fits.get(shape, 0) <= shapes.TOLERATED * self.values


def weigh(
    connection: sql.Connection, relation: str, wanted: Mapping[int, Sequence[Shape]], tokens: Sequence[str]
) -> dict[int, Evidence]:
    """Count, in `relation` with text columns `c<i>`, what the wanted columns hold."""
    values = _values(connection, relation, wanted, tokens)
    fits = _fits(connection, relation, wanted, tokens)
    return {index: Evidence(*values[index], fits=fits[index]) for index in wanted}


def _values(
    connection: sql.Connection, relation: str, wanted: Iterable[int], tokens: Sequence[str]
) -> dict[int, tuple[int, int]]:
    """Return for each column how many values it holds, and how many null tokens between blanks."""
    found: dict[int, tuple[int, int]] = {}
    for batch in _batches(dict.fromkeys(wanted, 2)):
        inner = [f"c{index}, {_is_null(f'c{index}', tokens)} AS n{index}" for index in batch]
        fields = [
            f"count(c{index}) - coalesce(count_if(n{index}), 0),"
            f" coalesce(count_if(n{index} AND trim(c{index}) <> c{index}), 0)"
            for index in batch
        ]
        answer = sql.row(connection, sql.select(fields, sql.select(inner, relation)))
        found.update((index, (answer[2 * at], answer[2 * at + 1])) for at, index in enumerate(batch))
    return found


def _fits(
    connection: sql.Connection, relation: str, wanted: Mapping[int, Sequence[Shape]], tokens: Sequence[str]
) -> dict[int, dict[Shape, int]]:
    """Return for each column how many values fit each shape."""
    found: dict[int, dict[Shape, int]] = {index: {} for index in wanted}
    for batch in _batches({index: len(candidates) for index, candidates in wanted.items()}):
        pairs = [(index, shape) for index in batch for shape in wanted[index]]
        if not pairs:
            continue
        # No null token is a number or a date, but a person may name any.
        fields = [
            f"count(CASE WHEN {shape.exact(f'c{index}')} IS NOT NULL AND NOT {_is_null(f'c{index}', tokens)}"
            f" THEN 1 END)"
            for index, shape in pairs
        ]
        answer = sql.row(connection, sql.select(fields, relation))
        for (index, shape), count in zip(pairs, answer, strict=True):
            found[index][shape] = count
    return found


def _is_null(x: str, tokens: Sequence[str]) -> str:
    longest = max((len(token.encode()) for token in tokens), default=0)
    return f"(strlen(trim({x})) <= {longest} AND regexp_full_match(trim({x}), {token_pattern(tokens)}))"


def token_pattern(tokens: Sequence[str]) -> str:
    """Return an SQL string: the expression that a null token matches as a whole."""
    return sql.literal("|".join(["", *(re.escape(token) for token in tokens if token)]))


def plan(
    connection: sql.Connection, sample: str, names: Sequence[str], options: ReaderOptions, *, trailing: bool
) -> tuple[list[ColumnPlan], list[int]]:
    """Plan every column from the table `sample`; second, the columns that have to be looked at as a whole."""
    forced = forced_types(names, options.types)
    last = len(names) - 1
    weighed = weigh(connection, sample, dict.fromkeys(range(len(names)), shapes.PLAIN), options.null_tokens)
    open_columns = {
        index: [*shapes.GROUPED, *_spellings(connection, sample, index)]
        for index, evidence in weighed.items()
        if evidence.values and not any(evidence.whole(shape) for shape in shapes.PLAIN)
    }
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
        if (kind := forced.get(name)) is not None:
            shape = max(_OF_TYPE[kind], key=lambda shape, one=one: one.fits.get(shape, 0))
            shape = shape if one.values else _OF_TYPE[kind][0]
            plans.append(ColumnPlan(index, name, shape, forced=True, padded=bool(one.padded)))
            continue
        shape, note = choose(one, decimal_comma=comma)
        if shape.twin is not None and one.whole(_BY_NAME[shape.twin]):
            undecided.append(index)
        plans.append(
            ColumnPlan(index, name, shape, padded=bool(one.padded), unseen=not one.values, note=note)
        )
    return plans, undecided


def choose(evidence: Evidence, *, decimal_comma: bool) -> tuple[Shape, str | None]:
    """Return the narrowest shape that a column has, and what should be said about it."""
    fitting = [shape for shape in evidence.fits if evidence.whole(shape)]
    if decimal_comma and shapes.DECIMAL_COMMA in fitting and shapes.INTEGER not in fitting:
        return shapes.DECIMAL_COMMA, None
    for shape in fitting:
        twin = _BY_NAME.get(shape.twin or "")
        if twin is not None and evidence.fits.get(twin, 0) > evidence.fits[shape]:
            return twin, None
        if shape in shapes.GROUPED and shapes.DECIMAL_COMMA in fitting and shape is not shapes.DECIMAL_COMMA:
            return shape, "read with commas between thousands; --types can say text"
        return shape, None
    mixed = sorted(shape.name for shape, count in evidence.fits.items() if count and shape in shapes.SPELLED)
    if mixed and sum(evidence.fits[_BY_NAME[name]] for name in mixed) >= 0.5 * evidence.values:
        return shapes.TEXT, f"left as text: dates are spelled in more than one way ({', '.join(mixed)})"
    return shapes.TEXT, None


def settle(plan: ColumnPlan, evidence: Evidence) -> ColumnPlan:
    """Decide between day first and month first from the whole column, or leave it as text."""
    twin = _BY_NAME[plan.shape.twin or ""]
    ours, others = evidence.fits[plan.shape], evidence.fits[twin]
    if ours == others:
        note = f"left as text: every date fits both {plan.shape.name} and {twin.name}"
        return replace(plan, shape=shapes.TEXT, note=note)
    return replace(plan, shape=plan.shape if ours > others else twin)


def wider(plan: ColumnPlan) -> tuple[Shape, ...]:
    """Return the shapes among which a column whose sample misled is to be chosen, narrowest first."""
    shape = plan.shape
    if shape in (shapes.INTEGER, shapes.NUMBER, *shapes.GROUPED):
        return shapes.INTEGER, shapes.NUMBER, *shapes.GROUPED
    if shape in (shapes.DATE, shapes.TIMESTAMP):
        return shapes.DATE, shapes.TIMESTAMP
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


def _spellings(connection: sql.Connection, sample: str, index: int) -> list[Shape]:
    x = f"c{index}"
    values = sql.select([f"DISTINCT {x}"], sample, f"WHERE {x} IS NOT NULL LIMIT {_DISTINCT}")
    if not any(_LIKE_A_DATE.fullmatch(value) for (value,) in sql.rows(connection, f"FROM {values}")):
        return []
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


def _batches(sizes: Mapping[int, int]) -> Iterable[list[int]]:
    batch: list[int] = []
    size = 0
    for index, more in sizes.items():
        batch.append(index)
        size += more
        if size >= _AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
