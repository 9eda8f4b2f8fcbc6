"""Hints within one process."""

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.hints.wakes import Subscribers, Wakes


class LocalHints:
    """Wakes the subscribers of this process and event loop; other processes look by themselves."""

    def __init__(self) -> None:
        self._subscribers = Subscribers()

    async def publish(self, workspace: WorkspaceId, topic: str) -> None:
        """Wake those who subscribed."""
        self._subscribers.wake((workspace, topic))

    def subscribe(self, workspace: WorkspaceId, topic: str) -> Wakes:
        """Return the wake-ups from now on."""
        return self._subscribers.join((workspace, topic))

    async def aclose(self) -> None:
        """End all subscriptions."""
        self._subscribers.close()
