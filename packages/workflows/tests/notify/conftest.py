"""Real receivers: a mail server and a web server of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from sapwood_workflows.notify import Message

MESSAGE = Message(
    id="msg_1", subject="Three mills stopped", text="Mill 4 & 5 <now>", data={"mills": 3},
    at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
)  # fmt: skip


@dataclass
class Receiver:
    """Takes what is posted to it; `answer` says how."""

    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])
    answer: Callable[[], Awaitable[web.StreamResponse]] | None = None

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/hook/T0KEN"

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(text="ok") if self.answer is None else await self.answer()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook/T0KEN", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server: Any = site._server  # pyright: ignore[reportPrivateUsage]
    made.port = server.sockets[0].getsockname()[1]
    yield made
    await runner.cleanup()


async def hang() -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()
