"""One question on one file: read the file if it is new, ask, remember the answer."""

import asyncio
import time
from typing import Any

from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ask import Question
from sapwood_cli.ask import WORKSPACE, AskOptions, answer_key
from sapwood_cli.opening import notes, open_source, opening
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import Source
from sapwood_runtime.opened import Opened
from sapwood_runtime.parts import Parts
from sapwood_runtime.settings import Settings
from sapwood_shared.work import Work
from sapwood_storage.cache.spaces import ANSWER


def answer_once(
    source: Source, question: str, options: AskOptions, settings: Settings, key: str | None
) -> dict[str, Any]:
    """Answer in a process that ends afterwards."""

    async def work() -> dict[str, Any]:
        async with opening(source, settings) as parts:
            parts.sandbox.prestart()
            return await answer_with(parts, source, question, options, key)

    return asyncio.run(work())


async def answer_with(
    parts: Parts, source: Source, question: str, options: AskOptions, key: str | None
) -> dict[str, Any]:
    """Answer with parts that are open; an answer is remembered under the file's looks, a refusal too."""
    asked = Question(text=question.strip(), allow_quarantined=options.allow_quarantined)
    with TerminalWork(source.title) as work:
        opened = await open_source(parts, source, work)
        answer = await ask_opened(parts, opened, asked, work)
    if key is not None and key == answer_key(source, question, options, parts.settings):
        # A file that changed while it was read, or was cleaned meanwhile, is not remembered.
        stored, tags = answer.model_dump_json().encode(), (opened.dataset.version,)
        await parts.cache.put(WORKSPACE, key, stored, ttl_s=ANSWER.ttl_s, tags=tags)
    return answer.model_dump(mode="json")


async def ask_opened(parts: Parts, opened: Opened, asked: Question, work: Work) -> Answer:
    """Answer, say what has to be known of the table, and append both to the history."""
    started = time.perf_counter()
    answer = await parts.analyst.ask(WORKSPACE, opened.dataset, asked, work)
    took_ms = 1000 * (time.perf_counter() - started)
    answer = answer.model_copy(update={"checks": (*answer.checks, *notes(opened))})
    await parts.records.asked(WORKSPACE, opened.named, answer.model_dump(mode="json"), duration_ms=took_ms)
    return answer
