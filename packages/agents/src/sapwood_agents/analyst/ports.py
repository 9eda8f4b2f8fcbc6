"""What the analyst needs from storage: a described dataset and SQL over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import Column, ResultTable


@dataclass(frozen=True, slots=True)
class Dataset:
    """One version of a table: its content never changes.

    `units` are those that its values were written with before it was cleaned, by column: `{"rent": "$"}`.
    `sheet` is the one of a workbook that this is, and `other_sheets` are not in it.
    """

    version: str
    title: str
    columns: tuple[Column, ...]
    rows: int
    quarantined: int = 0
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


class Tables(Protocol):
    """Runs SELECTs over the table `data` of a dataset version."""

    async def query(self, workspace: WorkspaceId, version: str, sql: str) -> ResultTable:
        """Run one SELECT; raises `InvalidInput`, `LimitExceeded` or `DependencyFailed`."""
        ...
