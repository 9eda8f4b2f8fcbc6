"""Keys that an upgrade cannot mistake: a namespace, the version of what computes, and what went in."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

Part = str | int | float | bool | tuple["Part", ...] | None


class CacheKey(NamedTuple):
    """`str(key)` is `<namespace>:<version>:<SHA-256 of the parts>`, the same in every process.

    `version` belongs to the code that makes the value: raise it when the same parts give another answer.
    Parts of different types differ (`1`, `"1"`, `True` and `1.0` are four keys).
    """

    namespace: str
    version: str
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        text = json.dumps(self.parts, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        return f"{self.namespace}:{self.version}:{hashlib.sha256(text.encode()).hexdigest()}"


def namespace_of(key: str) -> str:
    """Return the namespace of a key's text, for statistics."""
    return key.partition(":")[0]
