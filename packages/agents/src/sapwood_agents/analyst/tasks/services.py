"""What the tasks need of whoever runs them, and which files a step may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.service import Cleaned
from sapwood_agents.analyst.ports import Dataset, Tables
from sapwood_agents.analyst.profile.model import Profile, ProfileRequest
from sapwood_shared.errors import Forbidden, InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular.model import ReaderOptions


class AnalystServices(Protocol):
    """The analyst over running parts; every one of these records what it did."""

    @property
    def tables(self) -> Tables:
        """Runs SELECTs over versions."""
        ...

    async def read(self, workspace: WorkspaceId, file: Path, options: ReaderOptions, work: Work) -> Dataset:
        """A file as a version of a dataset, read already or now."""
        ...

    async def known(self, workspace: WorkspaceId, version: str) -> Dataset:
        """A version that is there; `NotFound` when it is not."""
        ...

    async def profile(
        self, workspace: WorkspaceId, dataset: Dataset, request: ProfileRequest, work: Work
    ) -> Profile:
        """Look it over."""
        ...

    async def clean(
        self, workspace: WorkspaceId, dataset: Dataset, recipe: Recipe | None, work: Work
    ) -> Cleaned:
        """Apply a recipe, or the steps that are proposed."""
        ...

    async def ask(self, workspace: WorkspaceId, dataset: Dataset, question: Question, work: Work) -> Answer:
        """Answer a question, or say why not."""
        ...


@dataclass(frozen=True, slots=True)
class Files:
    """The directories whose files steps may name; `None` allows what the process may read."""

    roots: Sequence[Path] | None = None

    def allowed(self, name: str) -> Path:
        """The file itself, links followed; `Forbidden` when it lies outside."""
        try:
            path = Path(name).expanduser().resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise InvalidInput(
                f"{name!r} is no file's name: {error}", hint="give the path of a file"
            ) from None
        if self.roots is None or any(path.is_relative_to(root.resolve()) for root in self.roots):
            return path
        where = ", ".join(map(str, self.roots)) or "no directory"
        raise Forbidden(
            f"steps may not use {name}", hint=f"allowed is what lies in {where}; SAPWOOD_FILES names more"
        )
