"""The parent's side of cleaning: a recipe and a version in, a new version with its lineage out."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sapwood_shared.errors import Conflict, DependencyFailed, InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular.cleaning import planning
from sapwood_storage.tabular.cleaning.lineage import Lineage, StepOutcome, outcome_from
from sapwood_storage.tabular.cleaning.reading import let_read
from sapwood_storage.tabular.cleaning.steps import MOST_STEPS, Step, canonical
from sapwood_storage.tabular.datasets import Datasets, Sandbox
from sapwood_storage.tabular.model import Column, ColumnType, IngestReport
from sapwood_storage.tabular.shelf import (
    DATA_FILE,
    QUARANTINE_FILE,
    DatasetVersion,
    Shelf,
    now,
    version_id,
)
from sapwood_storage.tabular.watch import Watch


class CleanedVersions:
    """Makes versions out of versions; the same steps on the same data give the same version."""

    def __init__(self, datasets: Datasets, sandbox: Sandbox) -> None:
        self._datasets = datasets
        self._sandbox = sandbox

    @property
    def _shelf(self) -> Shelf:
        return self._datasets.shelf

    def check(self, workspace: WorkspaceId, version: str, steps: Sequence[Step]) -> tuple[Column, ...]:
        """Return the columns that `steps` would leave, or raise `InvalidInput` naming a step."""
        return planning.check(self._shelf.get(workspace, version).report.columns, steps)

    async def apply(
        self, workspace: WorkspaceId, version: str, steps: Sequence[Step], work: Work
    ) -> DatasetVersion:
        """Return the version that `steps` make of `version`, making it only if nobody has.

        `InvalidInput` when a step does not fit the table, `StorageFull` when the disk is full.
        """
        parent = self._shelf.get(workspace, version)
        if not steps:
            return parent
        planning.check(parent.report.columns, steps)
        recipe = (*(parent.lineage.recipe if parent.lineage else ()), *steps)
        if len(recipe) > MOST_STEPS:
            raise InvalidInput(
                f"with the {len(recipe) - len(steps)} steps before, the recipe would have {len(recipe)}",
                hint=f"{MOST_STEPS} are allowed: put columns that are treated alike into one step",
            )
        name = version_id(parent.source_sha256, parent.options, canonical(recipe))
        known = self._known(workspace, name)
        return known or await self._make(workspace, parent, name, recipe, work)

    async def undo(self, workspace: WorkspaceId, version: str, work: Work) -> DatasetVersion:
        """Return the version that `version` was made of; it is made again if it was evicted."""
        lineage = self._lineage(workspace, version)
        known = self._known(workspace, lineage.parent)
        return known or await self._again(workspace, lineage, lineage.steps_before, work)

    async def undo_step(self, workspace: WorkspaceId, version: str, work: Work) -> DatasetVersion:
        """Return the root under the recipe without its last step."""
        lineage = self._lineage(workspace, version)
        return await self._again(workspace, lineage, len(lineage.recipe) - 1, work)

    def _lineage(self, workspace: WorkspaceId, version: str) -> Lineage:
        lineage = self._shelf.get(workspace, version).lineage
        if lineage is None:
            raise Conflict("there is nothing to undo: this is the file as it was read", hint="clean it first")
        return lineage

    async def _again(
        self, workspace: WorkspaceId, lineage: Lineage, steps: int, work: Work
    ) -> DatasetVersion:
        if self._known(workspace, lineage.root) is None:
            raise NotFound("the file as it was read is gone", hint="read the file again; then try again")
        return await self.apply(workspace, lineage.root, lineage.recipe[:steps], work)

    def _known(self, workspace: WorkspaceId, version: str) -> DatasetVersion | None:
        try:
            known = self._shelf.get(workspace, version)
        except NotFound:
            return None
        self._shelf.touch(workspace, version)
        return known

    async def _make(
        self,
        workspace: WorkspaceId,
        parent: DatasetVersion,
        name: str,
        recipe: tuple[Step, ...],
        work: Work,
    ) -> DatasetVersion:
        before = len(parent.lineage.recipe) if parent.lineage else 0
        source = self._datasets.directory(workspace, parent.id)
        with self._shelf.staging(workspace) as staging:
            made = staging / "made"
            made.mkdir(mode=0o700)
            found = await self._run(source / DATA_FILE, made, recipe[before:], work)
            columns, rows, outcomes = _checked(found, len(recipe) - before)
            # What could not be read is still not in the table.
            shutil.copyfile(source / QUARANTINE_FILE, made / QUARANTINE_FILE)
            lineage = Lineage(
                root=parent.lineage.root if parent.lineage else parent.id,
                parent=parent.id,
                steps_before=before,
                recipe=recipe,
                outcomes=(*(parent.lineage.outcomes if parent.lineage else ()), *outcomes),
            )
            version = DatasetVersion(
                id=name,
                source_name=parent.source_name,
                source_bytes=parent.source_bytes,
                source_sha256=parent.source_sha256,
                options=parent.options,
                report=_report(parent.report, columns, rows),
                created=now(),
                bytes=(made / DATA_FILE).lstat().st_size,
                lineage=lineage,
            )
            self._shelf.publish(workspace, version, made, staging)
        return self._shelf.get(workspace, name)

    async def _run(self, source: Path, made: Path, steps: Sequence[Step], work: Work) -> dict[str, Any]:
        def tell(progress: dict[str, Any]) -> None:
            done, total = progress.get("done"), progress.get("total")
            if isinstance(done, int) and isinstance(total, int):
                work.progress(done, total)

        async def clean() -> dict[str, Any]:
            async with self._sandbox.writing(source, made) as session:
                return await session.run("clean", {"steps": list(steps)}, tell=tell)

        let_read(source)
        watch = Watch(work)
        try:
            return await watch.until(watch.start(clean()))
        finally:
            await watch.end()


def _checked(found: Mapping[str, Any], steps: int) -> tuple[tuple[Column, ...], int, tuple[StepOutcome, ...]]:
    """The worker read a hostile file: what it says is taken apart before it is believed."""
    try:
        columns = tuple(Column(str(one["name"]), ColumnType(one["type"])) for one in found["columns"])
        outcomes = tuple(outcome_from(one) for one in found["outcomes"])
        rows = found["rows"]
        if type(rows) is not int or rows < 0 or len(outcomes) != steps:
            raise ValueError("rows or steps are not counted")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DependencyFailed(
            f"the worker's answer cannot be used: {error}", hint="the file may be built to do this"
        ) from error
    return columns, rows, outcomes


def _report(before: IngestReport, columns: tuple[Column, ...], rows: int) -> IngestReport:
    """A cleaned table's report: the records are those of its own; how the file was read, its root says."""
    return IngestReport(
        columns=columns,
        records=rows + before.quarantined,
        rows=rows,
        quarantined=before.quarantined,
        null_tokens={},
        widened={},
        reader={**before.reader, "types": {column.name: str(column.type) for column in columns}},
    )
