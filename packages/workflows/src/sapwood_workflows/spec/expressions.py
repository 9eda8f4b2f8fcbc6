"""What a spec says in words of its own: references (`${steps.route.output.model}`) and conditions.

    steps.compare.output.drift > input.threshold and not steps.route.output.cheap

The grammar is a part of Python's, read by Python's own parser and never run: names, attributes, items,
comparisons, `and`, `or`, `not`, `in`, literals, `len(…)`. A reference is a name with attributes and items.
"""

from __future__ import annotations

import ast
import keyword
import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

ROOTS: Final = frozenset({"input", "steps", "item", "index", "run"})
"""What a reference may begin with."""
LONGEST: Final = 2_000
_DEEPEST: Final = 50
_HOLE = re.compile(r"\$\{([^{}]*)\}")
_WORDS: Final = {"true": True, "false": False, "null": None}
_SIGNS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip


class Unreadable(ValueError):
    """The text is none of these expressions; the message says which part of it."""


class Unresolved(ValueError):
    """A reference leads nowhere in the values there are."""


def _is_plain(key: str) -> bool:
    """Whether the parser reads the key as it stands: it takes no keyword, and puts ﬀ down as ff."""
    return key.isidentifier() and not keyword.iskeyword(key) and unicodedata.normalize("NFKC", key) == key


@dataclass(frozen=True, slots=True)
class Reference:
    """A path into what a run knows: `steps`, `route`, `output`, `model`."""

    root: str
    path: tuple[str | int, ...] = ()

    @property
    def step(self) -> str | None:
        """The step that is referred to."""
        return str(self.path[0]) if self.root == "steps" and self.path else None

    def __str__(self) -> str:
        parts = (
            f".{part}" if isinstance(part, str) and _is_plain(part) else f"[{part!r}]" for part in self.path
        )
        return self.root + "".join(parts)

    def of(self, values: Mapping[str, Any]) -> Any:
        """What the path leads to; `Unresolved` where it leads nowhere.

        Under a step that gave nothing, as one that was skipped, everything is null.
        """
        if self.root not in values:
            raise Unresolved(f"{self.root} means nothing here")
        found: Any = values[self.root]
        for at, part in enumerate(self.path):
            if found is None:
                if self.root == "steps":
                    return None
                raise Unresolved(f"{Reference(self.root, self.path[:at])} is null and has no {part!r}")
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                so_far = Reference(self.root, self.path[:at])
                raise Unresolved(f"{so_far} has no {part!r}") from None
        return found


def references_in(value: object) -> Iterator[Reference]:
    """Every reference in a value of a spec, however deep; `Unreadable` for a hole that holds none."""
    if isinstance(value, str):
        for hole in _HOLE.finditer(value):
            yield reference(hole[1])
        if "${" in _HOLE.sub("", value):
            raise Unreadable(f"{value!r} opens a reference and does not close it")
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from references_in(each)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for each in value:
            yield from references_in(each)


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """The value with its references replaced: alone by what it leads to, in a text by its text."""
    if isinstance(value, str):
        whole = _HOLE.fullmatch(value)
        if whole:
            return reference(whole[1]).of(values)
        return _HOLE.sub(lambda hole: _text(reference(hole[1]).of(values)), value)
    if isinstance(value, Mapping):
        return {key: filled(each, values) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [filled(each, values) for each in value]
    return value


def whole_reference(value: object) -> Reference | None:
    """The reference that the value is, when it is nothing else."""
    hole = _HOLE.fullmatch(value) if isinstance(value, str) else None
    return reference(hole[1]) if hole else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@lru_cache(maxsize=4_096)
def reference(text: str) -> Reference:
    """Read a reference; `Unreadable` for anything else."""
    node = _parsed(text)
    path: list[str | int] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            path.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            path.append(_key(node.slice, text))
            node = node.value
        else:
            raise Unreadable(f"{text!r} is no reference: write a path such as steps.first.output.name")
    if node.id not in ROOTS:
        raise Unreadable(f"{text!r} begins with {node.id!r}, not with one of {', '.join(sorted(ROOTS))}")
    return Reference(node.id, tuple(reversed(path)))


def _key(node: ast.expr, text: str) -> str | int:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if isinstance(node, ast.UnaryOp) and negative else node
    if (
        isinstance(inner, ast.Constant)
        and isinstance(inner.value, str | int)
        and not isinstance(inner.value, bool)
    ):
        return -inner.value if negative and isinstance(inner.value, int) else inner.value
    raise Unreadable(f"{text!r}: what stands in brackets must be a number or a text")


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise Unreadable(f"an expression of {len(text)} characters; {LONGEST} are allowed")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise Unreadable(f"{text!r} cannot be read: {said}") from None


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition that was read: what it refers to, and whether it holds."""

    text: str
    references: tuple[Reference, ...]

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it is true of the values. Comparing a number with a text is false, not an error."""
        return bool(_value(_parsed(self.text), values))


def expression(text: str) -> Expression:
    """Read a condition, with or without `${…}` around its references; `Unreadable` when it is none."""
    bare = _HOLE.sub(lambda hole: hole[1], text)
    if "${" in bare:
        raise Unreadable(f"{text!r} opens a reference and does not close it")
    found: list[Reference] = []
    _check(_parsed(bare), bare, found, 0)
    return Expression(bare, tuple(dict.fromkeys(found)))


def _check(node: ast.expr, text: str, found: list[Reference], depth: int) -> None:
    """Every part is one of the grammar; references are gathered."""
    if depth > _DEEPEST:
        raise Unreadable(f"{text[:60]!r}… is nested deeper than {_DEEPEST}")
    inner: list[ast.expr] = []
    match node:
        case ast.Name(id=word) if word in _WORDS:
            return
        case ast.Attribute() | ast.Subscript() | ast.Name():
            found.append(reference(ast.unparse(node)))
        case ast.Constant(value=value) if value is None or isinstance(value, str | int | float):
            return
        case ast.BoolOp(values=inner) | ast.List(elts=inner) | ast.Tuple(elts=inner):
            pass
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            inner = [operand]
        case ast.Compare(left=left, comparators=others):
            inner = [left, *others]
        case ast.Call(func=ast.Name(id="len"), args=[argument], keywords=[]):
            inner = [argument]
        case _:
            said = ast.unparse(node)
            raise Unreadable(
                f"{said!r} has no place in a condition, which knows paths, literals, comparisons, and, or, "
                "not, in and len"
            )
    for each in inner:
        _check(each, text, found, depth + 1)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=word) if word in _WORDS:
            return _WORDS[word]
        case ast.Attribute() | ast.Subscript() | ast.Name():
            return reference(ast.unparse(node)).of(values)
        case ast.Constant(value=value):
            return value
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, values) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, values)
        case ast.UnaryOp(operand=operand):
            number = _value(operand, values)
            return -number if isinstance(number, int | float) else None
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_value(part, values) for part in parts]
        case ast.Compare(left=left, ops=signs, comparators=others):
            return _compared(left, signs, others, values)
        case ast.Call(args=[argument]):
            counted = _value(argument, values)
            return len(counted) if isinstance(counted, Sequence | Mapping) else 0
        case _:
            raise Unreadable(f"{ast.unparse(node)!r} has no place in a condition")


def _compared(
    left: ast.expr, signs: list[ast.cmpop], others: list[ast.expr], values: Mapping[str, Any]
) -> bool:
    first = _value(left, values)
    for sign, other in zip(signs, others, strict=True):
        second = _value(other, values)
        try:
            if not _SIGNS[type(sign)](first, second):
                return False
        except TypeError:
            return False
        first = second
    return True
