"""Checks that what was said is in the intent: a rule that drops it costs an answer, and gives no wrong one.

The rules consume what they read; this looks at the result alone, whatever rule made it:

- a number is in the intent, in its own unit or another one, or is part of a text there; `at least one` is not
  looked for;
- a value is in it by one of its spellings, or by a text that is part of one; a yes or no is not looked for;
- a date with a year is in it by that year, or by the year after it, where it ends; without a year, or over
  several, any condition that times may have made will do;
- a quoted text is in it, beside a condition on a text or on values;
- where something was negated or said to be missing, at least one part is negated, unequal, no or missing;
- where something was compared, at least one part compares, or two sides do.

It does not look at which column a value went to, nor count negations and comparisons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import BaseModel

from sapwood_agents.analyst.intent import (
    AgainstAverage,
    BetweenColumns,
    CalendarPart,
    Comparison,
    Having,
    Membership,
    Missing,
    Operator,
    Period,
    QueryIntent,
    Shape,
    TextMatch,
)
from sapwood_agents.analyst.language.dates import When
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.units import CONVERSIONS

_FACTORS = (1.0, *CONVERSIONS.values())
_COMPARING = (Comparison, Period, AgainstAverage, BetweenColumns, Having, CalendarPart, Membership)


@dataclass
class _Said:
    """What an intent holds, flat."""

    numbers: set[float] = field(default_factory=set[float])
    texts: set[str] = field(default_factory=set[str])
    parts: list[BaseModel] = field(default_factory=list[BaseModel])


def unused(nodes: Iterable[Node], intent: QueryIntent) -> tuple[str, ...]:
    """The words of `nodes` that `intent` does not carry."""
    said = _Said()
    _collect(intent, said)
    checks = {"N": _number, "V": _value, "D": _date, "!": _negation, "0": _negation, "Q": _text}
    nodes = list(nodes)
    any_of = {
        id(node) for sign, node in pairwise(nodes)
        if node.kind == "N" and node.payload.number == 1 and sign.kind == "M" and sign.payload == (">=",)
    }  # fmt: skip
    missing = [
        node.text
        for node in nodes
        if node.kind in checks and id(node) not in any_of and not checks[node.kind](node, said)
    ]
    compares = intent.shape in (Shape.DIFFERENCE, Shape.RATIO, Shape.COMPARISON) or any(
        isinstance(part, _COMPARING) for part in said.parts
    )
    missing += [node.text for node in nodes if node.kind in "MY~bajs" and not compares]
    return tuple(missing)


def _collect(model: BaseModel, said: _Said) -> None:
    said.parts.append(model)
    for name in type(model).model_fields:
        if name not in ("words", "kind"):
            for value in _flat(getattr(model, name)):
                if isinstance(value, BaseModel):
                    _collect(value, said)
                elif isinstance(value, bool):
                    continue
                elif isinstance(value, int | float):
                    said.numbers.add(float(value))
                elif isinstance(value, str):
                    said.texts.add(value.casefold())


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        yield from value  # pyright: ignore[reportUnknownVariableType]  # fields of models, of any type
    else:
        yield value


def _number(node: Node, said: _Said) -> bool:
    number = float(node.payload.number)
    if any(
        abs(number * factor - other) < 1e-9 * max(1.0, abs(other))
        for factor in _FACTORS
        for other in said.numbers
    ):
        return True
    text = str(node.payload.text).casefold()
    return any(text in other for other in said.texts)


def _value(node: Node, said: _Said) -> bool:
    values = node.payload[1]
    if any(isinstance(value, bool) for value in values):
        return True
    if any(isinstance(value, int | float) and float(value) in said.numbers for value in values):
        return True
    spelled = {str(value).casefold() for value in values}
    return bool(spelled & said.texts) or any(text in value for value in spelled for text in said.texts)


def _date(node: Node, said: _Said) -> bool:
    when: When = node.payload
    timed = any(isinstance(part, Period | CalendarPart | Comparison | Membership) for part in said.parts)
    year = when.year
    named = year is not None and any(str(year) in text for text in said.texts)
    if year is None or when.years > 1:
        return timed or named
    near = {float(year), float(year + 1)} & said.numbers
    return named or bool(near) or any(text.startswith(str(year + 1)) for text in said.texts)


def _negation(_: Node, said: _Said) -> bool:
    for part in said.parts:
        if isinstance(part, Missing) or getattr(part, "negated", False):
            return True
        if isinstance(part, Comparison) and (part.operator is not Operator.EQUAL or part.value in (0, False)):
            return True
    return False


def _text(node: Node, said: _Said) -> bool:
    return (
        any(isinstance(part, TextMatch | Membership) for part in said.parts)
        and str(node.payload).casefold() in said.texts
    )
