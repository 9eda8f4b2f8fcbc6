"""One process's way to one Redis: its address, its circuit, its scripts, and what its failures are called.

Nothing here is imported by whoever does without Redis: take `link.RedisLink` and `settings.RedisSettings` by
their path. The library is the extra `redis`.
"""
