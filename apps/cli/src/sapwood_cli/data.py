"""`sapwood data`: what the data directory holds, and letting go of it."""

import asyncio
import json
import math
from dataclasses import asdict, dataclass

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.opening import opening
from sapwood_cli.render import render_table
from sapwood_runtime.settings import load
from sapwood_shared.errors import InvalidInput
from sapwood_storage.home import Home, usage

_GB = 1 << 30
_KINDS = {
    "datasets": "files that were read or cleaned",  # a cell of the table shows 40 characters
    "cache": "answers and profiles, to give them again",
    "records": "what was read, cleaned and asked",
    "control": "which workspaces there are",
    "blobs": "uploads",
    "vectors": "indexes for search",
    "backups": "copies made before an upgrade",
    "other": "lock files and small notes",
}


def du(*, as_json: bool) -> int:
    """Print bytes by kind."""
    home = Home.open(load().home)
    found = usage(home)
    if as_json:
        print(json.dumps({"home": str(home.root), "bytes": dict(found.by_kind), "total": found.total}))
        return 0
    print(f"{home.root}")
    kinds = [*_KINDS, *(kind for kind in sorted(found.by_kind) if kind not in _KINDS)]
    rows = [
        [kind, _readable(size), _KINDS.get(kind, "")]
        for kind in kinds
        if (size := found.by_kind.get(kind, 0))
    ]
    print(render_table(["kind", "size", "what"], [*rows, ["total", _readable(found.total), ""]]))
    return 0


def prune(*, keep_gb: float, history: bool, as_json: bool) -> int:
    """Delete datasets beyond `keep_gb`, least recently used first, and the answers that stood on them."""
    if not math.isfinite(keep_gb):
        raise InvalidInput(f"--keep-gb is {keep_gb}, which is no size", hint="give a number, such as 2.5")
    home = Home.open(load().home)
    before = usage(home).total
    removed, forgotten = asyncio.run(_prune(keep_gb, history=history))
    # Measured when everything is closed; where there was nothing to let go of, opening may have added a file.
    pruned = _Pruned(removed, max(0, before - usage(home).total), forgotten)
    if as_json:
        print(json.dumps(asdict(pruned)))
        return 0
    what = _counted(pruned.datasets_removed, "dataset") + (" and the cache" if keep_gb == 0 else "")
    print(f"removed {what}, {_readable(pruned.bytes_freed)}")
    if history:
        print(f"forgot {_counted(pruned.questions_forgotten, 'question')}")
    return 0


@dataclass(frozen=True, slots=True)
class _Pruned:
    """`bytes_freed` is what the data directory takes less, whatever took it."""

    datasets_removed: int
    bytes_freed: int
    questions_forgotten: int


async def _prune(keep_gb: float, *, history: bool) -> tuple[int, int]:
    """Return how many datasets were removed and how many questions forgotten."""
    async with opening() as parts:
        removed = await parts.let_go(WORKSPACE, int(keep_gb * _GB))
        await parts.records.reconcile(WORKSPACE)
        if keep_gb == 0:
            await parts.cache.clear(WORKSPACE)
        forgotten = await parts.records.forget_questions(WORKSPACE) if history else 0
        return len(removed), forgotten


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _readable(size: int) -> str:
    amount = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
