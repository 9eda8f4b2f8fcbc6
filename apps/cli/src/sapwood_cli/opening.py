"""The parts of one command, and what is to be said of the table that they work on."""

import sys
from contextlib import AbstractAsyncContextManager, suppress

from sapwood_agents.analyst.answer import Check
from sapwood_agents.analyst.clean.counting import counted
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.source import Source
from sapwood_runtime.opened import Opened
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings, load
from sapwood_shared.errors import NotFound, SapwoodError
from sapwood_shared.work import Work


def opening(
    source: Source | None = None, settings: Settings | None = None
) -> AbstractAsyncContextManager[Parts]:
    """Open the parts for a process that ends afterwards."""
    unsafe = source is not None and source.unsafe_no_sandbox
    return open_parts(settings or load(), spares=0, unsafe=unsafe, on_failure=_tell)


async def open_source(parts: Parts, source: Source, work: Work) -> Opened:
    """Open the file that the person named; what speaks against the options that were given goes to stderr."""
    opened = await parts.open(WORKSPACE, source.opened(), source.options(), work, original=source.original)
    with suppress(NotFound):  # the file as it was read was let go of, what was cleaned of it is here
        report = parts.datasets.get(WORKSPACE, opened.root).report
        doubts = list(report.reader.get("doubts", ()))
        doubts += source.unused(report.reader.get("format", ""))
        for doubt in doubts:
            print(f"sapwood: {doubt}", file=sys.stderr)
    return opened


def notes(opened: Opened) -> tuple[Check, ...]:
    """What has to be known of a table that was cleaned, or is not any more."""
    if opened.steps:
        text = f"cleaned by {counted(opened.steps, 'step')}; --original asks the file as it is"
        return (Check(code="cleaned", text=text, count=opened.steps),)
    if opened.set_aside:
        when = "before it changed" if opened.changed else "when it was read with other options"
        text = (
            f"not cleaned: {counted(opened.set_aside, 'step')} of this file's recipe "
            f"{'was' if opened.set_aside == 1 else 'were'} applied {when}; "
            "sapwood clean --again applies them to it as it is now"
        )
        return (Check(code="recipe_set_aside", text=text, count=opened.set_aside),)
    return ()


def _tell(error: SapwoodError) -> None:
    print(f"sapwood: this is not in the records (see sapwood doctor): {error.message}", file=sys.stderr)
