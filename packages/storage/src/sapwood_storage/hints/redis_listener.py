"""One connection that listens on the channels that are wanted just now, and comes back by itself.

Two tasks share it: one reads, the other sends what to listen on and, in silence, a PING; each must be
answered soon, or the connection is given up. Then a new one is tried, at the pace of the circuit's probes.
"""

import asyncio
import math
from collections.abc import Callable, Iterable
from typing import Final

from redis.asyncio.connection import AbstractConnection

from sapwood_shared.errors import SapwoodError
from sapwood_storage.redis.failures import VENDOR, failure_of
from sapwood_storage.redis.link import RedisLink

_ANSWER_S: Final = 1.0
_AT_ONCE: Final = 500


class RedisListener:
    """`wanted` names the channels; `heard` is told (channel, message), and `None` when it listens (again)."""

    def __init__(
        self,
        link: RedisLink,
        *,
        wanted: Callable[[], Iterable[str]],
        heard: Callable[[str, bytes | None], None],
        lost: Callable[[SapwoodError], None],
        heartbeat_s: float,
    ) -> None:
        self._link = link
        self._wanted = wanted
        self._heard = heard
        self._lost = lost
        self._heartbeat_s = heartbeat_s
        self._changed = asyncio.Event()
        self._answered = asyncio.Event()
        self._is_up = True

    def look(self) -> None:
        """Look soon what is wanted."""
        self._changed.set()

    async def run(self) -> None:
        """Listen until cancelled; an outage is told once."""
        while True:
            try:
                await self._listen()
            except* VENDOR as errors:
                if self._is_up:
                    self._is_up = False
                    self._lost(failure_of(_first(errors), self._link.settings.shown))
            await asyncio.sleep(self._link.settings.probe_every_s)

    async def _listen(self) -> None:
        connection = self._link.connection()
        try:
            async with asyncio.timeout(_ANSWER_S):
                await connection.connect()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._read(connection))
                both.create_task(self._ask(connection))
        finally:
            await connection.disconnect(nowait=True)

    async def _read(self, connection: AbstractConnection) -> None:
        while True:
            answer = await connection.read_response(timeout=math.inf, disconnect_on_error=False)
            self._answered.set()
            self._is_up = True
            match answer:
                case [b"message", bytes(channel), bytes(message)]:
                    self._heard(channel.decode(), message)
                case [b"subscribe", bytes(channel), _]:
                    self._heard(channel.decode(), None)
                case _:
                    pass

    async def _ask(self, connection: AbstractConnection) -> None:
        asked: set[str] = set()
        while True:
            self._changed.clear()
            wanted = set(self._wanted())
            for command, channels in ("SUBSCRIBE", wanted - asked), ("UNSUBSCRIBE", asked - wanted):
                for some in _in_batches(sorted(channels)):
                    await self._send(connection, command, *some)
            asked = wanted
            try:
                async with asyncio.timeout(self._heartbeat_s):
                    await self._changed.wait()
            except TimeoutError:
                await self._send(connection, "PING")

    async def _send(self, connection: AbstractConnection, *command: str) -> None:
        async with asyncio.timeout(_ANSWER_S):
            self._answered.clear()
            await connection.send_command(*command, check_health=False)
            await self._answered.wait()


def _in_batches(channels: list[str]) -> Iterable[list[str]]:
    return (channels[start : start + _AT_ONCE] for start in range(0, len(channels), _AT_ONCE))


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
