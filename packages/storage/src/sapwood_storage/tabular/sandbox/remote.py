"""A worker seen from the parent: bound once, asked one thing at a time, killed when it passes a bound."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from sapwood_shared.errors import DependencyFailed, LimitExceeded, SapwoodError
from sapwood_storage.tabular.model import QueryLimits, ResultTable
from sapwood_storage.tabular.sandbox.channel import Channel, WorkerGone
from sapwood_storage.tabular.sandbox.launcher import Started
from sapwood_storage.tabular.sandbox.protocol import Message, ProtocolError
from sapwood_storage.tabular.sandbox.results import ResultBuilder
from sapwood_storage.tabular.sandbox.settings import SandboxSettings
from sapwood_storage.tabular.sandbox.watchdog import Bounds, watch

_ERRORS: Final = {kind.code: kind for kind in SapwoodError.__subclasses__()}
_LONGEST_TEXT: Final = 2_000

Tell = Callable[[dict[str, Any]], None]
_Take = Callable[[Message, int], None]


class RemoteWorker:
    """One worker; after a breach or a crash it is dead and the pool takes another."""

    def __init__(self, started: Started, settings: SandboxSettings) -> None:
        self._started = started
        self._settings = settings
        self._channel: Channel | None = None
        self._number = 0
        self.settling: asyncio.Task[None] | None = None  # what becomes of a cancelled request

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._started.pid

    @property
    def alive(self) -> bool:
        """Say whether another request may be sent."""
        return not self._started.killed and self._started.process.poll() is None

    async def bind(self, message: Message) -> None:
        """Bind the unbound worker for life; `WorkerGone` if it did not live until then."""
        settings = self._settings
        message = {
            "op": "bind",
            "scratch": str(self._started.scratch),
            "memory_mb": settings.memory_mb,
            "threads": settings.threads,
            "temp_mb": settings.temp_mb,
            "output_mb": settings.output_mb,
            "unsafe": settings.unsafe,
            **message,
        }
        try:
            async with asyncio.timeout(settings.start_s):
                self._channel = await Channel.over(self._started)
                await self._expect(self._channel, "ready")
                await self._channel.send(message)
                await self._expect(self._channel, "bound")
        except TimeoutError as error:
            self.kill()
            hint = "the machine may be overloaded: try again, or raise SAPWOOD_START_S"
            raise DependencyFailed(
                f"a worker was not ready within {settings.start_s:g} s", hint=hint
            ) from error

    async def query(
        self, sql: str, limits: QueryLimits, tell: Callable[[float], None] | None = None
    ) -> ResultTable:
        """Run one SELECT within `limits`; `tell` gets the share of it that is done, now and then."""
        result = ResultBuilder(limits, tell)
        request = {"op": "query", "sql": sql, "rows": limits.rows, "bytes": limits.result_bytes}
        request["progress"] = tell is not None
        summary = await self._ask(request, result.take, self._bounds(limits.wall_s, limits.cpu_s))
        return result.finish(summary)

    async def run(self, operation: str, params: dict[str, Any], tell: Tell | None) -> dict[str, Any]:
        """Run one of our own operations; `tell` gets what it says on its way."""

        def take(message: Message, _size: int) -> None:
            progress = message.get("tell")
            if message["kind"] != "tell" or not isinstance(progress, dict):
                raise ProtocolError("an operation answered with something else")
            if tell is not None:
                tell(progress)

        request = {"op": "run", "name": operation, "params": params}
        return await self._ask(request, take, self._bounds(self._settings.write_s, None))

    def kill(self) -> None:
        """End the worker now; what waits for it gets `WorkerGone`."""
        self._started.kill()

    async def close(self) -> None:
        """Kill the worker and remove all that it left."""
        self.kill()
        if self.settling is not None:
            await asyncio.wait({self.settling})
        if self._channel is not None:
            await self._channel.close()
        await asyncio.to_thread(self._started.discard)

    def _bounds(self, wall_s: float, cpu_s: float | None) -> Bounds:
        memory_mb = self._settings.memory_mb + self._settings.headroom_mb
        return Bounds(wall_s, cpu_s, memory_mb, self._settings.temp_mb)

    async def _expect(self, channel: Channel, kind: str) -> None:
        try:
            message, _ = await channel.receive()
        except WorkerGone as gone:
            raise WorkerGone(f"{gone}{channel.last_words()}") from gone
        if message["kind"] == "failed":
            raise self._error(message)
        if message["kind"] != kind:
            raise channel.nonsense(f"it is not {kind}")

    async def _ask(self, request: Message, take: _Take, bounds: Bounds) -> dict[str, Any]:
        if self._channel is None:
            raise WorkerGone("the worker was never bound")
        self._number += 1
        request = {**request, "id": self._number}
        answering = asyncio.create_task(self._converse(self._channel, request, take))
        watching = asyncio.create_task(watch(self.pid, self._started.scratch, bounds))
        try:
            await asyncio.wait({answering, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                breach: LimitExceeded = watching.result()
                self.kill()
                answering.cancel()
                raise breach
        except asyncio.CancelledError:
            self.settling = asyncio.create_task(self._settle(self._channel, answering))
            raise
        finally:
            watching.cancel()
        return answering.result()

    async def _converse(self, channel: Channel, request: Message, take: _Take) -> dict[str, Any]:
        await channel.send(request)
        while True:
            message, size = await channel.receive()
            if message.get("id") != request["id"]:
                raise channel.nonsense("an answer to another request")
            if message["kind"] == "failed":
                raise self._error(message)
            if message["kind"] == "done":
                return _summary(channel, message)
            try:
                take(message, size)
            except ProtocolError as error:
                raise channel.nonsense(error) from error

    async def _settle(self, channel: Channel, answering: asyncio.Task[dict[str, Any]]) -> None:
        # The caller is gone already. A worker that stops when told so keeps its data warm for the next.
        interrupting = asyncio.create_task(channel.send({"op": "interrupt", "id": self._number}))
        await asyncio.wait({answering}, timeout=self._settings.grace_s)
        if not answering.done():
            self.kill()
        await asyncio.gather(answering, interrupting, return_exceptions=True)

    def _error(self, message: Message) -> SapwoodError:
        code, text, hint = (message.get(key) for key in ("code", "message", "hint"))
        if message.get("broken"):
            self.kill()
        text = str(text)[:_LONGEST_TEXT]
        kind = _ERRORS.get(code) if isinstance(code, str) else None
        if kind is None:
            return DependencyFailed(f"the worker failed: {text}", hint="try again; if it stays, report it")
        return kind(text, hint=hint[:_LONGEST_TEXT] if isinstance(hint, str) else None)


def _summary(channel: Channel, message: Message) -> dict[str, Any]:
    summary = message.get("summary")
    if not isinstance(summary, dict):
        raise channel.nonsense("an answer without its end")
    return summary
