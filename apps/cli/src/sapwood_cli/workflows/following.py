"""A run watched until it has ended: drawn again and again on a terminal, told line by line elsewhere."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.workflows.showing import event_line, run_line, step_lines
from sapwood_runtime.engine import Engine
from sapwood_workflows.journal.journal import Journal

_EVERY_S: Final = 0.1
_SELDOM_S: Final = 0.5


async def follow(engine: Engine, run_id: str) -> dict[str, Any]:
    """Show it on stderr and return its row once it has ended."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return await _drawn(engine.journal, run_id)
    return await _told(engine.journal, run_id)


async def order_of(journal: Journal, run_id: str) -> Sequence[str]:
    """The steps of a run in the order of its workflow."""
    run = await journal.run(WORKSPACE, run_id)
    root = run if run["pinned"] else await journal.run(WORKSPACE, run["root_id"])
    pinned = root["pinned"]
    known = {pinned["workflow"]["name"]: pinned["workflow"], **pinned.get("workflows", {})}
    return list(known[run["workflow"]]["steps"])


async def _told(journal: Journal, run_id: str) -> dict[str, Any]:
    cursor = 0
    while True:
        run = await journal.run(WORKSPACE, run_id)
        for event in await journal.events(WORKSPACE, run["root_id"], after=cursor):
            cursor = event["cursor"]
            print(event_line(event), file=sys.stderr, flush=True)
        if run["state"] != "running" and cursor >= run["cursor"]:
            return run
        await journal.bell.wait(_EVERY_S)


async def _drawn(journal: Journal, run_id: str) -> dict[str, Any]:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    order = await order_of(journal, run_id)
    console = Console(stderr=True)
    plain = not console.encoding.lower().startswith("utf")

    async def drawn() -> tuple[dict[str, Any], Text]:
        run = await journal.run(WORKSPACE, run_id)
        rows = await journal.steps(WORKSPACE, run_id)
        now = round(time.time() * 1000)
        lines = [run_line(run, now), *step_lines(rows, order, now, plain=plain)]
        room = max(3, console.size.height - 1)
        if len(lines) > room:
            lines = [*lines[: room - 1], f"… {len(lines) - room + 1} more"]
        return run, Text("\n".join(lines), no_wrap=True, overflow="ellipsis")

    run, text = await drawn()
    with Live(text, console=console, auto_refresh=False) as live:
        while True:
            run, text = await drawn()
            live.update(text, refresh=True)
            if run["state"] != "running":
                return run
            await asyncio.sleep(_EVERY_S)
            await journal.bell.wait(_SELDOM_S)
