"""What the cache is worth, by namespace: hits, misses and bytes.

A process counts for itself: the figures mean something where many questions meet one cache, and nothing in
a command that asks one and ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.keys import namespace_of
from sapwood_storage.cache.port import Cache, Entry
from sapwood_storage.cache.wrapper import CacheWrapper


class CacheEvent(StrEnum):
    """What can happen to a key."""

    HIT = "hit"
    MISS = "miss"
    PUT = "put"


OnCacheEvent = Callable[[str, CacheEvent, int], None]
"""Told (namespace, event, bytes of the value); called at each event, so it must be quick."""


@dataclass(slots=True)
class NamespaceStatistics:
    """Counts since the process began."""

    hits: int = 0
    misses: int = 0
    puts: int = 0
    bytes_read: int = 0
    bytes_written: int = 0

    @property
    def hit_ratio(self) -> float:
        """Hits per look, 0 before the first."""
        looks = self.hits + self.misses
        return self.hits / looks if looks else 0.0


@dataclass(slots=True)
class CacheStatistics:
    """An `OnCacheEvent` that counts."""

    namespaces: dict[str, NamespaceStatistics] = field(default_factory=dict[str, NamespaceStatistics])

    def __call__(self, namespace: str, event: CacheEvent, size: int) -> None:
        """Count one event."""
        counts = self.namespaces.setdefault(namespace, NamespaceStatistics())
        match event:
            case CacheEvent.HIT:
                counts.hits += 1
                counts.bytes_read += size
            case CacheEvent.MISS:
                counts.misses += 1
            case CacheEvent.PUT:
                counts.puts += 1
                counts.bytes_written += size


class Counted(CacheWrapper):
    """Tells each hook of every look and put, then does what `inner` does."""

    def __init__(self, inner: Cache, *hooks: OnCacheEvent) -> None:
        super().__init__(inner)
        self._hooks = hooks

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the entry, counted as hit or miss."""
        entry = await self._inner.get(workspace, key)
        if entry is None:
            self._tell(key, CacheEvent.MISS, 0)
        else:
            self._tell(key, CacheEvent.HIT, len(entry.value))
        return entry

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value`, counted with its bytes."""
        await self._inner.put(workspace, key, value, ttl_s=ttl_s, tags=tags)
        self._tell(key, CacheEvent.PUT, len(value))

    def _tell(self, key: str, event: CacheEvent, size: int) -> None:
        namespace = namespace_of(key)
        for hook in self._hooks:
            hook(namespace, event, size)
