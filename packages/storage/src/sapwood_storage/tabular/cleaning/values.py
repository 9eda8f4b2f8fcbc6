"""Steps that change cells, row by row."""

from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning import casts, moments
from sapwood_storage.tabular.cleaning.draft import Change, Draft, Field, has_value, lost
from sapwood_storage.tabular.cleaning.quoting import literal, text
from sapwood_storage.tabular.cleaning.steps import (
    Cast,
    Clip,
    MapCategories,
    ParseDates,
    RegexExtract,
    RegexReplace,
    Split,
    Trim,
)
from sapwood_storage.tabular.model import ColumnType

_ORDERED: Final = (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.DATE, ColumnType.TIMESTAMP)
_MOST_PARTS: Final = 100


def trim(draft: Draft, number: int, step: Trim) -> None:
    """Remove blanks."""

    def change(field: Field) -> Change:
        value = casts.trimmed(field.id)
        if step["collapse"]:
            value = rf"regexp_replace({value}, '[\s\p{{Z}}]+', ' ', 'g')"
        return Change(f"nullif({value}, '')" if step["blank_is_null"] else value, ColumnType.TEXT)

    draft.change(number, [(field, change(field)) for field in _texts(draft, step["columns"])])


def cast(draft: Draft, number: int, step: Cast) -> None:
    """Read values as another type."""
    fails = step["on_failure"] == "fail"
    to = ColumnType(step["to"])
    draft.change(
        number,
        [
            (field, Change(casts.cast(field.id, field.type, step), to, has_value, lost, fails))
            for field in (draft.field(name) for name in step["columns"])
        ],
    )


def parse_dates(draft: Draft, number: int, step: ParseDates) -> None:
    """Read text as dates by formats."""
    to = ColumnType(step["to"])
    read = moments.moment("word", step["formats"])
    if to is ColumnType.DATE:
        read = casts.let(read, "found", casts.day_of("found", lossy=False))

    def change(field: Field) -> Change:
        value = casts.let(casts.trimmed(field.id), "word", read)
        return Change(value, to, has_value, lost, step["on_failure"] == "fail")

    draft.change(number, [(field, change(field)) for field in _texts(draft, step["columns"])])


def regex_replace(draft: Draft, number: int, step: RegexReplace) -> None:
    """Replace every match of a pattern."""
    pattern, replacement = text(step["pattern"]), text(step["replacement"])
    draft.change(
        number,
        [
            (field, Change(f"regexp_replace({field.id}, {pattern}, {replacement}, 'g')", ColumnType.TEXT))
            for field in _texts(draft, step["columns"])
        ],
    )


def regex_extract(draft: Draft, number: int, step: RegexExtract) -> None:
    """Take a group out of the first match; where there is none, that is counted as not fitting."""
    (field,) = _texts(draft, [step["column"]])
    matches = f"regexp_matches({field.id}, {text(step['pattern'])})"
    found = f"regexp_extract({field.id}, {text(step['pattern'])}, {int(step['group'])})"
    other = field.id if step["on_failure"] == "keep" else "NULL::VARCHAR"
    value = f"CASE WHEN {matches} THEN {found} ELSE {other} END"
    failed = None if step["on_failure"] == "keep" else lost
    fails = step["on_failure"] == "fail"
    if step["into"] is None:
        draft.change(number, [(field, Change(value, ColumnType.TEXT, failed=failed, fails=fails))])
    else:
        # The source stays, so nothing is lost by a null beside it.
        kept = lost if fails else None
        draft.add(number, [step["into"]], field, [Change(value, ColumnType.TEXT, has_value, kept, fails)])


def clip(draft: Draft, number: int, step: Clip) -> None:
    """Bring values beyond a bound to it; NaN is beyond none."""
    low, high = step["low"], step["high"]
    if low is None and high is None:
        raise InvalidInput("a clip needs a bound", hint="give low, high or both")

    def change(field: Field) -> Change:
        x = field.id
        least = None if low is None else literal(low, field.type, field.name)
        most = None if high is None else literal(high, field.type, field.name)
        cases = [f"WHEN {x} < {least} THEN {least}"] if least is not None else []
        # NaN is larger than every number to DuckDB.
        real = f"NOT isnan({x}) AND " if field.type is ColumnType.NUMBER else ""
        cases += [f"WHEN {real}{x} > {most} THEN {most}"] if most is not None else []
        return Change(f"CASE {' '.join(cases)} ELSE {x} END", field.type)

    _check_bounds(low, high)
    fields = [draft.of_types(name, *_ORDERED) for name in step["columns"]]
    draft.change(number, [(field, change(field)) for field in fields])


def map_categories(draft: Draft, number: int, step: MapCategories) -> None:
    """Replace whole values."""
    cases = [
        f"WHEN {text(old)} THEN {'NULL::VARCHAR' if new is None else text(new)}"
        for old, new in step["mapping"].items()
    ]
    known = f"({', '.join(text(old) for old in step['mapping'])})"
    keeps = step["others"] == "keep"

    def unknown(old: str, _new: str) -> str:
        return f"{old} NOT IN {known}"

    def change(field: Field) -> Change:
        value = f"CASE {field.id} {' '.join(cases)} ELSE {field.id if keeps else 'NULL::VARCHAR'} END"
        return Change(
            value, ColumnType.TEXT, failed=None if keeps else unknown, fails=step["others"] == "fail"
        )

    draft.change(number, [(field, change(field)) for field in _texts(draft, step["columns"])])


def split(draft: Draft, number: int, step: Split) -> None:
    """Cut text into new columns."""
    if not 2 <= len(step["into"]) <= _MOST_PARTS:
        raise InvalidInput(
            f"{step['column']} would be split into {len(step['into'])} columns",
            hint=f"name between 2 and {_MOST_PARTS}; the last one takes what is left",
        )
    (field,) = _texts(draft, [step["column"]])
    parts = f"str_split({field.id}, {text(step['separator'])})"
    last = len(step["into"])
    values = [f"{parts}[{place}]" for place in range(1, last)]
    rest = f"array_to_string({parts}[{last}:], {text(step['separator'])})"
    values.append(f"CASE WHEN len({parts}) >= {last} THEN {rest} END")
    changes = [Change(value, ColumnType.TEXT, has_value) for value in values]
    draft.add(number, step["into"], field, changes)
    if not step["keep"]:
        draft.drop([step["column"]])


def _texts(draft: Draft, names: list[str]) -> list[Field]:
    return [draft.of_types(name, ColumnType.TEXT) for name in names]


def _check_bounds(low: object, high: object) -> None:
    if low is None or high is None:
        return
    wrong = low > high if isinstance(low, int | float) and isinstance(high, int | float) else False
    wrong = wrong or (isinstance(low, str) and isinstance(high, str) and low > high)
    if wrong:
        raise InvalidInput(f"the bound {low!r} is above {high!r}", hint="low is the smaller one")
