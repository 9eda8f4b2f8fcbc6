"""`sapwood data`: what the data directory holds, and letting go of it."""

import asyncio
import json

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.render import render_table
from sapwood_runtime.parts import open_parts
from sapwood_runtime.settings import load
from sapwood_storage.home import Home, usage

_GB = 1 << 30


def du(*, as_json: bool) -> int:
    """Print bytes by kind."""
    home = Home.open(load().home)
    found = usage(home)
    if as_json:
        print(json.dumps({"home": str(home.root), "bytes": dict(found.by_kind), "total": found.total}))
        return 0
    print(f"{home.root}")
    rows = [[kind, _readable(size)] for kind, size in found.by_kind.items()]
    print(render_table(["kind", "size"], [*rows, ["total", _readable(found.total)]]))
    return 0


def prune(*, keep_gb: float, as_json: bool) -> int:
    """Delete datasets beyond `keep_gb`, least recently used first, and the answers that stood on them."""
    removed, freed = asyncio.run(_prune(keep_gb))
    if as_json:
        print(json.dumps({"datasets_removed": removed, "bytes_freed": freed}))
    else:
        print(f"removed {removed} datasets, {_readable(freed)}")
    return 0


async def _prune(keep_gb: float) -> tuple[int, int]:
    async with open_parts(load(), spares=0) as parts:
        before = parts.datasets.total_bytes(WORKSPACE)
        removed = await parts.datasets.evict_lru(WORKSPACE, int(keep_gb * _GB))
        for version in removed:
            await parts.cache.delete_tag(WORKSPACE, version)
        if keep_gb == 0:
            await parts.cache.clear(WORKSPACE)
        return len(removed), before - parts.datasets.total_bytes(WORKSPACE)


def _readable(size: int) -> str:
    amount = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
