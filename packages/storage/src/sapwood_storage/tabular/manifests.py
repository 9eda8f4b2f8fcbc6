"""What the manifests on the shelf say, as it is recorded: a version with all that it was made of.

Reads files, so it runs before a unit of work is opened, in a thread. Standard library only.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sapwood_shared.errors import NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.storable import storable
from sapwood_storage.tabular import wire
from sapwood_storage.tabular.model import Column
from sapwood_storage.tabular.shelf import QUARANTINE_FILE, DatasetVersion, Shelf

RECORD_SCHEMA: Final = 1
"""Of what is recorded as JSON: columns and reader."""

_MOST: Final = 100  # summaries of one version; reasons are the reader's, but columns come from the file
_LONGEST: Final = 200  # characters of a sample
_REST: Final = ("", "other reasons")


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """What a version was made of; `parent` and `root` are those of a cleaned one.

    `reader` holds the options as `given` and as `found`, `recipe` all steps since the file was read.
    """

    id: str
    source_name: str
    source_sha256: str
    columns: tuple[Column, ...]
    reader: Mapping[str, Any]
    rows: int
    quarantined: int
    size_bytes: int
    created_at: datetime
    parent: str | None = None
    root: str | None = None
    recipe: Sequence[Mapping[str, Any]] | None = None
    removed_at: datetime | None = None  # when its table was let go of


@dataclass(frozen=True, slots=True)
class QuarantineSummary:
    """Records of one column that could not be read for one reason; no column: the record as a whole."""

    column: str
    reason: str
    records: int
    first_line: int | None
    sample: str | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """A version's row and those of its quarantine."""

    version: VersionRecord
    quarantine: tuple[QuarantineSummary, ...]


def gather(shelf: Shelf, workspace: WorkspaceId, version: str) -> tuple[Gathered, ...]:
    """Return what is to be recorded so that `version` is: the oldest it was made of first, itself last.

    `NotFound` when it is not on the shelf; an ancestor that has been let go of is left out.
    """
    found = [shelf.get(workspace, version)]
    while (lineage := found[-1].lineage) is not None:
        before = _known(shelf, workspace, lineage.parent) or _known(shelf, workspace, lineage.root)
        if before is None:
            break
        found.append(before)
    return tuple(
        Gathered(record_of(one), summaries(shelf.directory(workspace, one.id) / QUARANTINE_FILE))
        for one in reversed(found)
    )


def record_of(version: DatasetVersion) -> VersionRecord:
    """Return the row of a version."""
    lineage = version.lineage
    return VersionRecord(
        id=version.id,
        source_name=version.source_name,
        source_sha256=version.source_sha256,
        columns=version.report.columns,
        reader={"given": wire.options_to(version.options), "found": version.report.reader},
        rows=version.report.rows,
        quarantined=version.report.quarantined,
        size_bytes=version.bytes,
        created_at=datetime.fromisoformat(version.created),
        parent=lineage.parent if lineage else None,
        root=lineage.root if lineage else None,
        recipe=lineage.recipe if lineage else None,
    )


def columns_to(version: VersionRecord) -> list[dict[str, str]]:
    """Return the columns of a version as JSON."""
    return [{"name": storable(one.name), "type": str(one.type)} for one in version.columns]


def summaries(file: Path) -> tuple[QuarantineSummary, ...]:
    """Count a quarantine by column and reason; a record that fails in two columns counts in both."""
    found: dict[tuple[str, str], tuple[int, int | None, str]] = {}
    for line, columns, reason, raw in _entries(file):
        for column in columns or ("",):
            key = (column, reason)
            if key not in found and len(found) >= _MOST:
                key = _REST
            count, first, sample = found.get(key) or (0, line, raw[:_LONGEST])
            found[key] = (count + 1, first, sample)
    return tuple(
        QuarantineSummary(column, reason, count, line, sample)
        for (column, reason), (count, line, sample) in found.items()
    )


def _entries(file: Path) -> Iterator[tuple[int | None, tuple[str, ...], str, str]]:
    with suppress(FileNotFoundError), file.open(encoding="utf-8", errors="replace") as lines:
        for text in lines:
            # Written by a process that read a hostile file: what does not look right is passed over.
            with suppress(ValueError, TypeError, AttributeError):
                entry: dict[str, Any] = json.loads(text)
                line = entry.get("line")
                if type(line) is not int or not 0 <= line < 1 << 63:
                    line = None
                columns = tuple(str(one) for one in entry.get("columns") or ())
                yield line, columns, str(entry.get("reason", "")), str(entry.get("raw", ""))


def _known(shelf: Shelf, workspace: WorkspaceId, version: str) -> DatasetVersion | None:
    try:
        return shelf.get(workspace, version)
    except NotFound:
        return None
