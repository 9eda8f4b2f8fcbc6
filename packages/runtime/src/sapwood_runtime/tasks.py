"""The tasks of this installation: those of plugins, and those that need running parts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.clean.proposal import ProposeRequest
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.service import Cleaned, told
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.model import Profile, ProfileRequest
from sapwood_agents.analyst.profile.service import Profiler
from sapwood_agents.analyst.tasks import Files, analyst_tasks
from sapwood_runtime.cleaning import open_cleaner
from sapwood_runtime.opened import described
from sapwood_runtime.parts import Parts, SandboxedTables
from sapwood_runtime.records import Named
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular.cleaning.versions import CleanedVersions
from sapwood_storage.tabular.heads import origin_of
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.shelf import DatasetVersion
from sapwood_workflows.notify import Channels, notify_task
from sapwood_workflows.tasks import Tasks


def installed_tasks(parts: Parts) -> Tasks:
    """All tasks that a worker of these parts can do."""
    tasks = Tasks(analyst_tasks(RunningAnalyst(parts), Files(parts.settings.files)))
    chosen = parts.settings.notify
    tasks.add(notify_task(Channels({}) if chosen is None else Channels.from_file(chosen)))
    tasks.load_plugins()
    return tasks


@dataclass(frozen=True, slots=True)
class RunningAnalyst:
    """The analyst's services over open parts."""

    parts: Parts

    @property
    def tables(self) -> SandboxedTables:
        """Runs SELECTs over versions."""
        return self.parts.tables

    async def read(self, workspace: WorkspaceId, file: Path, options: ReaderOptions, work: Work) -> Dataset:
        """The version that counts for a file, cleaned if it was."""
        return (await self.parts.open(workspace, file, options, work)).dataset

    async def known(self, workspace: WorkspaceId, version: str) -> Dataset:
        """A version that an earlier step gave."""
        found = self._version(workspace, version)
        self.parts.datasets.shelf.touch(workspace, version)
        return described(found, found.source_name.partition(".")[0] or "table")

    async def profile(
        self, workspace: WorkspaceId, dataset: Dataset, request: ProfileRequest, work: Work
    ) -> Profile:
        """Look it over."""
        return await Profiler(self.parts.tables, self.parts.computed).profile(
            workspace, dataset, request, work
        )

    async def clean(
        self, workspace: WorkspaceId, dataset: Dataset, recipe: Recipe | None, work: Work
    ) -> Cleaned:
        """Apply a recipe, or what is proposed: a version for who asked, which counts for no file."""
        if recipe is None:
            proposal = await open_cleaner(self.parts).propose(workspace, dataset, ProposeRequest(), work)
            recipe = proposal.recipe
        if not recipe.steps:
            return told(self._version(workspace, dataset.version))
        versions = CleanedVersions(self.parts.datasets, self.parts.sandbox)
        made = await versions.apply(workspace, dataset.version, recipe.to_wire(), work)
        named = Named(self._origin(dataset.version), dataset.title)
        await self.parts.records.cleaned(workspace, named, told(made), recipe)
        return told(made)

    async def ask(self, workspace: WorkspaceId, dataset: Dataset, question: Question, work: Work) -> Answer:
        """Answer, and append it to the history."""
        started = time.perf_counter()
        answer = await self.parts.analyst.ask(workspace, dataset, question, work)
        named = Named(self._origin(dataset.version), dataset.title)
        await self.parts.records.asked(
            workspace,
            named,
            answer.model_dump(mode="json"),
            duration_ms=1000 * (time.perf_counter() - started),
        )
        return answer

    def _version(self, workspace: WorkspaceId, version: str) -> DatasetVersion:
        return self.parts.datasets.get(workspace, version)

    def _origin(self, version: str) -> str:
        """What a version is remembered under that came of a step, and not of a file that a person named."""
        return origin_of(f"/sapwood-dataset/{version}")
