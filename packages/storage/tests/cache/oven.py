"""A computation that ends when told to, and callers of it."""

import asyncio
from collections.abc import Awaitable, Callable

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.single_flight import SingleFlight

ANN, BOB = WorkspaceId("ann"), WorkspaceId("bob")


class Oven:
    """A computation that counts its runs and ends when told to."""

    def __init__(self, result: bytes | Exception = b"bread") -> None:
        self.result = result
        self.runs = 0
        self.started = asyncio.Event()
        self.done = asyncio.Event()

    async def bake(self) -> bytes:
        self.runs += 1
        self.started.set()
        await self.done.wait()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def ask(flight: SingleFlight, bake: Callable[[], Awaitable[bytes]]) -> asyncio.Task[bytes]:
    async def call() -> bytes:
        return await flight.get_or_compute(ANN, "n:1:k", bake, ttl_s=60)

    return asyncio.create_task(call())


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)
