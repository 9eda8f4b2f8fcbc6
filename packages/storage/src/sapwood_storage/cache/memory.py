"""The nearest tier: a dictionary of this process, bounded by bytes, least recently used out first.

Belongs to one event loop. An entry expires on a clock that never runs backwards.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from sapwood_shared.clock import Clock, SystemClock
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.port import Entry

_OVERHEAD: Final = 400  # bytes of objects around a key and a value, measured with tracemalloc
_CLAIMS: Final = 10_000

_Place = tuple[WorkspaceId, str]


class _Kept(NamedTuple):
    value: bytes
    expires_at: float
    tags: tuple[str, ...]
    size: int


class MemoryCache:
    """Keeps at most `max_bytes`, keys and bookkeeping included."""

    def __init__(self, *, max_bytes: int = 64 << 20, clock: Clock | None = None) -> None:
        self._max_bytes = max_bytes
        self._monotonic_s = (clock or SystemClock()).monotonic_s
        self._kept: OrderedDict[_Place, _Kept] = OrderedDict()
        self._tagged: dict[_Place, set[str]] = {}
        self._claims: OrderedDict[_Place, tuple[str, float]] = OrderedDict()
        self._bytes = 0

    @property
    def size_bytes(self) -> int:
        """What it keeps now."""
        return self._bytes

    async def get(self, workspace: WorkspaceId, key: str) -> Entry | None:
        """Return the living entry of `key` and count it as used."""
        place = (workspace, key)
        if (kept := self._kept.get(place)) is None:
            return None
        left_s = kept.expires_at - self._monotonic_s()
        if left_s <= 0:
            self._drop(place)
            return None
        self._kept.move_to_end(place)
        return Entry(kept.value, left_s, kept.tags)

    async def put(
        self, workspace: WorkspaceId, key: str, value: bytes, *, ttl_s: float, tags: Sequence[str] = ()
    ) -> None:
        """Remember `value`, and let the least recently used go until all fits."""
        place = (workspace, key)
        self._drop(place)
        tags = tuple(dict.fromkeys(tags))
        size = len(value) + len(key) + sum(map(len, tags)) + _OVERHEAD
        if size > self._max_bytes or ttl_s <= 0:
            return
        while self._bytes + size > self._max_bytes:
            self._drop(next(iter(self._kept)))
        self._kept[place] = _Kept(value, self._monotonic_s() + ttl_s, tags, size)
        self._bytes += size
        for tag in tags:
            self._tagged.setdefault((workspace, tag), set()).add(key)

    async def delete(self, workspace: WorkspaceId, key: str) -> None:
        """Forget `key`."""
        self._drop((workspace, key))

    async def delete_tag(self, workspace: WorkspaceId, tag: str) -> None:
        """Forget the entries with `tag`."""
        for key in list(self._tagged.get((workspace, tag), ())):
            self._drop((workspace, key))

    async def clear(self, workspace: WorkspaceId) -> None:
        """Forget all of a workspace."""
        for place in [place for place in self._kept if place[0] == workspace]:
            self._drop(place)
        for place in [place for place in self._claims if place[0] == workspace]:
            del self._claims[place]

    async def claim(self, workspace: WorkspaceId, key: str, *, token: str, ttl_s: float) -> str:
        """Take or renew the claim of `key`; return the token that holds it."""
        place, now = (workspace, key), self._monotonic_s()
        holder = self._claims.get(place)
        if holder is not None and holder[0] != token and holder[1] > now:
            return holder[0]
        self._claims[place] = (token, now + ttl_s)
        self._claims.move_to_end(place)
        while len(self._claims) > _CLAIMS:
            self._claims.popitem(last=False)
        return token

    async def release(self, workspace: WorkspaceId, key: str, *, token: str) -> None:
        """Give up the claim if `token` still holds it."""
        holder = self._claims.get((workspace, key))
        if holder is not None and holder[0] == token:
            del self._claims[workspace, key]

    def _drop(self, place: _Place) -> None:
        if (kept := self._kept.pop(place, None)) is None:
            return
        self._bytes -= kept.size
        for tag in kept.tags:
            keys = self._tagged[place[0], tag]
            keys.discard(place[1])
            if not keys:
                del self._tagged[place[0], tag]
