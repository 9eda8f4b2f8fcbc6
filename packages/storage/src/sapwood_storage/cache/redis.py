"""The tier that machines share: a Redis that may forget anything at any time, and must bring nothing back.

**An entry lives only while every scope of it lists it.** A scope is a sorted set, one for the workspace and
one for each tag, that names each entry with the nonce of its put. So `clear` and `delete_tag` take one set
away, in one step of constant cost, and all that it listed is invisible; no key of the server is ever
scanned. Whichever key Redis evicts, expires or flushes, an entry or a scope, the outcome is a miss: a scope
that comes back is a new one that lists only what was put since. Generation numbers would do the same with
less, but leave the bytes of an erased workspace on the server until their time, a week; a set also says
which keys to unlink, which follows in steps of 500, and costs some 200 bytes an entry. It prunes what has
expired at each put, and expires itself with its last entry: no key of ours is without a time.

Run that Redis with `maxmemory`, `allkeys-lru` (or `-lfu`) and no persistence: one that comes back from a
snapshot remembers what was deleted since it was taken. It is one server or a primary, not a cluster.
"""

import os
from collections.abc import Sequence
from typing import Any, Final

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import redis_scripts as scripts
from sapwood_storage.cache.port import Entry
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.script import Script

_MOST_TAGS: Final = 1000
_LONGEST_MS: Final = 10 * 365 * 86_400_000
_SWEPT_AT_ONCE: Final = 500


class RedisCache:
    """Keeps values up to `max_value_bytes`, key and tags included; the server's `maxmemory` bounds them all.

    Times are the server's clock. Used as `Tolerant(RedisCache(link))`: a call to a server that is down or
    hangs fails in time.
    """

    def __init__(self, link: RedisLink, *, max_value_bytes: int = 1 << 20) -> None:
        self._link = link
        self._max_value_bytes = max_value_bytes

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the living entry of `key`; one of another format is a miss."""
        answer = await self._run(scripts.GET, workspace, f"e:{key}")
        if answer is None:
            return None
        value, left_ms, *tags = answer
        return Entry(value, left_ms / 1000, tuple(tag.decode() for tag in tags))

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value` until its time, or until the server needs the room."""
        tags = list(dict.fromkeys(tags))
        size = len(value) + len(key) + sum(map(len, tags))
        ttl_ms = _milliseconds(ttl_s)
        if size > self._max_value_bytes or len(tags) > _MOST_TAGS or ttl_ms < 1:
            await self.delete(workspace, key)
            return
        await self._run(scripts.PUT, workspace, f"e:{key}", _nonce(), value, ttl_ms, *tags)

    async def delete(self, workspace: WorkspaceId, key: str) -> None:
        """Forget `key`."""
        await self._run(scripts.DELETE, workspace, f"e:{key}")

    async def delete_tag(self, workspace: WorkspaceId, tag: str) -> None:
        """Forget the entries with `tag`, in one step, and give their bytes back."""
        await self._forget(workspace, f"t:{tag}")

    async def clear(self, workspace: WorkspaceId) -> None:
        """Forget all of a workspace, in one step, and give its bytes back.

        When the server fails after that step, this raises, and what is left of the bytes goes with its time.
        """
        await self._forget(workspace, "w")

    async def claim(self, workspace: WorkspaceId, key: str, *, token: str, ttl_s: float) -> str:
        """Take or renew the claim of `key`; return the token that holds it."""
        ttl_ms = max(1, _milliseconds(ttl_s))
        holder = await self._run(scripts.CLAIM, workspace, f"c:{key}", _nonce(), token, ttl_ms)
        return holder.decode()

    async def release(self, workspace: WorkspaceId, key: str, *, token: str) -> None:
        """Give up the claim if `token` still holds it."""
        await self._run(scripts.RELEASE, workspace, f"c:{key}", token)

    async def _run(
        self, script: Script, workspace: WorkspaceId, place: str, *arguments: str | bytes | int
    ) -> Any:
        room = self._link.room(workspace)
        keys, named = (f"{room}:{place}", f"{room}:w"), (f"{room}:t:", *arguments)
        return await self._link.run(lambda client: script.run(client, keys, named))

    async def _forget(self, workspace: WorkspaceId, scope: str) -> None:
        room = self._link.room(workspace)
        gone = f"{room}:g:{_nonce()}"
        keys = (f"{room}:{scope}", gone)
        swept = _SWEPT_AT_ONCE * await self._link.run(lambda client: scripts.DARKEN.run(client, keys, ()))
        while swept == _SWEPT_AT_ONCE:
            swept = await self._link.run(lambda client: scripts.SWEEP.run(client, (gone,), (_SWEPT_AT_ONCE,)))


def _nonce() -> str:
    return os.urandom(8).hex()


def _milliseconds(ttl_s: float) -> int:
    return int(min(ttl_s * 1000, _LONGEST_MS)) if ttl_s > 0 else 0
