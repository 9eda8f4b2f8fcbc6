"""Wake-ups through Dramatiq on Redis: a message is a queue class, and its actor rings the bell of a worker.

Nothing of Dramatiq's own is used beyond that: no retries, delays, limits, results or priorities. Messages are
sent by a thread, so that a Redis that hangs costs nobody who commits; while many wait for an answer, no more
are sent.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker

from sapwood_shared.logging import get_logger
from sapwood_workflows.queue.bell import Bell
from sapwood_workflows.tasks.policy import QueueClass

_MOST_AT_ONCE: Final = 8
"""So many workers are woken at most by one commit; what they leave others find."""
_MOST_WAITING: Final = 64
"""More messages of a class than these tell nobody anything new."""
_TIMEOUT_S: Final = 1.0
_POLL_MS: Final = 100
"""How long Dramatiq sleeps at most between two looks into an empty queue; a message waits half of it."""


def _actor_of(queue: str) -> str:
    return f"sapwood-{queue}"


def _broker(address: str) -> RedisBroker:
    client = redis.Redis.from_url(
        address, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S, health_check_interval=15
    )
    return RedisBroker(client=client, middleware=[])


class DramatiqWakeUps:
    """Sends them for this process; close it at the end."""

    def __init__(self, address: str) -> None:
        self._broker = _broker(address)
        self._pending: Counter[str] = Counter()
        self._wanted = threading.Condition()
        self._closing = False
        self._failing = False
        self._sender = threading.Thread(target=self._send_all, name="sapwood-wake-ups", daemon=True)
        self._sender.start()

    def send(self, steps: Mapping[str, int]) -> None:
        """Have them sent; what is not sent yet is counted together."""
        with self._wanted:
            for queue, count in steps.items():
                self._pending[queue] = min(_MOST_AT_ONCE, self._pending[queue] + count)
            self._wanted.notify()

    @property
    def unsent(self) -> Mapping[str, int]:
        """What is to be sent still, by queue class."""
        with self._wanted:
            return dict(self._pending)

    def close(self) -> None:
        """Send no more."""
        with self._wanted:
            self._closing = True
            self._wanted.notify()
        self._sender.join(2 * _TIMEOUT_S)
        self._broker.close()

    def _send_all(self) -> None:
        while True:
            with self._wanted:
                while not self._pending and not self._closing:
                    self._wanted.wait()
                if self._closing:
                    return
                pending, self._pending = self._pending, Counter()
            try:
                for queue, count in pending.items():
                    self._send(queue, count)
                self._failing = False
            except (dramatiq.DramatiqError, redis.RedisError, OSError) as error:
                if not self._failing:  # once an outage: the workers look by themselves meanwhile
                    get_logger(__name__).warning("wake_up_not_sent", error=str(error))
                self._failing = True
                with self._wanted:
                    self._wanted.wait_for(lambda: self._closing, timeout=_TIMEOUT_S)

    def _send(self, queue: str, count: int) -> None:
        name = _actor_of(queue)
        waiting: Any = self._broker.client.llen(f"{self._broker.namespace}:{name}")
        for _ in range(min(count, _MOST_WAITING - int(waiting))):
            self._broker.enqueue(
                dramatiq.Message(queue_name=name, actor_name=name, args=(), kwargs={}, options={})
            )


class DramatiqEars:
    """Rings the bell of this process for messages of these classes, from any process."""

    def __init__(self, address: str, bell: Bell, queues: Collection[str] = tuple(QueueClass)) -> None:
        self._broker = _broker(address)
        loop = asyncio.get_running_loop()
        for queue in queues:
            name = _actor_of(queue)

            def ring() -> None:
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(bell.ring)

            dramatiq.actor(broker=self._broker, actor_name=name, queue_name=name)(ring)
        self._worker = dramatiq.Worker(self._broker, worker_threads=1, worker_timeout=_POLL_MS)

    def start(self) -> None:
        """Listen, in threads."""
        self._worker.start()

    async def aclose(self) -> None:
        """Listen no more."""
        await asyncio.to_thread(partial(self._worker.stop, timeout=2_000))
        with suppress(redis.RedisError, OSError):
            self._broker.close()
