"""What is worth knowing before a table is used, in plain words; the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.model import (
    Caution,
    ColumnProfile,
    Correlation,
    Duplicates,
    PiiKind,
    Severity,
)
from sapwood_agents.analyst.profile.words import percent
from sapwood_storage.tabular.model import ColumnType

_ORDER: Final = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}
_PII_WORDS: Final = {
    PiiKind.EMAIL: "e-mail addresses", PiiKind.PHONE: "telephone numbers", PiiKind.CARD: "card numbers",
    PiiKind.IBAN: "bank account numbers (IBAN)", PiiKind.SSN: "identity numbers", PiiKind.IP: "IP addresses",
    PiiKind.NAME: "names of people", PiiKind.BIRTH: "dates of birth", PiiKind.ADDRESS: "postal addresses",
}  # fmt: skip
_NEARLY_ALL: Final = 0.99
_MOSTLY: Final = 0.5
_SOME: Final = 0.05
_STORED_AS_TEXT: Final = 0.9
_MANY_OUTLIERS: Final = 0.01
_NEARLY_UNIQUE: Final = 0.98
_SAME: Final = 0.95


def warnings(
    dataset: Dataset,
    columns: tuple[ColumnProfile, ...],
    correlations: tuple[Correlation, ...],
    duplicates: Duplicates,
) -> tuple[Caution, ...]:
    """Everything worth saying about a table; the same kind in many columns is said for each."""
    found = [*_of_table(dataset, columns, correlations, duplicates)]
    for column in columns:
        found += _of_column(column, dataset.rows)
    return tuple(sorted(found, key=lambda one: _ORDER[one.severity]))


def _of_table(
    dataset: Dataset,
    columns: tuple[ColumnProfile, ...],
    correlations: tuple[Correlation, ...],
    duplicates: Duplicates,
) -> Iterator[Caution]:
    if dataset.rows == 0:
        yield _say("empty", Severity.HIGH, None, "the table has no rows")
    if dataset.quarantined:
        are = "is" if dataset.quarantined == 1 else "are"
        records = counted(dataset.quarantined, "record")
        text = f"{records} of the source could not be read and {are} not in the table"
        yield _say("quarantined", Severity.MEDIUM, None, text)
    if duplicates.rows:
        share = duplicates.rows / dataset.rows
        about = "about " if duplicates.margin else ""
        text = f"{about}{_do(duplicates.rows, 'row', 'repeat')} an earlier one ({percent(share)})"
        yield _say("duplicates", Severity.HIGH if share > _SOME else Severity.MEDIUM, None, text)
    if dataset.rows > 1 and columns and not any(_is_key(column) for column in columns):
        yield _say("no_key", Severity.LOW, None, "no column alone tells every row apart")
    for pair in correlations:
        if abs(pair.coefficient) >= _SAME:
            text = f"{pair.left} and {pair.right} say almost the same (correlation {pair.coefficient:.2f})"
            yield _say("correlated", Severity.LOW, pair.left, text)


def _of_column(column: ColumnProfile, rows: int) -> Iterator[Caution]:
    present = rows - column.nulls
    if not present:
        if rows:
            yield _say("all_null", Severity.HIGH, column.name, f"{column.name} has no values")
        return
    yield from _about_nulls(column)
    yield from _about_sameness(column, rows, present)
    yield from _about_pii(column)
    if column.trouble is not None:
        yield from _about_text(column)
    if column.nonfinite:
        are = "is" if column.nonfinite == 1 else "are"
        values = counted(column.nonfinite, "value")
        text = f"{column.name} has {values} that {are} infinite or not a number"
        yield _say("nonfinite", Severity.MEDIUM, column.name, text)
    if column.outliers is not None and column.outliers.count > _MANY_OUTLIERS * present:
        count = column.outliers.count
        text = f"{column.name} has {counted(count, 'value')} far from the rest ({percent(count / present)})"
        yield _say("outliers", Severity.LOW, column.name, text)


def _about_nulls(column: ColumnProfile) -> Iterator[Caution]:
    if column.null_share >= _SOME:
        text = f"{column.name} is empty in {percent(column.null_share)} of the rows"
        yield _say(
            "nulls", Severity.MEDIUM if column.null_share >= _MOSTLY else Severity.LOW, column.name, text
        )


def _about_sameness(column: ColumnProfile, rows: int, present: int) -> Iterator[Caution]:
    if rows < 2:
        return
    if column.distinct == 1 and not column.nonfinite:
        text = f"{column.name} has one value only: {_shown(column)}"
        yield _say("constant", Severity.MEDIUM, column.name, text)
    elif column.top and column.top[0].count >= _NEARLY_ALL * present:
        text = f"{column.name} is nearly always {_shown(column)}"
        yield _say("nearly_constant", Severity.LOW, column.name, text)
    exact = "distinct" not in column.approximate
    if (
        exact
        and column.type is not ColumnType.NUMBER
        and not column.nulls
        and _NEARLY_UNIQUE * rows <= column.distinct < rows
    ):
        text = f"{column.name} looks like a key but {_do(rows - column.distinct, 'row', 'repeat')} a value"
        yield _say("nearly_unique", Severity.MEDIUM, column.name, text)


def _about_pii(column: ColumnProfile) -> Iterator[Caution]:
    for pii in column.pii:
        if pii.share is None:
            text = f"{column.name} may hold {_PII_WORDS[pii.kind]}, by its name"
        else:
            text = f"{column.name} seems to hold {_PII_WORDS[pii.kind]} ({percent(pii.share)} of the values)"
        yield _say("pii", Severity.MEDIUM if pii.share is None else Severity.HIGH, column.name, text)


def _about_text(column: ColumnProfile) -> Iterator[Caution]:
    trouble = column.trouble
    if trouble is None:
        return
    about = "about " if "trouble" in column.approximate else ""
    name = column.name
    if trouble.blank:
        text = f"{name} has {about}{counted(trouble.blank, 'value')} of nothing but space"
        yield _say("blank", Severity.MEDIUM, name, text)
    if trouble.padded > trouble.blank:
        text = f"{name} has space around its text in {about}{counted(trouble.padded, 'row')}"
        yield _say("whitespace", Severity.MEDIUM, name, text)
    if trouble.variants:
        differ = "differs" if trouble.variants == 1 else "differ"
        values = counted(trouble.variants, "value")
        text = f"{name} has {about}{values} that {differ} from another by case or space only"
        yield _say("case", Severity.MEDIUM, name, text)
    if trouble.numbers >= _STORED_AS_TEXT:
        text = f"{name} is text, but {percent(trouble.numbers)} of its values read as numbers"
        yield _say("numbers_as_text", Severity.MEDIUM, name, text)
    if trouble.dates >= _STORED_AS_TEXT:
        text = f"{name} is text, but {percent(trouble.dates)} of its values read as dates"
        yield _say("dates_as_text", Severity.MEDIUM, name, text)


def _do(count: int, what: str, verb: str) -> str:
    """`2 rows repeat`, `1 row repeats`."""
    return f"{counted(count, what)} {verb}{'s' if count == 1 else ''}"


def _is_key(column: ColumnProfile) -> bool:
    return column.unique and column.type is not ColumnType.NUMBER


def _shown(column: ColumnProfile) -> str:
    value = column.top[0].value if column.top else None
    return repr(value) if isinstance(value, str) else str(value)


def _say(code: str, severity: Severity, column: str | None, text: str) -> Caution:
    return Caution(code=code, severity=severity, column=column, text=text)
