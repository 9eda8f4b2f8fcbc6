"""One call over every store: give somebody all of their data, or forget it.

Stores are walked in the order given. Erasing may be repeated, and is, after a failure or a kill: put the
records last, since a workspace is listed there until everything else of it has gone.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.subjects.declaration import Holding


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of an exported file; parts of one file follow each other."""

    store: str
    name: str
    data: bytes


class SubjectStore(Protocol):
    """A place that holds data of workspaces, and says whose."""

    @property
    def name(self) -> str:
        """What it is called in an export."""
        ...

    @property
    def holding(self) -> Holding:
        """Whose data it holds."""
        ...

    def export(self, workspace: WorkspaceId, person: str | None) -> AsyncIterator[Part]:
        """Yield all of a workspace's data, or what is a person's in it."""
        ...

    async def erase(self, workspace: WorkspaceId, person: str | None) -> None:
        """Delete it; nothing happens when there is none."""
        ...


async def export(
    workspace: WorkspaceId, stores: Sequence[SubjectStore], *, person: str | None = None
) -> AsyncIterator[Part]:
    """Yield everything that `stores` hold of a workspace, or of a person in it."""
    for store in _holding(stores, person):
        async for part in store.export(workspace, person):
            yield part


async def erase(workspace: WorkspaceId, stores: Sequence[SubjectStore], *, person: str | None = None) -> None:
    """Delete everything that `stores` hold of a workspace, or of a person in it."""
    for store in _holding(stores, person):
        await store.erase(workspace, person)


def _holding(stores: Sequence[SubjectStore], person: str | None) -> list[SubjectStore]:
    return [store for store in stores if person is None or store.holding.subject is not None]
