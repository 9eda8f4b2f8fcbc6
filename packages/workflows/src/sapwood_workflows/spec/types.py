"""What is known of a value before a run: a JSON type, a model, or nothing; and where a path into it leads.

Only what is sure to be wrong is a fault: a path into a model that has no such field, a text where a number is
needed. What cannot be known before the run (`Any`, a union, a free mapping) passes.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from sapwood_workflows.spec.model import InputField, InputType

ANYTHING: Any = Any
"""The annotation of what is not known."""

_JSON: dict[InputType, Any] = {
    InputType.STRING: str, InputType.INTEGER: int, InputType.NUMBER: float, InputType.BOOLEAN: bool,
    InputType.ARRAY: list[Any], InputType.OBJECT: dict[str, Any],
}  # fmt: skip
_BASES = (bool, int, float, str, bytes, type(None))


class NoSuchPart(ValueError):
    """A path that leads nowhere in a value of this kind."""


def of_input(field: InputField) -> Any:
    """The annotation of a value that a run is started with."""
    return _JSON[field.type]


def part_of(annotation: Any, part: str | int) -> Any:
    """The annotation of one field or item; `NoSuchPart` when there cannot be one."""
    annotation = _bare(annotation)
    origin = typing.get_origin(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _field(annotation, part)
    if origin in (typing.Union, types.UnionType):
        return _of_any(typing.get_args(annotation), part)
    base = origin or annotation
    if isinstance(base, type):
        if issubclass(base, _BASES):
            raise NoSuchPart(f"a {name_of(annotation)} has no {part!r}")
        if issubclass(base, Mapping):
            return (*typing.get_args(annotation), ANYTHING, ANYTHING)[1]
        if issubclass(base, Sequence | set | frozenset):
            if not isinstance(part, int):
                raise NoSuchPart(f"a list has items by number, no {part!r}")
            return (*typing.get_args(annotation), ANYTHING)[0]
    return ANYTHING


def _field(model: type[BaseModel], part: str | int) -> Any:
    fields = model.model_fields
    by_alias = {field.serialization_alias or field.alias or name: field for name, field in fields.items()}
    computed = {field.alias or name: field.return_type for name, field in model.model_computed_fields.items()}
    if part in by_alias:
        return by_alias[str(part)].annotation
    if part in computed:
        return computed[str(part)]
    if model.model_config.get("extra") == "allow":
        return ANYTHING
    has = ", ".join([*by_alias, *computed]) or "no fields"
    raise NoSuchPart(f"{model.__name__} has no {part!r}: it has {has}")


def _of_any(options: Sequence[Any], part: str | int) -> Any:
    """Of a union what one of its options has; what an optional value may lack is seen when it runs."""
    problems: list[NoSuchPart] = []
    for option in options:
        if option is type(None):
            continue
        try:
            return part_of(option, part)
        except NoSuchPart as problem:
            problems.append(problem)
    raise problems[0] if problems else NoSuchPart(f"null has no {part!r}")


def item_of(annotation: Any) -> Any:
    """The annotation of an item of a list; `NoSuchPart` for what is surely none."""
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, (BaseModel, *_BASES, Mapping)):
        raise NoSuchPart(f"{name_of(annotation)} is no list")
    if typing.get_origin(annotation) in (dict, Mapping):
        raise NoSuchPart("a mapping is no list")
    return part_of(annotation, 0)


def fits(given: Any, wanted: Any) -> bool:
    """Whether a value of one annotation may go where another is wanted; yes, where it is not known."""
    first, second = _kinds(given), _kinds(wanted)
    if first is None or second is None:
        return True
    if "number" in second:
        second = second | {"integer"}
    return bool(first & second)


def name_of(annotation: Any) -> str:
    """What the annotation is called in JSON."""
    kinds = _kinds(annotation)
    return " or ".join(sorted(kinds)) if kinds else "value of any kind"


def _bare(annotation: Any) -> Any:
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return annotation


def _kinds(annotation: Any) -> frozenset[str] | None:
    """The JSON types that the values have; `None` where that is not known."""
    annotation = _bare(annotation)
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        options = [_kinds(option) for option in typing.get_args(annotation)]
        return None if None in options else frozenset[str]().union(*(kind for kind in options if kind))
    if origin is typing.Literal:
        return frozenset[str]().union(*(_kinds(type(value)) or () for value in typing.get_args(annotation)))
    base = origin or annotation
    if base is type(None):
        return frozenset({"null"})
    if not isinstance(base, type):
        return None
    for kind, bases in (
        ("boolean", (bool,)), ("integer", (int,)), ("number", (float,)), ("string", (str,)),
        ("object", (BaseModel, Mapping)), ("array", (Sequence, set, frozenset)),
    ):  # fmt: skip
        if issubclass(base, bases):
            return frozenset({kind})
    return None
