"""`sapwood ask FILE`: a prompt that remembers what was asked, so that the next question may edit it."""

import asyncio
import sys
from typing import Any

from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.intent import QueryIntent
from sapwood_cli.ask import WORKSPACE, AskOptions, show
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import Source
from sapwood_runtime.parts import open_parts
from sapwood_runtime.settings import Settings
from sapwood_shared.errors import SapwoodError

_LEAVE = frozenset({"exit", "quit", "bye", "q"})
_HISTORY_LINES = 1_000


def converse(source: Source, options: AskOptions, settings: Settings) -> int:
    """Ask until the person leaves."""
    return asyncio.run(_converse(source, options, settings))


async def _converse(source: Source, options: AskOptions, settings: Settings) -> int:
    async with open_parts(settings, spares=0, unsafe=source.unsafe_no_sandbox) as parts:
        with TerminalWork(source.title) as work:
            dataset = await parts.dataset(WORKSPACE, source.opened(), source.options(), work)
        if not options.as_json:
            print(
                f"{dataset.title}: {dataset.rows:,} rows, {len(dataset.columns)} columns. An empty line ends."
            )
        previous: QueryIntent | None = None
        with _History(settings):
            while (line := await asyncio.to_thread(_line, options)) and line.casefold() not in _LEAVE:
                asked = Question(text=line, previous=previous, allow_quarantined=options.allow_quarantined)
                try:
                    answer = await parts.analyst.ask(WORKSPACE, dataset, asked, work)
                except SapwoodError as error:
                    print(f"sapwood: {error.message}", file=sys.stderr)
                    continue
                shown: dict[str, Any] = answer.model_dump(mode="json")
                show(shown, options, settings)
                if answer.intent is not None:
                    previous = QueryIntent.model_validate(answer.intent)
    return 0


def _line(options: AskOptions) -> str:
    try:
        return input("" if options.as_json or not sys.stdin.isatty() else "? ").strip()
    except EOFError:
        return ""


class _History:
    """Lines of earlier conversations, kept in the data directory, where the terminal can edit lines."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "history"

    def __enter__(self) -> None:
        if not sys.stdin.isatty():
            return
        try:
            import readline
        except ImportError:  # a Python built without it
            return
        readline.set_history_length(_HISTORY_LINES)
        if self._path.exists():
            readline.read_history_file(self._path)

    def __exit__(self, *_: object) -> None:
        if "readline" in sys.modules and sys.stdin.isatty():
            import readline

            readline.write_history_file(self._path)
            self._path.chmod(0o600)
