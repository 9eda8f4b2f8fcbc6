"""What was begun is ended: a transaction that is cancelled in its middle leaves its connection in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def whole(doing: Coroutine[Any, Any, T]) -> T:
    """Do it to its end, also when the caller is cancelled meanwhile: then that is told afterwards."""
    task = asyncio.ensure_future(doing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # looked at: nobody else will
        raise
