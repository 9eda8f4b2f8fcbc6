"""Frames to and from one worker on the event loop; whatever ends or makes no sense is `WorkerGone`."""

import asyncio
import contextlib
import os
import signal
import subprocess
from typing import Final

from sapwood_storage.tabular.sandbox import protocol
from sapwood_storage.tabular.sandbox.launcher import Started

_LONGEST_WORDS: Final = 2_000
_REAPED_WITHIN_S: Final = 1.0


class WorkerGone(Exception):
    """The process ended, or made no sense and was ended."""


class Channel:
    """The parent's end of a worker's socket."""

    def __init__(self, started: Started, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._started = started
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, started: Started) -> "Channel":
        """Take the socket of a worker that was started."""
        return cls(started, *await asyncio.open_unix_connection(sock=started.socket))

    async def send(self, message: protocol.Message) -> None:
        """Send one message."""
        try:
            self._writer.write(protocol.encode(message))
            await self._writer.drain()
        except ConnectionError as error:
            raise WorkerGone("the worker's process ended") from error

    async def receive(self) -> tuple[protocol.Message, int]:
        """Return the next message, which has a `kind`, and its size in bytes."""
        try:
            size = protocol.body_size(await self._reader.readexactly(protocol.HEADER.size))
            message = protocol.decode(await self._reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerGone(f"the worker's process ended{await asyncio.to_thread(self._how)}") from error
        except protocol.ProtocolError as error:
            raise self.nonsense(error) from error
        if not isinstance(message.get("kind"), str):
            raise self.nonsense("an answer without a kind")
        return message, size

    def nonsense(self, what: object) -> WorkerGone:
        """End a worker that said what no worker of ours says, and return the error to raise."""
        self._started.kill()
        return WorkerGone(f"the worker was stopped: {what}")

    def last_words(self) -> str:
        """Return what an unbound worker that ended wrote to stderr.

        Only before binding, when nothing hostile has spoken: a broken installation explains itself here.
        """
        stderr = self._started.process.stderr
        if stderr is None or self._started.process.poll() is None:
            return ""
        said = os.read(stderr.fileno(), _LONGEST_WORDS).decode(errors="replace").strip()
        return f": {said}" if said else ""

    def _how(self) -> str:
        try:
            code = self._started.process.wait(timeout=_REAPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            return ""  # it hung up and lives; the pool will end it
        return f" by {signal.Signals(-code).name}" if code < 0 else f" with code {code}"

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
