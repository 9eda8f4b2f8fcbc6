"""The parts of one command, and what is to be said of the table that they work on."""

import sys
from contextlib import AbstractAsyncContextManager

from sapwood_agents.analyst.answer import Check
from sapwood_cli.source import Source
from sapwood_runtime.opened import Opened
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings, load
from sapwood_shared.errors import SapwoodError


def opening(
    source: Source | None = None, settings: Settings | None = None
) -> AbstractAsyncContextManager[Parts]:
    """Open the parts for a process that ends afterwards."""
    unsafe = source is not None and source.unsafe_no_sandbox
    return open_parts(settings or load(), spares=0, unsafe=unsafe, on_failure=_tell)


def notes(opened: Opened) -> tuple[Check, ...]:
    """What has to be known of a table that was cleaned, or is not any more."""
    if opened.steps:
        text = f"cleaned by {_steps(opened.steps)}; --original asks the file as it is"
        return (Check(code="cleaned", text=text, count=opened.steps),)
    if opened.set_aside:
        when = "before it changed" if opened.changed else "when it was read with other options"
        text = (
            f"not cleaned: {_steps(opened.set_aside)} of this file's recipe were applied {when}; "
            "sapwood clean --again applies them to it as it is now"
        )
        return (Check(code="recipe_set_aside", text=text, count=opened.set_aside),)
    return ()


def _steps(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"


def _tell(error: SapwoodError) -> None:
    print(f"sapwood: this is not in the records (see sapwood doctor): {error.message}", file=sys.stderr)
