"""The port of hints."""

from typing import Protocol

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.hints.wakes import Wakes


class Hints(Protocol):
    """Wakes who waits for a topic of a workspace. The truth is elsewhere, and so is every payload.

    A hint may be lost, come twice, or come without a cause: wait for one with a limit, and look then too.
    """

    async def publish(self, workspace: WorkspaceId, topic: str) -> None:
        """Wake those who subscribed, in every process; never raises for a server that is down."""
        ...

    def subscribe(self, workspace: WorkspaceId, topic: str) -> Wakes:
        """Return the wake-ups from now on, coalesced: subscribe first, look, then wait."""
        ...
