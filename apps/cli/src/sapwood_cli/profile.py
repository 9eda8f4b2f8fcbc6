"""`sapwood profile`: what a file holds, as text, JSON or a page."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sapwood_agents.analyst.profile.model import Profile, ProfileRequest
from sapwood_agents.analyst.profile.service import Profiler
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.profile_text import render_profile
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import Source
from sapwood_runtime.parts import open_parts
from sapwood_runtime.settings import load
from sapwood_shared.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ProfileOptions:
    """How much it may cost and where it goes."""

    exact: bool = False
    html: str | None = None
    as_json: bool = False


def run(source: Source, options: ProfileOptions) -> int:
    """Print the profile, and write the page if one was asked for."""
    target = _target(options.html) if options.html else None
    profile = asyncio.run(_profile(source, exact=options.exact))
    if target is not None:
        from sapwood_agents.analyst.profile.html import page
        from sapwood_storage.home import atomic_write

        atomic_write(target, page(profile).encode())
    print(profile.model_dump_json() if options.as_json else render_profile(profile))
    return 0


async def _profile(source: Source, *, exact: bool) -> Profile:
    async with open_parts(load(), spares=0, unsafe=source.unsafe_no_sandbox) as parts:
        with TerminalWork(source.title) as work:
            dataset = await parts.dataset(WORKSPACE, source.opened(), source.options(), work)
        profiler = Profiler(parts.tables, parts.analyst.cache)
        with TerminalWork(source.title) as work:
            return await profiler.profile(WORKSPACE, dataset, ProfileRequest(exact=exact), work)


def _target(target: str) -> Path:
    """Where the page goes; known to be possible before the work begins."""
    path = Path(target).expanduser().absolute()
    if path.suffix.casefold() not in (".html", ".htm"):
        raise InvalidInput(f"--html cannot write {path.name}", hint="give it the ending .html")
    if not path.parent.is_dir():
        raise InvalidInput(f"there is no directory {path.parent}", hint="make it first")
    return path
