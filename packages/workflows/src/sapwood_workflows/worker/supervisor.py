"""Worker processes and the one that watches over them: it renews their leases and ends their trees.

It does nothing else, so that no function of a step keeps it from it. A worker that dies loses its lease at
once, and what it had started is ended; another takes its place.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psutil

from sapwood_shared import SapwoodError
from sapwood_shared.logging import get_logger
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.worker.lease import renewed_every_s
from sapwood_workflows.worker.processes import end_tree
from sapwood_workflows.worker.whole import whole

SOCKET: Final = "SAPWOOD_SUPERVISOR_FD"
"""The environment variable in which a worker process finds the number of its socket."""
_PR_SET_CHILD_SUBREAPER: Final = 36
_SOON_S: Final = 10.0
"""A worker that ends sooner than this after its start is started again later and later."""
_LONGEST_WAIT_S: Final = 10.0


@dataclass
class _Watched:
    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    worker: str = ""
    about: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Supervisor:
    """Keeps `processes` workers alive, each started by `command`."""

    journal: Journal
    command: Sequence[str]
    processes: int = 1
    grace_s: float = 10.0
    _watched: set[int] = field(default_factory=set[int])
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a worker starts or ends, so that none is taken for what another has left."""
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until `stop`: then the workers finish or hand back what they have in hand."""
        if sys.platform == "linux":  # what a dead worker leaves behind becomes our child
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
        async with asyncio.TaskGroup() as group:
            for _ in range(self.processes):
                group.create_task(self._keep_one())

    def stop(self) -> None:
        """Start no worker any more, and have those that run end."""
        self._stopping.set()

    async def _keep_one(self) -> None:
        wait_s = 0.1
        while not self._stopping.is_set():
            started = asyncio.get_running_loop().time()
            await self._watch_one()
            if self._stopping.is_set():
                return
            lived_s = asyncio.get_running_loop().time() - started
            wait_s = 0.1 if lived_s > _SOON_S else min(2 * wait_s, _LONGEST_WAIT_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._stopping.wait()

    async def _watch_one(self) -> None:
        async with self._changing:
            watched = await self._start()
            self._watched.add(watched.process.pid)
        renewing = asyncio.create_task(self._renew(watched))
        stopping = asyncio.create_task(self._stopping.wait())
        ending = asyncio.create_task(watched.process.wait())
        try:
            await asyncio.wait([stopping, ending], return_when=asyncio.FIRST_COMPLETED)
            if not ending.done():
                with suppress(ProcessLookupError):
                    watched.process.send_signal(signal.SIGTERM)
                await asyncio.wait([ending], timeout=self.grace_s)
        finally:
            renewing.cancel()
            stopping.cancel()
            await end_tree(watched.process.pid)
            await asyncio.wait([ending])
            async with self._changing:
                self._watched.discard(watched.process.pid)
                await self._end_orphans()
            watched.writer.close()
            with suppress(asyncio.CancelledError):
                await renewing
            await self._let_go(watched)
        if watched.process.returncode != 0:
            get_logger(__name__).warning(
                "worker_ended", worker=watched.worker, status=watched.process.returncode
            )

    async def _start(self) -> _Watched:
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command, pass_fds=[theirs.fileno()], env={**os.environ, SOCKET: str(theirs.fileno())}
            )
        finally:
            theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours)
        return _Watched(process, reader, writer)

    async def _renew(self, watched: _Watched) -> None:
        """The lease of one worker, from its first word on."""
        line = await watched.reader.readline()
        if not line:
            return
        said = json.loads(line)
        watched.worker, watched.about = said["worker"], said["about"]
        begun = False
        while True:
            try:
                signals = await whole(self.journal.leases.renew(watched.worker, watched.about))
                if not begun:
                    watched.writer.write(b"{}\n")
                    begun = True
                for workspace, key, attempt in signals:
                    watched.writer.write(json.dumps([workspace, *key, attempt]).encode() + b"\n")
            except SapwoodError as error:
                get_logger(__name__).warning("renewal_failed", error=error.message)
            await asyncio.sleep(renewed_every_s(self.journal.leases.lease_s))

    async def _let_go(self, watched: _Watched) -> None:
        """The worker is dead: nobody has to wait for its lease to run out."""
        if not watched.worker:
            return
        with suppress(SapwoodError):
            await whole(self.journal.leases.release(watched.worker))
            await whole(self.journal.index.wake_all())

    async def _end_orphans(self) -> None:
        """What outlived a worker that started it."""
        for child in psutil.Process().children():
            if child.pid not in self._watched:
                await end_tree(child.pid)
                with suppress(psutil.NoSuchProcess):
                    child.wait(0)


def supervisors_socket() -> socket.socket | None:
    """The socket to the supervisor that started this process, if one did."""
    number = os.environ.pop(SOCKET, None)
    return None if number is None else socket.socket(fileno=int(number))
