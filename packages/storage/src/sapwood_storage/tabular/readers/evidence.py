"""What a column of text holds, counted by DuckDB: values, null tokens, and how many fit which shape."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sapwood_storage.tabular.readers import shapes, sql
from sapwood_storage.tabular.readers.shapes import Shape

_AT_ONCE: Final = 200  # aggregates in one statement
_CASTS: Final = {
    "BOOLEAN": (shapes.BOOLEAN, shapes.LETTERS, shapes.LETTER_T),
    "DOUBLE": (shapes.INTEGER, shapes.NUMBER, shapes.ZERO_FIRST, shapes.HUGE),
    "TIMESTAMP": (shapes.DATE, shapes.TIMESTAMP, shapes.OFFSET),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many values a column holds, how many null tokens beside empty fields, and what fits each shape."""

    values: int
    tokens: int
    padded: int  # of the tokens: those between blanks
    empty: int
    fits: Mapping[Shape, int]

    def misfits(self, shape: Shape) -> int:
        """Return how many values do not fit `shape`."""
        return self.values - self.fits.get(shape, 0)

    def whole(self, shape: Shape) -> bool:
        """Say whether the column has this shape, but for the share that may be quarantined."""
        if shape in shapes.SIGNS or self._holds_names(shape):
            return False
        return self.values > 0 and self.misfits(shape) <= shapes.TOLERATED * self.values

    def _holds_names(self, shape: Shape) -> bool:
        signs = {sign: self.fits.get(sign, 0) for sign in shapes.SIGNS}
        if shape is shapes.LETTERS:
            # A column of F alone is more likely female than false.
            return not 0 < signs[shapes.LETTER_T] < self.values
        if shape in (shapes.INTEGER, shapes.NUMBER, *shapes.GROUPED) and signs[shapes.ZERO_FIRST]:
            return True
        # Beyond 64 bits: among fractions a large number, among integers a name that a float would round.
        whole_numbers = self.fits.get(shapes.INTEGER, 0) + signs[shapes.HUGE]
        return shape is shapes.NUMBER and signs[shapes.HUGE] > 0 and whole_numbers >= self.fits[shape]


def weigh(
    connection: sql.Connection, relation: str, wanted: Mapping[int, Sequence[Shape]], tokens: Sequence[str]
) -> dict[int, Evidence]:
    """Count, in `relation` with text columns `c<i>`, what the wanted columns hold."""
    values = _values(connection, relation, wanted, tokens)
    fits = _fits(connection, relation, wanted, tokens)
    return {index: Evidence(*values[index], fits=fits[index]) for index in wanted}


def plausible(connection: sql.Connection, relation: str, width: int) -> dict[int, tuple[Shape, ...]]:
    """Return the plain shapes that DuckDB's own casts, which take too much, leave for each column."""
    found: dict[int, tuple[Shape, ...]] = {}
    for batch in _batches(dict.fromkeys(range(width), len(_CASTS))):
        fields = [f"count(TRY_CAST(c{index} AS {kind}))" for index in batch for kind in _CASTS]
        answer = iter(sql.row(connection, sql.select(fields, relation)))
        for index in batch:
            found[index] = tuple(shape for some in _CASTS.values() if next(answer) for shape in some)
    return found


def matching(connection: sql.Connection, relation: str, columns: Iterable[int], pattern: str) -> list[int]:
    """Return the columns of which some value matches `pattern` as a whole."""
    found: list[int] = []
    for batch in _batches(dict.fromkeys(columns, 1)):
        tests = (f"bool_or(regexp_full_match(c{index}, {sql.literal(pattern)}))" for index in batch)
        answer = sql.row(connection, sql.select(tests, relation))
        found += [index for index, some in zip(batch, answer, strict=True) if some]
    return found


def _values(
    connection: sql.Connection, relation: str, wanted: Iterable[int], tokens: Sequence[str]
) -> dict[int, tuple[int, int, int, int]]:
    """Return for each column how many values, tokens, of them in blanks, and empty fields it holds."""
    found: dict[int, tuple[int, int, int, int]] = {}
    pattern = token_pattern(tokens, padded=True)
    for batch in _batches(dict.fromkeys(wanted, 3)):
        fields = [
            f"count(c{index}), count(CASE WHEN regexp_full_match(c{index}, {pattern}) THEN 1 END),"
            f" count(CASE WHEN c{index} = '' THEN 1 END)"
            for index in batch
        ]
        answer = iter(sql.row(connection, sql.select(fields, relation)))
        counts = {index: (next(answer), next(answer), next(answer)) for index in batch}
        some = [index for index, (_, nulls, empty) in counts.items() if nulls > empty]
        padded = dict.fromkeys(batch, 0)
        if some:
            fields = [f"count(CASE WHEN {_is_padded(f'c{index}', pattern)} THEN 1 END)" for index in some]
            padded.update(zip(some, sql.row(connection, sql.select(fields, relation)), strict=True))
        for index, (filled, nulls, empty) in counts.items():
            found[index] = filled - nulls, nulls - empty, padded[index], empty
    return found


def _fits(
    connection: sql.Connection, relation: str, wanted: Mapping[int, Sequence[Shape]], tokens: Sequence[str]
) -> dict[int, dict[Shape, int]]:
    """Return for each column how many values fit each shape."""
    found: dict[int, dict[Shape, int]] = {index: {} for index in wanted}
    # A person may name -999 as a null token; the usual ones fit no shape and need no test.
    deceptive = [token for token in tokens if re.search(r"\d|^(true|false|t|f)$", token, re.IGNORECASE)]
    extra = f" AND NOT regexp_full_match({{x}}, {token_pattern(deceptive, padded=True)})" if deceptive else ""
    for batch in _batches({index: len(candidates) for index, candidates in wanted.items()}):
        pairs = [(index, shape) for index in batch for shape in wanted[index]]
        if not pairs:
            continue
        fields = [
            f"count(CASE WHEN {shape.exact(f'c{index}')} IS NOT NULL{extra.replace('{x}', f'c{index}')}"
            " THEN 1 END)"
            for index, shape in pairs
        ]
        answer = sql.row(connection, sql.select(fields, relation))
        for (index, shape), count in zip(pairs, answer, strict=True):
            found[index][shape] = count
    return found


def _is_padded(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {pattern}) AND trim({x}) <> {x}"


def token_pattern(tokens: Sequence[str], *, padded: bool = False) -> str:
    """Return an SQL string: the expression that a null token, or nothing at all, matches as a whole."""
    either = "|".join(["", *(re.escape(token) for token in tokens if token)])
    return sql.literal(f" *(?:{either}) *" if padded else either)


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
