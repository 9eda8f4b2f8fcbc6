"""A Lua script, sent by its hash and in full only to a server that does not have it (again)."""

import hashlib
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError


class Script:
    """Runs as one command: nothing happens on the server in between."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._hash = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def run(self, client: Redis, keys: Sequence[str], arguments: Sequence[str | bytes | int]) -> Any:
        """Return what the script returns; raises the library's errors."""
        rest = (len(keys), *keys, *arguments)
        try:
            return await client.execute_command("EVALSHA", self._hash, *rest)
        except NoScriptError:  # it was restarted, or its scripts were flushed
            return await client.execute_command("EVAL", self._text, *rest)
