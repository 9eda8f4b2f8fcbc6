"""The port to the records."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared.ids import WorkspaceId


class Database(Protocol):
    """Units of work: a block is one transaction, committed at its end, undone when it raises.

    Inside a block `CONTROL` or `WORKSPACE` tables are used as they are; the adapter puts them into the right
    schema or file. No transaction spans control and a workspace, or two workspaces.
    Raises `Conflict` (a constraint), `StorageFull`, `LimitExceeded` (too slow), `DependencyFailed`.
    """

    def read(self, workspace: WorkspaceId) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a snapshot of a workspace's records that refuses changes; raises `NotFound`."""
        ...

    def write(self, workspace: WorkspaceId) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction on a workspace's records; raises `NotFound`."""
        ...

    def read_control(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a snapshot of what belongs to no single workspace."""
        ...

    def write_control(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction on what belongs to no single workspace."""
        ...

    async def create_workspace(self, workspace: WorkspaceId) -> None:
        """Make the workspace's tables, or bring them up to date; nothing happens when they are."""
        ...

    async def erase_workspace(self, workspace: WorkspaceId) -> None:
        """Delete all records of the workspace; nothing happens when there are none."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...
