"""SQL with gaps; what goes into a gap is SQL that we wrote: a quoted name, a literal, an expression of these.

Plain text, for reading and writing syntax trees took longer than many of the statements run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sapwood_storage.tabular.cleaning.quoting import quoted

_GAP: Final = re.compile(r"\$([a-z]+)")


def fill(template: str, **gaps: str) -> str:
    """Return the template with the SQL given for each `$name` in its place, and not looked at again."""
    return _GAP.sub(lambda gap: gaps[gap[1]], template)


def named(name: str, alias: str) -> str:
    """A column of the table by a name of ours, so that no name out of a file stands anywhere else."""
    return f"{quoted(name)} AS {alias}"


def literal(value: float) -> str:
    """A number: with an exponent DuckDB reads a double; without, a decimal that may not hold it."""
    size = repr(abs(float(value)))
    number = size if "e" in size else f"{size}e0"
    return f"(-{number})" if value < 0 else number


def literals(values: Sequence[float]) -> str:
    """A list of doubles."""
    return f"[{', '.join(map(literal, values))}]"


def struct(fields: Mapping[str, str]) -> str:
    """A struct of `fields`."""
    inside = ", ".join(f"'{name}': {value}" for name, value in fields.items())
    return f"{{{inside}}}"
