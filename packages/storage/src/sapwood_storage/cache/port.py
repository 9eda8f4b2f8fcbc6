"""The port that every tier and wrapper of the cache has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    # Annotations only: the cached answer of a one-shot command must not pay for more than it reads.
    from collections.abc import Sequence

    from sapwood_shared.ids import WorkspaceId


class Entry(NamedTuple):
    """A remembered value, how much longer it lives, and the tags it is forgotten by."""

    value: bytes
    expires_in_s: float
    tags: tuple[str, ...] = ()


class Cache(Protocol):
    """Remembers bytes for a while; a missing or expired entry reads as `None`.

    It promises nothing: an entry may go at any time. A claim is advice that one caller is computing a key.
    Raises `StorageFull` or `DependencyFailed`; `Tolerant` turns both into a miss.
    """

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the living entry of `key`."""
        ...

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value` in place of what was there; a value too large for the tier is not kept."""
        ...

    async def delete(self, workspace: WorkspaceId, key: str) -> None:
        """Forget `key`."""
        ...

    async def delete_tag(self, workspace: WorkspaceId, tag: str) -> None:
        """Forget every entry that was put with `tag`."""
        ...

    async def clear(self, workspace: WorkspaceId) -> None:
        """Forget all of a workspace, claims too."""
        ...

    async def claim(self, workspace: WorkspaceId, key: str, *, token: str, ttl_s: float) -> str:
        """Take the claim of `key` if it is free or expired, or renew it if `token` holds it.

        Returns the token that holds it now: the caller's, or that of whoever was first.
        """
        ...

    async def release(self, workspace: WorkspaceId, key: str, *, token: str) -> None:
        """Give up the claim if `token` still holds it."""
        ...
