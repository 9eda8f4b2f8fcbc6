"""Calls to a Redis that may be dead, slow or back again: each ends in time, and most are not even tried.

A call has `timeout_s` from its turn on: so has a server that takes connections and never answers. One such
failure opens the circuit, since a hint or a cached value is not worth a second wait; then calls fail at
once, and one in `probe_every_s` finds out whether the server is back.

A call that waits for its turn, behind `connections` others, has no time running: what a busy process takes
to work off its own queue is not the server's fault. When the circuit opens, those who wait learn it with
the turn. For the same reason the end of a call's time is not its end: the loop may have been blocked and
the answer lie in the socket, so it gets a last moment that begins when the loop has looked.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeVar
from urllib.parse import quote

from redis.asyncio import Connection, ConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from sapwood_shared.clock import Clock
from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.resilience import BreakerView, CircuitBreaker
from sapwood_storage.redis.failures import VENDOR, failure_of, is_outage
from sapwood_storage.redis.settings import RedisSettings

T = TypeVar("T")

_LAST_MOMENT_S: Final = 0.01
_CLOSING_S: Final = 1.0
_PLAIN: Final = {
    "protocol": 2,  # a round trip less to connect, and one shape of answers
    "driver_info": None,  # two commands less
    "decode_responses": False,
    "socket_timeout": None,  # the call has one limit for all it does
    "socket_connect_timeout": None,
    "health_check_interval": 0,
    "retry": Retry(NoBackoff(), 0),  # sending twice could apply a change after what came behind it
}


class RedisLink:
    """What every Redis adapter of a process shares. Belongs to one event loop."""

    def __init__(
        self,
        settings: RedisSettings,
        *,
        on_change: Callable[[BreakerView], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings
        self._pool = _pool(settings)
        self._client = Redis(connection_pool=self._pool)
        self._turns = asyncio.Semaphore(settings.connections)
        self._breaker = CircuitBreaker(
            "Redis",
            failures_to_open=1,
            open_for_s=settings.probe_every_s,
            counts=is_outage,
            on_change=on_change,
            clock=clock,
        )

    async def run(self, operation: Callable[[Redis], Awaitable[T]]) -> T:
        """Await `operation(client)`; raises `DependencyFailed` in time, or `StorageFull`."""
        try:
            async with self._turns:
                return await self._breaker.call(lambda: self._in_time(operation))
        except VENDOR as error:
            raise failure_of(error, self.settings.shown) from error

    def room(self, workspace: WorkspaceId) -> str:
        """Return what the names of a workspace's keys and channels begin with, and no other's."""
        return f"{self.settings.prefix}:{{{quote(workspace, safe='')}}}"

    def connection(self) -> AbstractConnection:
        """Return a connection, not yet connected, that belongs to the caller."""
        return self._pool.make_connection()

    def view(self) -> BreakerView:
        """Return the circuit's state for people and dashboards."""
        return self._breaker.view()

    async def aclose(self) -> None:
        """Close the connections, soon also those to a server that hangs."""
        with suppress(*VENDOR):
            async with asyncio.timeout(_CLOSING_S):
                await self._pool.disconnect()

    async def _in_time(self, operation: Callable[[Redis], Awaitable[T]]) -> T:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:
            last_moment = loop.call_later(
                self.settings.timeout_s - _LAST_MOMENT_S,
                lambda: limit.reschedule(loop.time() + _LAST_MOMENT_S),
            )
            try:
                return await operation(self._client)
            finally:
                last_moment.cancel()


def _pool(settings: RedisSettings) -> ConnectionPool:
    try:
        options: dict[str, Any] = {**parse_url(settings.address), **_PLAIN}
    except ValueError as error:
        raise InvalidInput(f"the address of Redis is none: {error}") from error
    kind = options.pop("connection_class", Connection)
    return ConnectionPool(connection_class=kind, max_connections=settings.connections, **options)
