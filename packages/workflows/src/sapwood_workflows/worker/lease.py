"""Who says that a worker lives: the worker itself, or the process that watches over it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sapwood_shared import SapwoodError, WorkspaceId
from sapwood_shared.logging import get_logger
from sapwood_workflows.journal.leases import Leases
from sapwood_workflows.journal.rows import Key
from sapwood_workflows.worker.whole import whole

Lost = Callable[[WorkspaceId, Key, int], Awaitable[None]]
"""Told of an attempt that was cancelled."""
_RENEWALS: Final = 15
"""A lease is renewed so often before it would run out."""
_SHORTEST_S: Final = 0.1


def renewed_every_s(lease_s: float) -> float:
    """How often a lease of this length is renewed."""
    return max(_SHORTEST_S, min(1.0, lease_s / _RENEWALS))


class Lease(Protocol):
    """Of one worker, from its start to its end."""

    async def begin(self, worker: str, about: Mapping[str, Any]) -> None:
        """Have it written that the worker lives, before it claims anything."""
        ...

    async def keep(self, lost: Lost) -> None:
        """Until cancelled; returns when the lease cannot be kept, and the worker has to stop."""
        ...

    async def end(self) -> None:
        """The worker holds nothing any more."""
        ...


@dataclass
class OwnLease:
    """Renewed on the worker's own loop: for a worker within another program.

    A function that holds the interpreter for longer than the lease loses what the worker has in hand.
    """

    leases: Leases
    _worker: str = ""
    _about: Mapping[str, Any] | None = None

    async def begin(self, worker: str, about: Mapping[str, Any]) -> None:
        """Write the lease."""
        self._worker, self._about = worker, about
        await whole(self.leases.renew(worker, about))

    async def keep(self, lost: Lost) -> None:
        """Renew it; while the database is gone, try again."""
        while True:
            await asyncio.sleep(renewed_every_s(self.leases.lease_s))
            try:
                for signal in await whole(self.leases.renew(self._worker, self._about or {})):
                    await lost(*signal)
            except SapwoodError as error:
                get_logger(__name__).warning("renewal_failed", error=error.message)

    async def end(self) -> None:
        """Take it away."""
        with suppress(SapwoodError):
            await whole(self.leases.release(self._worker))


@dataclass
class WatchedLease:
    """Renewed by the supervisor at the other end of a socket, whatever this process is busy with."""

    socket: socket.socket
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def begin(self, worker: str, about: Mapping[str, Any]) -> None:
        """Say who this is, and wait until the lease is written."""
        reader, writer = await asyncio.open_connection(sock=self.socket)
        self._streams = reader, writer
        writer.write(json.dumps({"worker": worker, "about": dict(about)}).encode() + b"\n")
        await writer.drain()
        if not await reader.readline():
            raise ConnectionError("the supervisor is gone")

    async def keep(self, lost: Lost) -> None:
        """Hear what was cancelled, until the supervisor is gone."""
        assert self._streams is not None  # noqa: S101 - begun
        while line := await self._streams[0].readline():
            workspace, run_id, step, item, attempt = json.loads(line)
            await lost(WorkspaceId(workspace), Key(run_id, step, item), attempt)

    async def end(self) -> None:
        """Close the socket: the supervisor takes the lease away."""
        if self._streams is not None:
            self._streams[1].close()
