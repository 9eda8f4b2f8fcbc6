"""Where a Redis is, and how long anybody waits for it."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from sapwood_shared.errors import InvalidInput

_SCHEMES: Final = ("redis", "rediss", "unix")
_LEAST_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class RedisSettings:
    """`address` is `redis://`, `rediss://` (TLS) or `unix://`, with user, password and database as usual."""

    address: str = field(repr=False)
    prefix: str = "sapwood"
    """What all keys and channels begin with, so that several deployments can share a server."""

    timeout_s: float = 0.08
    """What one call may take, at least 0.02: connecting, logging in, asking and reading."""

    connections: int = 32
    probe_every_s: float = 0.5
    """How often one call finds out whether a dead server is back, while all others fail at once."""

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme not in _SCHEMES:
            raise InvalidInput(
                "the address of Redis is none", hint="write redis://host:6379/0, rediss://… or unix:///path"
            )
        if self.timeout_s < _LEAST_S or self.connections < 1:
            raise InvalidInput(f"a call to Redis needs a connection and {_LEAST_S:g} s", hint="allow more")

    @property
    def shown(self) -> str:
        """The address without its user, password and options, for people and logs."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
