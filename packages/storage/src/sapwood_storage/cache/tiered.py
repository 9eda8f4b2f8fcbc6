"""Two tiers as one: near and small in front of far and shared.

A hit in the far tier is kept in the near one until it expires, and no longer than `near_ttl_s`: that is
how long another process's `delete` may go unnoticed here.
"""

from collections.abc import Sequence

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.port import Cache, Entry


class Tiered:
    """Reads `near`, then `far`; writes both; claims in `far`, which all processes share."""

    def __init__(self, near: Cache, far: Cache, *, near_ttl_s: float = 60.0) -> None:
        self._near = near
        self._far = far
        self._near_ttl_s = near_ttl_s
        self._changes = 0

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the nearest living entry; what `far` knows of its time and tags is kept."""
        entry = await self._near.get(workspace, key)
        if entry is not None:
            return entry
        before = self._changes
        entry = await self._far.get(workspace, key)
        if entry is not None and before == self._changes:  # else it may have been deleted while we read
            await self._keep_near(workspace, key, entry.value, entry.expires_in_s, entry.tags)
        return entry

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value` in both."""
        self._changes += 1
        mine = self._changes
        await self._near.delete(workspace, key)
        await self._far.put(workspace, key, value, ttl_s=ttl_s, tags=tags)
        if mine == self._changes:  # else only `far` knows which of two changes was the last
            await self._keep_near(workspace, key, value, ttl_s, tags)
        self._changes += 1

    async def delete(self, workspace: WorkspaceId, key: str) -> None:
        """Forget `key` in both, the far one first."""
        self._changes += 1
        await self._far.delete(workspace, key)
        self._changes += 1
        await self._near.delete(workspace, key)

    async def delete_tag(self, workspace: WorkspaceId, tag: str) -> None:
        """Forget the entries with `tag` in both."""
        self._changes += 1
        await self._far.delete_tag(workspace, tag)
        self._changes += 1
        await self._near.delete_tag(workspace, tag)

    async def clear(self, workspace: WorkspaceId) -> None:
        """Forget all of a workspace in both."""
        self._changes += 1
        await self._far.clear(workspace)
        self._changes += 1
        await self._near.clear(workspace)

    async def claim(self, workspace: WorkspaceId, key: str, *, token: str, ttl_s: float) -> str:
        """Claim in the tier that all share."""
        return await self._far.claim(workspace, key, token=token, ttl_s=ttl_s)

    async def release(self, workspace: WorkspaceId, key: str, *, token: str) -> None:
        """Release in the tier that all share."""
        await self._far.release(workspace, key, token=token)

    async def _keep_near(
        self, workspace: WorkspaceId, key: str, value: bytes, ttl_s: float, tags: Sequence[str]
    ) -> None:
        await self._near.put(workspace, key, value, ttl_s=min(ttl_s, self._near_ttl_s), tags=tags)
