"""`sapwood worker`: the process that watches over those which do the steps."""

from __future__ import annotations

import asyncio
import signal
import sys

from sapwood_runtime.engine import open_database
from sapwood_runtime.settings import Settings, load
from sapwood_shared import logging
from sapwood_storage.home import Home
from sapwood_workers.options import WorkerOptions
from sapwood_workflows.journal import Journal
from sapwood_workflows.worker.supervisor import Supervisor


def main(**options: object) -> int:
    """Run until SIGTERM or SIGINT."""
    chosen = WorkerOptions(**options)  # pyright: ignore[reportArgumentType] - as the program named them
    chosen.arguments()
    logging.configure(format="console" if sys.stderr.isatty() else "json")
    asyncio.run(_watch(load(), chosen))
    return 0


async def _watch(settings: Settings, options: WorkerOptions) -> None:
    database = open_database(settings, Home.open(settings.home).writable())
    try:
        supervisor = Supervisor(
            Journal(database, lease_s=settings.lease_s),
            [sys.executable, "-m", "sapwood_workers.process", *options.arguments()],
            processes=options.processes,
            grace_s=options.grace_s + 5.0,
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, supervisor.stop)
        await supervisor.run()
    finally:
        await database.aclose()
