"""The port to other processes' ears."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class WakeUps(Protocol):
    """Tells other processes that there may be work; SQL says which, and they look once a second anyway."""

    def send(self, steps: Mapping[str, int]) -> None:
        """So many steps of each queue class became ready. Never waits, never fails."""
        ...
