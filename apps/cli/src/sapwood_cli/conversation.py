"""`sapwood ask FILE`: a prompt that remembers what was asked, so that the next question may edit it."""

import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.intent import QueryIntent
from sapwood_cli.answering import ask_opened
from sapwood_cli.ask import AskOptions, check_question, show
from sapwood_cli.opening import notes, open_source, opening
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import STDIN, Source
from sapwood_runtime.opened import Opened
from sapwood_runtime.parts import Parts
from sapwood_runtime.settings import Settings
from sapwood_shared.errors import InvalidInput, SapwoodError

_LEAVE = frozenset({"exit", "quit", "bye", "q"})
_HISTORY_LINES = 1_000


def converse(source: Source, options: AskOptions, settings: Settings) -> int:
    """Ask until the person leaves; a question that fails is told and the next one asked."""
    if options.as_json:
        raise InvalidInput("--json answers one question, and none is here", hint="write it after the file")
    if source.file == STDIN:
        raise InvalidInput("the table comes on stdin, and so would the questions", hint="write one question")
    # The loop stands still at the prompt: input() runs in the main thread, where a terminal can interrupt it.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            parts = runner.run(stack.enter_async_context(opening(source, settings)))
            with TerminalWork(source.title) as work:
                opened = runner.run(open_source(parts, source, work))
            with _history(settings.home / "history"):
                _prompt(runner, parts, opened, options, settings)
        finally:
            runner.run(stack.aclose())
    return 0


def _prompt(
    runner: asyncio.Runner, parts: Parts, opened: Opened, options: AskOptions, settings: Settings
) -> None:
    dataset = opened.dataset
    size = f"{counted(dataset.rows, 'row')}, {counted(len(dataset.columns), 'column')}"
    print(f"{dataset.title}: {size}. An empty line ends.")
    for note in notes(opened):
        print(note.text)
    previous: QueryIntent | None = None
    while (line := _line()) and line.casefold() not in _LEAVE:
        try:
            check_question(line)
            asked = Question(text=line, previous=previous, allow_quarantined=options.allow_quarantined)
            with TerminalWork(dataset.title) as work:
                answer = runner.run(ask_opened(parts, opened, asked, work))
            show(answer.model_dump(mode="json"), options, settings)
        except SapwoodError as error:
            print(f"sapwood: {error.message}" + (f"\n  {error.hint}" if error.hint else ""), file=sys.stderr)
            continue
        if answer.intent is not None:
            previous = QueryIntent.model_validate(answer.intent)


def _line() -> str:
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


@contextmanager
def _history(path: Path) -> Generator[None]:
    """Lines of earlier conversations, for this user alone, where the terminal can edit lines."""
    if not sys.stdin.isatty():
        yield
        return
    try:
        import readline
    except ImportError:  # a Python built without it
        yield
        return
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    readline.set_history_length(_HISTORY_LINES)
    readline.read_history_file(path)
    try:
        yield
    finally:
        readline.write_history_file(path)
