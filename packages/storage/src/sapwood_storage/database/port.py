"""The port to the records."""

from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared.errors import Forbidden
from sapwood_shared.ids import WorkspaceId

WORKSPACE_OPTION: Final = "sapwood_workspace"
"""The execution option by which a unit of work knows its workspace; each adapter sets it."""


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


def check_workspace(workspace: WorkspaceId, connection: AsyncConnection) -> None:
    """Raise `Forbidden` unless `connection` is a unit of work of `workspace`: repositories ask this first."""
    opened = connection.sync_connection
    found = None if opened is None else opened.get_execution_options().get(WORKSPACE_OPTION)
    if found != workspace:
        raise Forbidden(
            f"a unit of work of {found!r} cannot be used for {workspace!r}",
            hint="open it with database.read or database.write of that workspace",
        )
