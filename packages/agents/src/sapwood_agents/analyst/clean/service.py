"""Cleaning as a service: propose, apply, undo; each remembers nothing that the version's lineage does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

from sapwood_agents.analyst.clean.proposal import PROPOSAL_SCHEMA, Proposal, ProposeRequest
from sapwood_agents.analyst.clean.propose import Proposer
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.steps import Step
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.looks import ScanTables
from sapwood_agents.analyst.profile.model import ProfileRequest
from sapwood_agents.analyst.profile.service import PROFILE_FORMAT, Profiler
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.cache.keys import CacheKey
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.spaces import CLEANING_PLAN
from sapwood_storage.tabular.cleaning.heads import Heads
from sapwood_storage.tabular.cleaning.versions import CleanedVersions
from sapwood_storage.tabular.model import ColumnType
from sapwood_storage.tabular.shelf import DatasetVersion

PLAN_FORMAT: Final = 2
"""Raise it when the same profile gives another proposal."""

CLEANED_SCHEMA: Final = 1


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApplyRequest(_Value):
    """A recipe for a version; what comes of it counts for `origin`, or for the root wherever it stands."""

    version: str
    recipe: Recipe
    origin: str | None = None


class UndoRequest(_Value):
    """What is taken back: all that was applied last, or `last_step` alone."""

    version: str
    last_step: bool = False
    origin: str | None = None


class CleanedColumn(_Value):
    """A column of a version."""

    name: str
    type: ColumnType


class AppliedStep(_Value):
    """A step and what it did; `duplicates` are the first few (row removed, row kept), counted from 1."""

    step: Step
    cells_changed: int
    cells_emptied: int
    rows_removed: int
    filled: dict[str, str]
    duplicates: tuple[tuple[int, int], ...]


class Cleaned(_Value):
    """A version as its lineage tells it; without steps it is the file as it was read."""

    schema_version: int = CLEANED_SCHEMA
    version: str
    root: str
    parent: str | None
    rows: int
    columns: tuple[CleanedColumn, ...]
    steps: tuple[AppliedStep, ...] = ()

    @property
    def recipe(self) -> Recipe:
        """All that was done since the file was read; it can be applied to another file."""
        return Recipe(steps=tuple(one.step for one in self.steps))


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans the tables of any workspace."""

    tables: ScanTables
    profiler: Profiler
    versions: CleanedVersions
    heads: Heads
    cache: SingleFlight

    async def propose(
        self, workspace: WorkspaceId, dataset: Dataset, request: ProposeRequest, work: Work
    ) -> Proposal:
        """Return what could be done with a table, from the cache for an hour; nothing is done."""
        parts = (dataset.version, dataset.title, request.model_dump_json())
        format_ = f"plan-{PLAN_FORMAT}.{PROPOSAL_SCHEMA}.{PROFILE_FORMAT}"
        key = str(CacheKey(CLEANING_PLAN.name, format_, parts))
        made: list[Proposal] = []

        async def compute() -> bytes:
            made.append(await self._propose(workspace, dataset, request, work))
            return made[0].model_dump_json().encode()

        stored = await self.cache.get_or_compute(
            workspace, key, compute, ttl_s=CLEANING_PLAN.ttl_s, tags=(dataset.version,)
        )
        return made[0] if made else Proposal.model_validate_json(stored).model_copy(update={"cached": True})

    async def apply(self, workspace: WorkspaceId, request: ApplyRequest, work: Work) -> Cleaned:
        """Return the version that a recipe makes of another, and let it count for the file."""
        made = await self.versions.apply(workspace, request.version, request.recipe.to_wire(), work)
        return self._now_counts(workspace, made, request.origin)

    async def undo(self, workspace: WorkspaceId, request: UndoRequest, work: Work) -> Cleaned:
        """Return the version before, and let it count for the file; the undone one stays on the shelf."""
        undo = self.versions.undo_step if request.last_step else self.versions.undo
        return self._now_counts(workspace, await undo(workspace, request.version, work), request.origin)

    def current(self, workspace: WorkspaceId, root: str, *, origin: str | None = None) -> Cleaned:
        """Return the version that counts for a file."""
        return told(self.heads.get(workspace, root, origin=origin))

    def _now_counts(self, workspace: WorkspaceId, made: DatasetVersion, origin: str | None) -> Cleaned:
        self.heads.set(workspace, made, origin=origin)
        return told(made)

    async def _propose(
        self, workspace: WorkspaceId, dataset: Dataset, request: ProposeRequest, work: Work
    ) -> Proposal:
        profile = await self.profiler.profile(workspace, dataset, ProfileRequest(), work)
        proposer = Proposer(Trial(self.tables, workspace, dataset, request.samples), profile)
        if dataset.rows:
            await proposer.run(work)
        return Proposal(
            version=dataset.version,
            rows=dataset.rows,
            proposed=tuple(proposer.proposed),
            choices=tuple(proposer.choices),
        )


def told(version: DatasetVersion) -> Cleaned:
    """Return a stored version in the words of this service."""
    lineage = version.lineage
    columns = tuple(CleanedColumn(name=one.name, type=one.type) for one in version.report.columns)
    if lineage is None:
        return Cleaned(
            version=version.id, root=version.id, parent=None, rows=version.report.rows, columns=columns
        )
    steps = tuple(
        AppliedStep(
            step=step,
            cells_changed=outcome.cells_changed,
            cells_emptied=outcome.cells_emptied,
            rows_removed=outcome.rows_removed,
            filled=outcome.filled,
            duplicates=outcome.duplicates,
        )
        for step, outcome in zip(Recipe.from_wire(lineage.recipe).steps, lineage.outcomes, strict=True)
    )
    return Cleaned(
        version=version.id,
        root=lineage.root,
        parent=lineage.parent,
        rows=version.report.rows,
        columns=columns,
        steps=steps,
    )
