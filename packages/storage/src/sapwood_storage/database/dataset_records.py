"""The datasets of a workspace and their versions, as rows.

Whether a version can be used is said by its manifest beside its table; a row says that it was made, out
of what, and what became of it. So recording is idempotent, and what was not recorded can be recorded later.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, literal, null, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.ids import IdKind, WorkspaceId, new_id
from sapwood_storage.database.metadata import UtcDateTime
from sapwood_storage.database.port import check_workspace
from sapwood_storage.database.statements import insert_new
from sapwood_storage.database.tables import dataset_versions, datasets, quarantined_rows
from sapwood_storage.storable import storable
from sapwood_storage.tabular.manifests import RECORD_SCHEMA, QuarantineSummary, VersionRecord, columns_to
from sapwood_storage.tabular.model import Column, ColumnType

_AT_ONCE: Final = 500  # values in one statement


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """A file that was read once or more; `origin` is what makes it the same one again."""

    id: str
    name: str
    origin: str | None
    created_by: str | None
    created_at: datetime


class DatasetRecords:
    """Works inside the caller's unit of work, which must be one of `workspace`; it never commits."""

    def __init__(
        self, workspace: WorkspaceId, connection: AsyncConnection, *, clock: Clock | None = None
    ) -> None:
        check_workspace(workspace, connection)
        self._connection = connection
        self._clock = clock or SystemClock()

    async def open(self, origin: str | None, name: str, *, created_by: str | None = None) -> str:
        """Return the id of the dataset of `origin`, made if it is new; without an origin it always is."""
        made = new_id(IdKind.DATASET)
        row = {
            "id": made,
            "name": storable(name),
            "origin": storable(origin),
            "created_by": created_by,
            "created_at": self._clock.now(),
        }
        if await insert_new(self._connection, datasets, row, one=datasets.c.id):
            return made
        known = select(datasets.c.id).where(datasets.c.origin == row["origin"])
        return (await self._connection.execute(known)).scalar_one()

    async def record(
        self, dataset: str, version: VersionRecord, quarantine: Sequence[QuarantineSummary] = ()
    ) -> bool:
        """Record a version, or that it was made again after it was removed; `False`: it was known.

        A parent that was never recorded gives way to the root, and that to none.
        """
        mine = (dataset_versions.c.dataset_id == dataset) & (dataset_versions.c.id == version.id)
        row = _row(dataset, version) | {"parent_id": await self._ancestor(dataset, version)}
        if not await insert_new(self._connection, dataset_versions, row, one=dataset_versions.c.id):
            again = (
                dataset_versions.update()
                .where(mine, dataset_versions.c.removed_at.is_not(None))
                .values(removed_at=None)
                .returning(dataset_versions.c.id)
            )
            if (await self._connection.execute(again)).first() is None:
                return False
        for summary in quarantine:
            values = {
                "dataset_id": dataset,
                "version_id": version.id,
                "column": storable(summary.column),
                "reason": storable(summary.reason),
                "records": summary.records,
                "first_line": summary.first_line,
                "sample": storable(summary.sample),
            }
            await insert_new(self._connection, quarantined_rows, values, one=quarantined_rows.c.records)
        return True

    async def removed(self, versions: Collection[str]) -> None:
        """Note that the tables of these versions are gone, and forget what was quoted of their source."""
        for some in _slices(sorted(versions)):
            gone = dataset_versions.c.id.in_(some) & dataset_versions.c.removed_at.is_(None)
            now = {"removed_at": self._clock.now()}
            await self._connection.execute(dataset_versions.update().where(gone).values(now))
            place = tuple_(quarantined_rows.c.dataset_id, quarantined_rows.c.version_id)
            places = select(dataset_versions.c.dataset_id, dataset_versions.c.id)
            quoted = place.in_(places.where(dataset_versions.c.id.in_(some)))
            await self._connection.execute(quarantined_rows.delete().where(quoted))

    async def forget(self, dataset: str) -> None:
        """Delete a dataset with its versions and all that refers to them; nothing happens without one."""
        await self._connection.execute(datasets.delete().where(datasets.c.id == dataset))

    async def present(self) -> set[str]:
        """Return the versions that are not noted as removed."""
        query = select(dataset_versions.c.id).where(dataset_versions.c.removed_at.is_(None)).distinct()
        return set((await self._connection.execute(query)).scalars())

    async def find(self, origin: str) -> DatasetRecord | None:
        """Return the dataset of an origin."""
        query = select(datasets).where(datasets.c.origin == storable(origin))
        row = (await self._connection.execute(query)).first()
        return None if row is None else _dataset(row)

    async def datasets(
        self, *, limit: int = 50, before: DatasetRecord | None = None
    ) -> tuple[DatasetRecord, ...]:
        """Return datasets, the newest first, or those older than `before`."""
        query = select(datasets).order_by(datasets.c.created_at.desc(), datasets.c.id.desc()).limit(limit)
        if before is not None:
            place = tuple_(literal(before.created_at, UtcDateTime), literal(before.id))
            query = query.where(tuple_(datasets.c.created_at, datasets.c.id) < place)
        return tuple(_dataset(row) for row in await self._connection.execute(query))

    async def datasets_of(self, version: str) -> tuple[str, ...]:
        """Return the ids of the datasets that have a version: the same bytes may stand in two files."""
        query = select(dataset_versions.c.dataset_id).where(dataset_versions.c.id == version)
        return tuple(sorted((await self._connection.execute(query)).scalars()))

    async def versions(self, dataset: str, *, limit: int = 50) -> tuple[VersionRecord, ...]:
        """Return the versions of a dataset, removed ones too, the newest first."""
        query = select(dataset_versions).where(dataset_versions.c.dataset_id == dataset)
        query = query.order_by(dataset_versions.c.created_at.desc())
        return tuple(_version(row) for row in await self._connection.execute(query.limit(limit)))

    async def version(self, dataset: str, version: str) -> VersionRecord | None:
        """Return one version."""
        query = select(dataset_versions).where(
            dataset_versions.c.dataset_id == dataset, dataset_versions.c.id == version
        )
        row = (await self._connection.execute(query)).first()
        return None if row is None else _version(row)

    async def latest(self, dataset: str) -> VersionRecord | None:
        """Return the version made last of those that were not removed."""
        query = select(dataset_versions).where(
            dataset_versions.c.dataset_id == dataset, dataset_versions.c.removed_at.is_(None)
        )
        query = query.order_by(dataset_versions.c.created_at.desc()).limit(1)
        row = (await self._connection.execute(query)).first()
        return None if row is None else _version(row)

    async def lineage(self, dataset: str, version: str) -> tuple[VersionRecord, ...]:
        """Return a version and what it was made of, itself first; nothing when it is not recorded."""
        found: list[VersionRecord] = []
        step: str | None = version
        while step is not None and (record := await self.version(dataset, step)) is not None:
            found.append(record)
            step = record.parent
        return tuple(found)

    async def quarantine(self, dataset: str, version: str) -> tuple[QuarantineSummary, ...]:
        """Return what could not be read of a version, the most frequent first."""
        query = select(quarantined_rows).where(
            quarantined_rows.c.dataset_id == dataset, quarantined_rows.c.version_id == version
        )
        found = [
            QuarantineSummary(row.column, row.reason, row.records, row.first_line, row.sample)
            for row in await self._connection.execute(query)
        ]
        return tuple(sorted(found, key=lambda one: (-one.records, one.column, one.reason)))

    async def _ancestor(self, dataset: str, version: VersionRecord) -> str | None:
        wanted = [one for one in (version.parent, version.root) if one is not None]
        if not wanted:
            return None
        query = select(dataset_versions.c.id).where(
            dataset_versions.c.dataset_id == dataset, dataset_versions.c.id.in_(wanted)
        )
        known = set((await self._connection.execute(query)).scalars())
        return next((one for one in wanted if one in known), None)


def _row(dataset: str, version: VersionRecord) -> dict[str, Any]:
    return {
        "dataset_id": dataset,
        "id": version.id,
        "source_name": storable(version.source_name),
        "source_sha256": version.source_sha256,
        "schema_version": RECORD_SCHEMA,
        "columns": columns_to(version),
        "reader": storable(version.reader),
        "recipe": null() if version.recipe is None else storable(version.recipe),
        "records": version.rows + version.quarantined,
        "rows": version.rows,
        "quarantined": version.quarantined,
        "size_bytes": version.size_bytes,
        "created_at": version.created_at,
    }


def _dataset(row: Row[Any]) -> DatasetRecord:
    return DatasetRecord(row.id, row.name, row.origin, row.created_by, row.created_at)


def _version(row: Row[Any]) -> VersionRecord:
    return VersionRecord(
        id=row.id,
        source_name=row.source_name,
        source_sha256=row.source_sha256,
        columns=tuple(Column(one["name"], ColumnType(one["type"])) for one in row.columns),
        reader=row.reader,
        rows=row.rows,
        quarantined=row.quarantined,
        size_bytes=row.size_bytes,
        created_at=row.created_at,
        parent=row.parent_id,
        recipe=row.recipe,
        removed_at=row.removed_at,
    )


def _slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
