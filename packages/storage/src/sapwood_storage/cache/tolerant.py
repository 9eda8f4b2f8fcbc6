"""A cache that is down or full costs speed, not answers."""

from collections.abc import Callable, Sequence

from sapwood_shared.errors import DependencyFailed, SapwoodError, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.port import Cache, Entry
from sapwood_storage.cache.wrapper import CacheWrapper


class Tolerant(CacheWrapper):
    """Turns a failure of `inner` into a miss, a claim that is granted, a change that did not happen.

    A deletion that fails still raises: the caller believes that something is gone.
    """

    def __init__(self, inner: Cache, *, on_failure: Callable[[SapwoodError], None] | None = None) -> None:
        super().__init__(inner)
        self._on_failure = on_failure

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the entry, `None` if it cannot be read."""
        try:
            return await self._inner.get(workspace, key)
        except (DependencyFailed, StorageFull) as error:
            return self._tell(error)

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value` if that can be done."""
        try:
            await self._inner.put(workspace, key, value, ttl_s=ttl_s, tags=tags)
        except (DependencyFailed, StorageFull) as error:
            self._tell(error)

    async def claim(self, workspace: WorkspaceId, key: str, *, token: str, ttl_s: float) -> str:
        """Claim `key`; without a working cache each caller computes for itself."""
        try:
            return await self._inner.claim(workspace, key, token=token, ttl_s=ttl_s)
        except (DependencyFailed, StorageFull) as error:
            self._tell(error)
            return token

    async def release(self, workspace: WorkspaceId, key: str, *, token: str) -> None:
        """Give up the claim; one that cannot be given up expires."""
        try:
            await self._inner.release(workspace, key, token=token)
        except (DependencyFailed, StorageFull) as error:
            self._tell(error)

    def _tell(self, error: SapwoodError) -> None:
        if self._on_failure is not None:
            self._on_failure(error)
