"""What every reader hands back, and the file that it writes."""

from dataclasses import dataclass, field
from typing import Final

from sapwood_storage.tabular.model import Column
from sapwood_storage.tabular.readers.quarantine import Quarantined

DATA_FILE: Final = "data.parquet"
PARQUET: Final = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


@dataclass(slots=True)
class Outcome:
    """What became of a file; `records == rows + len(quarantined)`."""

    columns: tuple[Column, ...]
    records: int
    rows: int
    quarantined: list[Quarantined] = field(default_factory=list[Quarantined])
    null_tokens: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    widened: dict[str, str] = field(default_factory=dict[str, str])
    notes: list[str] = field(default_factory=list[str])
    shapes: dict[str, str] = field(default_factory=dict[str, str])
