"""`sapwood ask`: a repeated question is one look into the cache; any other opens the parts it needs."""

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

from sapwood_agents.analyst.version import ENGINE_VERSION, LONGEST_QUESTION
from sapwood_cli.source import Source
from sapwood_runtime.settings import LOCAL_WORKSPACE, Settings, load
from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import CacheKey, peek, unpack
from sapwood_storage.tabular.heads import head_of

WORKSPACE = WorkspaceId(LOCAL_WORKSPACE)
_KEY_FORMAT = "2"


@dataclass(frozen=True, slots=True)
class AskOptions:
    """Where the answer goes and what it may stand on."""

    out: str | None = None
    chart: str | None = None
    allow_quarantined: bool = False
    as_json: bool = False


def run(source: Source, question: str | None, options: AskOptions) -> int:
    """Answer and return the exit code: 0 answered, 3 abstained."""
    settings = load()
    if options.out is not None or options.chart is not None:
        from sapwood_cli.output import check_targets

        check_targets(source, options.out, options.chart)
    if question is None:
        from sapwood_cli.conversation import converse

        return converse(source, options, settings)
    check_question(question)
    started = time.perf_counter()
    key = answer_key(source, question, options, settings)
    stored = peek(settings.home / "cache.db", WORKSPACE, key) if key else None
    known = unpack(stored) if stored is not None else None
    if known is not None:
        answer: dict[str, Any] = json.loads(known)
        took_ms = 1000 * (time.perf_counter() - started)
        answer |= {"cached": True, "timings_ms": {"cache": took_ms}}
        code = show(answer, options, settings)
        _note_repeat(source, answer, took_ms, settings)
        return code
    from sapwood_cli.answering import answer_once

    return show(answer_once(source, question, options, settings, key), options, settings)


def check_question(question: str) -> None:
    """Refuse what cannot be a question, before anything is opened for it."""
    if not question.strip():
        raise InvalidInput("the question is empty", hint='ask something like "average price by city"')
    if len(question) > LONGEST_QUESTION:
        raise InvalidInput(
            f"the question has {len(question):,} characters",
            hint=f"ask in at most {LONGEST_QUESTION:,}",
        )
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("the question is not UTF-8", hint="set the terminal to UTF-8") from error


def answer_key(source: Source, question: str, options: AskOptions, settings: Settings) -> str | None:
    """The cache key of this question on this file; `None` when the file cannot be told by its looks.

    The version that a recipe made of it is part of the key, so that `clean` and `--undo` are seen at once.
    """
    identity, origin = source.identity(), source.origin()
    if identity is None or origin is None:
        return None
    head = None if source.original else head_of(settings.home, WORKSPACE, origin)
    counts = None if head is None else head.version
    parts = (*identity, counts, " ".join(question.split()), options.allow_quarantined)
    return str(CacheKey("answer", f"file-{_KEY_FORMAT}-{ENGINE_VERSION}", parts))


def _note_repeat(source: Source, answer: dict[str, Any], took_ms: float, settings: Settings) -> None:
    """Append to the history what took no work; where that is not possible at once, it is left out."""
    from sapwood_agents.records.append import append, question_of
    from sapwood_storage.quick.turn import records_of

    origin = source.origin()
    if origin is not None:
        question = question_of(answer, duration_ms=took_ms)
        append(records_of(settings.home, WORKSPACE), origin, question)


def show(answer: dict[str, Any], options: AskOptions, settings: Settings) -> int:
    """Print the answer, write the files that were asked for, and return the exit code.

    Words come before the files, so that a full disk costs no answer; of JSON there is one object at the end.
    """
    if not options.as_json:
        from sapwood_cli.render import render_answer

        print(render_answer(answer), flush=True)
    if options.out or options.chart:
        from sapwood_cli.answer_files import write_files

        write_files(answer, options.out, options.chart, settings)
    if options.as_json:
        json.dump(answer, sys.stdout, ensure_ascii=False, allow_nan=False)
        print()
    return 0 if answer["answer"] is not None else 3
