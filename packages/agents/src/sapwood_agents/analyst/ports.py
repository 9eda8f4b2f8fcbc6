"""What the analyst needs from storage: a described dataset and SQL over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import Column, ResultTable


@dataclass(frozen=True, slots=True)
class Dataset:
    """One version of a table: its content never changes."""

    version: str
    title: str
    columns: tuple[Column, ...]
    rows: int
    quarantined: int = 0


class Tables(Protocol):
    """Runs SELECTs over the table `data` of a dataset version."""

    async def query(self, workspace: WorkspaceId, version: str, sql: str) -> ResultTable:
        """Run one SELECT; raises `InvalidInput`, `LimitExceeded` or `DependencyFailed`."""
        ...
