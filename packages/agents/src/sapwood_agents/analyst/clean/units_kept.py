"""The unit that values were written with before a recipe read them as numbers, and that they still have."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sapwood_storage.tabular.model import ColumnType

_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)


def units_kept(steps: Sequence[Mapping[str, Any]], before: Mapping[str, str]) -> dict[str, str]:
    """Columns after `steps`, each with what was left out beside its numbers: `{"rent": "$"}`.

    `before` are the units that the columns had as they were read.
    A column whose numbers stood beside several words has none: they may not have meant the same.
    """
    units = dict(before)
    for step in steps:
        match step["kind"]:
            case "cast":
                beside = [word for affix in step["affixes"] if _is_unit(word := affix.strip())]
                for column in step["columns"]:
                    if ColumnType(step["to"]) not in _NUMBERS or len(step["affixes"]) > 1:
                        units.pop(column, None)
                    elif beside:
                        units[column] = beside[0]
            case "rename":
                units = {step["names"].get(column, column): unit for column, unit in units.items()}
            case "drop_columns":
                units = {column: unit for column, unit in units.items() if column not in step["columns"]}
            case _:
                pass
    return units


def with_unit(number: str, unit: str) -> str:
    """A number and its unit as they are written: `$5`, `-€5`, `5 kg`, `5 %`."""
    if not unit or unicodedata.category(unit[-1]) != "Sc":
        return f"{number} {unit}".rstrip()
    sign = "-" if number.startswith("-") else ""
    return f"{sign}{unit}{number.removeprefix('-')}"


def _is_unit(word: str) -> bool:
    """Whether it has a letter, a currency's sign, a per cent sign or a degree, and not only other signs."""
    return any(letter in "%°" or unicodedata.category(letter)[0] == "L" for letter in word) or any(
        unicodedata.category(letter) == "Sc" for letter in word
    )
