"""What every reader hands back, and the file that it writes."""

from dataclasses import dataclass, field
from typing import Final

from sapwood_storage.tabular.model import Column
from sapwood_storage.tabular.readers import sql
from sapwood_storage.tabular.readers.quarantine import Quarantined

DATA_FILE: Final = "data.parquet"

_ROWS: Final = 122_880  # of a row group at most
_VECTOR: Final = 2048  # rows that DuckDB moves at once
_SHARE: Final = 16  # a row group is held in memory as a whole, by each thread, here and in queries
_UNITS: Final = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_FORM: Final = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE"
PARQUET: Final = f"{_FORM} {_ROWS}"


def parquet(connection: sql.Connection, row_bytes: float) -> str:
    """Return how Parquet is written whose rows take about `row_bytes`."""
    limit, unit = str(sql.row(connection, "SELECT current_setting('memory_limit')")[0]).split()
    fitting = int(float(limit) * _UNITS[unit] / _SHARE / max(row_bytes, 1.0)) // _VECTOR * _VECTOR
    return f"{_FORM} {min(max(fitting, _VECTOR), _ROWS)}"


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
    units: dict[str, str] = field(default_factory=dict[str, str])
