"""`sapwood scheduler`: fires schedules and looks after runs, and does no steps."""

from __future__ import annotations

import asyncio
import signal
import sys

from sapwood_runtime.engine import open_engine
from sapwood_runtime.settings import LOCAL_WORKSPACE, load
from sapwood_shared import logging
from sapwood_shared.ids import WorkspaceId


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    logging.configure(format="console" if sys.stderr.isatty() else "json")
    asyncio.run(look_after())
    return 0


async def look_after() -> None:
    """Until told to end."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with open_engine(load(), workspaces=[WorkspaceId(LOCAL_WORKSPACE)]) as engine:
        sweeping = asyncio.create_task(engine.sweeper().run())
        await stopping.wait()
        sweeping.cancel()
        await asyncio.wait([sweeping])
