"""One process that does steps: `python -m sapwood_workers.process`, started by the one that watches."""

from __future__ import annotations

import asyncio
import signal
import sys

from sapwood_runtime.engine import open_engine
from sapwood_runtime.settings import LOCAL_WORKSPACE, load
from sapwood_shared import logging
from sapwood_shared.ids import WorkspaceId
from sapwood_workers.options import WorkerOptions
from sapwood_workflows.worker import Worker
from sapwood_workflows.worker.lease import WatchedLease
from sapwood_workflows.worker.supervisor import supervisors_socket


async def work(options: WorkerOptions) -> None:
    """Do steps until told to end, or until nobody watches any more."""
    watched = supervisors_socket()
    async with open_engine(load(), workspaces=[WorkspaceId(LOCAL_WORKSPACE)]) as engine:
        worker = Worker(
            engine.journal,
            engine.tasks,
            queues=options.classes,
            places=options.places,
            grace_s=options.grace_s,
            lease=None if watched is None else WatchedLease(watched),
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        sweeping = asyncio.create_task(engine.sweeper().run())
        try:
            async with engine.listening(options.classes):
                await worker.run()
        finally:
            sweeping.cancel()
            await asyncio.wait([sweeping])


if __name__ == "__main__":
    logging.configure(format="console" if sys.stderr.isatty() else "json")
    asyncio.run(work(WorkerOptions.read(sys.argv[1:])))
