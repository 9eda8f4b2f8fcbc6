"""One call that reads bytes as the worker would, on a plain connection that can reach nothing else."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import _duckdb
import pytest

from sapwood_storage.tabular import wire
from sapwood_storage.tabular.model import ColumnType, IngestReport, ReaderOptions
from sapwood_storage.tabular.readers.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of some bytes."""

    report: IngestReport
    rows: list[tuple[Any, ...]]
    quarantine: list[dict[str, Any]]
    told: list[dict[str, Any]]

    @property
    def types(self) -> dict[str, str]:
        return {column.name: str(column.type) for column in self.report.columns}

    @property
    def notes(self) -> str:
        return "\n".join(self.report.reader["notes"])

    def column(self, name: str) -> list[Any]:
        at = [column.name for column in self.report.columns].index(name)
        return [row[at] for row in self.rows]


Ingest = Callable[..., Ingested]


@pytest.fixture
def ingest(tmp_path: Path) -> Iterator[Ingest]:
    numbers = count()
    connections: list[_duckdb.DuckDBPyConnection] = []

    def run(content: bytes | str | Path, **options: Any) -> Ingested:
        place = tmp_path / f"ingest{next(numbers)}"
        staging = place / "staging"
        staging.mkdir(parents=True)
        source = content if isinstance(content, Path) else place / "source"
        if not isinstance(content, Path):
            source.write_bytes(content.encode() if isinstance(content, str) else content)
        connection = locked(source, staging)
        connections.append(connection)
        told: list[dict[str, Any]] = []
        params = {
            "source": str(source),
            "staging": str(staging),
            "options": wire.options_to(ReaderOptions(**options)),
        }
        answer = json.loads(json.dumps(OPERATIONS["ingest"](connection, params, told.append)))
        report = wire.report_from(answer)
        assert sorted(file.name for file in staging.iterdir()) == ["data.parquet", "quarantine.ndjson"]
        lines = (staging / "quarantine.ndjson").read_text(encoding="utf-8").splitlines()
        rows = connection.execute(f"FROM '{staging}/data.parquet'").fetchall()
        assert len(rows) == report.rows
        assert len(lines) == report.quarantined
        return Ingested(report, rows, [json.loads(line) for line in lines], told)

    yield run
    for connection in connections:
        connection.close()


def locked(source: Path, staging: Path) -> _duckdb.DuckDBPyConnection:
    """Return a connection that is limited as the worker's is."""
    connection = _duckdb.connect(config={"threads": 2, "memory_limit": "512MB"})
    connection.execute(f"SET temp_directory = '{staging}/spill'")
    connection.execute(f"SET allowed_paths = ['{source}']")
    connection.execute(f"SET allowed_directories = ['{staging}/']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


__all__ = ["ColumnType", "Ingest", "Ingested"]
