"""A file that was just read, recorded by the standard library alone.

Writes the rows that `DatasetRecords.open` and `.record` write. Versions that were made out of others or were
removed and made again are left to those.
"""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sapwood_shared.ids import IdKind, new_id
from sapwood_storage.quick.tables import TABLES_VERSION
from sapwood_storage.quick.turn import moment, write
from sapwood_storage.storable import storable
from sapwood_storage.tabular.manifests import RECORD_SCHEMA, Gathered, columns_to

_DATASET: Final = """
INSERT INTO datasets (id, name, created_at, origin) VALUES (:id, :name, :created_at, :origin)
ON CONFLICT DO NOTHING
"""
_VERSION: Final = """
INSERT INTO dataset_versions (dataset_id, id, source_name, source_sha256, schema_version, columns, reader,
                              records, rows, quarantined, size_bytes, created_at)
SELECT datasets.id, :id, :source_name, :source_sha256, :schema_version, :columns, :reader,
       :records, :rows, :quarantined, :size_bytes, :created_at
FROM datasets WHERE origin = :origin
ON CONFLICT DO NOTHING
"""
_IS_THERE: Final = """
SELECT 1 FROM dataset_versions JOIN datasets ON datasets.id = dataset_id
WHERE origin = :origin AND dataset_versions.id = :id AND removed_at IS NULL
"""
_QUARANTINED: Final = """
INSERT INTO quarantined_rows (dataset_id, version_id, "column", reason, records, first_line, sample)
SELECT id, :version, :column, :reason, :records, :first_line, :sample FROM datasets WHERE origin = :origin
ON CONFLICT DO NOTHING
"""


def record(records_db: Path, origin: str, name: str, found: Gathered) -> bool:
    """Record a version of the dataset of `origin`; `False`: it was not, and has to be in the other way."""
    version = found.version
    if version.parent is not None:
        return False
    origin = storable(origin)
    dataset: Mapping[str, Any] = {
        "id": new_id(IdKind.DATASET),
        "name": storable(name),
        "created_at": moment(datetime.now(UTC)),
        "origin": origin,
    }
    row: Mapping[str, Any] = {
        "origin": origin,
        "id": version.id,
        "source_name": storable(version.source_name),
        "source_sha256": version.source_sha256,
        "schema_version": RECORD_SCHEMA,
        "columns": json.dumps(columns_to(version)),
        "reader": json.dumps(storable(version.reader)),
        "records": version.rows + version.quarantined,
        "rows": version.rows,
        "quarantined": version.quarantined,
        "size_bytes": version.size_bytes,
        "created_at": moment(version.created_at.astimezone(UTC)),
    }

    def change(connection: sqlite3.Connection) -> bool:
        connection.execute(_DATASET, dataset)
        if connection.execute(_VERSION, row).rowcount != 1:
            return connection.execute(_IS_THERE, {"origin": origin, "id": version.id}).fetchone() is not None
        for one in found.quarantine:
            values = {
                "origin": origin,
                "version": version.id,
                "column": storable(one.column),
                "reason": storable(one.reason),
                "records": one.records,
                "first_line": one.first_line,
                "sample": storable(one.sample),
            }
            connection.execute(_QUARANTINED, values)
        return True

    return write(records_db, {"storage": TABLES_VERSION}, change)
