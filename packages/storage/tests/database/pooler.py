"""A transaction pooler in a hundred lines: each transaction of a client gets another session of the server.

It speaks the frontend/backend protocol 3.0 of PostgreSQL as far as it has to: it answers the client's start
itself, then lends a session from the first message until the server says that no transaction is open.
Sessions are lent in turn, so that whoever keeps state in one finds another the next time.
"""

import asyncio
import struct
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from packages.storage.tests.database.login import Login
from sqlalchemy import URL

_PROTOCOL, _SSL_REQUEST = 196608, 80877103
_LET_IN = struct.pack("!ii", 8, 0)
_ENDS_IN_READY = {b"Q", b"S", b"F"}  # Query, Sync, FunctionCall

Message = tuple[bytes, bytes]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Pooler:
    """Listens on 127.0.0.1 and lends `sessions` sessions of the server at `url`, by a socket or over TCP."""

    url: URL
    sessions: int = 3

    @property
    def user(self) -> str:
        return self.url.username or "postgres"

    @property
    def database(self) -> str:
        return self.url.database or self.user

    async def start(self) -> int:
        self.idle: asyncio.Queue[Streams] = asyncio.Queue()
        self.greeting = b""
        for _ in range(self.sessions):
            self.idle.put_nowait(await self._session())
        self.server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def _session(self) -> Streams:
        reader, writer = await self._reached()
        login = Login(self.user, self.url.password or "")
        fields = f"user\0{self.user}\0database\0{self.database}\0\0".encode()
        writer.write(struct.pack("!ii", len(fields) + 8, _PROTOCOL) + fields)
        greeting = b""
        while True:
            kind, message = await _message(reader)
            assert kind != b"E", message
            if kind == b"R" and (answer := login.answer(message)) is not None:
                writer.write(answer)
            elif kind != b"R" or message.endswith(_LET_IN):
                greeting += message
            if kind == b"Z":
                self.greeting = greeting
                return reader, writer

    async def _reached(self) -> Streams:
        port = self.url.port or 5432
        directory = self.url.query.get("host")
        if isinstance(directory, str) and directory.startswith("/"):
            return await asyncio.open_unix_connection(f"{directory}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self.url.host or "127.0.0.1", port)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError)
        with closing(writer), suppress(*ended):
            if await self._started(reader, writer):
                writer.write(self.greeting)
                asked = asyncio.create_task(_message(reader))
                while (await asked)[0] != b"X":
                    asked = await self._transaction(asked, reader, writer)

    async def _started(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        code = await _start(reader)
        if code == _SSL_REQUEST:
            writer.write(b"N")
            code = await _start(reader)
        return code == _PROTOCOL  # else it asks to cancel, which this pooler leaves to time

    async def _transaction(
        self, asked: "asyncio.Task[Message]", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> "asyncio.Task[Message]":
        """Lend a session from this message until no transaction is open; return the wait for the next."""
        session = await self.idle.get()
        answer = asyncio.create_task(_message(session[0]))
        pending = 0
        try:
            while True:
                await asyncio.wait({asked, answer}, return_when=asyncio.FIRST_COMPLETED)
                if answer.done():
                    kind, message = answer.result()
                    writer.write(message)
                    if kind == b"Z":
                        pending -= 1
                        if not pending and message.endswith(b"I"):
                            return asked
                    answer = asyncio.create_task(_message(session[0]))
                else:
                    kind, message = asked.result()
                    session[1].write(message)
                    pending += kind in _ENDS_IN_READY
                    asked = asyncio.create_task(_message(reader))
        except (asyncio.IncompleteReadError, ConnectionError):  # the client left in the middle
            answer.cancel()
            session[1].close()
            session = await self._session()
            raise
        finally:
            self.idle.put_nowait(session)


async def _start(reader: asyncio.StreamReader) -> int:
    length, code = struct.unpack("!ii", await reader.readexactly(8))
    await reader.readexactly(length - 8)
    return code


async def _message(reader: asyncio.StreamReader) -> Message:
    head = await reader.readexactly(5)
    (length,) = struct.unpack("!i", head[1:])
    return head[:1], head + await reader.readexactly(length - 4)


@contextmanager
def running(pooler: Pooler) -> Generator[int]:
    """Run it in a thread of its own; gives the port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(pooler.start(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(_stop(pooler), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(pooler: Pooler) -> None:
    pooler.server.close()
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    while not pooler.idle.empty():
        pooler.idle.get_nowait()[1].close()
