"""Hints between processes: Redis pub/sub, one connection a process however many subscribe.

Messages that nobody was connected for are gone. So whoever subscribes is woken when the server has confirmed
it, and everybody after a connection was lost and is back. Subscribers of the publishing process are woken
directly, also while Redis is down.
"""

import asyncio
import os
from collections.abc import Callable

from redis.asyncio import Redis

from sapwood_shared.errors import DependencyFailed, SapwoodError, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.hints.redis_listener import RedisListener
from sapwood_storage.hints.wakes import Place, Subscribers, Wakes
from sapwood_storage.redis.link import RedisLink


class RedisHints:
    """A dead Redis costs hints between processes, and is told to `on_failure` at each publish, and when lost.

    A connection that is silent for `heartbeat_s` must answer. Belongs to one event loop.
    """

    def __init__(
        self,
        link: RedisLink,
        *,
        on_failure: Callable[[SapwoodError], None] | None = None,
        heartbeat_s: float = 5.0,
    ) -> None:
        self._link = link
        self._on_failure = on_failure
        self._me = os.urandom(8).hex().encode()
        self._subscribers = Subscribers(on_change=self._look)
        self._places: dict[str, Place] = {}
        self._listener = RedisListener(
            link, wanted=self._wanted, heard=self._heard, lost=self._tell, heartbeat_s=heartbeat_s
        )
        self._listening: asyncio.Task[None] | None = None

    async def publish(self, workspace: WorkspaceId, topic: str) -> None:
        """Wake those who subscribed, here and elsewhere."""
        self._subscribers.wake((workspace, topic))
        channel = self._channel((workspace, topic))

        async def tell_others(client: Redis) -> None:
            await client.execute_command("PUBLISH", channel, self._me)

        try:
            await self._link.run(tell_others)
        except (DependencyFailed, StorageFull) as error:
            self._tell(error)

    def subscribe(self, workspace: WorkspaceId, topic: str) -> Wakes:
        """Return the wake-ups from now on."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listener.run())
        return self._subscribers.join((workspace, topic))

    async def aclose(self) -> None:
        """End all subscriptions and the connection."""
        self._subscribers.close()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    def _look(self, place: Place) -> None:
        channel = self._channel(place)
        if self._subscribers.at(place):
            self._places[channel] = place
        else:
            self._places.pop(channel, None)
        self._listener.look()

    def _wanted(self) -> list[str]:
        return list(self._places)

    def _heard(self, channel: str, sender: bytes | None) -> None:
        if sender != self._me and (place := self._places.get(channel)) is not None:
            self._subscribers.wake(place)

    def _tell(self, error: SapwoodError) -> None:
        if self._on_failure is not None:
            self._on_failure(error)

    def _channel(self, place: Place) -> str:
        return f"{self._link.room(place[0])}:h:{place[1]}"
