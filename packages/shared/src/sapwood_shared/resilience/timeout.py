"""No call waits for ever."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sapwood_shared.errors import DependencyFailed


@asynccontextmanager
async def time_limit(seconds: float | None, *, doing: str) -> AsyncGenerator[None]:
    """Cancel the block after `seconds` and raise `DependencyFailed`; `None` waits as long as it takes."""
    timer = asyncio.timeout(seconds)
    try:
        async with timer:
            yield
    except TimeoutError as error:
        if not timer.expired():  # somebody's own timeout, inside the block
            raise
        raise DependencyFailed(
            f"{doing} took longer than {seconds:g} s", hint="allow more time, or ask for less at once"
        ) from error
