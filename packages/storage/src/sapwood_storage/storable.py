"""Text out of files, as every database takes it."""

from collections.abc import Mapping
from typing import Any


def storable(value: Any) -> Any:
    """Return text, or JSON, without what a database refuses: NUL and halves of surrogate pairs, spelled out.

    Names come out of hostile files, and paths need not be text.
    """
    if isinstance(value, str):
        return value.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {storable(key): storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value
