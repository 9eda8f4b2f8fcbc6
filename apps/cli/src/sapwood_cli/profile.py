"""`sapwood profile`: what a file holds, as text, JSON or a page."""

import asyncio
from dataclasses import dataclass

from sapwood_agents.analyst.profile.model import Caution, Profile, ProfileRequest, Severity
from sapwood_agents.analyst.profile.service import Profiler
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.opening import notes, open_source, opening
from sapwood_cli.profile_text import render_profile
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import Source
from sapwood_cli.targets import own_file, target

_PAGES = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class ProfileOptions:
    """How much it may cost and where it goes."""

    exact: bool = False
    html: str | None = None
    as_json: bool = False


def run(source: Source, options: ProfileOptions) -> int:
    """Print the profile, and write the page if one was asked for."""
    page_file = None if options.html is None else target("--html", options.html, _PAGES, source=source)
    profile = asyncio.run(_profile(source, exact=options.exact))
    if page_file is not None:
        from sapwood_agents.analyst.profile.html import page

        with own_file(page_file) as file:
            file.write(page(profile).encode())
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
