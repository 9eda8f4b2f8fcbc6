"""One computation for a missing key, however many callers want it, in this process and in others.

Within the process callers join one task, which belongs to none of them. Between processes that task claims
the key: the holder renews its claim while it computes, publishes, and lets go; the others look until the
value is there, take over when the claim runs out, or get the holder's error, which is kept under the
claim's token for those who waited and for nobody after them.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.errors import BudgetExceeded, Cancelled, Forbidden
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.keys import namespace_of
from sapwood_storage.cache.port import Cache, Entry
from sapwood_storage.cache.refresh import EarlyRefresh
from sapwood_storage.cache.shared_failure import dump_failure, load_failure
from sapwood_storage.cache.tolerant import Tolerant

PERSONAL: Final = (BudgetExceeded, Cancelled, Forbidden, TimeoutError)
"""What befalls one caller alone (money, rights, deadline): the next one tries for itself."""

_FIRST_LOOK_S: Final = 0.02
_SLOWEST_LOOK_S: Final = 0.25

_Place = tuple[WorkspaceId, str]


@dataclass(frozen=True, slots=True)
class _Job:
    workspace: WorkspaceId
    key: str
    compute: Callable[[], Awaitable[bytes]]
    ttl_s: float
    tags: Sequence[str]


class SingleFlight:
    """Reads through `cache`; a failing cache costs repeated work and no answer.

    `shared` is the tier inside `cache` that all processes see, where `cache` has nearer ones or counts:
    claims, failures and the looks for what somebody else published go there. It knows how long a value
    lives, of which a nearer tier may keep a shorter time, and each caller is counted once.
    `claim_ttl_s` bounds how long a killed holder keeps others waiting; a computation that blocks the event
    loop for longer loses its claim, and may then be done twice.
    """

    def __init__(
        self,
        cache: Cache,
        *,
        shared: Cache | None = None,
        claim_ttl_s: float = 10.0,
        early: EarlyRefresh | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._cache = Tolerant(cache)
        self._shared = self._cache if shared is None else Tolerant(shared)
        self._claim_ttl_s = claim_ttl_s
        self._early = early
        self._monotonic_s = (clock or SystemClock()).monotonic_s
        self._flights: dict[_Place, asyncio.Task[bytes]] = {}
        self._refreshes: dict[_Place, asyncio.Task[bytes]] = {}
        self._cost_s: dict[str, float] = {}

    async def get_or_compute(
        self,
        workspace: WorkspaceId,
        key: str,
        compute: Callable[[], Awaitable[bytes]],
        *,
        ttl_s: float,
        tags: Sequence[str] = (),
    ) -> bytes:
        """Return the value of `key`, from the cache or from one `compute`.

        Cancelling this call leaves the computation to those who still wait, and to the cache.
        """
        job = _Job(workspace, key, compute, ttl_s, tags)
        while True:
            entry = await self._cache.get(workspace, key)
            if entry is not None:
                if self._is_due(key, entry):
                    self._join(self._refreshes, job, partial(self._refresh, job, entry))
                return entry.value
            flight, mine = self._join(self._flights, job, partial(self._fly, job))
            try:
                return await asyncio.shield(flight)
            except PERSONAL:
                if mine:
                    raise
            except asyncio.CancelledError:
                if not _only_the_flight_was_cancelled(flight):
                    raise
                if mine:
                    raise Cancelled("the computation was cancelled", hint="ask again") from None

    async def aclose(self) -> None:
        """Cancel what is being computed, and give up its claims."""
        tasks = [*self._flights.values(), *self._refreshes.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _join(
        self,
        flights: dict[_Place, asyncio.Task[bytes]],
        job: _Job,
        start: Callable[[], Coroutine[None, None, bytes]],
    ) -> tuple[asyncio.Task[bytes], bool]:
        place = (job.workspace, job.key)
        if (flight := flights.get(place)) is not None:
            return flight, False
        flights[place] = flight = asyncio.create_task(start())

        def land(task: asyncio.Task[bytes]) -> None:
            del flights[place]
            if not task.cancelled():
                task.exception()  # all who waited may have left: nobody else would look at it

        flight.add_done_callback(land)
        return flight, True

    async def _fly(self, job: _Job) -> bytes:
        token = os.urandom(16).hex()
        other: str | None = None
        pause_s = _FIRST_LOOK_S
        while True:
            holder = await self._claim(job, token)
            if other is not None and holder != other:
                await self._raise_failure_of(other, job, token)
            if holder == token:
                return await self._hold(job, token)
            other = holder
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, _SLOWEST_LOOK_S)
            if (entry := await self._shared.get(job.workspace, job.key)) is not None:
                return entry.value

    async def _refresh(self, job: _Job, known: Entry) -> bytes:
        if await self._newer(job, known) is not None:
            return known.value  # it is only the nearer tier that lets go of it
        token = os.urandom(16).hex()
        if await self._claim(job, token) == token:
            return await self._hold(job, token, known)
        return known.value

    async def _hold(self, job: _Job, token: str, known: Entry | None = None) -> bytes:
        try:
            # Somebody may have published between our last look and our claim.
            if (entry := await self._newer(job, known)) is not None:
                return entry.value
            value = await self._compute(job, token)
            await self._cache.put(job.workspace, job.key, value, ttl_s=job.ttl_s, tags=job.tags)
            return value
        finally:
            await self._shared.release(job.workspace, job.key, token=token)

    async def _newer(self, job: _Job, known: Entry | None) -> Entry | None:
        """What is published, if it lives longer than what is known."""
        entry = await self._shared.get(job.workspace, job.key)
        if entry is not None and known is not None and entry.expires_in_s <= known.expires_in_s:
            return None
        return entry

    async def _compute(self, job: _Job, token: str) -> bytes:
        renewal = asyncio.create_task(self._renew(job, token))
        started_s = self._monotonic_s()
        try:
            value = await job.compute()
        except Exception as error:
            if not isinstance(error, PERSONAL):
                failure = dump_failure(error)
                await self._shared.put(job.workspace, _failure_key(token), failure, ttl_s=self._claim_ttl_s)
            raise
        finally:
            renewal.cancel()
            await asyncio.wait([renewal])  # a renewal under way must not come after our release
        self._learn_cost(job.key, self._monotonic_s() - started_s)
        return value

    async def _renew(self, job: _Job, token: str) -> None:
        while True:
            await asyncio.sleep(self._claim_ttl_s / 3)
            await self._claim(job, token)

    async def _claim(self, job: _Job, token: str) -> str:
        return await self._shared.claim(job.workspace, job.key, token=token, ttl_s=self._claim_ttl_s)

    async def _raise_failure_of(self, other: str, job: _Job, token: str) -> None:
        failure = await self._shared.get(job.workspace, _failure_key(other))
        if failure is not None:
            await self._shared.release(job.workspace, job.key, token=token)
            raise load_failure(failure.value)

    def _is_due(self, key: str, entry: Entry) -> bool:
        cost_s = self._cost_s.get(namespace_of(key))
        return (
            self._early is not None
            and cost_s is not None
            and self._early.is_due(expires_in_s=entry.expires_in_s, cost_s=cost_s)
        )

    def _learn_cost(self, key: str, cost_s: float) -> None:
        namespace = namespace_of(key)
        known_s = self._cost_s.get(namespace, cost_s)
        self._cost_s[namespace] = known_s + 0.3 * (cost_s - known_s)


def _failure_key(token: str) -> str:
    return f"failure:{token}"


def _only_the_flight_was_cancelled(flight: asyncio.Task[bytes]) -> bool:
    me = asyncio.current_task()
    return flight.cancelled() and (me is None or not me.cancelling())
