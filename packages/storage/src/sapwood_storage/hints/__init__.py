"""Tells whoever waits that there may be something new: a hint to look now, never the news itself.

Adapters are imported by their path: `local.LocalHints`, `redis.RedisHints`. Hints hold nobody's data: they
are stored nowhere, and say only a workspace and a topic.
"""

from sapwood_storage.hints.port import Hints
from sapwood_storage.hints.wakes import Wakes

__all__ = ["Hints", "Wakes"]
