"""The base of wrappers: passes everything to the cache inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sapwood_shared.ids import WorkspaceId
    from sapwood_storage.cache.port import Cache, Entry


class CacheWrapper:
    """A `Cache` that is `inner`, save for what a subclass changes."""

    def __init__(self, inner: Cache) -> None:
        self._inner = inner

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the living entry of `key`."""
        return await self._inner.get(workspace, key)

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value`."""
        await self._inner.put(workspace, key, value, ttl_s=ttl_s, tags=tags)

    async def delete(self, workspace: WorkspaceId, key: str) -> None:
        """Forget `key`."""
        await self._inner.delete(workspace, key)

    async def delete_tag(self, workspace: WorkspaceId, tag: str) -> None:
        """Forget the entries with `tag`."""
        await self._inner.delete_tag(workspace, tag)

    async def clear(self, workspace: WorkspaceId) -> None:
        """Forget all of a workspace."""
        await self._inner.clear(workspace)

    async def claim(self, workspace: WorkspaceId, key: str, *, token: str, ttl_s: float) -> str:
        """Take or renew the claim of `key`; return the token that holds it."""
        return await self._inner.claim(workspace, key, token=token, ttl_s=ttl_s)

    async def release(self, workspace: WorkspaceId, key: str, *, token: str) -> None:
        """Give up the claim if `token` still holds it."""
        await self._inner.release(workspace, key, token=token)
