"""One POST to an address that somebody configured, and none to where it must not lead.

The name is resolved once, every address is looked at, and the connection is made to those and no others, so
that a name which changes its mind in between changes nothing. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from sapwood_shared import DependencyFailed, Forbidden, InvalidInput

_MOST_READ: Final = 4_096
_AGAIN: Final = frozenset({408, 425, 429})
_LONGEST_RETRY_S: Final = 3_600.0


async def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool, timeout_s: float
) -> str:
    """Send it and return the first 4 KB of the answer to a status below 300."""
    where = _checked(url, allow_private=allow_private)
    connector = aiohttp.TCPConnector(resolver=_Guarded(allow_private), use_dns_cache=False)
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session,
            session.post(url, data=body, headers=dict(headers), allow_redirects=False) as answer,
        ):
            said = (await answer.content.read(_MOST_READ)).decode(errors="replace")
            _judged(where, answer.status, answer.headers.get("Retry-After"))
            return said
    except TimeoutError:
        raise DependencyFailed(f"{where} did not answer within {timeout_s:g} s") from None
    except _Private as error:
        raise _private(where) from error
    except aiohttp.ClientError as error:
        if isinstance(error.__cause__, _Private) or isinstance(error.__context__, _Private):
            raise _private(where) from None
        raise DependencyFailed(f"{where} cannot be reached: {type(error).__name__}") from None


class _Private(OSError):
    pass


def _private(where: str) -> Forbidden:
    return Forbidden(
        f"{where} lies on this machine or its network", hint="set allow_private of the channel if it should"
    )


def _checked(url: str, *, allow_private: bool) -> str:
    """The host, for messages: the rest of an address may be a secret."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise InvalidInput("the channel's address is no web address", hint="give https://host/path")
    if parts.scheme == "http" and not allow_private:
        raise InvalidInput(
            f"{parts.hostname} is addressed without TLS",
            hint="use https, or set allow_private",
        )
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts.hostname
    if not allow_private and not is_public(literal):  # an address is connected to without being resolved
        raise _private(parts.hostname)
    return parts.hostname


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it leads to the internet: not to this machine, its network, or a cloud's metadata."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


class _Guarded(AbstractResolver):
    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        addresses = [str(each[4][0]) for each in found]
        if not self._allow_private and not all(is_public(ipaddress.ip_address(each)) for each in addresses):
            raise _Private(f"{host} is private")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=each[0], proto=each[2],
                flags=socket.AI_NUMERICHOST,
            )
            for each, address in zip(found, addresses, strict=True)
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""


def _judged(where: str, status: int, retry_after: str | None) -> None:
    if status < 300:
        return
    if status in _AGAIN or status >= 500:
        error = DependencyFailed(f"{where} answered {status}")
        error.retry_after_s = _seconds(retry_after)
        raise error
    said = "a redirect, which is not followed" if status < 400 else str(status)
    raise InvalidInput(f"{where} answered {said}", hint="look at the channel's address and secrets")


def _seconds(retry_after: str | None) -> float:
    """Of a Retry-After header: seconds, or a date (RFC 9110, 10.2.3)."""
    if not retry_after:
        return 0.0
    try:
        wanted = float(retry_after)
    except ValueError:
        try:
            wanted = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return 0.0
    return min(max(0.0, wanted), _LONGEST_RETRY_S)
