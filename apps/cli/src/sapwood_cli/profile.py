"""`sapwood profile`: what a file holds, as text, JSON or a page."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sapwood_agents.analyst.profile.model import Caution, Profile, ProfileRequest, Severity
from sapwood_agents.analyst.profile.service import Profiler
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.opening import notes, open_source, opening
from sapwood_cli.profile_text import render_profile
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import Source
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
    async with opening(source) as parts:
        with TerminalWork(source.title) as work:
            opened = await open_source(parts, source, work)
        profiler = Profiler(parts.tables, parts.computed)
        with TerminalWork(source.title) as work:
            profile = await profiler.profile(WORKSPACE, opened.dataset, ProfileRequest(exact=exact), work)
        said = tuple(
            Caution(code=note.code, severity=Severity.LOW, column=None, text=note.text)
            for note in notes(opened)
        )
        return profile.model_copy(update={"warnings": (*profile.warnings, *said)})


def _target(target: str) -> Path:
    """Where the page goes; known to be possible before the work begins."""
    path = Path(target).expanduser().absolute()
    if path.suffix.casefold() not in (".html", ".htm"):
        raise InvalidInput(f"--html cannot write {path.name}", hint="give it the ending .html")
    if not path.parent.is_dir():
        raise InvalidInput(f"there is no directory {path.parent}", hint="make it first")
    return path
