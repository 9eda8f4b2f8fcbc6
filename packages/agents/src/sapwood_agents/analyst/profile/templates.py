"""SQL with gaps, parsed once; what goes into a gap is a syntax tree, so nothing is pasted together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import sqlglot
import sqlglot.expressions as exp

Gap = exp.Expr | str | int | float


def fill(template: str, **gaps: Gap) -> exp.Expr:
    """Return the template's tree with `$name` replaced by the tree or the literal given for it."""
    trees = {name: _tree(gap) for name, gap in gaps.items()}
    return exp.replace_placeholders(_parsed(template), **trees)


def literals(values: Sequence[float]) -> exp.Expr:
    """A list of doubles."""
    return exp.Array(expressions=[_tree(float(value)) for value in values])


def struct(fields: Mapping[str, exp.Expr]) -> exp.Expr:
    """A struct of `fields`."""
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name), expression=value) for name, value in fields.items()
        ]
    )


def place(index: int) -> exp.Column:
    """The name that column number `index` goes by inside our statements."""
    return exp.column(f"c{index}")


@cache
def _parsed(template: str) -> exp.Expr:
    return sqlglot.parse_one(template, dialect="duckdb")


def _tree(gap: Gap) -> exp.Expr:
    if isinstance(gap, exp.Expr):
        return gap
    if isinstance(gap, str):
        return exp.Literal.string(gap)
    if isinstance(gap, int):
        return exp.Literal.number(gap)
    # With an exponent DuckDB reads a double; without, a decimal that may not hold the number.
    size = repr(abs(gap))
    number = exp.Literal(this=size if "e" in size else f"{size}e0", is_string=False)
    return exp.Neg(this=number) if gap < 0 else number
