"""What tests of the cache file have in common."""

import os

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.sqlite import SqliteCache

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


async def put_many(cache: SqliteCache, count: int) -> None:
    for number in range(count):
        await cache.put(ANN, f"k{number}", os.urandom(20_000), ttl_s=60)
