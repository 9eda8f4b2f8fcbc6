"""A file that a person named, as the version that counts for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sapwood_agents.analyst.clean.units_kept import units_kept
from sapwood_agents.analyst.ports import Dataset
from sapwood_runtime.records import Named
from sapwood_shared.errors import NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular.cleaning.heads import Heads
from sapwood_storage.tabular.cleaning.versions import CleanedVersions
from sapwood_storage.tabular.heads import Head, origin_of, origin_of_stream
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.shelf import DatasetVersion

if TYPE_CHECKING:
    from sapwood_runtime.parts import Parts


@dataclass(frozen=True, slots=True)
class Opened:
    """`dataset` is what counts, `root` the file as it was read.

    `steps` were applied to get from one to the other; `set_aside` were applied to the file before it changed
    (or was read in another way, when not `changed`), and are not in `dataset`.
    """

    dataset: Dataset
    named: Named
    root: str
    steps: int = 0
    set_aside: int = 0
    changed: bool = False


async def open_table(
    parts: Parts,
    workspace: WorkspaceId,
    source: Path | BinaryIO,
    options: ReaderOptions,
    work: Work,
    *,
    original: bool,
) -> Opened:
    """Return the version that counts for `source`: with `original` the file as it is."""
    opening = _Opening(parts, workspace, _title(source), work)
    heads = Heads(parts.datasets.shelf)
    if isinstance(source, Path):
        origin = origin_of(os.fspath(source))
        head = None if original else heads.remembered(workspace, origin)
        if head is not None and parts.datasets.recall_name(workspace, source, options) == head.root:
            parts.datasets.shelf.touch(workspace, head.root)  # though it need not be there any more
            cleaned = opening.known(head.version)
            if cleaned is not None:
                return opening.done(origin, head.root, cleaned)
        read = await opening.read(source, options)
    else:
        read = await opening.read(source, options)
        origin = origin_of_stream(read.source_sha256)
        head = None if original else heads.remembered(workspace, origin)
    if head is None:
        return opening.done(origin, read.id, read)
    if head.root == read.id:
        return opening.done(origin, read.id, await opening.cleaned(origin, head))
    aside = opening.done(origin, read.id, read)
    return Opened(
        aside.dataset,
        aside.named,
        read.id,
        set_aside=len(head.steps),
        changed=head.source_sha256 != read.source_sha256,
    )


@dataclass(frozen=True, slots=True)
class _Opening:
    parts: Parts
    workspace: WorkspaceId
    title: str
    work: Work

    async def read(self, source: Path | BinaryIO, options: ReaderOptions) -> DatasetVersion:
        if isinstance(source, Path):
            known = self.parts.datasets.recall(self.workspace, source, options)
            if known is not None:
                return known
        version = await self.parts.datasets.ingest(self.workspace, source, options, self.work)
        if isinstance(source, Path):
            origin = origin_of(os.fspath(source))
        else:
            origin = origin_of_stream(version.source_sha256)
        await self.parts.records.version(self.workspace, Named(origin, self.title), version.id)
        return version

    async def cleaned(self, origin: str, head: Head) -> DatasetVersion:
        """The version of a head, made again by its steps if it was evicted."""
        known = self.known(head.version)
        if known is not None:
            return known
        versions = CleanedVersions(self.parts.datasets, self.parts.sandbox)
        made = await versions.apply(self.workspace, head.root, head.steps, self.work)
        await self.parts.records.version(self.workspace, Named(origin, self.title), made.id)
        return made

    def known(self, version: str) -> DatasetVersion | None:
        try:
            found = self.parts.datasets.get(self.workspace, version)
        except NotFound:
            return None
        self.parts.datasets.shelf.touch(self.workspace, version)
        return found

    def done(self, origin: str, root: str, version: DatasetVersion) -> Opened:
        steps = len(version.lineage.recipe) if version.lineage is not None else 0
        return Opened(described(version, self.title), Named(origin, self.title), root, steps)


def described(version: DatasetVersion, title: str) -> Dataset:
    """A stored version as the analyst knows it; the same bytes may go by several names."""
    report = version.report
    recipe = version.lineage.recipe if version.lineage is not None else ()
    units = units_kept(recipe, report.reader.get("units", {}))
    sheet, others = report.reader.get("sheet", ""), tuple(report.reader.get("other_sheets", ()))
    return Dataset(version.id, title, report.columns, report.rows, report.quarantined, units, sheet, others)


def _title(source: Path | BinaryIO) -> str:
    return source.name.split(".")[0] or source.name if isinstance(source, Path) else "stdin"
