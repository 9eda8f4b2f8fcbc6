"""The records as an app sees them: they are kept beside the work, and a failure of theirs costs no answer.

What makes a version valid is its manifest, so a row may be late or missing; whoever comes next writes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sapwood_agents.records.append import append, question_of
from sapwood_agents.records.creation import AGENTS
from sapwood_shared.errors import Cancelled, NotFound, SapwoodError
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home import Home
from sapwood_storage.quick.creation import create_workspace
from sapwood_storage.quick.tables import STORAGE
from sapwood_storage.quick.versions import record
from sapwood_storage.tabular.manifests import gather
from sapwood_storage.tabular.shelf import Shelf
from sapwood_workflows.creation import WORKFLOWS

if TYPE_CHECKING:
    from sapwood_agents.analyst.clean.recipe import Recipe
    from sapwood_agents.analyst.clean.service import Cleaned
    from sapwood_runtime.recorder import Recorder

OnFailure = Callable[[SapwoodError], None]

TABLES: Final = (STORAGE, AGENTS, WORKFLOWS)
"""What a new workspace gets without SQLAlchemy; packages that are not here add theirs when that is loaded."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a person named: `origin` makes it the same dataset again, `title` is what it is called."""

    origin: str
    title: str


class Records:
    """Loads SQLAlchemy and opens the database when something is to be written that needs them."""

    def __init__(self, home: Home, *, on_failure: OnFailure | None = None) -> None:
        self._home = home
        self._on_failure = on_failure
        self._opening: asyncio.Task[Recorder] | None = None

    async def opened(self) -> Recorder:
        """Return what writes, opened if it is not yet; its failures are raised."""
        return await asyncio.shield(self._begin())

    async def version(self, workspace: WorkspaceId, named: Named, version: str) -> None:
        """Record a version that was made."""
        if self._opening is None and await asyncio.to_thread(self._quickly, workspace, named, version):
            return
        await self._tolerated(lambda recorder: recorder.version(workspace, named, version))

    async def asked(
        self, workspace: WorkspaceId, named: Named, answer: dict[str, Any], *, duration_ms: float
    ) -> None:
        """Append an answered or declined question to the history; `answer` is its JSON form."""
        question = question_of(answer, duration_ms=duration_ms)
        records_db = self._home.workspace(workspace).records_db
        if self._opening is None and await asyncio.to_thread(append, records_db, named.origin, question):
            return
        # Not recorded yet, or somebody writes: this way waits, and records what is missing.
        await self._tolerated(lambda recorder: recorder.asked(workspace, named, question))

    async def cleaned(
        self, workspace: WorkspaceId, named: Named, cleaned: Cleaned, applied: Recipe | None = None
    ) -> None:
        """Record a cleaned version and its recipe."""
        await self._tolerated(lambda recorder: recorder.cleaned(workspace, named, cleaned, applied))

    async def undone(self, workspace: WorkspaceId, named: Named, version: str, back_to: str) -> None:
        """Note that a version was taken back."""
        await self._tolerated(lambda recorder: recorder.undone(workspace, named, version, back_to))

    async def removed(self, workspace: WorkspaceId, versions: Collection[str]) -> None:
        """Note that the tables of versions are gone."""
        if versions and self._home.workspace(workspace).records_db.exists():
            await self._tolerated(lambda recorder: recorder.removed(workspace, versions))

    async def reconcile(self, workspace: WorkspaceId) -> None:
        """Bring the records in line with what is there."""
        if self._home.workspace(workspace).records_db.exists():
            await self._tolerated(lambda recorder: recorder.reconcile(workspace))

    async def forget_questions(self, workspace: WorkspaceId) -> int:
        """Delete the history of questions; what cannot be deleted raises."""
        if not self._home.workspace(workspace).records_db.exists():
            return 0
        return await (await self.opened()).forget_questions(workspace)

    async def aclose(self) -> None:
        """Close what was opened."""
        opening, self._opening = self._opening, None
        if opening is None:
            return
        try:
            recorder = await opening
        except SapwoodError:
            return  # whoever wanted to write was told
        await recorder.aclose()

    def _quickly(self, workspace: WorkspaceId, named: Named, version: str) -> bool:
        try:
            found = gather(Shelf(self._home.root), workspace, version)
        except NotFound:
            return False  # gone again: let it be told by the other way
        records_db = self._home.workspace(workspace).records_db
        if not (records_db.exists() and self._home.control_db.exists()):
            create_workspace(self._home, workspace, TABLES)
        return record(records_db, named.origin, named.title, found[-1])

    def _begin(self) -> asyncio.Task[Recorder]:
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
        return self._opening

    async def _open(self) -> Recorder:
        # A second or two of imports: in a thread, so that the loop goes on.
        return (await asyncio.to_thread(_load)).embedded(self._home)

    async def _tolerated(self, write: Callable[[Recorder], Awaitable[None]]) -> None:
        try:
            await write(await self.opened())
        except Cancelled:
            raise
        except SapwoodError as error:
            if self._on_failure is not None:
                self._on_failure(error)


def _load() -> type[Recorder]:
    from sapwood_runtime.recorder import Recorder

    return Recorder
