"""Remembers bytes for a while: the port, its keys and spaces, and the one synchronous look.

Adapters and wrappers are imported by their path: `memory.MemoryCache`, `sqlite.SqliteCache`,
`redis.RedisCache`, `tiered.Tiered`, `compressed.Compressed`, `tolerant.Tolerant`,
`counted.Counted`, `single_flight.SingleFlight`.
"""

from sapwood_storage.cache.compressed import unpack
from sapwood_storage.cache.keys import CacheKey
from sapwood_storage.cache.peek import peek
from sapwood_storage.cache.port import Cache, Entry
from sapwood_storage.cache.spaces import SPACES, Space

__all__ = ["SPACES", "Cache", "CacheKey", "Entry", "Space", "peek", "unpack"]
