"""Apps that this program starts and does not import: what is installed under `sapwood.apps`."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any, Final

from sapwood_shared.errors import DependencyFailed

GROUP: Final = "sapwood.apps"


def start(name: str, **options: Any) -> int:
    """Run an app to its end and return its exit code."""
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise DependencyFailed(f"`sapwood {name}` is not installed", hint="pip install 'sapwood[server]'")
    return int(found.load()(**options) or 0)
