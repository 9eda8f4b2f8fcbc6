"""Steps that need to know more than one row: which rows stay, and what a missing value becomes."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning.draft import Change, Draft, Field, has_value, never
from sapwood_storage.tabular.cleaning.quoting import literal
from sapwood_storage.tabular.cleaning.steps import Condition, Dedupe, DropRows, Impute
from sapwood_storage.tabular.model import ColumnType

_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)


class Facts(Protocol):
    """What steps have to find out in the data before they can be written."""

    def lighten(self, draft: Draft) -> None:
        """Write the table down and go on from there, if its statement has become too heavy."""
        ...

    def fills(self, draft: Draft, wanted: Mapping[int, tuple[Field, str]]) -> dict[int, str]:
        """Return a literal for each step, given its column and `mean`, `median` or `mode`."""
        ...

    def firsts(self, draft: Draft, step: int, keys: Sequence[Field], *, last: bool) -> str:
        """Return a condition that holds for the first (or last) of the rows that are equal in `keys`."""
        ...


class NoFacts:
    """Stands in where a recipe is only checked: every value is missing and every row the first."""

    def lighten(self, draft: Draft) -> None:
        """Leave it."""

    def fills(self, draft: Draft, wanted: Mapping[int, tuple[Field, str]]) -> dict[int, str]:
        """Return nulls."""
        del draft
        return dict.fromkeys(wanted, "NULL")

    def firsts(self, draft: Draft, step: int, keys: Sequence[Field], *, last: bool) -> str:
        """Return what holds for every row."""
        del draft, step, keys, last
        return "true"


def dedupe(draft: Draft, number: int, step: Dedupe, facts: Facts) -> None:
    """Keep one of the rows that are equal; nulls are equal to each other."""
    keys = [draft.field(name) for name in step["columns"]] or list(draft.fields)
    draft.keep_rows(number, facts.firsts(draft, number, keys, last=step["keep"] == "last"), [])


def wanted_fill(draft: Draft, step: Impute) -> tuple[Field, str] | None:
    """Return what has to be found out for a fill: of which column, and how; `None` when it is given."""
    if step["strategy"] == "value":
        return None
    types = _NUMBERS if step["strategy"] in ("mean", "median") else tuple(ColumnType)
    return draft.of_types(step["column"], *types), step["strategy"]


def impute(draft: Draft, number: int, step: Impute, learned: str | None) -> None:
    """Fill missing values with `learned`, or with the value that the step gives."""
    field = draft.field(step["column"])
    fill = learned or _given(step, field)
    if step["flag"] is not None:
        missing = Change(f"{field.id} IS NULL", ColumnType.BOOLEAN, never)
        draft.add(number, [step["flag"]], field, [missing])
    draft.change(number, [(field, Change(f"coalesce({field.id}, {fill})", field.type, _filled))])


def drop_rows(draft: Draft, number: int, step: DropRows) -> None:
    """Leave out rows by what they hold."""
    tests = [_test(draft, condition) for condition in step["where"]]
    if not tests:
        raise InvalidInput("no condition says which rows to drop", hint="give at least one under `where`")
    joined = f" {'AND' if step['match'] == 'all' else 'OR'} ".join(tests)
    draft.keep_rows(number, f"NOT ({joined})", [draft.field(one["column"]) for one in step["where"]])


def _filled(old: str, new: str) -> str:
    return f"({old} IS NULL AND {has_value(old, new)})"


def _given(step: Impute, field: Field) -> str:
    if step["value"] is None:
        raise InvalidInput(f"{field.name} is filled with no value", hint="give one, or another strategy")
    return literal(step["value"], field.type, field.name)


def _test(draft: Draft, condition: Condition) -> str:
    field = draft.field(condition["column"])
    values = [literal(value, field.type, field.name) for value in condition["values"]]
    operator = condition["operator"]
    wanted = {"missing": 0, "present": 0}.get(operator, 1)
    if len(values) != wanted and not (operator == "in" and values):
        raise InvalidInput(
            f"{field.name} {operator} has {len(values)} values", hint=f"it takes {wanted or 'none'}"
        )
    match operator:
        case "missing" | "present":
            return f"({field.id} IS {'NOT ' if operator == 'present' else ''}NULL)"
        case "in":
            return f"coalesce({field.id} IN ({', '.join(values)}), false)"
        case _:
            sign = "<>" if operator == "!=" else operator
            return f"coalesce({field.id} {sign} {values[0]}, false)"
