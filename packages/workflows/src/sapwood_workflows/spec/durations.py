"""Spans of time as people write them: `90s`, `1h30m`, `2d`, a number of seconds, or ISO 8601 (`PT5M`)."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter, ValidationError, WithJsonSchema

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])")
_WHOLE = re.compile(rf"(?:{_PART.pattern}\s*)+")
_ISO = TypeAdapter(timedelta)
LONGEST_S = 10 * 365 * 86_400.0


def seconds(written: object) -> float:
    """The seconds of a span of time; `ValueError` says what a span looks like."""
    if isinstance(written, timedelta):
        found = written.total_seconds()
    elif isinstance(written, int | float) and not isinstance(written, bool):
        found = float(written)
    elif isinstance(written, str):
        found = _read(written.strip())
    else:
        raise ValueError(f"{written!r} is no span of time: write 90s, 5m, 1h30m or 2d")
    if not math.isfinite(found) or not 0 <= found <= LONGEST_S:
        raise ValueError(f"{written!r} is no span between 0 s and ten years")
    return found


def _read(text: str) -> float:
    if _WHOLE.fullmatch(text):
        return sum(float(number) * _UNITS_S[unit] for number, unit in _PART.findall(text))
    if text[:1] in ("P", "p"):
        try:
            return _ISO.validate_python(text.upper()).total_seconds()
        except ValidationError:
            pass
    raise ValueError(f"{text!r} is no span of time: write 90s, 5m, 1h30m, 2d or PT5M")


def in_words(span_s: float) -> str:
    """The span as it is written: `1h30m`."""
    if span_s < 1:
        return f"{round(span_s * 1000)}ms"
    found: list[str] = []
    rest = span_s
    for unit in ("d", "h", "m"):
        whole, rest = divmod(rest, _UNITS_S[unit])
        if whole:
            found.append(f"{int(whole)}{unit}")
    if rest or not found:
        found.append(f"{rest:g}s")
    return "".join(found)


Seconds = Annotated[
    float,
    BeforeValidator(seconds),
    PlainSerializer(in_words, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}],
            "description": "A span of time: 90s, 5m, 1h30m, 2d, PT5M, or seconds as a number.",
        }
    ),
]
"""A span of time in a spec, in seconds."""
